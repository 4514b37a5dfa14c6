"""Writing applications: what new ones are made of, moves between stages, rejections."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from providers.greenhouse.acting import (
    acting_v1,
    acting_v3,
    first_or_none,
    made,
    needed,
    needs_user_v1,
    number,
)
from providers.greenhouse.lists import by_ids, by_path, every, row_of
from providers.kit import (
    INVALID_FIELD_CHOICE,
    Action,
    Invalid,
    PermissionMissing,
    Reference,
    Row,
    Write,
    Written,
)

ACTIVE = ("active", "in_process")  # v1 and v3
REJECTED = "rejected"
GIVEN = ("job", "source", "credited_to", "current_stage")  # what a new application takes over
PROSPECT_V1: Row = {"prospect": "true", "job_ids": []}  # an application without a job

RETRIEVE_V1 = by_path("applications", "/v1/applications")
RETRIEVE_V3 = by_ids("applications", "/v3/applications")
STAGE_V1 = by_path("job_stages", "/v1/job_stages")
STAGE_V3 = by_ids("job_interview_stages", "/v3/job_interview_stages")


def body_v1(write: Write, given: dict[str, Any], at: str = "") -> Row:
    """A new application for v1, on its own or within a candidate, where its fields stand `at` a place."""
    body = _body(write, given, at, every_source=lambda: every(write.client, "/v1/sources"))
    if given.get("credited_to"):
        body["referrer"] = {"type": "id", "value": number(given["credited_to"], "credited_to")}
    return body


def body_v3(write: Write, given: dict[str, Any], at: str = "") -> Row:
    """The same for v3."""
    body = _body(
        write,
        given,
        at,
        every_source=lambda: (
            write.find("sources", "name", given["source"]) or every(write.client, "/v3/sources")
        ),
    )
    user = given.get("credited_to")
    if user:
        referrer = _referrer_v3(write, user)
        if referrer:
            body["referrer_id"] = referrer["id"]
        else:
            detail = f"User {user} is not among the referrers Greenhouse knows."
            write.warn(f"{at}credited_to", detail, INVALID_FIELD_CHOICE)
    return body


def _body(write: Write, given: dict[str, Any], at: str, every_source: Any) -> Row:
    body: Row = {"job_id": number(given.get("job"), "job")}
    if given.get("current_stage"):
        body["initial_stage_id"] = number(given["current_stage"], "current_stage")
    if given.get("source"):
        try:
            found = first_or_none(row for row in every_source() if row.get("name") == given["source"])
        except PermissionMissing:
            found = None
        if found:
            body["source_id"] = found["id"]
        else:
            detail = f"Greenhouse has no source named {given['source']!r}."
            write.warn(f"{at}source", detail, INVALID_FIELD_CHOICE)
    return body


def _referrer_v3(write: Write, user: str) -> Row | None:
    rows: Iterable[Row] = write.find("referrers", "user_id", user)
    try:
        return first_or_none(rows) or first_or_none(
            row for row in every(write.client, "/v3/referrers") if str(row.get("user_id")) == user
        )
    except PermissionMissing:
        return None


def post_v3(write: Write, candidate: int, body: Row, as_user: str | None) -> Written:
    """Add an application to a candidate."""
    body = {"candidate_id": candidate, **body}
    answer = row_of(write.client.send("POST", "/v3/applications", json=body, as_user=as_user))
    return Written(Reference("applications", made(answer)), row=answer)


# Stages


def current_stage_v1(write: Write, application: str) -> str | None:
    """The stage an application is in."""
    return _stage_of_v1(needed(write, RETRIEVE_V1, "applications", application, "application"))


def _stage_of_v1(row: Row) -> str | None:
    stage = row.get("current_stage") or {}
    return str(stage["id"]) if stage.get("id") is not None else None


def current_stage_v3(write: Write, application: str) -> str | None:
    """The stage an application is in."""
    return _stage_of_v3(write, needed(write, RETRIEVE_V3, "applications", application, "application"))


def _stage_of_v3(write: Write, row: Row) -> str | None:
    """The stage in an application's row, or in its history on accounts where the row does not name it."""
    if "job_interview_stage_id" in row:
        stage = row["job_interview_stage_id"]
    else:
        history = every(write.client, "/v3/application_stages", application_ids=row["id"], current="true")
        stage = (first_or_none(history) or {}).get("job_interview_stage_id")
    return None if stage is None else str(stage)


def _movable(row: Row, stage: str | None, wanted: str) -> tuple[int, int]:
    """The stages from and to."""
    if row.get("status") not in ACTIVE:
        raise Invalid(f"Only active applications can be moved; this one is {row.get('status')}.")
    if stage is None:
        raise Invalid("The application is in no stage, so it cannot be moved.")
    if stage == wanted:
        raise Invalid("The application is in this stage already.")
    return number(stage, "current_stage"), number(wanted, "current_stage")


def _change_stage_v1(write: Write) -> Written:
    key, wanted = str(write.remote_id), str(write.fields["current_stage"])
    row = RETRIEVE_V1(write.client, key)["applications"][0]
    old, new = _movable(row, _stage_of_v1(row), wanted)
    target = write.stored("job_stages", wanted) or needed(
        write, STAGE_V1, "job_stages", wanted, "current_stage"
    )
    path, body = f"/v1/applications/{key}/move", {"from_stage_id": old, "to_stage_id": new}
    if target.get("job_id") not in {job["id"] for job in row.get("jobs") or ()}:
        path = f"/v1/applications/{key}/transfer_to_job"
        body = {"new_job_id": target["job_id"], "new_stage_id": new}
    write.client.send("POST", path, json=body, as_user=acting_v1(write))
    return Written(Reference("applications", key))


def _change_stage_v3(write: Write) -> Written:
    key, wanted = str(write.remote_id), str(write.fields["current_stage"])
    row = RETRIEVE_V3(write.client, key)["applications"][0]
    old, new = _movable(row, _stage_of_v3(write, row), wanted)
    target = write.stored("job_interview_stages", wanted) or needed(
        write, STAGE_V3, "job_interview_stages", wanted, "current_stage"
    )
    body = {"from_stage_id": old, "to_stage_id": new}
    if target.get("job_id") != row.get("job_id"):
        body["to_job_id"] = target["job_id"]
    path = f"/v3/applications/{key}/move"
    write.client.send("POST", path, json=body, as_user=acting_v3(write))
    return Written(Reference("applications", key))


# Rejections


def _reject_v1(write: Write) -> Written:
    """Reject, or change the reason of an application that is rejected already."""
    key, reason = str(write.remote_id), write.fields.get("reject_reason")
    body = {"rejection_reason_id": number(reason, "reject_reason")} if reason else {}
    rejected = RETRIEVE_V1(write.client, key)["applications"][0].get("status") == REJECTED
    method = "PATCH" if rejected else "POST"
    path = f"/v1/applications/{key}/reject"
    write.client.send(method, path, json=body, as_user=acting_v1(write))
    return Written(Reference("applications", key))


def _reject_v3(write: Write) -> Written:
    """Reject, or change the reason of an application that is rejected already."""
    key = str(write.remote_id)
    body = {"rejection_reason_id": number(write.fields["reject_reason"], "reject_reason")}
    method, path = "POST", f"/v3/applications/{key}/reject"
    if RETRIEVE_V3(write.client, key)["applications"][0].get("status") == REJECTED:
        details = first_or_none(every(write.client, "/v3/rejection_details", application_ids=key))
        if details is None:
            raise Invalid("The application is rejected, but Greenhouse shows no details to change.")
        method, path = "PATCH", f"/v3/rejection_details/{details['id']}"
    write.client.send(method, path, json=body, as_user=acting_v3(write))
    return Written(Reference("applications", key))


def _actions(change_stage: Action, reject: Action) -> tuple[Action, ...]:
    stage = ("current_stage",)
    return (
        replace(change_stage, fields=stage, required=stage),
        replace(reject, fields=("reject_reason",)),
    )


V1_ACTIONS = _actions(
    Action("Application", "change_stage", _change_stage_v1, needs_user=needs_user_v1),
    Action("Application", "reject", _reject_v1, needs_user=needs_user_v1),
)
V3_ACTIONS = _actions(
    Action("Application", "change_stage", _change_stage_v3),
    Action("Application", "reject", _reject_v3, required=("reject_reason",)),
)
