"""Opportunities: each one candidacy of a contact, with at most one application; lists of deletions."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import Response

from sandboxes.lever.company import everything, within
from sandboxes.lever.defaults import shown
from sandboxes.lever.endpoint import Call, Endpoint, data
from sandboxes.lever.errors import forbidden
from sandboxes.lever.paging import listing
from sandboxes.lever.parameters import Parse, choice, flag, several, window
from sandboxes.lever.state import State
from sandboxes.store import Row

CONFIDENTIAL = "confidential:access:admin"
CONFIDENTIALITY = choice("confidential", "non-confidential", "all")
ORIGINS = ("agency", "applied", "internal", "referred", "sourced", "university")
TABLE_OF = {"stage": "stages", "owner": "users", "sourcedBy": "users", "followers": "users"}
EXPAND = choice("applications", "contact", *TABLE_OF)
# What the answer of a write leaves empty.
BLANK = {"name": "", "headline": "", "location": "", "emails": [], "phones": [], "links": []}
WINDOWS = {"updated": "updatedAt", "created": "createdAt", "advanced": "lastAdvancedAt"}


def check_confidential(state: State, row: Row) -> None:
    """Confidential records are for keys that were given the right when they were made."""
    if row["confidentiality"] == "confidential" and not state.permissions.allow(CONFIDENTIAL):
        raise forbidden(CONFIDENTIAL)


def admits(call: Call) -> Callable[[Row], bool]:
    """Which records the `confidentiality` of the query lets through: without it, no confidential ones."""
    (wanted,) = call.query.get("confidentiality", ("non-confidential",))
    if wanted != "non-confidential" and not call.state.permissions.allow(CONFIDENTIAL):
        raise forbidden(CONFIDENTIAL)
    return lambda row: wanted in ("all", row["confidentiality"])


def contact_view(row: Row) -> Row:
    """A contact: its location is an object here, and a text in its opportunities."""
    return {**shown("contacts", row), "location": {"name": row["location"]}}


def opportunity_view(state: State, row: Row) -> Row:
    """An opportunity as it is created: with the data of its contact."""
    contact = state.tables["contacts"].rows[row["contact"]]
    of_contact = {field: contact[field] for field in (*BLANK, "isAnonymized")}
    urls = {
        "list": "https://hire.lever.co/candidates",
        "show": f"https://hire.lever.co/candidates/{row['id']}",
    }
    ids = [each["id"] for each in state.where("applications", "opportunityId", row["id"])]
    return {**row, **of_contact, "applications": ids, "urls": urls}


def read_view(call: Call, row: Row) -> Row:
    """An opportunity as it is read; only then it has the location of its posting."""
    state = call.state
    view = opportunity_view(state, row)
    applications = state.where("applications", "opportunityId", row["id"])
    posting = state.get("postings", applications[0]["posting"]) if applications else None
    view["opportunityLocation"] = posting["categories"]["location"] if posting else None
    for name in call.query.get("expand", ()):
        view[name] = _expanded(state, row, name)
    return view


def _expanded(state: State, row: Row, name: str) -> Any:
    if name == "applications":
        return [shown(name, each) for each in state.where(name, "opportunityId", row["id"])]
    if name == "contact":
        return contact_view(state.tables["contacts"].rows[row["contact"]])
    table = TABLE_OF[name]
    if name == "followers":
        return [shown(table, state.tables[table].rows[key]) for key in row[name]]
    found = state.get(table, row[name])
    return found and shown(table, found)


def written_view(state: State, row: Row) -> Row:
    """An opportunity in the answer of a write to it: without the data of its contact."""
    return opportunity_view(state, row) | BLANK


def _matching(call: Call) -> Sequence[Row]:
    checks = [check for name, check in CHECKS.items() if name in call.query]
    admitted = admits(call)
    return [
        row
        for row in everything(call, "opportunities")
        if admitted(row)
        and all(within(call, name, row[field]) for name, field in WINDOWS.items())
        and within(call, "archived", row["archived"] and row["archived"]["archivedAt"])
        and all(check(call, row) for check in checks)
    ]


def _has_email(call: Call, row: Row) -> bool:
    """Addresses are compared in their canonical form."""
    emails = call.state.tables["contacts"].rows[row["contact"]]["emails"]
    wanted = {value.strip().lower() for value in call.query["email"]}
    return any(email.lower() in wanted for email in emails)


def _applied_to(call: Call, row: Row) -> bool:
    applications = call.state.where("applications", "opportunityId", row["id"])
    return any(each["posting"] in call.query["posting_id"] for each in applications)


CHECKS: dict[str, Callable[[Call, Row], bool]] = {
    "stage_id": lambda call, row: row["stage"] in call.query["stage_id"],
    "contact_id": lambda call, row: row["contact"] in call.query["contact_id"],
    "tag": lambda call, row: any(tag in call.query["tag"] for tag in row["tags"]),
    "source": lambda call, row: any(source in call.query["source"] for source in row["sources"]),
    "origin": lambda call, row: row["origin"] in call.query["origin"],
    "archived": lambda call, row: (row["archived"] is not None) is call.query["archived"],
    "email": _has_email,
    "posting_id": _applied_to,
}
FILTERS: dict[str, Parse] = {
    **window(*WINDOWS, "archived"),
    **dict.fromkeys(("stage_id", "contact_id", "tag", "source", "email", "posting_id"), several),
    "origin": choice(*ORIGINS),
    "archived": flag,
    "confidentiality": CONFIDENTIALITY,
    "expand": EXPAND,
}


def _get(call: Call) -> Response:
    return data(read_view(call, call.record("opportunities", call.ids["opportunity"])))


def deletions(kind: str, permission: str) -> Endpoint:
    """The list of what was deleted of a kind."""

    def rows(call: Call) -> Sequence[Row]:
        gone = call.state.where("deletions", "kind", kind)
        return [row for row in gone if within(call, "deleted", row["deletedAt"])]

    def render(_call: Call, row: Row) -> Row:
        return shown("deletions", row)

    return listing(f"/{kind}/deleted", permission, rows, render, window("deleted"))


ENDPOINTS = [
    deletions("opportunities", "opportunities:read:admin"),
    deletions("applications", "applications:read:admin"),
    listing("/opportunities", "opportunities:read:admin", _matching, read_view, FILTERS),
    Endpoint("GET", "/opportunities/{opportunity}", "opportunities:read:admin", _get, {"expand": EXPAND}),
]
