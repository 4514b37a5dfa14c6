"""The company: organizations, locations, workers, requisitions with their postings."""

from sandboxes.store import Row
from sandboxes.workday.seeding.base import TenantSeeding

# reference id, name, type, inactive
ORGANIZATIONS = (
    ("SUP_ENG", "Engineering", "SUPERVISORY", False),
    ("SUP_SAL", "Sales & Success <EMEA>", "SUPERVISORY", False),
    ("SUP_FIN", "Finanzbuchhaltung Zürich", "SUPERVISORY", False),
    ("SUP_OLD", "Legacy Labs", "SUPERVISORY", True),
    ("CC_100", "Cost Center 100", "COST_CENTER", False),
)
# reference id, name, inactive, schedulable
LOCATIONS = (
    ("LOCATION-SFO", "San Francisco HQ", False, True),
    ("LOCATION-ZRH", "Zürich", False, True),
    ("LOCATION-KRK", "Kraków – Kazimierz & Podgórze", False, True),
    ("LOCATION-OLD", "Old Depot", True, True),
    ("LOCATION-WHS", "Warehouse", False, False),
)
# first name, last name, active, contingent, usages of the e-mail addresses in the order they are listed
WORKERS = (
    ("Nguyễn", "佐藤", True, False, ("WORK",)),
    ("Fatima", "<Stone>", True, False, ("HOME", "WORK")),
    ("Ivan", "Mensah & Daughters", True, False, ("WORK",)),
    ("Łukasz", "Müller", True, False, ("WORK", "HOME")),
    ("Miyuki", "Smith", True, True, ("HOME",)),
    ("Олена", "D’Arcy", True, True, ()),
    ("Ana", "Kowalski", True, False, ("WORK",)),
    ("Former", "Colleague", False, False, ("WORK",)),
    ("Integration", "System User", True, False, ()),
)
HIRING_MANAGER, SECOND_MANAGER, RECRUITER, SECOND_RECRUITER = range(4)
INTERVIEWERS = (0, 1, 4, 5, 6, 7)
# title, status, organization, location, additional locations, confidential
REQUISITIONS = (
    ("Backend Engineer", "OPEN", "SUP_ENG", "LOCATION-SFO", ("LOCATION-ZRH",), False),
    ("Account Executive (DACH) & Partner", "OPEN", "SUP_SAL", "LOCATION-ZRH", (), False),
    ("Comptable <confirmé>", "OPEN", "SUP_FIN", "LOCATION-KRK", ("LOCATION-SFO", "LOCATION-ZRH"), True),
    ("Site Reliability Engineer", "OPEN", "SUP_ENG", "LOCATION-SFO", (), False),
    ("Recruiter", "FILLED", "SUP_FIN", "LOCATION-SFO", (), False),
    ("データアナリスト", "FROZEN", "SUP_ENG", "LOCATION-SFO", (), False),
    ("Counsel", "CLOSED", None, None, (), False),
    ("Chief of Staff", "DRAFT", "SUP_SAL", "LOCATION-OLD", (), True),
    ("Office Manager", "PENDING_APPROVAL", "SUP_SAL", "LOCATION-KRK", (), False),
)
OPEN = 4
# requisition, site, start and end in days from today, with an address to apply at, primary
POSTINGS = (
    (0, "EXTERNAL", -60, None, True, True),
    (0, "INTERNAL", -60, None, False, False),
    (1, "EXTERNAL", -30, 30, True, True),
    (2, "EXTERNAL", 14, None, True, True),
    (4, "EXTERNAL", -120, -20, True, True),
    (3, "EXTERNAL", None, None, True, True),
)


def add_company(seeding: TenantSeeding) -> None:
    """Everything that exists before the first candidate."""
    for reference_id, name, kind, inactive in ORGANIZATIONS:
        type_id = seeding.known("organization_types", kind)
        seeding.add("organizations", reference_id=reference_id, name=name, type_id=type_id, inactive=inactive)
    for reference_id, name, inactive, schedulable in LOCATIONS:
        seeding.add(
            "locations", reference_id=reference_id, name=name, inactive=inactive, schedulable=schedulable
        )
    workers = [_worker(seeding, place)["id"] for place in range(len(WORKERS))]
    requisitions = [_requisition(seeding, place, workers) for place in range(len(REQUISITIONS))]
    for place in range(len(POSTINGS)):
        _posting(seeding, place, requisitions[POSTINGS[place][0]])


def _worker(seeding: TenantSeeding, place: int) -> Row:
    first_name, last_name, active, contingent, usages = WORKERS[place]
    emails = [
        {
            "address": f"worker{place}@{'fairhaven' if usage == 'WORK' else 'mail'}.example",
            "usage_id": seeding.known("usage_types", usage),
        }
        for usage in usages
    ]
    return seeding.add(
        "workers",
        created_at=seeding.at(-400 + place),
        first_name=first_name,
        last_name=last_name,
        active=active,
        contingent=contingent,
        emails=emails,
    )


def _requisition(seeding: TenantSeeding, place: int, workers: list[str]) -> Row:
    title, status, organization, location, additional, confidential = REQUISITIONS[place]
    recruiters = [workers[RECRUITER], workers[SECOND_RECRUITER]] if place % 2 else [workers[RECRUITER]]
    managers = [workers[HIRING_MANAGER], workers[SECOND_MANAGER]] if place == 0 else [workers[HIRING_MANAGER]]
    # Nobody has the last role, and a closed requisition has none at all.
    roles: tuple[tuple[str, list[str]], ...] = (
        ("HIRING_MANAGER", managers),
        ("PRIMARY_RECRUITER", recruiters),
        ("FINANCE_PARTNER", []),
    )
    return seeding.add(
        "requisitions",
        created_at=seeding.at(-120 + place),
        title=title,
        description=f"<p>Your role: <b>{place}</b> &amp; more – für alle</p>",
        status_id=seeding.known("requisition_statuses", status),
        confidential=confidential,
        organization_id=organization and seeding.known("organizations", organization),
        location_id=location and seeding.known("locations", location),
        additional_location_ids=[seeding.known("locations", each) for each in additional],
        roles=[
            {"role_id": seeding.known("roles", role), "worker_ids": holders}
            for role, holders in roles
            if status != "CLOSED"
        ],
    )


def _posting(seeding: TenantSeeding, place: int, requisition: Row) -> None:
    _, site, start, end, address, primary = POSTINGS[place]
    url = f"https://fairhaven.wd2.myworkdayjobs.com/careers/job/{requisition['reference_id']}"
    seeding.add(
        "postings",
        created_at=seeding.at(-100 + place),
        title=f"{requisition['title']} (m/w/d)",
        description=f"<p>{place} reasons to join &amp; stay</p>",
        site_id=seeding.known("posting_sites", site),
        external_path=f"/job/{requisition['reference_id']}" if address else None,
        external_apply_url=f"{url}/apply" if address else None,
        requisition_id=requisition["id"],
        start_date=None if start is None else seeding.day(start),
        end_date=None if end is None else seeding.day(end),
        primary=primary,
    )
