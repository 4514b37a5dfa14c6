"""Interviews, and the panels they are in. Only panels made through an API can be written to."""

from typing import Any

from starlette.responses import Response

from sandboxes.lever import bodies
from sandboxes.lever.defaults import shown
from sandboxes.lever.endpoint import Acting, Call, Endpoint, data
from sandboxes.lever.errors import bad_request, invalid, not_found
from sandboxes.lever.paging import listing, of_opportunity
from sandboxes.lever.state import State
from sandboxes.store import Row

PANELS, INTERVIEWS = "/opportunities/{opportunity}/panels", "/opportunities/{opportunity}/interviews"
MINUTE = 60_000
IN_PANEL = (
    *("id", "date", "duration", "feedbackReminder", "feedbackTemplate"),
    *("interviewers", "location", "note", "subject"),
)
BODY = (
    *("subject", "note", "interviewers", "date", "duration"),
    *("location", "feedbackTemplate", "feedbackReminder"),
)
PANEL_BODY = (
    *("timezone", "interviews", "applications", "feedbackReminder"),
    *("note", "externalUrl", "externallyManaged"),
)
REMINDERS = ("once", "daily", "frequently", "none")


def interview_view(state: State, row: Row) -> Row:
    """An interview; zone, stage and postings are the panel's, and nobody's response is shown."""
    panel = state.tables["panels"].rows[row["panel"]]
    applications = (state.get("applications", key) for key in panel["applications"])
    interviewers = [
        {name: value for name, value in each.items() if name != "responseStatus"}
        for each in row["interviewers"]
    ]
    return {
        **shown("interviews", row),
        "interviewers": interviewers,
        "timezone": panel["timezone"],
        "stage": panel["stage"],
        "postings": [each["posting"] for each in applications if each],
    }


def panel_view(state: State, panel: Row) -> Row:
    """A panel with its interviews, from the start of the first to the end of the last."""
    rows = sorted(state.where("interviews", "panel", panel["id"]), key=lambda row: row["date"])
    return {
        **shown("panels", panel),
        "interviews": [{field: row[field] for field in IN_PANEL} for row in rows],
        "start": min((row["date"] for row in rows), default=None),
        "end": max((row["date"] + row["duration"] * MINUTE for row in rows), default=None),
    }


def _interviewers(state: State, body: Row) -> list[Row]:
    """At least one; each a known user."""
    panel = []
    for entry in bodies.objects(body, "interviewers"):
        bodies.only(entry, ("id", "name", "email", "feedbackTemplate"))
        user = state.get("users", bodies.required(entry, "id"))
        if user is None:
            raise invalid("interviewers")
        panel.append(
            {
                "id": user["id"],
                "email": user["email"],
                "name": user["name"],
                "responseStatus": "needsAction",
                "feedbackTemplate": entry.get("feedbackTemplate") or "no-feedback",
            }
        )
    return panel


def _fields(state: State, body: Row) -> Row:
    """All of an interview that a caller says; what is left out becomes empty."""
    reminder = body.get("feedbackReminder") or "daily"
    if reminder not in REMINDERS:
        raise invalid("feedbackReminder")
    return {
        "interviewers": _interviewers(state, body),
        "date": bodies.whole(body, "date"),
        "duration": bodies.whole(body, "duration", least=1),
        "feedbackReminder": reminder,
        **{name: bodies.text(body, name) for name in ("subject", "note", "location", "feedbackTemplate")},
    }


def _new_fields(state: State, body: Row) -> Row:
    fields = _fields(state, body)
    return {**fields, "feedbackTemplate": fields["feedbackTemplate"] or "no-feedback"}


def _managed(panel: Row) -> Row:
    """The panel, if it may be written to."""
    if not panel["externallyManaged"]:
        raise bad_request(f"Panel {panel['id']} is not externally managed")
    return panel


def _panel_fields(call: Call) -> Row:
    bodies.only(call.body, PANEL_BODY)
    for entry in bodies.objects(call.body, "interviews"):
        bodies.only(entry, (*BODY, "id"))
    if call.body.get("externallyManaged", True) is not True:
        raise invalid("externallyManaged")
    return {
        "timezone": bodies.timezone(call.body),
        "applications": _applications(call),
        "feedbackReminder": call.body.get("feedbackReminder") or "daily",
        **{name: bodies.text(call.body, name) for name in ("note", "externalUrl")},
    }


def _applications(call: Call) -> list[str]:
    """Those the panel is for: the active ones unless they are named; an empty list names none."""
    rows = call.state.where("applications", "opportunityId", call.ids["opportunity"])
    if "applications" not in call.body:
        return [row["id"] for row in rows if row["archived"] is None]
    keys = bodies.texts(call.body, "applications")
    if not keys or not set(keys) <= {row["id"] for row in rows}:
        raise invalid("applications")
    return keys


def _create_panel(call: Call) -> Response:
    """Its stage is where the opportunity is now."""
    state, key = call.state, call.ids["opportunity"]
    fields = _panel_fields(call)
    entries = [_new_fields(state, entry) for entry in call.body["interviews"]]
    stage = call.record("opportunities", key)["stage"]
    panel = state.add("panels", opportunityId=key, user=call.actor_id, stage=stage, **fields)
    for entry in entries:
        _add_interview(call, panel, entry)
    return data(panel_view(state, panel), 201)


def _add_interview(call: Call, panel: Row, fields: Row) -> Row:
    return call.state.add(
        "interviews", opportunityId=panel["opportunityId"], panel=panel["id"], user=call.actor_id, **fields
    )


def _get_panel(call: Call) -> Response:
    return data(panel_view(call.state, call.below("panels", "id")))


def _put_panel(call: Call) -> Response:
    """The whole panel: interviews with an id are changed, others are new, missing ones go (inferred)."""
    state, panel = call.state, _managed(call.below("panels", "id"))
    fields = _panel_fields(call)
    present = {row["id"] for row in state.where("interviews", "panel", panel["id"])}
    entries = [(entry.get("id"), _fields(state, entry)) for entry in call.body["interviews"]]
    for key, _ in entries:
        if key is not None and key not in present:
            raise not_found("interviews", key)
    for key in present - {key for key, _ in entries}:
        state.delete("interviews", key)
    for key, entry in entries:
        if key is None:
            _add_interview(call, panel, entry)
        else:
            state.change("interviews", key, user=call.actor_id, **entry)
    return data(panel_view(state, state.change("panels", panel["id"], user=call.actor_id, **fields)))


def _delete_panel(call: Call) -> Response:
    call.state.delete("panels", _managed(call.below("panels", "id"))["id"])
    return Response(status_code=204)


def _get_interview(call: Call) -> Response:
    return data(interview_view(call.state, call.below("interviews", "id")))


def _create_interview(call: Call) -> Response:
    """Into a panel that is there."""
    panel = _named_panel(call)
    row = _add_interview(call, panel, _new_fields(call.state, call.body))
    return data(interview_view(call.state, row), 201)


def _put_interview(call: Call) -> Response:
    """The whole interview: what is left out is cleared, and it becomes that of the acting user."""
    row = call.below("interviews", "id")
    _managed(call.record("panels", row["panel"]))
    if _named_panel(call)["id"] != row["panel"]:
        raise invalid("panel")
    fields: dict[str, Any] = _fields(call.state, call.body)
    changed = call.state.change("interviews", row["id"], user=call.actor_id, **fields)
    return data(interview_view(call.state, changed))


def _named_panel(call: Call) -> Row:
    bodies.only(call.body, (*BODY, "panel"))
    panel = call.record("panels", bodies.required(call.body, "panel"))
    if panel["opportunityId"] != call.ids["opportunity"]:
        raise not_found("panels", panel["id"])
    return _managed(panel)


def remove_interview(state: State, row: Row) -> None:
    """Delete an interview; a panel goes with its last one."""
    state.delete("interviews", row["id"])
    if not state.where("interviews", "panel", row["panel"]):
        state.delete("panels", row["panel"])


def _delete_interview(call: Call) -> Response:
    row = call.below("interviews", "id")
    _managed(call.record("panels", row["panel"]))
    remove_interview(call.state, row)
    return Response(status_code=204)


def _writes(path: str, name: str, **handlers: Any) -> list[Endpoint]:
    """POST to the list, PUT and DELETE of one."""
    return [
        Endpoint(
            method.upper(),
            path if method == "post" else f"{path}/{{id}}",
            f"{name}:write:admin",
            handle,
            acting=Acting.REQUIRED,
        )
        for method, handle in handlers.items()
    ]


ENDPOINTS = [
    listing(
        PANELS, "panels:read:admin", of_opportunity("panels"), lambda call, row: panel_view(call.state, row)
    ),
    Endpoint("GET", f"{PANELS}/{{id}}", "panels:read:admin", _get_panel),
    *_writes(PANELS, "panels", post=_create_panel, put=_put_panel, delete=_delete_panel),
    listing(
        INTERVIEWS,
        "interviews:read:admin",
        of_opportunity("interviews"),
        lambda call, row: interview_view(call.state, row),
    ),
    Endpoint("GET", f"{INTERVIEWS}/{{id}}", "interviews:read:admin", _get_interview),
    *_writes(INTERVIEWS, "interviews", post=_create_interview, put=_put_interview, delete=_delete_interview),
]
