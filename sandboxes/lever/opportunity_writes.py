"""Writes to opportunities. All but the first answer without the data of the contact."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.lever import bodies
from sandboxes.lever.endpoint import Acting, Call, Endpoint, data
from sandboxes.lever.errors import bad_request, invalid
from sandboxes.lever.files import keep_resume
from sandboxes.lever.interviews import remove_interview
from sandboxes.lever.opportunities import ORIGINS, opportunity_view, written_view
from sandboxes.lever.state import State
from sandboxes.store import Row

OF_CONTACT = ("name", "headline", "location", "emails", "phones", "links")
OF_OPPORTUNITY = ("tags", "sources", "origin", "owner", "followers", "stage", "postings", "createdAt")
WRITE = "opportunities:write:admin"


def find_contact(state: State, emails: list[str]) -> Row | None:
    """The contact who has one of the addresses."""
    wanted = {email.lower() for email in emails}
    contacts = state.tables["contacts"].rows.values()
    return next((row for row in contacts if wanted & {email.lower() for email in row["emails"]}), None)


def create_opportunity(
    state: State, contact: Row, actor_id: str | None, posting: Row | None, **fields: Any
) -> Row:
    """A candidacy of a contact, with an application when it is for a posting; it takes the posting's tags."""
    now = state.now()
    owner = fields.pop("owner", None) or actor_id
    tags = fields.pop("tags", [])
    categories = posting["categories"] if posting else {}
    of_posting = [posting["text"]] if posting else []
    of_posting += [categories.get(name) for name in ("department", "team", "location", "commitment")]
    opportunity = state.add(
        "opportunities",
        contact=contact["id"],
        tags=[*tags, *(tag for tag in of_posting if tag and tag not in tags)],
        owner=owner,
        sourcedBy=actor_id,
        stageChanges=[_change(state, fields["stage"], actor_id, now)],
        lastAdvancedAt=now,
        **{"followers": [posting["owner"]] if posting and posting["owner"] else [], **fields},
    )
    if posting:
        state.add("applications", **link_to(opportunity, posting), user=actor_id)
    return opportunity


def _change(state: State, stage_id: str, actor_id: str | None, now: int) -> Row:
    """One step of the way through the stages, which the whole account shares."""
    place = state.tables["stages"].ids.index(stage_id)
    return {"toStageId": stage_id, "toStageIndex": place, "updatedAt": now, "userId": actor_id}


def link_to(opportunity: Row, posting: Row) -> Row:
    """What an application says of what it links."""
    return {
        "opportunityId": opportunity["id"],
        "candidateId": opportunity["id"],
        "posting": posting["id"],
        "postingOwner": posting["owner"],
        "postingHiringManager": posting["hiringManager"],
    }


def _create(call: Call) -> Response:
    """A contact that is named, or found by its address, keeps its data."""
    body, state = call.body, call.state
    bodies.only(body, (*OF_CONTACT, *OF_OPPORTUNITY, "contact"))
    fields = _checked(call)
    posting = _posting(call)
    contact = call.record("contacts", body["contact"]) if "contact" in body else None
    known = contact or find_contact(state, bodies.texts(body, "emails"))
    person = known or state.add("contacts", **_person(body))
    opportunity = create_opportunity(state, person, call.actor_id, posting, **fields)
    if resume := call.files.get("resumeFile"):
        keep_resume(state, opportunity, resume)
    view = opportunity_view(state, opportunity)
    return JSONAnswer({"deduped": known is not None and contact is None, "data": view}, 201)


def _person(body: Row) -> Row:
    texts = {name: bodies.text(body, name) or "" for name in ("name", "headline", "location")}
    lists = {name: bodies.texts(body, name) for name in ("emails", "links")}
    return {**texts, **lists, "phones": bodies.phones(body)}


def _checked(call: Call) -> Row:
    """The fields of the opportunity itself."""
    body = call.body
    _person(body)
    fields: Row = {name: bodies.texts(body, name) for name in ("tags", "sources")}
    fields["origin"] = body.get("origin", "sourced")
    if fields["origin"] not in ORIGINS:
        raise invalid("origin")
    fields["stage"] = call.record("stages", body.get("stage", "lead-new"))["id"]
    if "owner" in body:
        fields["owner"] = call.record("users", body["owner"])["id"]
    if "followers" in body:
        fields["followers"] = [call.record("users", key)["id"] for key in bodies.texts(body, "followers")]
    if "createdAt" in body:
        fields["createdAt"] = bodies.whole(body, "createdAt")
    return fields


def _posting(call: Call) -> Row | None:
    keys = bodies.texts(call.body, "postings")
    if len(keys) > 1:
        raise bad_request("An opportunity can be for one posting only")
    return call.record("postings", keys[0]) if keys else None


def _stage(call: Call) -> Response:
    bodies.only(call.body, ("stage",))
    state, stage = call.state, call.record("stages", bodies.required(call.body, "stage"))
    opportunity = call.record("opportunities", call.ids["opportunity"])
    now = state.now()
    changes = [*opportunity["stageChanges"], _change(state, stage["id"], call.actor_id, now)]
    return _written(call, stage=stage["id"], stageChanges=changes, lastAdvancedAt=now)


def _archived(call: Call) -> Response:
    """With a reason: archived, and its application too; `null` takes it back."""
    bodies.only(call.body, ("reason", "cleanInterviews", "requisitionId"))
    if "reason" not in call.body:
        bodies.required(call.body, "reason")
    state, key = call.state, call.ids["opportunity"]
    archived = None
    if call.body["reason"] is not None:
        reason = call.record("archive_reasons", call.body["reason"])
        if reason["status"] != "active":
            raise invalid("reason")
        archived = {"reason": reason["id"], "archivedAt": state.now()}
        if call.body.get("cleanInterviews"):
            _remove_pending(state, key)
    for application in state.where("applications", "opportunityId", key):
        state.change("applications", application["id"], archived=archived)
    return _written(call, archived=archived)


def _remove_pending(state: State, key: str) -> None:
    for interview in state.where("interviews", "opportunityId", key):
        if interview["date"] > state.notation(state.time()):
            remove_interview(state, interview)


def _listed(name: str, *, adds: bool) -> Callable[[Call], Response]:
    """Add to, or remove from, the tags, sources or links; the links are the contact's."""

    def handle(call: Call) -> Response:
        bodies.only(call.body, (name,))
        bodies.required(call.body, name)
        given = bodies.texts(call.body, name)
        opportunity = call.record("opportunities", call.ids["opportunity"])
        holder = call.record("contacts", opportunity["contact"]) if name == "links" else opportunity
        kept = [value for value in holder[name] if value not in given]
        new = [*holder[name], *(value for value in given if value not in holder[name])]
        if name == "links":
            call.state.change("contacts", holder["id"], links=new if adds else kept)
            return _written(call)
        return _written(call, **{name: new if adds else kept})

    return handle


def _written(call: Call, **changes: Any) -> Response:
    row = call.state.change("opportunities", call.ids["opportunity"], **changes)
    return data(written_view(call.state, row))


ENDPOINTS = [
    Endpoint("POST", "/opportunities", WRITE, _create, acting=Acting.REQUIRED),
    Endpoint("PUT", "/opportunities/{opportunity}/stage", WRITE, _stage, acting=Acting.OPTIONAL),
    Endpoint("PUT", "/opportunities/{opportunity}/archived", WRITE, _archived, acting=Acting.OPTIONAL),
    *(
        Endpoint(
            "POST",
            f"/opportunities/{{opportunity}}/{verb}{name.title()}",
            WRITE,
            _listed(name, adds=verb == "add"),
            acting=Acting.OPTIONAL,
        )
        for name in ("tags", "sources", "links")
        for verb in ("add", "remove")
    ),
]
