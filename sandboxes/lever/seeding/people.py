"""Contacts with their opportunities, applications, notes, files, resumes, offers and survey answers."""

from typing import Any

from sandboxes.lever.endpoint import Upload
from sandboxes.lever.files import keep_file, keep_resume
from sandboxes.lever.opportunity_writes import link_to
from sandboxes.lever.seeding.base import Seeding
from sandboxes.lever.seeding.company import ADMIN, COORDINATOR, ENGINEER, FORMER, RECRUITER
from sandboxes.names import COMPANIES, PEOPLE
from sandboxes.store import Row

# What the first opportunities are, and every following round of them.
ROUND = 12
TWICE, ARCHIVED, NO_APPLICATION, HIRED, CONFIDENTIAL = 3, 5, 7, 9, 10
ANONYMIZED = 20
OPEN_POSTINGS = 5
OFFER_STATES = (
    *("draft", "approval-sent", "approved", "sent", "sent-manually", "opened", "denied"),
    "countersigned",  # nobody documented it
)
ANSWERS = {
    "gender": ("Male", "Female", "Decline to self-identify"),
    "race": (
        "Two or More Races (Not Hispanic or Latino)",
        "White (Not Hispanic or Latino)",
        "Hispanic or Latino",
        "Decline to self-identify",
        "Martian",
    ),
    "veteran": ("I am not a Protected Veteran", "I am a Protected Veteran", "I am a veteran"),
    "disability": (
        "Yes, I have a disability, or have a history/record of having a disability",
        "No, I don't have a disability, or a history/record of having a disability",
        "I don't wish to answer",
    ),
}
MINUTE = 60_000
TAGS = ("Python", "Führungskraft", "Référence", "新卒")
SOURCES = ("LinkedIn", "Referral", "Job site", "Added manually")
ORIGINS = ("sourced", "applied", "referred", "internal", "agency", "university")
PHONE_TYPES = ("mobile", "home", None, "work", "skype", "other", "carrier pigeon")


def add_people(seeding: Seeding, count: int) -> None:
    """So many contacts, each with one or two opportunities and what hangs below them."""
    for place in range(count):
        contact = _contact(seeding, place)
        opportunity = _opportunity(seeding, contact, place, place % ROUND)
        if place % ROUND == TWICE:
            _opportunity(seeding, contact, place + 1, 0)
        _papers(seeding, opportunity, place)
        _notes(seeding, opportunity, place)
        _offers(seeding, contact, opportunity, place)


def _contact(seeding: Seeding, place: int) -> Row:
    if place == ANONYMIZED:
        return seeding.add("contacts", isAnonymized=True)
    first, last, local = PEOPLE[place % len(PEOPLE)]
    number = place // len(PEOPLE)
    kind = PHONE_TYPES[place % len(PHONE_TYPES)]
    phone = {"value": f"+44 20 7946 {seeding.random.randrange(10_000):04d}"}
    return seeding.add(
        "contacts",
        name=f"{first} {last}" + (f" {number + 1}" if number else ""),
        headline=", ".join(COMPANIES[: place % 3]),
        location=("Bristol", "Berlin", "", "東京")[place % 4],
        emails=[f"{local}{number or ''}@example.com"]
        + ([f"{local}@fairhaven.example"] if place == 1 else []),
        phones=[phone | ({"type": kind} if kind else {})] if place % 5 else [],
        links=[f"https://linkedin.com/in/{local}"] if place % 2 else [],
    )


def _opportunity(seeding: Seeding, contact: Row, place: int, kind: int) -> Row:
    """Most old ones have never been given the time of an update."""
    created = seeding.at(-90 + place % 50, -(place % 24))
    active = seeding.at(-9 + place % 9, -(place % 11))
    archived = _archived(seeding, place, kind, active)
    stages = seeding.ids("stages")
    path = list(range(place % (len(stages) - 1) + 1)) if kind != HIRED else [3, 4, 7]
    row = seeding.add(
        "opportunities",
        contact=contact["id"],
        stage=stages[path[-1]],
        confidentiality="confidential" if kind == CONFIDENTIAL else "non-confidential",
        archived=archived,
        tags=list(TAGS[: place % 5]),
        sources=[SOURCES[place % 4]][: place % 6] + (["GitHub"] if place % 6 == 1 else []),
        origin=ORIGINS[place % len(ORIGINS)],
        sourcedBy=RECRUITER if place % 3 else None,
        owner=RECRUITER if place % 4 else FORMER,
        followers=[RECRUITER, ENGINEER][: place % 3],
        createdAt=created,
        updatedAt=active if place % 8 == 1 else None,
        lastInteractionAt=active,
        lastAdvancedAt=created + len(path) * MINUTE,
        snoozedUntil=seeding.at(20) if place % 9 == 4 else None,
        stageChanges=[_change(stages, index, created, turn) for turn, index in enumerate(path)],
    )
    if kind != NO_APPLICATION:
        _application(seeding, contact, row, place)
    return row


def _change(stages: list[str], index: int, created: int, turn: int) -> Row:
    return {
        "toStageId": stages[index],
        "toStageIndex": index,
        "updatedAt": created + turn * MINUTE,
        "userId": RECRUITER if turn else None,
    }


def _archived(seeding: Seeding, place: int, kind: int, at: int) -> Row | None:
    """One of them for a reason that is no longer in use."""
    if kind not in (ARCHIVED, HIRED):
        return None
    reasons = list(seeding.state.tables["archive_reasons"].rows.values())
    wanted = [row for row in reasons if (row["type"] == "hired") is (kind == HIRED)]
    return {"reason": wanted[(place // ROUND + 1) % len(wanted)]["id"], "archivedAt": at}


def _application(seeding: Seeding, contact: Row, opportunity: Row, place: int) -> None:
    posting = seeding.state.tables["postings"].rows[seeding.ids("postings")[place % OPEN_POSTINGS]]
    origin = opportunity["origin"]
    kind = {"referred": "referral", "applied": "posting"}.get(origin, "user")
    answers = [_answered(form, place) for form in posting["customQuestions"]] if kind == "posting" else []
    application = seeding.add(
        "applications",
        **link_to(opportunity, posting),
        type=kind,
        user={"referral": ENGINEER, "user": RECRUITER}.get(kind),
        name=contact["name"] if kind == "posting" else None,
        email=next(iter(contact["emails"]), None) if kind == "posting" else None,
        customQuestions=answers,
        createdAt=opportunity["createdAt"] + 1,
        archived=opportunity["archived"],
    )
    if place % 3 == 0:
        _survey(seeding, opportunity, application, posting, place // 3)


def _answered(form: Row, place: int) -> Row:
    values = ("65000", "Weil es mir Spaß macht.", "1 month", "Yes", ["Deutsch", "日本語"], None)
    fields = [
        {**field, "value": None if place % 2 and not field["required"] else value}
        for field, value in zip(form["fields"], values, strict=True)
    ]
    return {**form, "fields": fields}


def _survey(seeding: Seeding, opportunity: Row, application: Row, posting: Row, number: int) -> None:
    """Answers of every kind, one nobody documented; what is not answered is not there."""
    answers = {name: texts[number % len(texts)] for name, texts in ANSWERS.items()}
    responded = application["createdAt"] + MINUTE
    seeding.add(
        "eeo_responses",
        id=application["id"],
        applicationId=application["id"],
        applicationTitle=posting["text"],
        appliedAt=application["createdAt"],
        currentStage=opportunity["stage"],
        contact=opportunity["contact"],
        eeoSurveyRespondedAt=responded,
        createdAt=responded,
        opportunityId=opportunity["id"],
        opportunityOwner=opportunity["owner"],
        origin=opportunity["origin"],
        posting=posting["id"],
        sources=opportunity["sources"],
        **(answers if number % 4 != 1 else {}),
    )


def _papers(seeding: Seeding, opportunity: Row, place: int) -> None:
    """Resumes, one without a file; files, one that could not be read, one with its time as text."""
    created: dict[str, Any] = {"createdAt": opportunity["createdAt"]}
    if place % 5 != 4:
        keep_resume(seeding.state, opportunity, Upload("Lebenslauf Ŷ.pdf", b"%PDF-1.4 resume"), **created)
    else:
        seeding.add("resumes", opportunityId=opportunity["id"], **created)
    if place % 5 == 1:
        file = keep_file(
            seeding.state, opportunity, Upload("Anschreiben.pdf", b"%PDF-1.4 letter"), **created,
            uploadedAt=str(created["createdAt"]) if place % 2 else created["createdAt"],
        )  # fmt: skip
        file["status"] = "error" if place % 10 == 6 else "processed"


def _notes(seeding: Seeding, opportunity: Row, place: int) -> None:
    """A thread of one or two entries; every fourth secret, some by nobody."""
    author = (RECRUITER, COORDINATOR, None)[place % 3]
    created = opportunity["lastInteractionAt"] - MINUTE
    entries = ["Très bon échange & gute Fragen <3 · 期待", "Einverstanden."][: 1 + place % 2]
    fields = [
        {
            "type": "note",
            "text": "Comment",
            "value": text,
            "createdAt": created + turn * MINUTE,
            "user": author,
            "score": None,
            "stage": opportunity["stage"],
        }
        for turn, text in enumerate(entries)
    ]
    seeding.add(
        "notes",
        opportunityId=opportunity["id"],
        fields=fields,
        user=author,
        secret=place % 4 == 2,
        createdAt=created,
        completedAt=created,
        deletedAt=created + MINUTE if place % 11 == 8 else None,
    )


def _offers(seeding: Seeding, contact: Row, opportunity: Row, place: int) -> None:
    """Of every status; a draft has no documents and no date to start at."""
    hired = place % ROUND == HIRED
    if not hired and place % 4:
        return
    status = "signed" if hired else OFFER_STATES[place // 4 % len(OFFER_STATES)]
    row = seeding.add(
        "offers",
        opportunityId=opportunity["id"],
        status=status,
        creator=ADMIN,
        createdAt=opportunity["lastInteractionAt"] - 2 * MINUTE,
        fields=[
            {"text": "Job title", "identifier": "job_title", "value": "Engineer"},
            {"text": "Candidate name", "identifier": "candidate_name", "value": contact["name"]},
            {"text": "Compensation amount", "identifier": "salary_amount", "value": 65000},
        ],
    )
    if status != "draft":
        start = {"text": "Anticipated start date", "identifier": "anticipated_start_date"}
        row["fields"].append(start | {"value": seeding.at(30)})
        row["sentDocument"] = _document(seeding, row, "sent")
        row["signedDocument"] = _document(seeding, row, "signed") if hired else None


def _document(seeding: Seeding, offer: Row, status: str) -> Row:
    seeding.state.contents[f"{offer['id']} {status}"] = f"%PDF-1.4 {status}".encode()
    path = f"/v1/opportunities/{offer['opportunityId']}/offers/{offer['id']}/download?status={status}"
    return {
        "fileName": f"offer_{status}.pdf",
        "uploadedAt": offer["createdAt"],
        "downloadUrl": f"https://api.lever.co{path}",
    }
