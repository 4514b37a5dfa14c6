"""Interviews of every kind, in panels made through an API and in the vendor's own, and feedback on them."""

from dataclasses import dataclass

from sandboxes.lever.seeding.base import Seeding
from sandboxes.lever.seeding.company import ADMIN, COORDINATOR, ENGINEER, MANAGER, RECRUITER
from sandboxes.store import Row, Uuids

DAY = 86_400_000
RATINGS = ("4 - Strong Hire", "3 - Hire", "2 - No Hire", "1 - Strong No Hire", None, "Vielleicht")


@dataclass(frozen=True)
class Kind:
    """What an interview is like; `days` from now."""

    days: int
    duration: int = 60
    subject: str | None = "Technical Interview"
    organizer: str | None = COORDINATOR
    panel: tuple[str, ...] = (MANAGER, ENGINEER)
    native: bool = False
    canceled: bool = False
    feedback: bool = False
    together: int = 1


KINDS = (
    Kind(2),
    Kind(5, 45, organizer=RECRUITER, panel=(ADMIN,), native=True),
    Kind(-1),
    Kind(-8, 30, "Erstgespräch", RECRUITER, (RECRUITER,), feedback=True),
    # Two interviews in one panel.
    Kind(3, together=2),
    Kind(4, canceled=True, native=True),
    Kind(-15, panel=(MANAGER, ENGINEER, ADMIN), native=True, feedback=True),
    # Nobody made it, nobody is in it, and it has no subject.
    Kind(7, 30, None, None, (), native=True),
    Kind(1, canceled=True),
    Kind(9, 90, "On-site: Büro Berlin", RECRUITER),
)


def add_interviews(seeding: Seeding, count: int) -> None:
    """So many interviews, over the opportunities that are not archived in turn."""
    opportunities = [
        row for row in seeding.state.tables["opportunities"].rows.values() if not row["archived"]
    ]
    made = place = 0
    while opportunities and made < count:
        kind = KINDS[place % len(KINDS)]
        panel = _panel(seeding, kind, place, opportunities[place % len(opportunities)])
        for turn in range(min(kind.together, count - made)):
            interview = _interview(seeding, kind, place, turn, panel)
            if kind.feedback or place % 7 == 2:
                _feedback(seeding, kind, place, interview)
            made += 1
        place += 1


def _panel(seeding: Seeding, kind: Kind, place: int, opportunity: Row) -> Row:
    applications = seeding.state.where("applications", "opportunityId", opportunity["id"])
    created = seeding.at(min(kind.days, 0) - 4 - place % 3)
    return seeding.add(
        "panels",
        opportunityId=opportunity["id"],
        applications=[row["id"] for row in applications],
        canceledAt=created + DAY if kind.canceled else None,
        createdAt=created,
        externallyManaged=not kind.native,
        feedbackReminder="frequently" if place % 2 else "once",
        note="Bitte pünktlich." if place % 3 == 0 else None,
        stage=opportunity["stage"],
        timezone=("Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo")[place % 3],
        user=kind.organizer,
    )


def _interview(seeding: Seeding, kind: Kind, place: int, turn: int, panel: Row) -> Row:
    users = seeding.state.tables["users"].rows
    interviewers = [
        {
            "id": key,
            "email": users[key]["email"],
            "name": users[key]["name"],
            "responseStatus": ("accepted", "needsAction", "tentative", "declined")[(place + seat) % 4],
            "feedbackTemplate": "no-feedback",
        }
        for seat, key in enumerate(kind.panel)
    ]
    start = seeding.at(kind.days, place % 8 + 2 * turn)
    return seeding.add(
        "interviews",
        opportunityId=panel["opportunityId"],
        panel=panel["id"],
        subject=kind.subject,
        note="SCHEDULE:\n6:00 - 6:30 pm\n" if place % 2 else None,
        interviewers=interviewers,
        createdAt=panel["createdAt"],
        date=start,
        duration=kind.duration,
        location=("Salle Curie, 2ᵉ étage", "https://meet.example.com/7", None)[place % 3],
        feedbackReminder=panel["feedbackReminder"],
        user=kind.organizer,
        canceledAt=panel["canceledAt"],
        gcalEventUrl="https://calendar.google.com/event?eid=7" if kind.native else None,
    )


def _feedback(seeding: Seeding, kind: Kind, place: int, interview: Row) -> None:
    """Filled in for the interview, or (by hand) for none; some deleted again, some without a score."""
    ids = Uuids(f"lever/feedback {place}")
    created = interview["createdAt"] + DAY
    row = seeding.add(
        "feedback",
        opportunityId=interview["opportunityId"],
        text="Technical Interview",
        fields=_answers(ids, place),
        baseTemplateId=ids.fresh(),
        interview=interview["id"] if kind.feedback else None,
        panel=interview["panel"] if kind.feedback else None,
        user=kind.panel[0] if kind.panel else RECRUITER,
        createdAt=created,
        completedAt=created + 1000 if kind.feedback else None,
        updatedAt=created + 2000 if kind.feedback else None,
        deletedAt=created + 3000 if place % 7 == 2 else None,
    )
    if kind.feedback:
        interview["feedbackForms"].append(row["id"])


def _answers(ids: Uuids, place: int) -> list[Row]:
    text = {
        "id": ids.fresh(),
        "type": "textarea",
        "text": "Notes",
        "required": True,
        "value": "Klar & präzise",
    }
    score = {
        "id": ids.fresh(),
        "type": "score-system",
        "text": "Overall rating",
        "description": "",
        "required": False,
        "prompt": "Select one",
        "options": [{"text": rating} for rating in RATINGS[:4]],
        "value": RATINGS[place % len(RATINGS)],
    }
    return [text] if place % 5 == 4 else [text, score]
