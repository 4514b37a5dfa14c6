"""Candidates with their files and notes, applications of every status, offers."""

from copy import deepcopy

from sandboxes.ashby.candidates import place
from sandboxes.ashby.defaults import DEFAULTS
from sandboxes.ashby.ids import fixed_id
from sandboxes.ashby.seeding.company import ADMIN, MANAGER, RECRUITER, made
from sandboxes.names import COMPANIES, PEOPLE, TITLES
from sandboxes.seeding import Seeding
from sandboxes.store import Row

# What an application is like: stage of its plan, archive reason.
COURSES = ((2, None), (6, 0), (0, None), (4, None), (5, None), (6, 1), (3, None), (6, 3), (1, None))
STATUSES = {0: "Lead", 5: "Hired", 6: "Archived"}
# Offer status, acceptance status; decided?
OFFERS = (
    ("WaitingOnCandidateResponse", "WaitingOnResponse", False),
    ("CandidateAccepted", "Accepted", True),
    ("WaitingOnOfferApproval", "Created", False),
    ("CandidateRejected", "Declined", True),
    ("OfferCancelled", "Cancelled", False),
    ("WaitingOnApprovalStart", "Pending", False),
)
PLACES = (
    {"city": "London", "country": "United Kingdom"},
    {"city": "München", "region": "Bayern", "country": "Deutschland"},
)
JOBS_APPLIED_TO = (0, 1, 2, 3, 4, 6)  # not the draft one


def add_people(seeding: Seeding, candidates: int) -> None:
    """So many candidates, every fifth sourced only, every fourth with two applications."""
    for number in range(candidates):
        candidate = _candidate(seeding, number)
        _files(seeding, candidate, number)
        _note(seeding, candidate, number)
        if number % 5 == 4:
            continue
        for which in range(2 if number % 4 == 0 else 1):
            _application(seeding, candidate, number, which)


def _candidate(seeding: Seeding, number: int) -> Row:
    """Every seventh is hardly more than a name, every eleventh has one name only."""
    first, last, local = PEOPLE[number % len(PEOPLE)]
    known_well = number % 7 != 6
    fields = deepcopy(DEFAULTS["candidates"]) | {
        "createdAt": seeding.at(-100 + number % 60, number % 24),
        "updatedAt": seeding.at(-30 + number % 20),
        "name": first if number % 11 == 10 else f"{first} {last}",
        "creditedToUserId": made(seeding, "users")[RECRUITER] if number % 6 == 0 else None,
        "timezone": "Europe/Berlin" if number % 3 == 0 else None,
        "location": place(PLACES[number % 2]) if number % 3 == 0 else None,
    }
    return seeding.add("candidates", **fields | (_details(seeding, number, local) if known_well else {}))


def _details(seeding: Seeding, number: int, local: str) -> Row:
    """What is known of most candidates."""
    round_ = number // len(PEOPLE)
    addresses = [{"value": f"{local}{round_ or ''}@example.com", "type": "Personal", "isPrimary": True}]
    if number % 4 == 0:
        addresses.append({"value": f"{local}@work.example", "type": "Work", "isPrimary": False})
    links = (("LinkedIn", f"https://linkedin.com/in/{local}"), ("Website", f"https://{local}.example"))
    return {
        "emailAddresses": addresses,
        "phoneNumbers": [{"value": f"+4420555{number:05d}", "type": "Personal", "isPrimary": True}],
        "socialLinks": [{"type": kind, "url": address} for kind, address in links],
        "tagIds": [made(seeding, "candidateTags")[number % 5]],
        "position": TITLES[number % len(TITLES)],
        "company": COMPANIES[number % len(COMPANIES)],
        "school": "Fairhaven University",
        "sourceId": made(seeding, "sources")[number % 4],
    }


def _files(seeding: Seeding, candidate: Row, number: int) -> None:
    """A resume for most, another file for some."""
    if number % 7 == 6:
        return
    resume = seeding.add("files", candidateId=candidate["id"], name=f"Lebenslauf {number}.pdf")
    seeding.state.tables["candidates"].change(candidate["id"], {"resumeFileId": resume["id"]})
    if number % 4 == 0:
        seeding.add("files", candidateId=candidate["id"], name="cover letter.pdf")


def _note(seeding: Seeding, candidate: Row, number: int) -> None:
    if number % 2:
        return
    seeding.add(
        "notes",
        createdAt=seeding.at(-20, number % 24),
        candidateId=candidate["id"],
        content="Great talk at the meetup · gerne wieder",
        isPrivate=number % 4 == 0,
        authorId=made(seeding, "users")[ADMIN if number % 4 else RECRUITER],
    )


def _application(seeding: Seeding, candidate: Row, number: int, which: int) -> None:
    tables = seeding.state.tables
    jobs = made(seeding, "jobs")
    job = tables["jobs"].rows[jobs[JOBS_APPLIED_TO[(number + 3 * which) % len(JOBS_APPLIED_TO)]]]
    stage_place, reason = COURSES[(number + which) % len(COURSES)]
    stages = seeding.state.where("interviewStages", "interviewPlanId", job["defaultInterviewPlanId"])
    stages = sorted(stages, key=lambda stage: stage["orderInInterviewPlan"])
    postings = seeding.state.where("jobPostings", "jobId", job["id"])
    answers = {"_systemfield_name": candidate["name"], "why_us": "Because.", "notice": "3_months"}
    row = seeding.add(
        "applications",
        createdAt=seeding.at(-60 + number % 30, which),
        updatedAt=seeding.at(-9 + number % 7, which),
        candidateId=candidate["id"],
        jobId=job["id"],
        status=STATUSES.get(stage_place, "Active"),
        archivedAt=seeding.at(-8) if reason is not None else None,
        interviewStageId=stages[stage_place]["id"],
        sourceId=candidate["sourceId"],
        creditedToUserId=candidate["creditedToUserId"],
        archiveReasonId=None if reason is None else made(seeding, "archiveReasons")[reason],
        appliedViaJobPostingId=postings[0]["id"] if postings else None,
        customFields=[],
        submittedValues=answers if postings else None,
    )
    _history(seeding, row, [stages[0], stages[stage_place]] if stage_place else [stages[0]])
    if stage_place in (4, 5):
        _offer(seeding, row)


def _history(seeding: Seeding, application: Row, stages: list[Row]) -> None:
    for place_, stage in enumerate(stages):
        last = place_ == len(stages) - 1
        seeding.add(
            "applicationHistory",
            applicationId=application["id"],
            stageId=stage["id"],
            title=stage["title"],
            stageNumber=place_,
            enteredStageAt=seeding.at(-9) if place_ else application["createdAt"],
            leftStageAt=None if last else seeding.at(-9),
            actorId=None,
        )


def _offer(seeding: Seeding, application: Row) -> None:
    number = len(seeding.ids("offers"))
    status, acceptance, decided = OFFERS[number % len(OFFERS)]
    version: Row = {
        "id": fixed_id(f"offer-version/{number}"),
        "startDate": seeding.day(30),
        "salary": {"currencyCode": "EUR", "value": 70_000 + 1_000 * number},
        "createdAt": seeding.at(-6, number % 24),
        "openingId": None,
        "fileHandles": [
            {"id": f"0ff1ce00-0000-4000-8000-{number:012d}", "name": "offer.pdf", "handle": "eyJ"}
        ],
        "customFields": [],
        "authorId": made(seeding, "users")[MANAGER if number % 2 else RECRUITER],
        "approvalStatus": "Approved" if decided else "WaitingOnApprovals",
    }
    seeding.add(
        "offers",
        createdAt=seeding.at(-7),
        applicationId=application["id"],
        acceptanceStatus=acceptance,
        offerStatus=status,
        decidedAt=seeding.at(-1) if decided else None,
        latestVersion=version,
    )
