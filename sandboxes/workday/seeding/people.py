"""Candidates and prospects, their applications and papers."""

import base64
from typing import Any

from sandboxes.names import PEOPLE
from sandboxes.store import Row
from sandboxes.workday.seeding.base import TenantSeeding
from sandboxes.workday.seeding.company import OPEN

# Names that must be escaped.
TRICKY = (("Olena & Ivo", "Ångström <Jr.>"), ("Søren", "D’Arcy & Söhne"))
# What the first candidates are, and every following round of them: the stages of their applications.
ROUND: tuple[tuple[str, ...], ...] = (
    ("INTERVIEW",),
    ("REVIEW",),
    ("SCREEN",),
    ("INTERVIEW",),
    ("OFFER",),
    ("SCREEN!",),
    (),
    ("INTERVIEW", "REVIEW", "INTERVIEW!"),
    ("READY_FOR_HIRE",),
    ("INTERVIEW",),
)
DISPOSITIONED = "!"
LINKED = 8
SOURCES = ("LINKEDIN", "CAREERS_SITE", "REFERRAL", "AGENCY")


def add_people(seeding: TenantSeeding, count: int) -> None:
    """So many candidates, each with what belongs to it."""
    for place in range(count):
        candidate = _candidate(seeding, place)
        stages = ROUND[place % len(ROUND)]
        for number, stage in enumerate(stages):
            application = _application(seeding, candidate, place, number, stage)
            if (place + number) % 2:
                _resume(seeding, application)
        _documents(seeding, candidate, place)


def _candidate(seeding: TenantSeeding, place: int) -> Row:
    first_name, last_name, local = PEOPLE[place % len(PEOPLE)]
    if place in (1, 5):
        first_name, last_name = TRICKY[place // 5]
    number = place // len(PEOPLE)
    workers = seeding.ids("workers")
    tags = [seeding.known("tags", name) for name in ("SILVER_MEDALIST", "ÜBER", "REMOTE")]
    return seeding.add(
        "candidates",
        created_at=seeding.at(-90 + place % 60, -place / 50),
        updated_at=seeding.at(-9 + place % 9, -(place % 11)),
        first_name=first_name,
        last_name=f"{last_name} {number + 1}" if number else last_name,
        preferred_name={"first_name": "Bo", "last_name": last_name} if place % 7 == 4 else None,
        email=f"{local}{number or ''}@mail.example" if place % 8 != 3 else None,
        websites=[f"https://{local}.example/?a=1&b=2", f"https://{local}.example"] if place % 4 == 0 else [],
        accounts=_accounts(seeding, local, place),
        withdrawn=place % 9 == 8,
        prospect=not ROUND[place % len(ROUND)],
        confidential=place % 6 == 0,
        tag_ids=tags[: place % 4] if place % 2 else [],
        worker_id=workers[0] if place % len(ROUND) == LINKED else None,
        **_phone(seeding, place),
        **_home(seeding, place),
    )


def _phone(seeding: TenantSeeding, place: int) -> dict[str, Any]:
    """Those without an address by e-mail have a phone."""
    if place % 3 == 1 and place % 8 != 3:
        return {}
    number = f"555-{seeding.random.randrange(10_000):04d}"
    device = "Mobile" if place % 2 else "Landline"
    return {
        "phone_number": number,
        "phone_device_type_id": seeding.known("phone_device_types", device),
        "phone_code_id": seeding.known("phone_codes", "USA_1"),
    }


def _home(seeding: TenantSeeding, place: int) -> dict[str, Any]:
    homes = (("DEU", "DEU-BY", "München"), ("JPN", None, "大阪"), ("USA", "USA-CA", None), (None, None, None))
    country, region, city = homes[place % len(homes)]
    return {
        "country_id": country and seeding.known("countries", country),
        "region_id": region and seeding.known("regions", region),
        "city": city,
    }


def _accounts(seeding: TenantSeeding, local: str, place: int) -> list[Row]:
    if place % 2:
        return []
    network = seeding.known("social_networks", "LinkedIn")
    return [{"network_id": network, "url": f"https://www.linkedin.com/in/{local}"}]


def _application(seeding: TenantSeeding, candidate: Row, place: int, number: int, stage: str) -> Row:
    """An application; a stage with a mark is the last one before a disposition."""
    gone, stage = stage.endswith(DISPOSITIONED), stage.removesuffix(DISPOSITIONED)
    stage_id = seeding.known("stages", stage)
    (step,) = [
        row for row in seeding.tenant.tables["workflow_steps"].rows.values() if row["stage_id"] == stage_id
    ]
    dispositions = seeding.ids("dispositions")
    created = seeding.at(-60 + place % 50, -(place % 24) - number / 100)
    return seeding.add(
        "applications",
        created_at=created,
        candidate_id=candidate["id"],
        requisition_id=seeding.ids("requisitions")[(place + place // len(ROUND) + number) % OPEN],
        applied_at=created,
        stage_id=stage_id,
        workflow_step_id=step["id"],
        disposition_id=dispositions[place % len(dispositions)] if gone else None,
        status_at=seeding.at(-8 + place % 7, number),
        source_id=seeding.known("sources", SOURCES[place % len(SOURCES)]) if place % 5 != 1 else None,
        referrer_id=seeding.ids("workers")[1] if place % len(SOURCES) == 2 else None,
        personal=_personal(seeding, place) if number == 0 else None,
    )


def _personal(seeding: TenantSeeding, place: int) -> Row | None:
    """Nothing, an empty form, or some of the answers."""

    def keys(table: str, each: int) -> list[str]:
        ids = seeding.ids(table)
        return [ids[each % len(ids)]]

    if place % 5 == 2:
        return None
    if place % 5 == 3:
        return {}
    return {
        "gender_id": keys("genders", place)[0],
        "ethnicity_ids": keys("ethnicities", place) if place % 2 else [],
        "veteran_ids": keys("veteran_statuses", place),
        "hispanic": place % 4 == 0,
        "disability_id": keys("disability_statuses", place)[0] if place % 3 else None,
    }


def _resume(seeding: TenantSeeding, application: Row) -> None:
    seeding.add(
        "resumes",
        application_id=application["id"],
        candidate_id=application["candidate_id"],
        filename=f"Lebenslauf {application['reference_id']}.txt",
        content=_content(f"Résumé of {application['reference_id']}"),
        mime_type_id=seeding.known("mime_types", "text/plain"),
    )


def _documents(seeding: TenantSeeding, candidate: Row, place: int) -> None:
    categories = ("RESUME", "COVER_LETTER", "OFFER_LETTER", "WORK_SAMPLE")
    for category in categories[: place % 3] if place % 6 != 5 else categories[2:]:
        name = f"{category.title()} – Größe & <Form>.txt"
        seeding.add(
            "attachments",
            created_at=candidate["created_at"],
            candidate_id=candidate["id"],
            filename=name,
            content=_content(f"{name} of {candidate['reference_id']}"),
            mime_type_id=seeding.known("mime_types", "text/plain"),
            category_id=seeding.known("document_categories", category),
        )


def _content(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
