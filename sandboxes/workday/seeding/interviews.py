"""Interview events, the sessions in them, and what interviewers thought."""

from sandboxes.store import Row
from sandboxes.workday.defaults import DETAILS
from sandboxes.workday.seeding.base import TenantSeeding
from sandboxes.workday.seeding.company import INTERVIEWERS

ADDRESSED = ("application", "candidate", "event")
PAST_STAGES = ("OFFER", "READY_FOR_HIRE")


def add_interviews(seeding: TenantSeeding, count: int) -> None:
    """An event for every application that is, or was, at its interview step; so many sessions in them.

    The last event has no session, and the first of every four has two at once.
    """
    events = [
        event for place, row in enumerate(_interviewed(seeding)) for event in _events(seeding, row, place)
    ]
    with_sessions = events[:-1] or events
    order = [event for place, event in enumerate(with_sessions) for event in [event] * (2 - bool(place % 4))]
    if not order:
        return
    for place in range(count):
        session = _session(seeding, order[place % len(order)], place)
        if session["details"][0]["end_at"] < seeding.at(0):
            _feedback(seeding, session, place)


def _interviewed(seeding: TenantSeeding) -> list[Row]:
    present = seeding.known("stages", "INTERVIEW")
    past = {seeding.known("stages", stage) for stage in PAST_STAGES}
    table = seeding.tenant.tables["applications"]
    rows = [table.rows[key] for key in table.ids]
    return [row for row in rows if row["stage_id"] in {present, *past}]


def _events(seeding: TenantSeeding, application: Row, place: int) -> list[Row]:
    """Every fifth application was interviewed twice."""
    open_ = (
        application["stage_id"] == seeding.known("stages", "INTERVIEW")
        and application["disposition_id"] is None
    )
    states = [False, open_] if place % 5 == 4 else [open_]
    zones = seeding.ids("time_zones")
    return [
        seeding.add(
            "interview_events",
            created_at=seeding.at(-20 + number, place / 100),
            application_id=application["id"],
            in_progress=in_progress,
            addressed_by=ADDRESSED[(place + number) % len(ADDRESSED)],
            comment="Panel – bitte pünktlich & <nüchtern>" if place % 3 == 0 else None,
            timezone_id=zones[place % len(zones)],
        )
        for number, in_progress in enumerate(states)
    ]


def _session(seeding: TenantSeeding, event: Row, place: int) -> Row:
    """Every sixth session has two parts, after each other and with different people."""
    days = place % 11 - 6
    parts = 2 if place % 6 == 5 else 1
    details = [_details(seeding, place, days, part) for part in range(parts)]
    return seeding.add(
        "interview_sessions",
        created_at=seeding.at(-15, place / 100),
        event_id=event["id"],
        details=details,
    )


def _details(seeding: TenantSeeding, place: int, days: int, part: int) -> Row:
    workers = seeding.ids("workers")
    chosen = [INTERVIEWERS[(place + part + each) % len(INTERVIEWERS)] for each in range(1 + place % 3)]
    locations = [seeding.known("locations", f"LOCATION-{name}") for name in ("SFO", "ZRH")]
    types = seeding.ids("interview_types")
    return DETAILS | {
        "interviewer_ids": [workers[each] for each in chosen],
        "start_at": seeding.at(days, place % 8 + part),
        "end_at": seeding.at(days, place % 8 + part + 0.75),
        "location_ids": locations if place % 4 == 1 else locations[: place % 2],
        "type_id": types[place % len(types)] if place % 5 else None,
        "competency_ids": seeding.ids("competencies")[:1] if place % 3 == 0 else [],
        "comment": "Bring a laptop & <ID>" if place % 4 == 2 else None,
    }


def _feedback(seeding: TenantSeeding, session: Row, place: int) -> None:
    """Of everybody, of all but one, or of nobody."""
    ratings = seeding.ids("ratings")
    interviewers = list(dict.fromkeys(key for part in session["details"] for key in part["interviewer_ids"]))
    silent = (0, 1, len(interviewers))[place % 3]
    for number, worker_id in enumerate(interviewers[silent:]):
        rated = (place + number) % 7 != 6
        seeding.add(
            "feedbacks",
            created_at=seeding.at(-1, place / 100 + number / 1000),
            event_id=session["event_id"],
            worker_id=worker_id,
            rating_id=ratings[(place + number) % len(ratings)] if rated else None,
            comment="Sehr gut & <klar>" if number == 0 else None,
            competency_ids=session["details"][0]["competency_ids"],
        )
