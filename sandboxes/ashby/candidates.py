"""Writes of `candidate.*` and `candidateTag.*`."""

from sandboxes.ashby import render
from sandboxes.ashby.applications import attribution
from sandboxes.ashby.arguments import (
    Check,
    Shape,
    boolean,
    either,
    email,
    instant,
    list_of,
    one_of,
    text,
    url,
    uuid,
)
from sandboxes.ashby.endpoint import Call, endpoint, found
from sandboxes.ashby.ids import fixed_id
from sandboxes.ashby.records import known
from sandboxes.store import Row

WRITE = "candidatesWrite"
SITES = ("LinkedIn", "GitHub", "Twitter", "Medium", "StackOverflow", "YouTube", "CodePen", "Website")
# The same link is `website` when a candidate is created, and `websiteUrl` when one is updated.
LINKS = {"linkedInUrl": "LinkedIn", "githubUrl": "GitHub", "website": "Website", "websiteUrl": "Website"}
PLACE = Shape(optional={"city": text, "region": text, "country": text})
NOTE = either(text, Shape({"type": one_of("text/plain", "text/html"), "value": text}))


def create(call: Call) -> Row:
    """A new candidate; nobody looks for one with the same e-mail address."""
    row = call.state.add("candidates", **_fields(call))
    others = [_contact(value, primary=False) for value in call.get("alternateEmailAddresses", ())]
    addresses = [*row["emailAddresses"], *others]
    links = [{"type": kind, "url": call.arguments[name]} for name, kind in LINKS.items() if call.get(name)]
    call.state.change("candidates", row["id"], emailAddresses=addresses, socialLinks=links)
    return found(render.candidate(call, row))


def update(call: Call) -> Row:
    """Change what is given, and nothing else."""
    row = known(call.state, "candidates", call.arguments["candidateId"])
    changes = _fields(call)
    for name in ("emailAddresses", "phoneNumbers"):
        if name in changes:
            changes[name] += [entry for entry in row[name] if not entry["isPrimary"]]
    if "alternateEmail" in call.arguments:
        so_far = changes["emailAddresses"] if "emailAddresses" in changes else row["emailAddresses"]
        changes["emailAddresses"] = [*so_far, _contact(call.arguments["alternateEmail"], primary=False)]
    changes["socialLinks"] = _links(call, call.get("socialLinks", row["socialLinks"]))
    call.state.change("candidates", row["id"], **changes)
    return found(render.candidate(call, row))


def _fields(call: Call) -> Row:
    """What creating and updating have in common."""
    given = call.arguments
    fields = {name: given[name] for name in ("name", "createdAt") if name in given} | attribution(call)
    if "email" in given:
        fields["emailAddresses"] = [_contact(given["email"], primary=True)]
    if "phoneNumber" in given:
        fields["phoneNumbers"] = [_contact(given["phoneNumber"], primary=True)]
    if "location" in given:
        fields["location"] = place(given["location"])
    return fields


def _contact(value: str, *, primary: bool) -> Row:
    return {"value": value, "type": "Personal", "isPrimary": primary}


def _links(call: Call, links: list[Row]) -> list[Row]:
    """The links with those of a single argument in place of the one of the same kind."""
    given = {kind: call.arguments[name] for name, kind in LINKS.items() if call.get(name)}
    kept = [link for link in links if link["type"] not in given]
    return [*kept, *[{"type": kind, "url": address} for kind, address in given.items()]]


def place(given: Row) -> Row:
    """A location of a candidate."""
    kinds = (("City", "city"), ("Region", "region"), ("Country", "country"))
    components = [{"type": kind, "name": given[name]} for kind, name in kinds if given.get(name)]
    summary = ", ".join(each["name"] for each in components)
    key = fixed_id(f"place/{summary}")
    return {"id": key, "locationSummary": summary, "locationComponents": components}


def add_tag(call: Call) -> Row:
    """Tag a candidate; a second time changes nothing."""
    row = known(call.state, "candidates", call.arguments["candidateId"])
    tag = known(call.state, "candidateTags", call.arguments["tagId"])
    if tag["id"] not in row["tagIds"]:
        call.state.change("candidates", row["id"], tagIds=[*row["tagIds"], tag["id"]])
    return found(render.candidate(call, row))


def remove_tag(call: Call) -> Row:
    """Take a tag off a candidate."""
    row = known(call.state, "candidates", call.arguments["candidateId"])
    tag = known(call.state, "candidateTags", call.arguments["tagId"])
    call.state.change("candidates", row["id"], tagIds=[key for key in row["tagIds"] if key != tag["id"]])
    return found(render.candidate(call, row))


def create_tag(call: Call) -> Row:
    """A new tag."""
    return found(render.tag(call, call.state.add("candidateTags", title=call.arguments["title"])))


def create_note(call: Call) -> Row:
    """A note, written by the API key's user."""
    candidate = known(call.state, "candidates", call.arguments["candidateId"])
    note = call.arguments["note"]
    times = {"createdAt": call.arguments["createdAt"]} if "createdAt" in call.arguments else {}
    row = call.state.add(
        "notes",
        candidateId=candidate["id"],
        content=note if isinstance(note, str) else note["value"],
        isPrivate=call.get("isPrivate", False),
        authorId=call.state.key_user_id,
        **times,
    )
    return found(render.note(call, row))


SHARED: dict[str, Check] = {
    "email": email,
    "phoneNumber": text,
    "linkedInUrl": url,
    "githubUrl": url,
    "sourceId": uuid,
    "creditedToUserId": uuid,
    "location": PLACE,
    "createdAt": instant,
}
ENDPOINTS = (
    endpoint(
        "candidate.create",
        WRITE,
        create,
        {"name": text},
        {**SHARED, "website": url, "alternateEmailAddresses": list_of(email)},
    ),
    endpoint(
        "candidate.update",
        WRITE,
        update,
        {"candidateId": uuid},
        {
            **SHARED,
            "name": text,
            "websiteUrl": url,
            "alternateEmail": email,
            "socialLinks": list_of(Shape({"type": one_of(*SITES), "url": url})),
            "sendNotifications": boolean,
        },
    ),
    endpoint("candidate.addTag", WRITE, add_tag, {"candidateId": uuid, "tagId": uuid}),
    endpoint("candidate.removeTag", WRITE, remove_tag, {"candidateId": uuid, "tagId": uuid}),
    endpoint("candidateTag.create", "hiringProcessMetadataWrite", create_tag, {"title": text}),
    endpoint(
        "candidate.createNote",
        WRITE,
        create_note,
        {"candidateId": uuid, "note": NOTE},
        {"isPrivate": boolean, "sendNotifications": boolean, "createdAt": instant},
    ),
)
