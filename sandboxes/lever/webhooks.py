"""Webhooks: registering them, and deliveries (https://hire.lever.co/developer/documentation#webhooks)."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.lever import bodies
from sandboxes.lever.company import everything
from sandboxes.lever.defaults import shown
from sandboxes.lever.endpoint import Call, Endpoint, data
from sandboxes.lever.errors import invalid
from sandboxes.lever.opportunities import ORIGINS
from sandboxes.lever.state import State
from sandboxes.store import Row


def delivery(event: str, payload: Row, triggered_at: int, signature_token: str) -> Row:
    """The body of a delivery. The signature is part of it and does not cover `data`."""
    token = secrets.token_hex(24)
    message = f"{token}{triggered_at}".encode()
    return {
        "id": str(uuid4()),
        "triggeredAt": triggered_at,
        "event": event,
        "data": payload,
        "signature": hmac.new(signature_token.encode(), message, hashlib.sha256).hexdigest(),
        "token": token,
    }


def payload_of(state: State, event: str, key: str) -> Row:
    """What the vendor says about a record; take it before deleting the record."""
    table, describe = PAYLOADS[event]
    return describe(state, state.tables[table].rows[key])


def _ids(row: Row) -> Row:
    """The opportunity goes by its old name too."""
    return {"opportunityId": row["id"], "candidateId": row["id"], "contactId": row["contact"]}


def _opportunity(_state: State, row: Row) -> Row:
    return _ids(row)


def _moved(_state: State, row: Row) -> Row:
    stages = [change["toStageId"] for change in row["stageChanges"]]
    return {**_ids(row), "toStageId": row["stage"], "fromStageId": stages[-2] if len(stages) > 1 else None}


def _archived(_state: State, row: Row) -> Row:
    return {**_ids(row), "toArchived": row["archived"], "fromArchived": None}


def _deleted(_state: State, row: Row) -> Row:
    return {**_ids(row), "deletedBy": None}


def _of_opportunity(name: str) -> Callable[[State, Row], Row]:
    def describe(state: State, row: Row) -> Row:
        ids = _ids(state.tables["opportunities"].rows[row["opportunityId"]])
        return {**ids, name: row["id"], **({"panelId": row["panel"]} if "panel" in row else {})}

    return describe


def _contact(_state: State, row: Row) -> Row:
    return {"contactId": row["id"]}


# What the data hold, other than of `candidateStageChange`, is (inferred) from their names.
PAYLOADS: dict[str, tuple[str, Callable[[State, Row], Row]]] = {
    "applicationCreated": ("applications", _of_opportunity("applicationId")),
    "candidateHired": ("opportunities", _opportunity),
    "candidateStageChange": ("opportunities", _moved),
    "candidateArchiveChange": ("opportunities", _archived),
    "candidateDeleted": ("opportunities", _deleted),
    **dict.fromkeys(
        ("interviewCreated", "interviewUpdated", "interviewDeleted"),
        ("interviews", _of_opportunity("interviewId")),
    ),
    **dict.fromkeys(("contactCreated", "contactUpdated"), ("contacts", _contact)),
}


def _view(row: Row, *, created: bool = False) -> Row:
    """The signature token is told once, when the webhook is made."""
    configuration: dict[str, Any] = dict(row["configuration"])
    if not created:
        del configuration["signatureToken"]
    return {**shown("webhooks", row), "configuration": configuration}


def _list(call: Call) -> Response:
    return JSONAnswer({"data": [_view(row) for row in everything(call, "webhooks")]})


def _create(call: Call) -> Response:
    bodies.only(call.body, ("url", "event", "configuration"))
    url, event = bodies.required(call.body, "url"), bodies.required(call.body, "event")
    if not isinstance(url, str) or not url.startswith("https://"):
        raise invalid("url")
    if event not in PAYLOADS:
        raise invalid("event")
    given = call.body.get("configuration") or {}
    conditions = given.get("conditions", {"origins": list(ORIGINS)})
    configuration = {"conditions": conditions, "signatureToken": secrets.token_hex(24)}
    row = call.state.add("webhooks", url=url, event=event, configuration=configuration)
    return data(_view(row, created=True), 201)


def _delete(call: Call) -> Response:
    call.state.delete("webhooks", call.record("webhooks", call.ids["id"])["id"])
    return Response(status_code=204)


ENDPOINTS = [
    Endpoint("GET", "/webhooks", "webhooks:read:admin", _list),
    Endpoint("POST", "/webhooks", "webhooks:write:admin", _create),
    Endpoint("DELETE", "/webhooks/{id}", "webhooks:write:admin", _delete),
]
