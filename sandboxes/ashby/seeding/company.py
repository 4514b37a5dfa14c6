"""The company: users, departments, locations, lists, plans with stages, jobs, postings, interviews."""

from collections.abc import Sequence

from sandboxes.ashby.forms import FEEDBACK_FORM_ID, form_field
from sandboxes.ashby.ids import fixed_id
from sandboxes.seeding import Seeding
from sandboxes.store import Row

# first name, last name, e-mail, role, enabled
USERS = (
    ("Harriet", "Colborne", "harriet.colborne", "Organization Admin", True),
    ("Lukas", "Brandstätter", "lukas.brandstaetter", "Elevated Access", True),
    ("Élodie", "Marchand", "elodie.marchand", "Elevated Access", True),
    ("健太", "山本", "kenta.yamamoto", "Limited Access", True),
    ("Saoirse", "Delaney", "saoirse.delaney", "Limited Access", True),
    ("Miles", "Underhill", "miles.underhill", "Limited Access", False),
    ("Agathe", "Talentwerk", "agathe.talentwerk", "External Recruiter", True),
)
ADMIN, RECRUITER, COORDINATOR, MANAGER, ENGINEER, FORMER = range(6)
# name, address, workplace type, archived
LOCATIONS: tuple[tuple[str, Row | None, str, bool], ...] = (
    (
        "London",
        {
            "addressCountry": "United Kingdom",
            "addressRegion": "England",
            "addressLocality": "London",
            "postalCode": "E1 6AN",
            "streetAddress": "12 Quarry Lane",
        },
        "Hybrid",
        False,
    ),
    ("München", {"addressCountry": "Deutschland", "addressLocality": "München"}, "OnSite", False),
    ("Remote", None, "Remote", False),
    ("Bristol", {"addressCountry": "United Kingdom", "addressLocality": "Bristol"}, "OnSite", True),
)
SOURCES = (
    ("Applied", "Inbound", False),
    ("LinkedIn", "Inbound", False),
    ("Referral", "Referral", False),
    ("Talentwerk Agentur", "Agency", True),
)
REASONS = (
    ("Lacks Skills/Qualifications", "RejectedByOrg", False),
    ("Withdrew", "RejectedByCandidate", False),
    ("Position closed", "Other", False),
    ("Too far from the office", "RejectedByOrg", True),
)
# title, type; the order counts by three, as the vendor's is not contiguous
STAGES = (
    ("New Lead", "Lead"),
    ("Application Review", "PreInterviewScreen"),
    ("1st Screen", "Active"),
    ("Onsite", "Active"),
    ("Offer", "Offer"),
    ("Hired", "Hired"),
    ("Archived", "Archived"),
)
# title, archived, draft
PLANS = (
    ("Engineering plan", False, False),
    ("Sales plan", False, False),
    ("Former plan", True, False),
    ("Plan in the making", False, True),
)
# title, requisition, status, confidential, plan (None: no plan yet)
JOBS = (
    ("Backend Engineer", "ENG-101", "Open", False, 0),
    ("Account Executive (DACH)", "SAL-7", "Open", False, 1),
    ("Product Designer", None, "Open", False, 0),
    ("Head of Finance", None, "Open", True, 1),
    ("Data Analyst", "DAT-12", "Closed", False, 2),
    ("Engineering Manager", None, "Draft", False, None),
    ("[Old] Success Engineer", None, "Archived", False, 1),
)
# title, job, published, listed, internal
POSTINGS = (
    ("Backend Engineer (m/w/d)", 0, True, True, False),
    ("Backend Engineer, internal", 0, True, True, True),
    ("Account Executive", 1, True, False, False),
    ("Product Designer, draft", 2, False, True, False),
)
FORM = (
    form_field("_systemfield_name", "Name", "String", required=True),
    form_field("_systemfield_email", "Email", "Email", required=True),
    form_field("_systemfield_resume", "Resume", "File"),
    form_field("why_us", "Warum wir?", "LongText", required=True),
    form_field("worked_here", "Have you worked here before?", "Boolean"),
    form_field("notice", "Notice period", "ValueSelect", options=("None", "3 months")),
    form_field("languages", "Languages", "MultiValueSelect", options=("English", "日本語")),
    form_field("years", "Years of experience", "Number"),
    form_field("start", "Earliest start", "Date"),
)
# title, debrief, archived, shared
INTERVIEWS = (
    ("Interview", False, False, True),
    ("Technical Phone Interview", False, False, True),
    ("Debrief", True, False, True),
    ("Whiteboard Session", False, True, True),
    ("Team Fit, only for this job", False, False, False),
)


def add_company(seeding: Seeding) -> None:
    """Everything that exists before the first candidate."""
    _organization(seeding)
    _lists(seeding)
    _plans(seeding)
    _jobs(seeding)
    _postings(seeding)
    for title, debrief, archived, shared in INTERVIEWS:
        _interview(seeding, title, debrief=debrief, archived=archived, shared=shared)


def made(seeding: Seeding, table: str) -> Sequence[str]:
    """The ids of a table in the order the records were made."""
    return list(seeding.state.tables[table].rows)


def _organization(seeding: Seeding) -> None:
    for first, last, local, role, enabled in USERS:
        admin = {"managerId": made(seeding, "users")[ADMIN]} if role == "Limited Access" else {}
        seeding.add(
            "users",
            firstName=first,
            lastName=last,
            email=f"{local}@fairhaven.example",
            globalRole=role,
            isEnabled=enabled,
            **admin,
        )
    for name, parent, archived in (
        ("Technology", None, False),
        ("Platform", 0, False),
        ("Design & Research", 0, False),
        ("Vertrieb", None, False),
        ("Field Operations", None, True),
    ):
        seeding.add(
            "departments",
            name=name,
            externalName=f"{name} at Fairhaven" if parent is None else None,
            isArchived=archived,
            parentId=None if parent is None else made(seeding, "departments")[parent],
            extraData=None,
        )
    for name, address, workplace, archived in LOCATIONS:
        _location(seeding, name, "Location", address, workplace, archived=archived)
    _location(seeding, "Europe", "LocationHierarchy", None, None, archived=False)


def _location(
    seeding: Seeding, name: str, kind: str, address: Row | None, workplace: str | None, *, archived: bool
) -> None:
    seeding.add(
        "locations",
        name=name,
        isArchived=archived,
        address={"postalAddress": address} if address else None,
        isRemote=workplace == "Remote",
        workplaceType=workplace,
        type=kind,
        extraData=None,
    )


def _lists(seeding: Seeding) -> None:
    for title, kind, archived in SOURCES:
        type_ = {
            "id": fixed_id(f"source-type/{kind}"),
            "title": kind,
            "isArchived": False,
        }
        seeding.add("sources", title=title, isArchived=archived, sourceType=type_)
    for text, reason_type, archived in REASONS:
        seeding.add("archiveReasons", text=text, reasonType=reason_type, isArchived=archived, customFields=[])
    for title in ("Python", "Führungskraft", "Référence", "新卒", "Former tag"):
        seeding.add("candidateTags", title=title, isArchived=title == "Former tag")
    seeding.add("communicationTemplates", title="Thank you, but no")


def _plans(seeding: Seeding) -> None:
    for title, archived, draft in PLANS:
        plan = seeding.add("interviewPlans", title=title, isArchived=archived, isDraft=draft)
        for place, (name, kind) in enumerate(STAGES):
            seeding.add(
                "interviewStages",
                title=name,
                type=kind,
                orderInInterviewPlan=place * 3,
                interviewStageGroupId=fixed_id(f"group/{kind}") if place > 3 else None,
                interviewPlanId=plan["id"],
            )


def _jobs(seeding: Seeding) -> None:
    departments, locations = made(seeding, "departments"), made(seeding, "locations")
    users, plans = made(seeding, "users"), made(seeding, "interviewPlans")
    for place, (title, requisition, status, confidential, plan) in enumerate(JOBS):
        placed = status != "Draft"
        roles = (("Hiring Manager", MANAGER), ("Recruiter", RECRUITER), ("Coordinator", COORDINATOR))
        seeding.add(
            "jobs",
            createdAt=seeding.at(-130 + place),
            title=title,
            confidential=confidential,
            status=status,
            employmentType="FullTime",
            locationId=locations[place % 4] if placed else None,
            departmentId=departments[place % 5] if placed else None,
            defaultInterviewPlanId=None if plan is None else plans[plan],
            interviewPlanIds=[] if plan is None else [plans[plan]],
            customFields=[],
            team=[{"role": role, "userId": users[key]} for role, key in roles] if placed else [],
            customRequisitionId=requisition,
            brandId=fixed_id("brand") if place == 0 else None,
            authorId=users[ADMIN],
            openedAt=seeding.at(-120 + place) if placed else None,
            closedAt=seeding.at(-10) if status in ("Closed", "Archived") else None,
        )


def _postings(seeding: Seeding) -> None:
    jobs, locations = made(seeding, "jobs"), made(seeding, "locations")
    for title, job, published, listed, internal in POSTINGS:
        seeding.add(
            "jobPostings",
            title=title,
            jobId=jobs[job],
            status="Published" if published else "Draft",
            isInternal=internal,
            isListed=listed,
            publishedDate=seeding.day(-90),
            workplaceType="Hybrid",
            applicationDeadline=None,
            secondaryLocationIds=[locations[2]],
            compensationTierSummary="€70K to €90K" if job == 0 else None,
            shouldDisplayCompensationOnJobBoard=job == 0,
            descriptionHtml=f"<p>We are looking for you: {title} · jetzt!</p>",
            fields=list(FORM),
        )


def _interview(seeding: Seeding, title: str, *, debrief: bool, archived: bool, shared: bool) -> None:
    seeding.add(
        "interviews",
        title=title,
        externalTitle=title,
        isArchived=archived,
        isDebrief=debrief,
        isFeedbackRequired=not debrief,
        isFeedbackRequested=not debrief,
        instructionsHtml="<p>Ask about their work.</p>" if shared else None,
        instructionsPlain="Ask about their work." if shared else None,
        feedbackFormDefinitionId=FEEDBACK_FORM_ID,
        isShared=shared,
        **({} if shared else {"jobId": made(seeding, "jobs")[0]}),
    )
