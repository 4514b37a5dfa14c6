"""Writing interviews: an event that exists in a calendar is recorded, moved or taken back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any
from uuid import uuid4

from providers.greenhouse.acting import (
    Fallback,
    acting_v1,
    acting_v3,
    author_of,
    made,
    needed,
    needs_user_v1,
    number,
    zulu,
)
from providers.greenhouse.applications import current_stage_v1, current_stage_v3
from providers.greenhouse.lists import by_path, every, one, row_of
from providers.kit import (
    ACTING_USER_IGNORED,
    INVALID_FIELD_CHOICE,
    Action,
    Invalid,
    Parameter,
    PermissionMissing,
    Reference,
    Row,
    Write,
    Written,
)

NEEDS_ACTION = "needs_action"
PLAIN = ("external_event_id", "location", "video_conferencing_url")


@dataclass(frozen=True)
class Attendee:
    """One of a panel: a user, or somebody known by an e-mail address only."""

    user: str | None
    email: str | None
    response: str


@dataclass(frozen=True)
class Interview:
    """An interview as it is now."""

    organizer: str | None
    panel: list[Attendee]


@dataclass(frozen=True)
class Dialect:
    """How one generation writes interviews.

    Attributes:
        resource: what it calls them.
        write_path: where they are made and changed.
        delete_path: where they are taken back.
        step: the key of the step in a body.
        start: the key of the beginning.
        end: the key of the end.
        takes_emails: whether somebody who is no user can be on a panel.
        acting: who acts.
        read: an interview as it is now.
        current_stage: the stage an application is in.
        steps: the active steps of a stage in order, and whether each is to be scheduled.
    """

    resource: str
    write_path: str
    delete_path: str
    step: str
    start: str
    end: str
    takes_emails: bool
    acting: Callable[[Write, Fallback], str | None]
    read: Callable[[Write, str], Interview]
    current_stage: Callable[[Write, str], str | None]
    steps: Callable[[Write, str], list[tuple[Any, bool]]]


def create(dialect: Dialect, write: Write) -> Written:
    """Record an interview that is in a calendar already: nobody is invited by this."""
    given = write.fields
    panel = _panel(dialect, write, given["interviewers"], [])
    body = {
        "application_id": number(given["application"], "application"),
        dialect.step: _step(dialect, write),
        "interviewers": [_entry(attendee) for attendee in panel],
        dialect.start: zulu(given["start_at"]),
        dialect.end: zulu(given["end_at"]),
        "external_event_id": given.get("external_event_id") or f"omniats-{uuid4()}",
    }
    body |= {key: given[key] for key in PLAIN[1:] if given.get(key) is not None}
    as_user = dialect.acting(write, lambda: given.get("organizer"))
    _tell_organizer(write, as_user)
    answer = row_of(write.client.send("POST", dialect.write_path, json=body, as_user=as_user))
    return Written(Reference(dialect.resource, made(answer)), row=answer)


def update(dialect: Dialect, write: Write) -> Written:
    """Change what was given; nothing is sent when nothing would change."""
    given, key = write.fields, str(write.remote_id)
    current = cache(lambda: dialect.read(write, key))
    body: dict[str, Any] = {}
    for field, name in (("start_at", dialect.start), ("end_at", dialect.end)):
        if given.get(field) is not None:
            body[name] = zulu(given[field])
    body |= {name: given[name] for name in PLAIN if name in given}
    if not body.get("external_event_id", "kept"):
        del body["external_event_id"]  # every interview has one
    if "interviewers" in given or "interviewer_responses" in given:
        entries = _changed_panel(dialect, write, current())
        if entries is not None:
            body["interviewers"] = entries
    if not body:
        _tell_organizer(write, None)
        return Written(Reference(dialect.resource, key))
    as_user = dialect.acting(write, lambda: current().organizer)
    _tell_organizer(write, as_user)
    response = write.client.send("PATCH", f"{dialect.write_path}/{key}", json=body, as_user=as_user)
    return Written(Reference(dialect.resource, key), row=row_of(response) or None)


def delete(dialect: Dialect, write: Write) -> Written:
    """Take an interview back; the calendar is not touched."""
    key = str(write.remote_id)
    as_user = dialect.acting(write, lambda: dialect.read(write, key).organizer)
    write.client.send("DELETE", f"{dialect.delete_path}/{key}", as_user=as_user)
    return Written(Reference(dialect.resource, key), removed=True)


def _tell_organizer(write: Write, as_user: str | None) -> None:
    wanted = write.fields.get("organizer")
    if wanted and wanted != author_of(write, as_user):
        detail = "Greenhouse makes the acting user the organizer; name them as remote_user_id."
        write.warn("organizer", detail, ACTING_USER_IGNORED)


def _step(dialect: Dialect, write: Write) -> int:
    """The step of the interview plan: named outright, or the first of the stage that is to be scheduled."""
    named = write.params.get("interview_id")
    if named is not None:
        return number(named, "integration_params.interview_id")
    stage = write.fields.get("job_interview_stage") or dialect.current_stage(
        write, write.fields["application"]
    )
    if stage is None:
        raise Invalid("job_interview_stage: the application is in no stage; name one.")
    steps = dialect.steps(write, stage)
    if not steps:
        raise Invalid(f"job_interview_stage: stage {stage} has no interviews in its plan.")
    return number(next((step for step, to_schedule in steps if to_schedule), steps[0][0]), "interview_id")


def _panel(dialect: Dialect, write: Write, users: list[str], present: list[Attendee]) -> list[Attendee]:
    """The whole panel as it shall be: answers given, else those known, else none yet."""
    known = {who.user: who.response for who in present if who.user}
    guests = {who.email: who.response for who in present if not who.user and who.email}
    by_email = {who.email: who.user for who in present if who.user and who.email}
    for answer in write.fields.get("interviewer_responses") or ():
        response = (answer.get("response_status") or "").lower()
        email = answer.get("email")
        user = answer.get("user") or by_email.get(email)
        if user in users:
            known[user] = response or known.get(user, NEEDS_ACTION)
        elif user:
            detail = f"User {user} is not one of the interviewers."
            write.warn("interviewer_responses", detail, INVALID_FIELD_CHOICE)
        elif email and not dialect.takes_emails:
            write.warn("interviewer_responses", f"Harvest v3 takes users only, so not {email}.")
        elif email:
            guests[email] = response or guests.get(email, NEEDS_ACTION)
    panel = [Attendee(user, None, known.get(user, NEEDS_ACTION)) for user in dict.fromkeys(users)]
    if dialect.takes_emails:
        panel += [Attendee(None, email, response) for email, response in guests.items()]
    return panel


def _changed_panel(dialect: Dialect, write: Write, current: Interview) -> list[Row] | None:
    """The entries to send: the panel is replaced as a whole. None when it stays as it is."""
    staying = [who.user for who in current.panel if who.user]
    users = write.fields.get("interviewers")
    wanted = _panel(dialect, write, staying if users is None else users, current.panel)
    if _answers(dialect, wanted) == _answers(dialect, current.panel):
        return None
    guests = [who.email or "somebody" for who in current.panel if not who.user]
    if guests and not dialect.takes_emails:
        write.warn("interviewers", f"No users, so they leave the panel: {', '.join(guests)}.")
    if not wanted:
        raise Invalid("interviewers: Greenhouse needs at least one.")
    return [_entry(attendee) for attendee in wanted]


def _answers(dialect: Dialect, panel: list[Attendee]) -> dict[str | None, str]:
    return {who.user or who.email: who.response for who in panel if who.user or dialect.takes_emails}


def _entry(attendee: Attendee) -> Row:
    who = {"user_id": number(attendee.user, "interviewers")} if attendee.user else {"email": attendee.email}
    return {**who, "response_status": attendee.response}


def _attendee(row: Row, user_key: str) -> Attendee:
    user = row.get(user_key)
    return Attendee(
        None if user is None else str(user), row.get("email"), row.get("response_status") or NEEDS_ACTION
    )


# Harvest v1


def _read_v1(write: Write, key: str) -> Interview:
    fetch = by_path("scheduled_interviews", "/v1/scheduled_interviews")
    row = needed(write, fetch, "scheduled_interviews", key, "id")
    organizer = (row.get("organizer") or {}).get("id")
    panel = [_attendee(who, "id") for who in row.get("interviewers") or ()]
    return Interview(None if organizer is None else str(organizer), panel)


def _steps_v1(write: Write, stage: str) -> list[tuple[Any, bool]]:
    row = write.stored("job_stages", stage)
    if row is None:
        row = needed(
            write, by_path("job_stages", "/v1/job_stages"), "job_stages", stage, "job_interview_stage"
        )
    steps = [step for step in row.get("interviews") or () if step.get("active") is not False]
    return [(step["id"], bool(step.get("schedulable"))) for step in steps]


# Harvest v3


def _read_v3(write: Write, key: str) -> Interview:
    try:
        row = one(write.client, "/v3/interviews", key)
        panel = list(every(write.client, "/v3/interviewers", interview_ids=key))
    except PermissionMissing:
        kept = write.stored("interviews", key)
        if kept is None:
            raise
        row, panel = kept, write.find("interviewers", "interview_id", key)
    organizer = row.get("organizer_id")
    return Interview(
        None if organizer is None else str(organizer), [_attendee(who, "user_id") for who in panel]
    )


def _steps_v3(write: Write, stage: str) -> list[tuple[Any, bool]]:
    steps = write.find("job_interviews", "job_interview_stage_id", stage)
    if not steps:
        steps = list(every(write.client, "/v3/job_interviews", job_interview_stage_ids=stage))
    active = [step for step in steps if step.get("active") is not False]
    active.sort(key=lambda step: step.get("sort_order") or 0)
    return [(step["id"], step.get("scheduling_type") == "needs_scheduling") for step in active]


V1 = Dialect(
    resource="scheduled_interviews",
    write_path="/v2/scheduled_interviews",
    delete_path="/v1/scheduled_interviews",
    step="interview_id",
    start="start",
    end="end",
    takes_emails=True,
    acting=acting_v1,
    read=_read_v1,
    current_stage=current_stage_v1,
    steps=_steps_v1,
)
V3 = Dialect(
    resource="interviews",
    write_path="/v3/interviews",
    delete_path="/v3/interviews",
    step="job_interview_id",
    start="starts_at",
    end="ends_at",
    takes_emails=False,
    acting=acting_v3,
    read=_read_v3,
    current_stage=current_stage_v3,
    steps=_steps_v3,
)
CHANGEABLE = ("organizer", "interviewers", "interviewer_responses", "start_at", "end_at", *PLAIN)
STEP = Parameter(
    name="interview_id",
    type="string",
    description="The id of the interview step, where the stage's first step to be scheduled is not meant.",
)


def _actions(dialect: Dialect) -> tuple[Action, ...]:
    model = "ScheduledInterview"
    return (
        Action(
            model,
            "create",
            partial(create, dialect),
            fields=("application", "job_interview_stage", *CHANGEABLE),
            required=("application", "start_at", "end_at", "interviewers"),
            parameters=(STEP,),
        ),
        Action(model, "update", partial(update, dialect), fields=CHANGEABLE),
        Action(model, "delete", partial(delete, dialect)),
    )


V1_ACTIONS = tuple(
    replace(action, needs_user=needs_user_v1, user_field="organizer") if action.verb == "create" else action
    for action in _actions(V1)
)
V3_ACTIONS = _actions(V3)
