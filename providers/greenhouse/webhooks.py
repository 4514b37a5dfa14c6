"""Harvest's webhooks: the same deliveries in both generations, in the words of either's resources."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from providers.kit import Refetch, Remove, Row, VendorWebhooks

PREFIX = "sha256 "

Events = Iterator[Refetch | Remove]


@dataclass(frozen=True)
class Names:
    """What one generation calls the things webhooks are about, where the two differ.

    Attributes:
        interviews: its interviews.
        stages: its job stages.
        activities: its notes and e-mails.
        attachments: its files, where they are rows of their own.
        parts_of_job: what goes with a job: resource and index.
        parts_of_stage: what goes with a stage.
    """

    interviews: str
    stages: str
    activities: str
    attachments: str | None
    parts_of_job: tuple[tuple[str, str], ...] = ()
    parts_of_stage: tuple[tuple[str, str], ...] = ()


def verify(headers: Mapping[str, str], body: bytes, key: str) -> bool:
    """Whether the signature is that of the bytes as they arrived."""
    given = headers.get("signature", "")
    if not key or not given.startswith(PREFIX):
        return False
    expected = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.removeprefix(PREFIX).encode(), expected.encode())


def delivery_id(headers: Mapping[str, str], _body: bytes) -> str | None:
    """The id that repeated deliveries of one event share."""
    return headers.get("greenhouse-event-id")


def vendor_webhooks(names: Names) -> VendorWebhooks:
    """The webhooks of a generation."""

    def parse(body: Any) -> list[Refetch | Remove]:
        if not isinstance(body, dict) or not isinstance(body.get("payload"), dict):
            return []
        told = EVENTS.get(str(body.get("action")))
        return list(told(body["payload"], names)) if told else []

    removes = (
        *("candidates", "applications", names.interviews, "scorecards", "offers"),
        *("jobs", "job_posts", names.stages, "departments", "offices"),
    )
    return VendorWebhooks(verify, delivery_id, parse, removes)


def _application_changed(payload: Row, _names: Names) -> Events:
    application = payload.get("application") or {}
    candidate = application.get("candidate") or {}
    for resource, key in (
        ("candidates", candidate.get("id", application.get("candidate_id"))),
        ("applications", application.get("id")),
    ):
        if key is not None:
            yield Refetch(resource, str(key))


def _candidate_changed(payload: Row, _names: Names) -> Events:
    candidate = payload.get("candidate") or payload.get("person") or {}
    if candidate.get("id") is not None:
        yield Refetch("candidates", str(candidate["id"]))


def _candidate_deleted(payload: Row, names: Names) -> Events:
    """A candidate takes its applications, and what hangs on those, along."""
    candidate = payload.get("person") or payload.get("candidate") or {}
    for key in candidate.get("deleted_application_ids") or ():
        yield from _without_application(str(key), names)
    if candidate.get("id") is None:
        return
    key = str(candidate["id"])
    for resource in ("applications", "eeoc", names.activities, names.attachments):
        if resource:
            yield Remove(resource, key, on="candidate_id")
    yield Remove("candidates", key)


def _candidate_merged(payload: Row, _names: Names) -> Events:
    """One record goes up in another; its applications move there and are found by the next sync."""
    person = payload.get("person") or {}
    if person.get("id") is not None:
        yield Remove("candidates", str(person["id"]))
    if person.get("new_candidate_id") is not None:
        yield Refetch("candidates", str(person["new_candidate_id"]))


def _application_deleted(payload: Row, names: Names) -> Events:
    application = payload.get("application") or {}
    if application.get("id") is not None:
        yield from _without_application(str(application["id"]), names)


def _without_application(key: str, names: Names) -> Events:
    """An application is gone; nobody is told of its interviews, scorecards and offers."""
    for resource in (names.interviews, "scorecards", "offers"):
        yield Remove(resource, key, on="application_id")
    yield Remove("applications", key)


def _changed(subject: str, resource: str) -> Callable[[Row, Names], Events]:
    """An event about `payload.<subject>`, or about the payload itself."""

    def told(payload: Row, _names: Names) -> Events:
        key = (payload.get(subject) or payload).get("id")
        if key is not None:
            yield Refetch(resource, str(key))

    return told


def _deleted(
    subject: str,
    resource: Callable[[Names], str],
    parts: Callable[[Names], tuple[tuple[str, str], ...]] = lambda _: (),
) -> Callable[[Row, Names], Events]:
    """The same for a deletion, which takes its parts along."""

    def told(payload: Row, names: Names) -> Events:
        key = (payload.get(subject) or payload).get("id")
        if key is None:
            return
        for part, index in parts(names):
            yield Remove(part, str(key), on=index)
        yield Remove(resource(names), str(key))

    return told


_APPLICATION = (
    *(
        "new_candidate_application",
        "new_prospect_application",
        "application_updated",
        "candidate_stage_change",
    ),
    *("hire_candidate", "unhire_candidate", "reject_candidate", "unreject_candidate"),
)
EVENTS: dict[str, Callable[[Row, Names], Events]] = {
    **dict.fromkeys(_APPLICATION, _application_changed),
    **dict.fromkeys(("update_candidate", "candidate_anonymized"), _candidate_changed),
    **dict.fromkeys(("offer_created", "offer_approved", "offer_updated"), _changed("offer", "offers")),
    **dict.fromkeys(("job_created", "job_updated", "job_approved"), _changed("job", "jobs")),
    **dict.fromkeys(("job_post_created", "job_post_updated"), _changed("job_post", "job_posts")),
    "delete_candidate": _candidate_deleted,
    "merge_candidate": _candidate_merged,
    "delete_application": _application_deleted,
    "offer_deleted": _deleted("offer", lambda _: "offers"),
    "interview_deleted": _deleted("interview", lambda names: names.interviews),
    "scorecard_deleted": _deleted("scorecard", lambda _: "scorecards"),
    "job_deleted": _deleted("job", lambda _: "jobs", lambda names: names.parts_of_job),
    "job_post_deleted": _deleted("job_post", lambda _: "job_posts"),
    "job_interview_stage_deleted": _deleted(
        "job_interview_stage", lambda names: names.stages, lambda names: names.parts_of_stage
    ),
    "department_deleted": _deleted("department", lambda _: "departments"),
    "office_deleted": _deleted("office", lambda _: "offices"),
}
