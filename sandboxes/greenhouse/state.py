"""The one account a sandbox holds: records in neutral form, time, permissions, tokens and limits.

The neutral form of a record is the flat one of Harvest v3 (parents' ids sit in the child) plus the
fields only v1 shows; `v1` and `v3` render it.
"""

from datetime import timedelta

from sandboxes.account import Account, Permissions
from sandboxes.greenhouse.defaults import DEFAULTS
from sandboxes.greenhouse.limits import Limits
from sandboxes.store import Numbers, Row
from sandboxes.tokens import Tokens

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
FIRST_IDS = {name: 4_000_001_001 + 10_000_000 * place for place, name in enumerate(INDEXES)}
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


class State(Account[int]):
    """Everything one sandbox knows."""

    indexes = INDEXES
    children = CHILDREN
    defaults = DEFAULTS

    def reset(self) -> None:
        """An empty account with full permissions and no faults."""
        super().reset()
        self.permissions = {"v1": Permissions(), "v3": Permissions()}
        self.tokens = Tokens(self.time, REFRESH)
        self.limits = Limits(self.time)
        self.api_key: str | None = None
        self.service_user_id: int | None = None
        self.truncated_writes = False
        # A last page may come with an empty Link header instead of none.
        self.empty_links = False
        self.selections: dict[object, tuple[int, list[int]]] = {}

    def numbering(self, table: str) -> Numbers:
        """Beyond 32 bits, as the vendor's."""
        return Numbers(FIRST_IDS[table])

    def stamps(self, table: str, now: str, *, new: bool) -> Row:
        """An application was active whenever it changed, a candidate when it was made.

        The panel of an interview is rows of `interviewers`: changing those leaves the interview as it was.
        """
        active = table == "applications" or (new and table == "candidates")
        return super().stamps(table, now, new=new) | ({"last_activity_at": now} if active else {})

    def touch(self, table: str, row: Row, now: str) -> None:
        """Much of what happens to a candidate's records is activity of the candidate."""
        candidate_id = row.get("candidate_id")
        if candidate_id not in self.tables["candidates"].rows:
            return
        if table in TOUCHING_CANDIDATE:
            self.tables["candidates"].change(candidate_id, {"updated_at": now, "last_activity_at": now})
        elif table == "notes":
            self.tables["candidates"].change(candidate_id, {"last_activity_at": now})
