"""Candidates with applications, tags, notes, attachments, offers and EEOC answers."""

from sandboxes.greenhouse.actions import VISIBILITIES
from sandboxes.greenhouse.seeding.company import COORDINATOR, PLAN, RECRUITER, SERVICE
from sandboxes.names import ADDRESSES, COMPANIES, PEOPLE, TITLES
from sandboxes.seeding import Seeding
from sandboxes.store import Row

STAGES = len(PLAN) + 1
OPEN_JOBS = 4
# What the first candidates are, and every following round of them.
ROUND = 12
EDUCATION = {
    "id": 4_990_000_001,
    "school_name": "Technische Universität München",
    "degree": "Bachelor's Degree",
    "discipline": "Computer Science",
    "start_date": "2012-08-15T00:00:00.000Z",
    "end_date": "2016-05-15T00:00:00.000Z",
}
EMPLOYMENT = {
    "id": 4_990_000_002,
    "company_name": "Birch & Vale Ltd",
    "title": "Engineer",
    "start_date": "2016-08-15T00:00:00.000Z",
    "end_date": "2024-05-15T00:00:00.000Z",
}
REJECTED, HIRED, PROSPECT, PROSPECT_WITH_JOBS, CONVERTED, TWICE = 5, 9, 7, 8, 11, 3


def add_people(seeding: Seeding, count: int) -> None:
    """So many candidates, each with what belongs to it."""
    for place in range(count):
        candidate = _candidate(seeding, place)
        applications = [_application(seeding, candidate, place)]
        if place % ROUND == TWICE:
            applications.append(_application(seeding, candidate, place + ROUND + 1))
        _papers(seeding, candidate, applications[0], place)
        _feed(seeding, candidate, applications[0], place)
        _eeoc(seeding, applications[0], place)


def _candidate(seeding: Seeding, place: int) -> Row:
    first, last, local = PEOPLE[place % len(PEOPLE)]
    number = place // len(PEOPLE)
    created = seeding.at(-60 + place % 50, -(place % 24))
    active = seeding.at(-9 + place % 9, -(place % 11))
    company = place % len(COMPANIES)
    address = f"{local}{number or ''}@example.com"
    candidate = seeding.add(
        "candidates",
        first_name=first,
        last_name=f"{last} {number + 1}" if number else last,
        preferred_name=None,
        company=COMPANIES[company] if place % 4 else None,
        title=TITLES[company] if place % 4 else None,
        created_at=created,
        updated_at=active,
        last_activity_at=active,
        private=place % 11 == 10,
        can_email=place % 6 != 5,
        time_zone=None,
        linked_user_ids=[RECRUITER] if place == 1 else [],
        phone_numbers=_phones(seeding, place),
        email_addresses=[{"value": address, "type": ("personal", "work", "other")[place % 3]}],
        addresses=[{"value": ADDRESSES[place % len(ADDRESSES)], "type": "home"}] if place % 3 else [],
        website_addresses=[{"value": f"https://{local}.example", "type": "portfolio"}]
        if place % 5 == 1
        else [],
        social_media_addresses=[{"value": f"linkedin.com/in/{local}"}] if place % 2 else [],
        custom_fields={"desired_salary": {"name": "Desired Salary", "type": "short_text", "value": "65000"}},
        educations=[EDUCATION] if place == 0 else [],
        employments=[EMPLOYMENT] if place == 0 else [],
        recruiter_id=RECRUITER if place % 2 else None,
        coordinator_id=COORDINATOR if place % 2 else None,
    )
    tags = seeding.ids("candidate_tags")
    for tag_id in tags[: place % len(tags)]:
        seeding.add("applied_candidate_tags", candidate_id=candidate["id"], candidate_tag_id=tag_id)
    return candidate


def _phones(seeding: Seeding, place: int) -> list[Row]:
    """One has a type the vendor never documented."""
    kinds = ("mobile", "home", "carrier pigeon", "work", "skype", "other")
    number = f"+44 20 7946 {seeding.random.randrange(10_000):04d}"
    return [{"value": number, "type": kinds[place % len(kinds)]}]


def _application(seeding: Seeding, candidate: Row, place: int) -> Row:
    kind = place % ROUND
    prospect = kind in (PROSPECT, PROSPECT_WITH_JOBS)
    jobs = seeding.ids("jobs")
    # Prospects and applications of several kinds go round all open jobs.
    job_place = (place + place // ROUND) % OPEN_JOBS
    status = {REJECTED: "rejected", HIRED: "hired", CONVERTED: "converted"}.get(kind, "in_process")
    reasons = seeding.ids("rejection_reasons")
    stage = None if prospect else _stage(seeding, job_place, place, hired=kind == HIRED)
    application = seeding.add(
        "applications",
        candidate_id=candidate["id"],
        created_at=candidate["created_at"],
        updated_at=candidate["updated_at"],
        last_activity_at=candidate["updated_at"],
        job_id=None if prospect else jobs[job_place],
        job_post_id=seeding.ids("job_posts")[0] if job_place == 0 and not prospect else None,
        recruiter_id=RECRUITER if place % 2 else None,
        coordinator_id=COORDINATOR if place % 3 == 1 else None,
        referrer_id=seeding.ids("referrers")[place % 3] if place % 2 else None,
        source_id=seeding.ids("sources")[place % 4],
        job_interview_stage_id=stage and stage["id"],
        status=status,
        needs_decision=False,
        prospect=prospect,
        prospective_job_ids=list(jobs[:2]) if kind == PROSPECT_WITH_JOBS else [],
        rejected_at=candidate["updated_at"] if kind == REJECTED else None,
        rejection_reason_id=reasons[place % len(reasons)] if kind == REJECTED else None,
        location_address="Lyon, France" if place % 3 == 2 else None,
        agency_note_id=None,
        answers=_answers(place),
        custom_fields={},
    )
    _history(seeding, application, stage)
    _outcome(seeding, application, kind, place)
    return application


def _stage(seeding: Seeding, job_place: int, place: int, *, hired: bool) -> Row:
    """Active applications are spread over the stages, hired ones sit at the end."""
    order = len(PLAN) - 1 if hired else place % (len(PLAN) - 1)
    stage_id = seeding.ids("job_interview_stages")[job_place * STAGES + order]
    return seeding.state.tables["job_interview_stages"].rows[stage_id]


def _answers(place: int) -> list[Row]:
    if place % 4:
        return []
    return [
        {"question": "Website", "answer": "https://example.com"},
        {"question": "Warum wir?", "answer": "Weil es mir Spaß macht."},
    ]


def _history(seeding: Seeding, application: Row, stage: Row | None) -> None:
    if stage is None:
        return
    seeding.add(
        "application_stages",
        application_id=application["id"],
        job_id=stage["job_id"],
        job_interview_stage_id=stage["id"],
        stage_name=stage["name"],
        current=True,
        entered_at=application["created_at"],
        exited_at=None,
        created_at=application["created_at"],
    )


def _outcome(seeding: Seeding, application: Row, kind: int, place: int) -> None:
    """The reason of a rejection; offers, the hired one with a superseded first version."""
    if kind == REJECTED:
        seeding.add(
            "rejection_details",
            application_id=application["id"],
            rejection_reason_id=application["rejection_reason_id"],
            created_at=application["rejected_at"],
            custom_fields={
                "feedback": {"name": "Feedback given?", "type": "short_text", "value": "Not a good fit."}
            },
        )
    elif kind == HIRED:
        _offer(seeding, application, 1, "Deprecated")
        _offer(seeding, application, 2, "Accepted")
    elif kind in (0, 2):
        _offer(seeding, application, 1, "Created", sent=place % ROUND == 2)


def _offer(seeding: Seeding, application: Row, version: int, status: str, *, sent: bool = True) -> None:
    resolved = seeding.at(-3, version) if status in ("Accepted", "Deprecated") else None
    seeding.add(
        "offers",
        version=version,
        application_id=application["id"],
        job_id=application["job_id"],
        candidate_id=application["candidate_id"],
        opening_id=seeding.ids("openings")[0] if version == 2 else None,
        status=status,
        starts_on=seeding.day(30),
        sent_on=seeding.day(-6 + version) if sent else None,
        resolved_at=resolved,
        created_at=seeding.at(-7 + version),
        updated_at=resolved or seeding.at(-7 + version),
        custom_fields={
            "employment_type": {"name": "Employment Type", "type": "single_select", "value": "Full-time"}
        },
    )


def _papers(seeding: Seeding, candidate: Row, application: Row, place: int) -> None:
    last = candidate["last_name"]
    for kind, name, wanted in (
        ("resume", f"{last} CV.pdf", place % 5 != 4),
        ("cover_letter", f"{last} Anschreiben.pdf", place % 5 == 1),
        ("offer_packet", "offer_packet.pdf", application["status"] == "hired"),
        ("signed_offer_letter", "signed.pdf", application["status"] == "hired"),
    ):
        if wanted:
            seeding.add(
                "attachments",
                candidate_id=candidate["id"],
                application_id=application["id"],
                type=kind,
                filename=name,
                created_at=candidate["created_at"],
            )


def _feed(seeding: Seeding, candidate: Row, application: Row, place: int) -> None:
    visibilities = list(VISIBILITIES.values())
    common: Row = {
        "candidate_id": candidate["id"],
        "application_id": application["id"],
        "created_at": candidate["updated_at"],
        "subject": None,
        "email_from": None,
        "email_to": None,
        "email_cc": None,
        "visibility": visibilities[place % 3],
    }
    author = SERVICE if place % 6 == 0 else RECRUITER
    seeding.add(
        "notes", **common, type="NOTE", user_id=author, body="Très bon échange & gute Fragen <3 · 期待"
    )
    if place % 3 == 0:
        mail = {
            "email_to": candidate["email_addresses"][0]["value"],
            "email_from": "lukas.brandstaetter@fairhaven.example",
            "email_cc": "elodie.marchand@fairhaven.example",
            "visibility": "publicly_visible",
            "subject": "Your application",
        }
        seeding.add(
            "notes", **(common | mail), type="EMAIL", user_id=RECRUITER, body="Thank you for applying!"
        )
    if place % 4 == 0:
        moved = common | {"subject": "Candidate Stage Change", "visibility": "publicly_visible"}
        seeding.add("notes", **moved, type="ACTIVITY", user_id=None, body="Moved into Phone Screen")


def _eeoc(seeding: Seeding, application: Row, place: int) -> None:
    """Every third application, with answers of every kind, none and one nobody documented."""
    if place % 3:
        return
    number = place // 3
    races = ("Two or More Races", "White", "Asian", "Decline To Self Identify", "Martian")
    genders = ("Male", "Female", "Decline To Self Identify")
    veterans = (
        "I am not a protected veteran",
        "I identify as one or more of the classifications of a protected veteran",
        "I don't wish to answer",
    )
    disabilities = (
        "Yes, I have a disability, or have a history/record of having a disability",
        "No, I don’t have a disability, or a history/record of having a disability",
        "I don't wish to answer",
    )
    seeding.add(
        "eeoc",
        application_id=application["id"],
        candidate_id=application["candidate_id"],
        race=_choice(races, number),
        gender=_choice(genders, number),
        veteran_status=None if number % 4 == 1 else _choice(veterans, number),
        disability_status=None if number % 4 == 2 else _choice(disabilities, number),
        submitted_at=application["created_at"],
        created_at=application["created_at"],
    )


def _choice(texts: tuple[str, ...], number: int) -> Row:
    return {"id": number % len(texts) + 1, "description": texts[number % len(texts)]}
