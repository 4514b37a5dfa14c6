"""Writing candidates, with the tags, applications and files they come with.

See https://developers.ashbyhq.com/reference/candidatecreate and .../candidateupdate.
"""

from contextlib import suppress
from typing import Any

from providers.ashby import applications
from providers.ashby.attachments import attach
from providers.ashby.calls import LIMIT, asked, every
from providers.ashby.records import split_name
from providers.ashby.sending import as_the_key, host_of, made, sent
from providers.kit import (
    Action,
    Duplicate,
    PermissionMissing,
    ProviderError,
    Reference,
    Row,
    Write,
    Written,
)

PROFILES = {"linkedin.com": "linkedInUrl", "github.com": "githubUrl"}
NAMES = ("first_name", "last_name")
FIELDS = (*NAMES, "email_addresses", "phone_numbers", "urls", "tags")


def make(write: Write, given: dict[str, Any], at: str = "") -> Row:
    """Make a candidate, unless Ashby has one with the same address: it makes another without asking.

    Args:
        write: what is made is noted there.
        given: the candidate's fields.
        at: where they stand in the write, for what the caller is told.

    Raises:
        Duplicate: there is one.
    """
    body = {"name": _name(given.get("first_name"), given.get("last_name"))}
    body |= _reached(write, given, at, website="website")
    if "email" in body:
        _refuse_known(write, body["email"])
    row = sent(write, "/candidate.create", body)
    write.also.append(Reference("candidate", made(row)))
    _add_tags(write, row["id"], given.get("tags") or (), at)
    for place, file in enumerate(given.get("attachments") or ()):
        try:
            write.also.append(attach(write, row["id"], file, f"{at}attachments/{place}/").reference)
        except ProviderError as error:
            write.failed(f"{at}attachments/{place}", error)
    return row


def _create(write: Write) -> Written:
    nested = [
        applications.body_of(write, each, f"applications/{place}/")
        for place, each in enumerate(write.fields.get("applications") or ())
    ]
    row = make(write, write.fields)
    for place, body in enumerate(nested):
        try:
            write.also.append(applications.post(write, row["id"], body).reference)
        except ProviderError as error:
            write.failed(f"applications/{place}", error)
    return Written(write.also.pop(0), row=row)


def _update(write: Write) -> Written:
    given, key = write.fields, str(write.remote_id)
    reference = Reference("candidate", key)
    body = _reached(write, given, "", website="websiteUrl")
    row: Row = asked(write.client, "/candidate.info", {"id": key}) if {*NAMES, "tags"} & given.keys() else {}
    if set(NAMES) & given.keys():
        current = dict(zip(NAMES, split_name(row.get("name")), strict=True)) | given
        body["name"] = _name(current["first_name"], current["last_name"])
    answer = sent(write, "/candidate.update", {"candidateId": key, **body}) if body else None
    if "tags" in given:
        _change_tags(write, key, row, list(given["tags"] or ()))
    return Written(reference, row=answer)


def _name(first_name: str | None, last_name: str | None) -> str:
    """Ashby knows one name."""
    return " ".join(filter(None, (first_name, last_name)))


def _reached(write: Write, given: dict[str, Any], at: str, website: str) -> dict[str, Any]:
    """How a candidate can be reached, in Ashby's words, which are others for a change than for a new one."""
    body: dict[str, Any] = {}
    emails = [each["value"] for each in given.get("email_addresses") or ()]
    phones = [each["value"] for each in given.get("phone_numbers") or ()]
    if emails:
        body["email"] = emails[0]
    if emails[1:]:
        body |= _further(write, emails[1:], at, one=website == "websiteUrl")
    if phones:
        body["phoneNumber"] = phones[0]
    if phones[1:]:
        write.warn(f"{at}phone_numbers", "Ashby takes one number; the first was written.")
    body |= _urls(write, given, at, website)
    for name, sign in (("email_addresses", "email"), ("phone_numbers", "phoneNumber")):
        if name in given and sign not in body:
            write.warn(f"{at}{name}", "Ashby has no way to take the last one away.")
    return body


def _further(write: Write, emails: list[str], at: str, *, one: bool) -> dict[str, Any]:
    """All other addresses of a new candidate; one of a known one."""
    if not one:
        return {"alternateEmailAddresses": emails}
    if emails[1:]:
        write.warn(f"{at}email_addresses", "Ashby takes two addresses; the first two were written.")
    return {"alternateEmail": emails[0]}


def _urls(write: Write, given: dict[str, Any], at: str, website: str) -> dict[str, Any]:
    """Pages go by their hosts: one of LinkedIn, one of GitHub, and one other."""
    body: dict[str, Any] = {}
    for each in given.get("urls") or ():
        site = ".".join(host_of(each["value"]).split(".")[-2:])  # people copy de.linkedin.com
        name = PROFILES.get(site, website)
        if name in body:
            write.warn(f"{at}urls", f"Ashby takes one page of this kind, so not {each['value']}.")
        body.setdefault(name, each["value"])
    return body


def _refuse_known(write: Write, email: str) -> None:
    """See https://developers.ashbyhq.com/reference/candidatesearch."""
    with suppress(PermissionMissing):
        for row in every(write.client, "/candidate.search", {"email": email}):
            known = {str(each.get("value")).casefold() for each in row.get("emailAddresses") or ()}
            if email.casefold() in known:
                raise Duplicate(f"Candidate {row['id']} has the address {email}.")


def _change_tags(write: Write, candidate: str, row: Row, wanted: list[str]) -> None:
    """Add the tags that are new; there is no way to take one off."""
    present = [tag.get("title") for tag in row.get("tags") or ()]
    left = [title for title in present if title not in wanted]
    if left:
        write.warn("tags", f"Ashby has no way to take a tag off, so these stay: {', '.join(map(str, left))}.")
    _add_tags(write, candidate, [title for title in wanted if title not in present], "")


def _add_tags(write: Write, candidate: str, titles: Any, at: str) -> None:
    """See https://developers.ashbyhq.com/reference/candidateaddtag."""
    for title in dict.fromkeys(titles):
        try:
            body = {"candidateId": candidate, "tagId": _tag(write, title)}
            sent(write, "/candidate.addTag", body)
        except ProviderError as error:
            write.failed(f"{at}tags", error)


def _tag(write: Write, title: str) -> str:
    """The id of the tag of that title, which is made when there is none."""
    kept = [row for row in write.find("candidateTag", "title", title) if not row.get("isArchived")]
    listed = every(write.client, "/candidateTag.list", {"limit": LIMIT}) if not kept else ()
    for row in (*kept, *listed):
        if row.get("title") == title:
            return str(row["id"])
    return made(sent(write, "/candidateTag.create", {"title": title}))


NESTED = ("applications", "attachments")
ACTIONS = (
    Action(
        "Candidate",
        "create",
        as_the_key(_create),
        fields=(*FIELDS, *NESTED),
        required=("first_name",),
        nested=NESTED,
    ),
    Action("Candidate", "update", as_the_key(_update), fields=FIELDS),
)
