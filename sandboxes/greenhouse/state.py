"""The one account a sandbox holds: records in neutral form, time, permissions, tokens and limits.

The neutral form of a record is the flat one of Harvest v3 (parents' ids sit in the child) plus the
fields only v1 shows; `v1` and `v3` render it.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from sandboxes.account import Account, Permissions, utc_now
from sandboxes.greenhouse.defaults import DEFAULTS
from sandboxes.greenhouse.limits import Limits
from sandboxes.store import Numbers, Row, Table
from sandboxes.tokens import Tokens

# Each table numbers its rows in a range of its own, so that a confused id never hits a record.
INDEXES: dict[str, tuple[str, ...]] = {
    "users": ("primary_email", "employee_id"),
    "departments": ("parent_id",),
    "offices": ("parent_id",),
    "jobs": (),
    "job_owners": ("job_id",),
    "job_hiring_managers": ("job_id",),
    "openings": ("job_id",),
    "job_posts": ("job_id",),
    "job_interview_stages": ("job_id",),
    "job_interviews": ("job_interview_stage_id", "job_id"),
    "candidates": (),
    "applications": ("candidate_id", "job_id"),
    "application_stages": ("application_id",),
    "interviews": ("application_id", "external_event_id"),
    "interviewers": ("interview_id", "scorecard_id"),
    "scorecards": ("application_id",),
    "offers": ("application_id", "candidate_id"),
    "candidate_tags": ("name",),
    "applied_candidate_tags": ("candidate_id", "candidate_tag_id"),
    "rejection_reasons": (),
    "rejection_details": ("application_id",),
    "sources": (),
    "referrers": ("user_id",),
    "notes": ("candidate_id",),
    "attachments": ("candidate_id", "application_id"),
    "eeoc": ("application_id", "candidate_id"),
    "user_job_permissions": ("user_id", "job_id"),
}
CHILDREN: dict[str, tuple[tuple[str, str], ...]] = {
    "candidates": tuple(
        (name, "candidate_id") for name in ("applications", "notes", "attachments", "applied_candidate_tags")
    ),
    "applications": tuple(
        (name, "application_id")
        for name in ("application_stages", "interviews", "scorecards", "offers", "rejection_details", "eeoc")
    ),
    "interviews": (("interviewers", "interview_id"),),
    "job_interview_stages": (("job_interviews", "job_interview_stage_id"),),
}
# Whose candidate counts as updated, so that `candidates?updated_after=` finds the change.
TOUCHING_CANDIDATE = frozenset({"applications", "attachments", "applied_candidate_tags"})
# https://harvestdocs.greenhouse.io/docs/authentication
REFRESH = timedelta(hours=24)


def timestamp(moment: datetime) -> str:
    """The vendor's notation: UTC, ISO-8601, milliseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class State(Account[int]):
    """Everything one sandbox knows."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(clock)
        self._reads = 0
        self.reset()

    def reset(self) -> None:
        """An empty account with full permissions and no faults."""
        self.tables = {
            name: Table(Numbers(4_000_001_001 + 10_000_000 * place), indexed)
            for place, (name, indexed) in enumerate(INDEXES.items())
        }
        self.permissions = {"v1": Permissions(), "v3": Permissions()}
        self.tokens = Tokens(self.time, REFRESH)
        self.limits = Limits(self.time)
        self.api_key: str | None = None
        self.service_user_id: int | None = None
        self.truncated_writes = False
        # A last page may come with an empty Link header instead of none.
        self.empty_links = False
        self.selections: dict[object, tuple[int, list[int]]] = {}
        self._last = datetime.min.replace(tzinfo=UTC)
        self.controls.clear()

    @property
    def version(self) -> int:
        """Grows with every change of any record."""
        return sum(table.version for table in self.tables.values())

    def now(self) -> str:
        """The time as a timestamp; never the same twice, so that every change is visible in order."""
        self._last = max(self.clock(), self._last + timedelta(milliseconds=1))
        return timestamp(self._last)

    def next_read(self) -> int:
        """Counts what must look different each time it is read."""
        self._reads += 1
        return self._reads

    def add(self, table: str, **fields: Any) -> Row:
        """A new record, created and updated now."""
        now = self.now()
        times = {"created_at": now, "updated_at": now}
        if table in ("candidates", "applications"):
            times["last_activity_at"] = now
        row = self.tables[table].add(deepcopy(DEFAULTS.get(table, {})) | times | fields)
        self._touch(table, row, now)
        return row

    def change(self, table: str, key: int, **changes: Any) -> Row:
        """Change a record; `updated_at` moves.

        The panel of an interview is rows of `interviewers`: changing those leaves the interview as it was.
        """
        now = self.now()
        changes = {"updated_at": now, **changes}
        if table == "applications":
            changes.setdefault("last_activity_at", now)
        row = self.tables[table].change(key, changes)
        self._touch(table, row, now)
        return row

    def delete(self, table: str, key: int) -> Row:
        """Delete a record and everything that hangs below it."""
        for child, field_name in CHILDREN.get(table, ()):
            for row in self.where(child, field_name, key):
                self.delete(child, row["id"])
        row = self.tables[table].remove(key)
        self._touch(table, row, self.now())
        return row

    def _touch(self, table: str, row: Row, now: str) -> None:
        candidate_id = row.get("candidate_id")
        if candidate_id not in self.tables["candidates"].rows:
            return
        if table in TOUCHING_CANDIDATE:
            self.tables["candidates"].change(candidate_id, {"updated_at": now, "last_activity_at": now})
        elif table == "notes":
            self.tables["candidates"].change(candidate_id, {"last_activity_at": now})
