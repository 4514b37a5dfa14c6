"""What is said about a candidacy: feedback, notes, offers."""

from starlette.responses import Response

from sandboxes.lever import bodies
from sandboxes.lever.defaults import shown
from sandboxes.lever.endpoint import Acting, Call, Endpoint, data
from sandboxes.lever.errors import bad_request, invalid
from sandboxes.lever.paging import listing, of_opportunity, plain

NOTES = "/opportunities/{opportunity}/notes"


def below_opportunity(table: str) -> list[Endpoint]:
    """The list of an opportunity's records, and one of them."""
    path, permission = f"/opportunities/{{opportunity}}/{table}", f"{table}:read:admin"

    def get(call: Call) -> Response:
        return data(shown(table, call.below(table, "id")))

    return [
        listing(path, permission, of_opportunity(table), plain(table)),
        Endpoint("GET", f"{path}/{{id}}", permission, get),
    ]


def _add_note(call: Call) -> Response:
    """The author is the user of `perform_as`, nobody without it."""
    bodies.only(call.body, ("value", "secret", "score", "notifyFollowers", "createdAt"))
    value = bodies.text(call.body, "value") or bodies.required(call.body, "value")
    if not isinstance(secret := call.body.get("secret", False), bool):
        raise invalid("secret")
    state = call.state
    opportunity = call.record("opportunities", call.ids["opportunity"])
    created = bodies.whole(call.body, "createdAt") if "createdAt" in call.body else state.now()
    field = {
        "type": "note",
        "text": "Comment",
        "value": value,
        "createdAt": created,
        "user": call.actor_id,
        "score": call.body.get("score"),
        "stage": opportunity["stage"],
    }
    row = state.add(
        "notes",
        opportunityId=opportunity["id"],
        fields=[field],
        user=call.actor_id,
        secret=secret,
        createdAt=created,
        completedAt=created,
        throughApi=True,
    )
    return data({**shown("notes", row), "noteId": row["id"]}, 201)


def _delete_note(call: Call) -> Response:
    note = call.below("notes", "id")
    if not note["throughApi"]:
        raise bad_request("Only notes that were created through the API can be deleted")
    call.state.delete("notes", note["id"])
    return Response(status_code=204)


ENDPOINTS = [
    *below_opportunity("feedback"),
    *below_opportunity("notes"),
    *below_opportunity("offers"),
    Endpoint("POST", NOTES, "notes:write:admin", _add_note, acting=Acting.OPTIONAL),
    Endpoint("DELETE", f"{NOTES}/{{id}}", "notes:write:admin", _delete_note, acting=Acting.OPTIONAL),
]
