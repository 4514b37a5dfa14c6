"""Interviews of every kind, their panels and their scorecards."""

from dataclasses import dataclass

from sandboxes.greenhouse.seeding.company import ADMIN, COORDINATOR, ENGINEER, MANAGER, RECRUITER, SERVICE
from sandboxes.seeding import Seeding
from sandboxes.store import Row


@dataclass(frozen=True)
class Kind:
    """What an interview is like; `days` from now None means it has no time (yet)."""

    status: str
    days: int | None = None
    step: str = "Technical Interview"
    organizer: int | None = COORDINATOR
    panel: tuple[int | None, ...] = (MANAGER, ENGINEER)
    all_day: bool = False
    actionable: bool = True


KINDS = (
    Kind("scheduled", 2),
    Kind("scheduled", 5, "Culture Fit", RECRUITER, (ADMIN,)),
    Kind("awaiting_feedback", -1),
    Kind("complete", -8, "Recruiter Call", RECRUITER, (RECRUITER,)),
    Kind("to_be_scheduled", None, "Manager Call", None, (MANAGER,)),
    Kind("scheduled", 7, all_day=True),
    # An external attendee has no user.
    Kind("scheduled", 1, "Culture Fit", panel=(MANAGER, None)),
    Kind("scheduled", 3, organizer=None, actionable=False),
    Kind("complete", -15, panel=(MANAGER, ENGINEER, ADMIN)),
    Kind("sent", None, "Take Home Test", None, ()),
    # The step has been taken out of the plan since.
    Kind("complete", -20, "Whiteboard Session"),
    Kind("scheduled", 4, "Manager Call", SERVICE),
    # A status nobody documented.
    Kind("under_review", -2, "Culture Fit"),
    Kind("skipped", None, "Culture Fit", None, ()),
    Kind("scheduled", 9, "Recruiter Call", RECRUITER, (RECRUITER,)),
)
ATTRIBUTES = [
    {"name": "Communication", "type": "Skills", "note": "Clear & concise", "rating": "yes"},
    {"name": "Adaptable", "type": "Skills", "note": None, "rating": "mixed"},
    {"name": "Project Management", "type": "Qualifications", "note": None, "rating": "no"},
    {"name": "Analytical", "type": "Skills", "note": None, "rating": "definitely_not"},
]
QUESTIONS = [
    {"id": None, "question": "Key Take-Aways", "answer": "A decent candidate."},
    {"id": 4_950_000_001, "question": "Which team would you suggest?", "answer": "Équipe Plateforme"},
]
RESPONSES = ("accepted", "needs_action", "tentative", "declined")
RATINGS = ("strong_yes", "yes", "no_decision", "no", "strong_no")


def add_interviews(seeding: Seeding, count: int) -> None:
    """So many interviews, over the active applications in turn."""
    applications = [
        row
        for row in seeding.state.tables["applications"].rows.values()
        if row["status"] == "in_process" and not row["prospect"]
    ]
    steps = _steps(seeding)
    for place in range(count if applications else 0):
        kind = KINDS[place % len(KINDS)]
        application = applications[place % len(applications)]
        step = steps[application["job_id"], kind.step]
        interview = _interview(seeding, kind, place, application, step)
        _panel(seeding, kind, place, interview, step)


def _steps(seeding: Seeding) -> dict[tuple[int, str], Row]:
    rows = seeding.state.tables["job_interviews"].rows.values()
    return {(row["job_id"], row["name"]): row for row in rows}


def _interview(seeding: Seeding, kind: Kind, place: int, application: Row, step: Row) -> Row:
    timed = kind.days is not None and not kind.all_day
    days, hour = kind.days or 0, place % 8
    created = seeding.at(min(days, 0) - 4 - place % 3)
    start = seeding.at(days, hour) if timed else None
    return seeding.add(
        "interviews",
        job_id=application["job_id"],
        application_id=application["id"],
        job_interview_id=step["id"],
        starts_at=start,
        ends_at=seeding.at(days, hour + (step["duration"] or 30) / 60) if timed else None,
        all_day_start_on=seeding.day(days) if kind.all_day else None,
        all_day_end_on=seeding.day(days + 1) if kind.all_day else None,
        location="Salle Curie, 2ᵉ étage" if kind.days is not None else None,
        status=kind.status,
        organizer_id=kind.organizer,
        scheduled_at=created if kind.days is not None else None,
        availability_received_at=None,
        external_event_id=f"event-{place + 1}" if kind.days is not None else None,
        video_conferencing_url=f"https://meet.example.com/{place + 1}" if kind.days is not None else None,
        actionable=kind.actionable,
        created_at=created,
        updated_at=seeding.at(min(days, 0) - 1, -(place % 5)),
    )


def _panel(seeding: Seeding, kind: Kind, place: int, interview: Row, step: Row) -> None:
    users = seeding.state.tables["users"].rows
    for seat, user_id in enumerate(kind.panel):
        email = users[user_id]["primary_email"] if user_id else "gutachterin@extern.example"
        seeding.add(
            "interviewers",
            interview_id=interview["id"],
            user_id=user_id,
            email=email,
            response_status=RESPONSES[(place + seat) % len(RESPONSES)],
            scorecard_id=_scorecard(seeding, kind, place, interview, step, user_id) if seat == 0 else None,
            created_at=interview["created_at"],
            updated_at=interview["updated_at"],
        )


def _scorecard(
    seeding: Seeding, kind: Kind, place: int, interview: Row, step: Row, user_id: int | None
) -> int | None:
    """A complete interview has a submitted scorecard, one awaiting feedback a draft."""
    if kind.status not in ("complete", "awaiting_feedback"):
        return None
    draft = kind.status == "awaiting_feedback"
    submitted = None if draft else interview["updated_at"]
    row = seeding.add(
        "scorecards",
        application_id=interview["application_id"],
        job_interview_id=step["id"],
        interview_kit_id=step["interview_kit"]["id"],
        interviewer_id=user_id,
        submitter_id=None if draft else user_id,
        candidate_rating=None if draft else RATINGS[place % len(RATINGS)],
        status="draft" if draft else "complete",
        interviewed_at=interview["starts_at"],
        submitted_at=submitted,
        notes="<p>Klare Antworten.</p>",
        created_at=interview["updated_at"],
        attributes=ATTRIBUTES,
        questions=QUESTIONS,
    )
    key: int = row["id"]
    return key
