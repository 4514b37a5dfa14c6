"""Postings, their forms, and applying through one."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from sandboxes.lever import bodies
from sandboxes.lever.company import everything, within
from sandboxes.lever.defaults import shown
from sandboxes.lever.endpoint import Acting, Call, Endpoint, data
from sandboxes.lever.errors import bad_request, invalid, missing
from sandboxes.lever.opportunities import CONFIDENTIALITY, admits, check_confidential, deletions
from sandboxes.lever.opportunity_writes import create_opportunity, find_contact
from sandboxes.lever.paging import PAGE, listing
from sandboxes.lever.parameters import Parse, choice, flag, several, window
from sandboxes.store import Row

STATES = ("published", "internal", "closed", "draft", "pending", "rejected")
CATEGORIES = ("commitment", "department", "level", "location", "team")
TABLE_OF = dict.fromkeys(("user", "owner", "hiringManager"), "users")
EXPAND = choice(*TABLE_OF, "followers")
PERSONAL_INFORMATION = (
    ("fullName", "Full name", True),
    ("email", "Email", True),
    ("phone", "Phone", False),
    ("currentCompany", "Current company", False),
)
FILTERS: dict[str, Parse] = {
    **window("updated"),
    **dict.fromkeys((*CATEGORIES, "tag"), several),
    "state": choice(*STATES),
    "distributionChannel": choice("public", "internal"),
    "confidentiality": CONFIDENTIALITY,
    "expand": EXPAND,
}


def _matching(call: Call) -> Sequence[Row]:
    query = call.query
    if query.keys() & {"updated_at_start", "updated_at_end"}:
        others = (
            query.keys() - PAGE.keys() - {"updated_at_start", "updated_at_end", "confidentiality", "expand"}
        )
        if others:
            raise bad_request("updated_at can be combined only with confidentiality")
    admitted = admits(call)
    return [
        row
        for row in everything(call, "postings")
        if admitted(row) and within(call, "updated", row["updatedAt"]) and _chosen(query, row)
    ]


def _chosen(query: Any, row: Row) -> bool:
    """`state=published` means the public ones, unless channels are named."""
    if row["state"] not in query.get("state", STATES):
        return False
    channels = query.get("distributionChannel", ("public",) if query.get("state") == ["published"] else None)
    if channels is not None and not set(channels) & set(row["distributionChannels"] or ()):
        return False
    if "tag" in query and not set(query["tag"]) & set(row["tags"]):
        return False
    return all(row["categories"][name] in query[name] for name in CATEGORIES if name in query)


def _view(call: Call, row: Row) -> Row:
    view = shown("postings", row)
    users = call.state.tables["users"].rows
    for name in call.query.get("expand", ()):
        keys = view[name] if name == "followers" else [view[name]]
        found = [shown("users", users[key]) for key in keys if key in users]
        view[name] = found if name == "followers" else next(iter(found), None)
    return view


def _posting(call: Call) -> Row:
    row = call.record("postings", call.ids["posting"])
    check_confidential(call.state, row)
    return row


def _get(call: Call) -> Response:
    return data(_view(call, _posting(call)))


def _form(call: Call) -> Response:
    row = _posting(call)
    information = [
        {"name": name, "text": text, "type": "text", "required": required}
        for name, text, required in PERSONAL_INFORMATION
    ]
    return data(
        {
            "id": row["id"],
            "text": row["text"],
            "customQuestions": row["customQuestions"],
            "eeoQuestions": None,
            "personalInformation": information,
            "urls": [{"name": "LinkedIn", "text": "LinkedIn URL", "type": "text", "required": False}],
        }
    )


def _apply(call: Call) -> Response:
    """What the form asks for has to be there; only open postings have one."""
    posting = _posting(call)
    bodies.only(call.body, ("customQuestions", "personalInformation", "urls", "origin", "source"))
    if posting["state"] not in ("published", "internal"):
        raise bad_request(f"Posting {posting['id']} does not take applications")
    information = _information(call)
    answers = _answers(call, posting)
    state = call.state
    name, email = information["fullName"], information["email"]
    known = find_contact(state, [email])
    phones = [{"type": "mobile", "value": information["phone"]}] if information.get("phone") else []
    contact = known or state.add("contacts", name=name, emails=[email], phones=phones)
    opportunity = create_opportunity(
        state, contact, call.actor_id, posting, stage="applicant-new", origin="applied", sources=["Job site"]
    )
    (application,) = state.where("applications", "opportunityId", opportunity["id"])
    fields = {"type": "posting", "user": None, "name": name, "email": email, "customQuestions": answers}
    state.change("applications", application["id"], **fields)
    return data({"applicationId": application["id"]}, 201)


def _information(call: Call) -> dict[str, str]:
    entries = bodies.objects(call.body, "personalInformation")
    given = {str(entry.get("name")): str(entry.get("value") or "") for entry in entries}
    bodies.only(given, [name for name, _, _ in PERSONAL_INFORMATION])
    for name, _, required in PERSONAL_INFORMATION:
        if required and not given.get(name):
            raise missing(name)
    return given


def _answers(call: Call, posting: Row) -> list[Row]:
    """The posting's questions with the values given; required ones have to be answered."""
    values = {
        (form.get("id"), field.get("id")): field.get("value")
        for form in call.body.get("customQuestions", [])
        for field in form.get("fields", [])
    }
    asked = [
        {
            **form,
            "fields": [
                {**field, "value": values.pop((form["id"], field["id"]), None)} for field in form["fields"]
            ],
        }
        for form in posting["customQuestions"]
    ]
    if values:
        raise invalid("customQuestions")
    for field in (field for form in asked for field in form["fields"]):
        if field["required"] and field["value"] in (None, ""):
            raise missing(field["text"])
    return asked


ENDPOINTS = [
    deletions("postings", "postings:read:admin"),
    listing("/postings", "postings:read:admin", _matching, _view, FILTERS),
    Endpoint("GET", "/postings/{posting}", "postings:read:admin", _get, {"expand": EXPAND}),
    Endpoint("GET", "/postings/{posting}/apply", "postings:read:admin", _form),
    Endpoint(
        "POST",
        "/postings/{posting}/apply",
        "postings:write:admin",
        _apply,
        {"send_confirmation_email": flag},
        Acting.OPTIONAL,
    ),
]
