"""Ashby's webhooks.

See https://developers.ashbyhq.com/docs/setting-up-webhooks and .../authenticating-webhooks.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from providers.ashby.resources import schedule_key
from providers.kit import Refetch, Relist, Remove, Row, VendorWebhooks
from providers.kit.webhooks import Change

PREFIX = "sha256="

Told = Callable[[Row], Iterator[Change]]


def verify(headers: Mapping[str, str], body: bytes, key: str) -> bool:
    """Whether the signature is that of the bytes as they arrived; none is sent where no secret was set."""
    given = headers.get("ashby-signature", "")
    if not key or not given.startswith(PREFIX):
        return False
    expected = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.removeprefix(PREFIX).encode(), expected.encode())


def parse(body: Any) -> list[Change]:
    """What a delivery tells. A ping, and events of what is not held here, tell nothing."""
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        return []
    told = EVENTS.get(str(body.get("action")))
    return list(told(body["data"])) if told else []


def _id(data: Row, name: str) -> str | None:
    """The id of a thing an event is about."""
    thing = data.get(name)
    return str(thing["id"]) if isinstance(thing, dict) and thing.get("id") else None


def _application_changed(data: Row) -> Iterator[Change]:
    application = data.get("application") or {}
    for resource, key in (
        ("candidate", _id(application, "candidate")),
        ("application", _id(data, "application")),
    ):
        if key:
            yield Refetch(resource, key)


def _schedule_changed(data: Row) -> Iterator[Change]:
    schedule = data.get("interviewSchedule") or {}
    if schedule.get("id") and schedule.get("applicationId"):
        yield Refetch("interviewSchedule", schedule_key(schedule))


def _candidate_deleted(data: Row) -> Iterator[Change]:
    """A candidate takes the applications along, and what hangs on those."""
    key = _id(data, "candidate")
    if key:
        yield Remove("application", key, on="candidateId")
        yield Remove("candidate", key)


def _candidate_merged(data: Row) -> Iterator[Change]:
    """One goes up in another, and its applications move there."""
    gone, stays = _id(data, "deletedCandidate"), _id(data, "mergedCandidate")
    if gone:
        yield Remove("candidate", gone)
    if stays:
        yield Refetch("candidate", stays)
        for application in data["mergedCandidate"].get("applicationIds") or ():
            yield Refetch("application", str(application))


def _plan_changed(_data: Row) -> Iterator[Change]:
    """The stages of a job are others now, and its applications are in them."""
    yield Relist("interviewStage")
    yield Relist("application")


def _changed(name: str) -> Told:
    """An event about a thing whose resource has its name."""

    def told(data: Row) -> Iterator[Change]:
        key = _id(data, name)
        if key:
            yield Refetch(name, key)

    return told


def _deleted(name: str) -> Told:
    """The same for what is gone."""

    def told(data: Row) -> Iterator[Change]:
        key = _id(data, name)
        if key:
            yield Remove(name, key)

    return told


_OF_APPLICATIONS = ("applicationSubmit", "applicationUpdate", "candidateStageChange", "candidateHire")
EVENTS: dict[str, Told] = {
    **dict.fromkeys(_OF_APPLICATIONS, _application_changed),
    **dict.fromkeys(("interviewScheduleCreate", "interviewScheduleUpdate"), _schedule_changed),
    **dict.fromkeys(("jobCreate", "jobUpdate"), _changed("job")),
    **dict.fromkeys(("jobPostingUpdate", "jobPostingPublish"), _changed("jobPosting")),
    **dict.fromkeys(("jobPostingUnpublish", "jobPostingDelete"), _deleted("jobPosting")),
    **dict.fromkeys(("offerCreate", "offerUpdate"), _changed("offer")),
    "offerDelete": _deleted("offer"),
    "candidateDelete": _candidate_deleted,
    "candidateMerge": _candidate_merged,
    "interviewPlanTransition": _plan_changed,
}
WEBHOOKS = VendorWebhooks(
    verify,
    delivery_id=lambda _headers, _body: None,
    parse=parse,
    removes=("candidate", "offer", "jobPosting"),
)
