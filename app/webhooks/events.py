"""The events that subscribers can be told of."""

from collections.abc import Iterable

from app.common.models import COLLECTIONS, JOB_POSTING

ACCOUNT_LINKED = "LinkedAccount.linked"
ACCOUNT_DELETED = "LinkedAccount.deleted"
ADDED, CHANGED, REMOVED = "added", "changed", "removed"

RECORD_MODELS = frozenset(model.name for model in COLLECTIONS if model is not JOB_POSTING)
"""The models whose records have events: the reference has none of job postings."""

EVENTS = (
    ACCOUNT_LINKED,
    "LinkedAccount.sync_completed",
    ACCOUNT_DELETED,
    "Issue.new",
    "Issue.reopened",
    "Issue.resolved",
    "Issue.muted",
    *(f"{name}.synced" for name in sorted(RECORD_MODELS)),
    *(f"{name}.{action}" for name in sorted(RECORD_MODELS) for action in (ADDED, CHANGED, REMOVED)),
    "AsyncPassthrough.resolved",
    "AsyncPost.completed",
)
PATTERNS = frozenset((*EVENTS, "*", *(f"{event.partition('.')[0]}.*" for event in EVENTS)))
"""What a subscriber may ask for: events by name, all of one subject, or all."""


def wanted(patterns: Iterable[str], event: str) -> bool:
    """Whether an event is among those asked for."""
    return not {event, f"{event.partition('.')[0]}.*", "*"}.isdisjoint(patterns)
