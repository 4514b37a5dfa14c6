"""Schedules of every kind, their events and the feedback on them."""

from dataclasses import dataclass

from sandboxes.ashby.seeding.company import ADMIN, COORDINATOR, ENGINEER, FORMER, MANAGER, RECRUITER, made
from sandboxes.seeding import Seeding
from sandboxes.store import Row


@dataclass(frozen=True)
class Kind:
    """What a schedule is like; its events by how many days from now they are."""

    status: str
    days: tuple[float, ...] = ()
    by: int | None = COORDINATOR
    panel: tuple[int, ...] = (MANAGER, ENGINEER)
    interview: int = 1
    made_by_key: bool = False
    recommendation: str | None = None


KINDS = (
    Kind("Scheduled", (2, 2.1, 2.2), interview=2),
    Kind("Scheduled", (5,), None, (RECRUITER,), made_by_key=True),
    Kind("WaitingOnFeedback", (-1,), MANAGER),
    Kind("Complete", (-8, -7.9), recommendation="hire"),
    Kind("NeedsScheduling", (), None),
    Kind("Cancelled", (3,)),
    Kind("Complete", (-12,), ADMIN, (FORMER,), recommendation="strong_hire"),
    Kind("Scheduled", (6, 6.1), None, (MANAGER,), 0, made_by_key=True),
    Kind("WaitingOnCandidateBooking", (), None),
    Kind("Complete", (-3,), None, (ENGINEER,), made_by_key=True, recommendation="no_hire"),
    Kind("OnHold", (9,), RECRUITER, (), 4),
    Kind("Complete", (-5,), RECRUITER, (ADMIN,), 3, recommendation="strong_no_hire"),
)


def add_interviews(seeding: Seeding, interviews: int) -> None:
    """So many schedules, on the applications in turn, and one ad-hoc feedback."""
    applications = made(seeding, "applications")
    if not applications:
        return
    for number in range(interviews):
        kind = KINDS[number % len(KINDS)]
        key = applications[(number * 3) % len(applications)]
        _schedule(seeding, kind, seeding.state.tables["applications"].rows[key], number)
    if interviews:
        _feedback(seeding, applications[0], None, ENGINEER, None)


def _schedule(seeding: Seeding, kind: Kind, application: Row, number: int) -> None:
    schedule = seeding.add(
        "interviewSchedules",
        createdAt=seeding.at(-20, number % 24),
        updatedAt=seeding.at(-2, number % 24),
        status=kind.status,
        applicationId=application["id"],
        interviewStageId=application["interviewStageId"],
        scheduledById=None if kind.by is None else made(seeding, "users")[kind.by],
        madeByKey=kind.made_by_key,
    )
    for place, days in enumerate(kind.days):
        _event(seeding, kind, schedule, days, place)


def _event(seeding: Seeding, kind: Kind, schedule: Row, days: float, place: int) -> None:
    users, definitions = made(seeding, "users"), made(seeding, "interviews")
    panel = [
        {"userId": users[key], "trainingRole": "Shadow" if number else None, "isFeedbackRequired": not number}
        for number, key in enumerate(kind.panel)
    ]
    online = place % 2 == 0 and not kind.made_by_key
    event = seeding.add(
        "interviewEvents",
        createdAt=schedule["createdAt"],
        updatedAt=schedule["updatedAt"],
        interviewScheduleId=schedule["id"],
        interviewId=definitions[kind.interview],
        interviewers=panel,
        startTime=seeding.at(days),
        endTime=seeding.at(days, 0.75),
        location="Google Meet" if online else None,
        meetingLink=f"https://meet.google.com/{schedule['id'][:8]}" if online else None,
        interviewerCalendarEventId=f"cal_{schedule['id'][:12]}_{place}" if online else None,
        extraData={"room": "Fjord"} if kind.made_by_key else None,
    )
    if kind.recommendation and kind.panel:
        _feedback(seeding, schedule["applicationId"], event, kind.panel[0], kind.recommendation)


def _feedback(
    seeding: Seeding, application_id: str, event: Row | None, author: int, recommendation: str | None
) -> None:
    values = {"technical_skills": {"score": 3}, "detailed_feedback": "Solid, friendly, precise."}
    if recommendation:
        values["overall_recommendation"] = recommendation
    seeding.add(
        "applicationFeedback",
        createdAt=seeding.at(-1),
        applicationId=application_id,
        interviewId=event["interviewId"] if event else None,
        interviewEventId=event["id"] if event else None,
        submittedById=made(seeding, "users")[author],
        submittedValues=values,
    )
