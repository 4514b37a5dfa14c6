"""The one account of a sandbox Lever. Records are kept as the vendor shows them, times in milliseconds."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sandboxes.account import Account, Permissions
from sandboxes.lever.defaults import DEFAULTS
from sandboxes.lever.limits import Bucket
from sandboxes.store import Row, Uuids
from sandboxes.tokens import Tokens

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A refresh token dies after a year, or 90 days unused (https://hire.lever.co/developer/documentation#authentication).
REFRESH = timedelta(days=90)
OF_OPPORTUNITIES = ("applications", "panels", "interviews", "feedback", "notes", "offers", "files", "resumes")
# Whose change counts as one of the opportunity. That feedback and offers do so is not documented.
INTERACTIONS = frozenset({"panels", "interviews", "notes"})
WITH_UPDATED_AT = frozenset({"opportunities", "postings", "feedback", "webhooks"})
DELETED = frozenset({"opportunities", "postings", "applications"})


class State(Account[str]):
    """Everything one sandbox knows."""

    indexes = {
        **dict.fromkeys(DEFAULTS, ()),
        **dict.fromkeys(OF_OPPORTUNITIES, ("opportunityId",)),
        "opportunities": ("contact",),
        "interviews": ("opportunityId", "panel"),
        "deletions": ("kind",),
    }
    children = {
        "opportunities": tuple((name, "opportunityId") for name in OF_OPPORTUNITIES if name != "interviews"),
        "panels": (("interviews", "panel"),),
        "contacts": (("opportunities", "contact"),),
    }
    defaults = DEFAULTS
    order = "createdAt"
    created = "createdAt"
    updated = "updatedAt"

    def reset(self) -> None:
        """An empty account with full permissions and no faults."""
        super().reset()
        self.permissions = Permissions()
        self.tokens = Tokens(self.time, REFRESH)
        self.bucket = Bucket(self.time)
        self.api_key: str | None = None
        self.contents: dict[str, bytes] = {}
        # Tokens of pages carry the era they were made in; a new one makes them all stale.
        self.era = 0
        self.documented_eeo = False

    @staticmethod
    def notation(moment: datetime) -> int:
        """Milliseconds since the epoch."""
        return (moment - EPOCH) // timedelta(milliseconds=1)

    def numbering(self, table: str) -> Uuids:
        """UUIDs, of a series of its own for each table."""
        return Uuids(f"lever/{table}")

    def stamps(self, table: str, now: Any, *, new: bool) -> Row:
        """Few records know when they were updated."""
        stamps = {"updatedAt": now} if table in WITH_UPDATED_AT else {}
        if table == "opportunities":
            stamps["lastInteractionAt"] = now
        if new:
            stamps["createdAt"] = now
        return stamps

    def touch(self, table: str, row: Row, now: Any) -> None:
        """A contact's data, and what happens in an opportunity, move the opportunity's times."""
        touched = self.where("opportunities", "contact", row["id"]) if table == "contacts" else []
        if table in INTERACTIONS:
            opportunity = self.get("opportunities", row["opportunityId"])
            touched = [opportunity] if opportunity else []
        for opportunity in touched:
            stamps = {"updatedAt": now, "lastInteractionAt": now}
            self.tables["opportunities"].change(opportunity["id"], stamps)

    def delete(self, table: str, key: str) -> Row:
        """Delete a record and what hangs below it; some leave a row in a list of deletions."""
        row = super().delete(table, key)
        if table in DELETED:
            now = self.now()
            self.tables["deletions"].add(
                {"id": key, "deletedAt": now, "deletedBy": None, "kind": table, "createdAt": now}
            )
        return row
