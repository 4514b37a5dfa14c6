"""The company: users, departments, offices, jobs with stages and steps, job posts, reasons, tags."""

from sandboxes.seeding import Seeding
from sandboxes.store import Row

ADMIN, RECRUITER, COORDINATOR, MANAGER, ENGINEER, FORMER, SERVICE = range(4_000_001_001, 4_000_001_008)

# id, first name, last name, e-mail, site admin, deactivated, service account, employee id
USERS = (
    (ADMIN, "Harriet", "Colborne", "harriet.colborne", True, False, False, "E-1"),
    (RECRUITER, "Lukas", "Brandstätter", "lukas.brandstaetter", False, False, False, "E-2"),
    (COORDINATOR, "Élodie", "Marchand", "elodie.marchand", False, False, False, "E-3"),
    (MANAGER, "健太", "山本", "kenta.yamamoto", True, False, False, "E-4"),
    (ENGINEER, "Saoirse", "Delaney", "saoirse.delaney", False, False, False, None),
    (FORMER, "Miles", "Underhill", "miles.underhill", False, True, False, "E-6"),
    (SERVICE, "Integration", "Service User", "integration-service-user", True, False, True, None),
)
# name, requisition id, status, confidential, template, department?
JOBS = (
    ("Backend Engineer", "ENG-101", "open", False, False, True),
    ("Account Executive (DACH)", "SAL-7", "open", False, None, True),
    ("Product Designer", "DES-3", "open", False, False, True),
    ("Head of Finance", None, "open", True, False, True),
    ("Data Analyst", "DAT-12", "closed", False, False, False),
    ("Engineering Template", None, "draft", False, True, True),
)
# stage, steps of (name, scheduling type, minutes, active)
PLAN = (
    ("Application Review", (("CV Review", "none", None, True), ("Shortlisting", "none", None, True))),
    (
        "Phone Screen",
        (
            ("Preparation", "none", None, True),
            ("Recruiter Call", "needs_scheduling", 30, True),
            ("Manager Call", "needs_scheduling", 45, True),
        ),
    ),
    (
        "Face to Face",
        (
            ("Technical Interview", "needs_scheduling", 60, True),
            ("Culture Fit", "needs_scheduling", 45, True),
            ("Whiteboard Session", "needs_scheduling", 60, False),
        ),
    ),
    ("Take Home Test", (("Take Home Test", "take_home_test", None, True), ("Review", "none", None, True))),
    ("Offer", (("Offer", "offer", None, True), ("References", "none", None, True))),
)
BUILT_IN_QUESTIONS = (
    ("First Name", "first_name", "short_text", True),
    ("Last Name", "last_name", "short_text", True),
    ("Email", "email", "short_text", True),
    ("Phone", "phone", "short_text", False),
    ("Resume", "resume", "attachment", False),
)
# title, live, active, internal, has a job
POSTS = (
    ("Backend Engineer (m/w/d)", True, True, False, True),
    ("Backend Engineer, internal", True, True, True, True),
    ("Account Executive", False, True, False, True),
    ("Product Designer, old advert", False, False, False, True),
    ("Join our talent pool", True, True, False, False),
)
TYPES = {
    1: ("WE_REJECTED_THEM", "We rejected them"),
    2: ("NONE_SPECIFIED", "None specified"),
    3: ("THEY_REJECTED_US", "They rejected us"),
    4: ("SECURITY_CONCERN", "Security concern"),
}
REASONS = (
    ("Lacking skill(s)/qualification(s)", 1, True),
    ("Hired another candidate", 1, True),
    ("Security concern", 4, True),
    ("Too far from the office", 1, False),
    ("Took a counter-offer", 3, False),
    ("Hiring freeze", 2, False),
)


def add_company(seeding: Seeding) -> None:
    """Everything that exists before the first candidate."""
    _organisation(seeding)
    _users(seeding)
    _lists(seeding)
    for place in range(len(JOBS)):
        job = _job(seeding, place)
        _plan(seeding, job)
        _team(seeding, job, place)
    _posts(seeding)


def _organisation(seeding: Seeding) -> None:
    technology = seeding.add("departments", name="Technology", parent_id=None, external_id="D-1")
    for name, external_id in (("Platform", "D-2"), ("Design & Research", None)):
        seeding.add("departments", name=name, parent_id=technology["id"], external_id=external_id)
    seeding.add("departments", name="Vertrieb", parent_id=None, external_id="D-4")
    for name, location, external_id, inside in (
        ("London", "London, United Kingdom", "O-1", False),
        ("München", "München, Deutschland", "O-2", False),
        ("Remote", None, None, False),
        ("London Annexe", "London, United Kingdom", "O-4", True),
    ):
        seeding.add(
            "offices",
            name=name,
            location=location,
            primary_contact_user_id=ADMIN if location else None,
            parent_id=seeding.ids("offices")[0] if inside else None,
            external_id=external_id,
        )


def _users(seeding: Seeding) -> None:
    offices, departments = seeding.ids("offices"), seeding.ids("departments")
    for key, first, last, local, admin, deactivated, service, employee_id in USERS:
        email = f"{local}@fairhaven.example"
        seeding.add(
            "users",
            id=key,
            first_name=first,
            last_name=last,
            primary_email=email,
            emails=[email, f"{local}@fairhaven-group.example"] if admin else [email],
            job_title=None,
            deactivated=deactivated,
            site_admin=admin,
            service_account=service,
            employee_id=employee_id,
            agency_id=None,
            linked_candidate_ids=[4_100_000_001] if admin else [],
            office_ids=[] if service else [offices[0], offices[3]],
            department_ids=[] if service else list(departments[:2]),
            interviewer_tags=[{"id": 1, "name": "Bar Raiser"}] if admin else [],
            custom_fields={},
        )


def _lists(seeding: Seeding) -> None:
    for name in ("Python", "Führungskraft", "Référence", "新卒"):
        seeding.add("candidate_tags", name=name)
    for name, kind, default in REASONS:
        key, label = TYPES[kind]
        type_ = {"id": kind, "key": key, "name": label}
        seeding.add("rejection_reasons", name=name, type=type_, default=default)
    for name, group in (
        ("Jobs page on your website", "Company marketing"),
        ("LinkedIn (Prospecting)", "Prospecting"),
        ("Referral", "Referrals"),
        ("Talentwerk Agentur", "Agencies"),
    ):
        seeding.add("sources", name=name, type={"id": len(name), "name": group})
    seeding.add("referrers", name="Saoirse Delaney", user_id=ENGINEER)
    seeding.add("referrers", name="Lukas Brandstätter", user_id=RECRUITER)
    seeding.add("referrers", name="Talentwerk Agentur", user_id=None)


def _job(seeding: Seeding, place: int) -> Row:
    name, requisition_id, status, confidential, template, placed = JOBS[place]
    departments, offices = seeding.ids("departments"), seeding.ids("offices")
    job = seeding.add(
        "jobs",
        name=name,
        requisition_id=requisition_id,
        notes=f"<p>Internal notes on <b>{name}</b>: budget approved &amp; signed.</p>" if place % 2 else None,
        confidential=confidential,
        status=status,
        opened_at=None if status == "draft" else seeding.at(-120 + place),
        closed_at=seeding.at(-10) if status == "closed" else None,
        is_template=template,
        copied_from_id=4_400_000_001 if place == 0 else None,
        department_id=departments[place % len(departments)] if placed else None,
        office_ids=[offices[place % len(offices)]],
        custom_fields={
            "employment_type": {"name": "Employment Type", "type": "single_select", "value": "Full-time"}
        },
    )
    for number in (1, 2):
        closed = number == 2
        seeding.add(
            "openings",
            job_id=job["id"],
            opening_id=f"{place + 1}-{number}",
            status="closed" if closed else "open",
            opened_at=seeding.at(-100),
            closed_at=seeding.at(-50) if closed else None,
            application_id=4_300_000_001 if closed else None,
            close_reason={"id": 4_200_000_001, "name": "Hired - Backfill"} if closed else None,
        )
    return job


def _plan(seeding: Seeding, job: Row) -> None:
    """The interview plan, ending with a stage no longer in use."""
    for order, (name, steps) in enumerate((*PLAN, ("Former Panel", ()))):
        stage = seeding.add(
            "job_interview_stages",
            job_id=job["id"],
            sort_order=order,
            name=name,
            active=name != "Former Panel",
        )
        for position, step in enumerate(steps):
            _step(seeding, stage, position, step)


def _step(seeding: Seeding, stage: Row, position: int, step: tuple[str, str, int | None, bool]) -> None:
    name, scheduling_type, minutes, active = step
    kit_id = 4_900_000_000 + len(seeding.ids("job_interviews"))
    question = {"id": kit_id + 50_000_000, "question": "What would you ask them again?"}
    seeding.add(
        "job_interviews",
        job_interview_stage_id=stage["id"],
        job_id=stage["job_id"],
        name=name,
        sort_order=position,
        scheduling_type=scheduling_type,
        duration=minutes,
        active=active,
        require_scorecard=scheduling_type == "needs_scheduling",
        instructions=None,
        summary=None,
        default_interviewer_ids=[MANAGER] if minutes else [],
        interview_kit={"id": kit_id, "content": "<h5>Purpose</h5>", "questions": [question]},
    )


def _team(seeding: Seeding, job: Row, place: int) -> None:
    """Hiring managers and owners; a template has nobody."""
    if job["is_template"]:
        return
    seeding.add("job_hiring_managers", job_id=job["id"], user_id=MANAGER)
    if place == 0:
        seeding.add("job_hiring_managers", job_id=job["id"], user_id=ENGINEER)
    for user_id, kind, responsible in (
        (RECRUITER, "recruiter", True),
        (ADMIN, "recruiter", False),
        (COORDINATOR, "coordinator", True),
        (COORDINATOR, "sourcer", False),
    ):
        seeding.add("job_owners", job_id=job["id"], user_id=user_id, type=kind, responsible=responsible)
    seeding.add("user_job_permissions", user_id=RECRUITER, job_id=job["id"], user_role_id=4_800_000_001)


def _posts(seeding: Seeding) -> None:
    jobs = seeding.ids("jobs")
    for place, (title, live, active, internal, placed) in enumerate(POSTS):
        seeding.add(
            "job_posts",
            job_id=jobs[max(place - 1, 0)] if placed else None,
            job_board_id=4_700_000_001,
            title=title,
            internal=internal,
            active=active,
            live=live,
            featured=False,
            first_published_at=seeding.at(-90) if live else None,
            content=f"<p>We are looking for you: <em>{title}</em> · jetzt!</p>",
            internal_content="<p>Bewirb dich intern.</p>" if internal else None,
            language="de" if "m/w/d" in title else "en",
            public_url=f"https://boards.greenhouse.io/fairhaven/jobs/{place + 1}" if live else None,
            questions=_questions(place),
            location=_location(place),
            demographic_question_set_id=4_650_000_001 if place == 0 else None,
        )


def _location(place: int) -> Row:
    return {
        "id": 4_600_000_001 + place,
        "name": "London",
        "office_id": None,
        "job_post_custom_location_id": 4_600_000_501 + place,
        "job_post_location_type": {"id": 4_000_000_003, "name": "Free Text"},
    }


def _question(label: str, name: str, kind: str, required: bool | None, options: tuple[str, ...] = ()) -> Row:
    """Built-in questions have a null id."""
    number = int(name.strip("[]").removeprefix("question_")) if name.startswith("question_") else None
    return {
        "id": number,
        "name": name,
        "label": label,
        "answer_type": kind,
        "required": required,
        "private": False,
        "description": "<p>As it is on your profile.</p>" if kind == "long_text" else None,
        "options": [
            {"id": (number or 0) * 10 + place, "label": option} for place, option in enumerate(options)
        ],
    }


def _questions(post: int) -> list[Row]:
    first = 4_500_000_001 + post * 10
    return [
        *(_question(*question) for question in BUILT_IN_QUESTIONS),
        _question("LinkedIn Profile", f"question_{first}", "short_text", None),
        _question("Warum wir?", f"question_{first + 1}", "long_text", True),
        _question("Have you worked here before?", f"question_{first + 2}", "boolean", False, ("No", "Yes")),
        _question("Languages", f"question_{first + 3}[]", "multi_select", False, ("English", "日本語")),
        _question("Notice period", f"question_{first + 4}", "single_select", False, ("None", "3 months")),
    ]
