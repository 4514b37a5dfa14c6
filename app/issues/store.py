"""Problems someone must act on: one issue for each problem of an account, however often it happens."""

from uuid import uuid4

import orjson
from sqlalchemy import Connection, select, update

from app.common.times import now
from app.database import upsert_into
from app.issues.tables import issue
from app.redaction import redact

ONGOING, RESOLVED = "ONGOING", "RESOLVED"


def report(connection: Connection, account_id: str, subject: str, description: str, detail: str) -> None:
    """Open an issue, or note that its problem happened again.

    Args:
        connection: the transaction.
        account_id: the linked account.
        subject: what the problem is about; the same problem has the same subject.
        description: a short label for people, such as `Missing permission`.
        detail: what happened; secrets are taken out of it.
    """
    present = now()
    statement = upsert_into(connection, issue).values(
        id=str(uuid4()),
        account_id=account_id,
        subject=subject,
        status=ONGOING,
        error_description=description,
        error_details=orjson.dumps([redact(detail)]).decode(),
        first_incident_at=present,
        last_incident_at=present,
        acted_at=present,
        is_muted=False,
    )
    repeated = {n: statement.excluded[n] for n in ("status", "error_description", "error_details")}
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["account_id", "subject"],
            set_={**repeated, "last_incident_at": present, "acted_at": present},
        )
    )


def resolve(connection: Connection, account_id: str, subject: str | None = None) -> None:
    """Close the account's issue about a subject, or all of them."""
    which = [issue.c.account_id == account_id, issue.c.status == ONGOING]
    if subject is not None:
        which.append(issue.c.subject == subject)
    connection.execute(update(issue).where(*which).values(status=RESOLVED, acted_at=now()))


def ongoing(connection: Connection, account_id: str) -> dict[str, str]:
    """The descriptions of the account's open issues, by subject."""
    query = select(issue.c.subject, issue.c.error_description).where(
        issue.c.account_id == account_id, issue.c.status == ONGOING
    )
    return {row.subject: row.error_description for row in connection.execute(query)}
