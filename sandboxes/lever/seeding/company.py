"""The company: users, stages, archive reasons, postings with their forms, requisitions, webhooks."""

from sandboxes.lever.seeding.base import Seeding
from sandboxes.store import Row, Uuids

_ids = Uuids("lever/people of the company")
ADMIN, RECRUITER, COORDINATOR, MANAGER, ENGINEER, FORMER, SPECIAL = (_ids.fresh() for _ in range(7))
# id, name, local part of the e-mail, role, deactivated
USERS = (
    (ADMIN, "Harriet Colborne", "harriet.colborne", "super admin", False),
    (RECRUITER, "Lukas von der Brandstätt", "lukas.brandstaett", "team member", False),
    (COORDINATOR, "Élodie Marchand", "elodie.marchand", "limited team member", False),
    (MANAGER, "健太 山本", "kenta.yamamoto", "admin", False),
    (ENGINEER, "Saoirse", "saoirse", "interviewer", False),
    (FORMER, "Miles Underhill", "miles.underhill", "team member", True),
    # A role of the company's own goes by its id.
    (SPECIAL, "Priya Ellsworth", "priya.ellsworth", "7b1f1a52-9b2c-4a3e-8f52-6f1d7c0a9e11", False),
)
# id (built-in ones have names for ids), name, pipeline, rank
STAGES = (
    ("lead-new", "New lead", "lead", 1),
    ("lead-reached-out", "Reached out", "lead", 3),
    ("lead-responded", "Responded", "lead", 5),
    ("applicant-new", "New applicant", "applicant", 101),
    (None, "Erstgespräch", "screen", 201),
    (None, "Technical Interview", "onsite", 230.5),
    (None, "Reference check", "onsite", 231.5),
    ("offer", "Offer", "offer", 261),
)
# name, status, type
REASONS = (
    ("Underqualified", "active", "non-hired"),
    ("No Response - OLD", "inactive", "non-hired"),
    ("Withdrew", "active", "non-hired"),
    ("Gehaltsvorstellung", "active", "non-hired"),
    ("Hired", "active", "hired"),
    ("No Response", "active", "non-hired"),
)
# title, state, channels, department, team, locations, confidential, requisition code
POSTINGS = (
    ("Backend Engineer (m/w/d)", "published", ("public", "internal"), "Engineering", "Platform",
     ("Berlin", "Remote"), False, "ENG-101"),
    ("Account Executive", "published", ("public",), "Sales", "DACH", ("München",), False, None),
    ("Product Designer", "published", ("internal",), "Design & Research", None, ("London",), False, "DES-3"),
    ("Data Analyst", "internal", None, "Engineering", "Data", ("Berlin",), False, None),
    ("Head of Finance", "published", ("public",), None, None, ("London",), True, "FIN-1"),
    ("Office Manager", "closed", None, "Operations", None, ("Lyon",), False, None),
    ("Site Reliability Engineer", "draft", None, "Engineering", "Platform", (), False, None),
    ("Sales Trainee", "pending", None, "Sales", "DACH", ("München",), False, None),
    ("Evangelist", "rejected", None, "Sales", None, ("Remote",), False, None),
)  # fmt: skip
QUESTIONS = (
    ("text", "Desired salary", False, ()),
    ("textarea", "Warum wir?", True, ()),
    ("dropdown", "Notice period", False, ("None", "1 month", "3 months")),
    ("multiple-choice", "Work permit?", True, ("Yes", "No")),
    ("multiple-select", "Languages", False, ("Deutsch", "English", "日本語")),
    ("file-upload", "Portfolio", False, ()),
)


def add_company(seeding: Seeding) -> None:
    """Everything that exists before the first candidate."""
    for place, (key, name, local, role, deactivated) in enumerate(USERS):
        seeding.add(
            "users",
            id=key,
            name=name,
            username=local,
            email=f"{local}@fairhaven.example",
            accessRole=role,
            createdAt=seeding.at(-400 + place),
            deactivatedAt=seeding.at(-100) if deactivated else None,
            jobTitle="Head of People" if key == ADMIN else None,
            managerId=ADMIN if key == RECRUITER else None,
        )
    for place, (stage, name, pipeline, rank) in enumerate(STAGES):
        inside = pipeline in ("screen", "onsite")
        times = {"createdAt": seeding.at(-400, place)}
        seeding.add("stages", id=stage, text=name, pipeline=pipeline, rank=rank, hasInterview=inside, **times)
    for place, (name, status, kind) in enumerate(REASONS):
        seeding.add("archive_reasons", text=name, status=status, type=kind, createdAt=seeding.at(-400, place))
    for place in range(len(POSTINGS)):
        _posting(seeding, place)
    _requisitions(seeding)


def _posting(seeding: Seeding, place: int) -> None:
    title, state, channels, department, team, locations, confidential, code = POSTINGS[place]
    created = seeding.at(-200 + place)
    row = seeding.add(
        "postings",
        text=title,
        state=state,
        distributionChannels=list(channels) if channels else None,
        user=ADMIN,
        owner=RECRUITER if place % 4 != 3 else None,
        hiringManager=MANAGER if place % 2 == 0 else None,
        categories=_categories(department, team, locations),
        tags=["urgent"] if place == 0 else [],
        content=_content(title),
        country="DE" if place % 2 == 0 else None,
        followers=[RECRUITER],
        reqCode=code if place == 4 else None,
        requisitionCodes=[code] if code and place != 4 else [],
        confidentiality="confidential" if confidential else "non-confidential",
        createdAt=created,
        updatedAt=seeding.at(-20, place),
        customQuestions=[_questions(place)] if place % 2 == 0 else [],
    )
    if state != "draft":
        site = "https://jobs.lever.co/fairhaven"
        row["urls"] = {"list": site, "show": f"{site}/{row['id']}", "apply": f"{site}/{row['id']}/apply"}


def _categories(department: str | None, team: str | None, locations: tuple[str, ...]) -> Row:
    return {
        "commitment": "Full-time",
        "department": department,
        "level": None,
        "location": locations[0] if locations else None,
        "team": team,
        "allLocations": list(locations),
    }


def _content(title: str) -> Row:
    return {
        "description": f"{title}: wir suchen dich!\n",
        "descriptionHtml": f"<div><b>{title}</b>: wir suchen dich!</div>",
        "lists": [{"text": "You bring", "content": "<li>Curiosity</li><li>Geduld &amp; Mut</li>"}],
        "closing": "À bientôt",
        "closingHtml": "<div>À bientôt</div>",
    }


def _questions(place: int) -> Row:
    ids = Uuids(f"lever/questions of posting {place}")
    fields = [
        {
            "id": ids.fresh(),
            "type": kind,
            "text": text,
            "description": "",
            "required": required,
            "prompt": "Select one" if options else None,
            "options": [{"text": option} for option in options],
        }
        for kind, text, required, options in QUESTIONS
    ]
    return {"id": ids.fresh(), "text": "Questions", "baseTemplateId": ids.fresh(), "fields": fields}


def _requisitions(seeding: Seeding) -> None:
    postings = seeding.ids("postings")
    for place, (code, status) in enumerate((("ENG-101", "open"), ("DES-3", "onHold"), ("FIN-1", "closed"))):
        seeding.add(
            "requisitions",
            requisitionCode=code,
            name=f"Requisition {code}",
            status=status,
            creator=ADMIN,
            owner=RECRUITER,
            hiringManager=MANAGER,
            headcountTotal=place + 1,
            postings=[postings[place * 2]],
            createdAt=seeding.at(-210 + place),
        )
