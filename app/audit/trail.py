"""Who did what to the organization: written in the transaction of the deed itself."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, insert

from app.audit.tables import audit_event
from app.common.times import now
from app.redaction import redact


@dataclass(frozen=True)
class Actor:
    """Who acts.

    Attributes:
        name: the API key's name, or a person's; None for the system.
        role: one of the reference's roles, `API` for a caller with a key.
        ip_address: where the request came from; empty for the system.
        email: a person's address.
    """

    name: str | None
    role: str
    ip_address: str
    email: str | None = None


SYSTEM = Actor(None, "SYSTEM", "")


def record(
    connection: Connection, actor: Actor, event_type: str, description: str, about: str | None = None
) -> None:
    """Write down a deed.

    Args:
        connection: the transaction of the deed.
        actor: who did it.
        event_type: one of the reference's names, such as `CHANGED_SCOPES`.
        description: a sentence for people; secrets are taken out of it.
        about: the linked account it was done to, if to one.
    """
    connection.execute(
        insert(audit_event).values(
            id=str(uuid4()),
            user_name=actor.name,
            user_email=actor.email,
            role=actor.role,
            ip_address=actor.ip_address,
            event_type=event_type,
            description=redact(description),
            about=about,
            created_at=now(),
        )
    )
