"""The one tenant a sandbox holds: records in neutral form, who may log in, and what is switched on."""

from typing import Literal

from sandboxes.account import Account, Permissions
from sandboxes.store import Row, Uuids
from sandboxes.workday.defaults import DEFAULTS, LISTS

INDEXES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(LISTS, ("reference_id", "name")),
    "workers": ("reference_id",),
    "organizations": ("reference_id",),
    "locations": ("reference_id",),
    "requisitions": ("reference_id",),
    "postings": ("reference_id", "requisition_id"),
    "candidates": ("reference_id",),
    "applications": ("reference_id", "candidate_id", "requisition_id", "event_id"),
    "interview_events": ("application_id",),
    "interview_sessions": ("event_id",),
    "feedbacks": ("event_id",),
    "attachments": ("reference_id", "candidate_id"),
    "resumes": ("application_id", "candidate_id"),
}
# Prefix and first number of the ids the tenant gives new records.
REFERENCE_IDS = {
    "workers": ("", 21000),
    "requisitions": ("R-", 1000),
    "postings": ("JOB_POSTING-3-", 1),
    "candidates": ("C", 5000),
    "applications": ("JOB_APPLICATION-6-", 3000),
    "attachments": ("CANDIDATE_ATTACHMENT-6-", 1),
}
# Tables whose records keep the times of their transactions.
LOGGED = ("candidates", "requisitions")
Addressing = Literal["event", "application", "candidate"]


class Wids(Uuids):
    """Workday IDs: 32 hexadecimal digits."""

    def fresh(self) -> str:
        """The next of the series."""
        return super().fresh().replace("-", "")


class State(Account[str]):
    """Everything one sandbox knows.

    `addressing`, when set, is how lists of interviews and feedback name every event, whatever is in its
    record; `outlook_scheduling` is the tenant's setting that takes no locations for interviews.
    """

    indexes = INDEXES
    children = {
        "candidates": (
            ("applications", "candidate_id"),
            ("attachments", "candidate_id"),
            ("resumes", "candidate_id"),
        ),
        "applications": (("interview_events", "application_id"), ("resumes", "application_id")),
        "interview_events": (("interview_sessions", "event_id"), ("feedbacks", "event_id")),
        "requisitions": (("postings", "requisition_id"), ("applications", "requisition_id")),
    }
    defaults = DEFAULTS
    order = "created_at"

    def reset(self) -> None:
        """An empty tenant nobody can log in to, with full permissions."""
        super().reset()
        self.tenant = ""
        self.username = ""
        self.password = ""
        self.permissions = Permissions()
        self.addressing: Addressing | None = None
        self.outlook_scheduling = False
        # The keys of each set that is read page by page, by the time as of which it is, and what was asked.
        self.selections: dict[str, list[str]] = {}
        self._application_events = Wids("workday/application_events")
        self._numbers = {table: first for table, (_, first) in REFERENCE_IDS.items()}

    def numbering(self, table: str) -> Wids:
        """WIDs, another series for each table."""
        return Wids(f"workday/{table}")

    def named(self, table: str) -> Row:
        """The ids a new record gets beside its WID; an application has an event, which is moved."""
        names: Row = {}
        if table in REFERENCE_IDS:
            names["reference_id"] = f"{REFERENCE_IDS[table][0]}{self._numbers[table]}"
            self._numbers[table] += 1
        if table == "applications":
            names["event_id"] = self._application_events.fresh()
        return names

    def stamps(self, table: str, now: str, *, new: bool) -> Row:
        """A new record is named too."""
        return super().stamps(table, now, new=new) | (self.named(table) if new else {})

    def touch(self, table: str, row: Row, now: str) -> None:
        """Log a transaction; what happens to an application is one of its candidate."""
        touched = row if table in LOGGED else self.get("candidates", row.get("candidate_id"))
        if touched is not None and table in (*LOGGED, "applications", "resumes"):
            touched["transactions"].append(now)
