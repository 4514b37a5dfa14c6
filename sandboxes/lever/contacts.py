"""Contacts: the people."""

from starlette.responses import Response

from sandboxes.lever import bodies
from sandboxes.lever.endpoint import Acting, Call, Endpoint, data
from sandboxes.lever.opportunities import contact_view
from sandboxes.store import Row

FIELDS = ("name", "headline", "location", "emails", "phones")


def _get(call: Call) -> Response:
    return data(contact_view(call.record("contacts", call.ids["contact"])))


def _put(call: Call) -> Response:
    """Fields that are left out keep their values; lists are replaced (as recorded)."""
    contact = call.record("contacts", call.ids["contact"])
    bodies.only(call.body, FIELDS)
    changes: Row = {name: bodies.text(call.body, name) or "" for name in FIELDS[:3] if name in call.body}
    if "emails" in call.body:
        changes["emails"] = bodies.texts(call.body, "emails")
    if "phones" in call.body:
        changes["phones"] = bodies.phones(call.body)
    view = contact_view(call.state.change("contacts", contact["id"], **changes))
    return data({field: view[field] for field in ("id", *FIELDS)})


ENDPOINTS = [
    Endpoint("GET", "/contacts/{contact}", "contact:read:admin", _get),
    Endpoint("PUT", "/contacts/{contact}", "contact:write:admin", _put, acting=Acting.OPTIONAL),
]
