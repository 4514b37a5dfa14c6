"""What Lever lists, and which of the lists within opportunities are read when.

Interviews, feedback, offers, notes, files and résumés are listed for one opportunity at a time, and Lever
takes ten requests a second. So they are read of opportunities that changed, now and then of those that are
not archived, and seldom of all.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from providers.kit import Again, ChildResource, Client, ListResource, NotFound, PermissionMissing, Row, Rows
from providers.lever.interviews import is_ahead
from providers.lever.lists import (
    Read,
    every,
    found,
    numbered,
    one,
    reader,
    responded,
    with_deletions,
)
from providers.lever.opportunities import archive_reason, is_active
from providers.lever.records import eeoc_key, key_of, question_id

MONTH = timedelta(days=30)
SOON = Again(timedelta(hours=1), is_active, others=MONTH)
LATER = Again(timedelta(hours=6), is_active, others=MONTH)

Index = dict[str, Callable[[Row], Iterable[Any]]]

EXPANDED = {"expand": "applications"}


def own(row: Row) -> list[Any]:
    """A row by its id, as an index: a change of such a row is told to those that are joined to it."""
    return [row["id"]]


# ---- lists of the account


def _list(name: str, read: Read, path: str = "", fetch: bool = False, **more: Any) -> ListResource:
    path = path or f"/{name}"

    def alone(client: Client, key: str) -> Rows:
        try:
            return {name: [one(client, f"{path}/{key}")]}
        except NotFound:  # the path may not be served: the list tells whether the record is gone
            return {name: [found(client, read, key)]}

    return ListResource(name=name, path=path, read=read, fetch=alone if fetch else None, **more)


def fetch_opportunity(client: Client, key: str) -> Rows:
    """An opportunity with its application. Only `GET` shows it whole: answers to writes are blanked."""
    return {"opportunities": [one(client, f"/opportunities/{key}", **EXPANDED)]}


OPPORTUNITIES = ListResource(
    name="opportunities",
    path="/opportunities",
    index={
        "own": own,
        "contact": lambda row: [row["contact"]],
        "archive_reason": lambda row: [archive_reason(row)],
    },
    read=with_deletions("opportunities", "/opportunities", **EXPANDED),
    incremental=True,
    removes=("opportunities",),
    fetch=fetch_opportunity,
)


# ---- lists within an opportunity


def _parts_of(key: str) -> tuple[str, str]:
    opportunity, _, part = key.partition("/")
    if not part:
        raise NotFound(f"{key} names no opportunity.")
    return opportunity, part


def _within(name: str, again: Again = LATER, fetch: Any = None, index: Index | None = None) -> ChildResource:
    """A list within each opportunity; its rows are told whose they are."""

    def listed(client: Client, opportunity: str) -> Iterator[Row]:
        for row in every(client, f"/opportunities/{opportunity}/{name}"):
            yield {**row, "opportunityId": opportunity}

    def among(client: Client, key: str) -> Rows:
        opportunity, _ = _parts_of(key)
        for row in listed(client, opportunity):
            if key_of(row) == key:
                return {name: [row]}
        raise NotFound(f"Opportunity {opportunity} has no {name} {key}.", 404)

    return ChildResource(
        name=name,
        path=f"/opportunities/:opportunity/{name}",
        key=key_of,
        index={"parent": lambda row: [row["opportunityId"]], **(index or {})},
        parent="opportunities",
        read=lambda client, opportunity: listed(client, opportunity["id"]),
        again=again,
        fetch=fetch or among,
    )


def interview_path(key: str) -> str:
    """Where an interview is read, changed and taken back."""
    opportunity, interview = _parts_of(key)
    return f"/opportunities/{opportunity}/interviews/{interview}"


def read_interview(client: Client, key: str) -> Row:
    """An interview by its key, as it is now."""
    return {**one(client, interview_path(key)), "opportunityId": _parts_of(key)[0]}


def fetch_interview(client: Client, key: str) -> Rows:
    """An interview, and what its panel says of it unless that cannot be seen."""
    row = read_interview(client, key)
    try:
        return {"interviews": [row], "panels": list(read_panel(client, row))}
    except (PermissionMissing, NotFound):
        return {"interviews": [row]}


def read_panel(client: Client, interview: Row) -> Iterator[Row]:
    """An interview as its panel shows it: only there is what the interviewers answered."""
    if interview.get("panel") is None:
        return
    opportunity = interview["opportunityId"]
    for panel in every(client, f"/opportunities/{opportunity}/panels"):
        for entry in panel.get("interviews") or ():
            if entry.get("id") == interview["id"]:
                yield {**entry, "opportunityId": opportunity, "panel": panel.get("id")}


# ---- questions


def read_questions(client: Client, posting: Row) -> Iterator[Row]:
    """The questions of a posting's form, each told where it stands."""
    data = one(client, f"/postings/{posting['id']}/apply")
    fields = [field for form in data.get("customQuestions") or () for field in form.get("fields") or ()]
    for position, field in enumerate(fields):
        yield {**field, "posting": posting["id"], "position": position}


def _is_live(posting: Row) -> bool:
    return posting.get("state") in ("published", "internal")


RESOURCES: tuple[ListResource | ChildResource, ...] = (
    _list("users", reader("/users", includeDeactivated="true"), fetch=True),
    _list("stages", numbered("/stages")),
    _list("archive_reasons", reader("/archive_reasons"), index={"own": own}),
    _list("tags", reader("/tags"), key=lambda row: str(row["text"])),
    _list(
        "postings",
        with_deletions("postings", "/postings"),
        fetch=True,
        incremental=True,
        removes=("postings",),
    ),
    OPPORTUNITIES,
    _list(
        "eeo_responses",
        reader("/eeo/responses/pii", responded),
        path="/eeo/responses/pii",
        key=eeoc_key,
        index={"parent": lambda row: [row.get("opportunityId")]},
        owner="opportunities",
        incremental=True,
    ),
    _within("interviews", SOON, fetch_interview, {"interview": lambda row: [row["id"]]}),
    ChildResource(
        name="panels",
        path="/opportunities/:opportunity/panels",
        key=key_of,
        index={"interview": lambda row: [key_of(row)], "parent": lambda row: [key_of(row)]},
        parent="interviews",
        read=read_panel,
        again=Again(SOON.every, is_ahead, others=MONTH),
    ),
    _within("feedback", index={"interview": lambda row: [row.get("interview")]}),
    _within("offers"),
    _within("notes"),
    _within("files"),
    _within("resumes"),
    ChildResource(
        name="questions",
        path="/postings/:posting/apply",
        key=lambda row: f"{row['posting']}/{question_id(row)}",
        index={"field": lambda row: [question_id(row)], "parent": lambda row: [row["posting"]]},
        parent="postings",
        read=read_questions,
        again=Again(timedelta(days=1), _is_live, others=MONTH),
    ),
)
