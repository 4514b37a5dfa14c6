"""The one account a sandbox holds: records in neutral form, permissions, cursors and sync tokens.

The neutral form of a record has the vendor's names and the ids of its relations; `render` nests them.
"""

from sandboxes.account import Account, Permissions
from sandboxes.ashby.defaults import DEFAULTS
from sandboxes.ashby.passes import Passes
from sandboxes.store import Row, Uuids

INDEXES: dict[str, tuple[str, ...]] = {
    "users": ("email",),
    "departments": (),
    "locations": (),
    "sources": (),
    "archiveReasons": (),
    "candidateTags": (),
    "communicationTemplates": (),
    "interviewPlans": (),
    "interviewStages": ("interviewPlanId",),
    "interviews": (),
    "jobs": (),
    "jobPostings": ("jobId",),
    "candidates": (),
    "files": ("candidateId",),
    "uploads": (),
    "applications": ("candidateId", "jobId"),
    "applicationHistory": ("applicationId",),
    "interviewSchedules": ("applicationId",),
    "interviewEvents": ("interviewScheduleId",),
    "applicationFeedback": ("applicationId", "interviewEventId"),
    "offers": ("applicationId",),
    "notes": ("candidateId",),
    "webhooks": ("webhookType",),
}
CHILDREN: dict[str, tuple[tuple[str, str], ...]] = {
    "candidates": (("applications", "candidateId"), ("files", "candidateId"), ("notes", "candidateId")),
    "applications": (
        ("applicationHistory", "applicationId"),
        ("interviewSchedules", "applicationId"),
        ("applicationFeedback", "applicationId"),
        ("offers", "applicationId"),
    ),
    "interviewSchedules": (("interviewEvents", "interviewScheduleId"),),
    "interviewEvents": (("applicationFeedback", "interviewEventId"),),
}
# What is nested in another record: that one counts as changed with it.
NESTED_IN = {
    "files": ("candidates", "candidateId"),
    "applications": ("candidates", "candidateId"),
    "applicationFeedback": ("interviewEvents", "interviewEventId"),
    "interviewEvents": ("interviewSchedules", "interviewScheduleId"),
    "offers": ("applications", "applicationId"),
}


class State(Account[str]):
    """Everything one sandbox knows."""

    indexes = INDEXES
    children = CHILDREN
    defaults = DEFAULTS
    order = "createdAt"
    created = "createdAt"
    updated = "updatedAt"

    def reset(self) -> None:
        """An empty account with full permissions and no faults."""
        super().reset()
        self.permissions = Permissions()
        self.passes = Passes()
        self.contents: dict[str, bytes] = {}
        self.api_key: str | None = None
        self.key_deactivated = False
        self.key_user_id = ""
        self.default_interview_id = ""
        # The two switches of an API key beyond its permissions.
        self.sees_confidential = True
        self.sees_private = True
        self.errors = "strings"
        self.invalid_status = 200
        self.warnings: list[str] = []

    def numbering(self, table: str) -> Uuids:
        """UUIDs, as the vendor's."""
        return Uuids(f"https://api.ashbyhq.com/{table}")

    def touch(self, table: str, row: Row, now: str) -> None:
        """A record that shows another changes with it."""
        parent, field = NESTED_IN.get(table, ("", ""))
        key = row.get(field)
        if parent and key in self.tables[parent].rows:
            self.touch(parent, self.tables[parent].change(key, {self.updated: now}), now)

    def visible(self, table: str, row: Row) -> bool:
        """Whether the API key may know of a record: confidential jobs take everything of theirs along."""
        if self.sees_confidential:
            return True
        if table == "candidates":
            own = self.where("applications", "candidateId", row["id"])
            return not own or any(self.visible("applications", each) for each in own)
        if table == "jobs":
            return not row["confidential"]
        for parent, field in (("jobs", "jobId"), ("applications", "applicationId")):
            if row.get(field) in self.tables[parent].rows:
                return self.visible(parent, self.tables[parent].rows[row[field]])
        return True
