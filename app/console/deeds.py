"""What an operator can do: nothing that loses data, each deed with its line in the audit trail."""

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from app.audit import trail
from app.console import accounts
from app.console.visits import HOME, ConsoleRoute, Id, Missing, Sent, SignedIn, back, one, sent
from app.issues import store
from app.issues.tables import issue
from app.sync.asking import resync
from app.webhooks import endpoints
from app.webhooks.outbox import FAILED
from app.webhooks.tables import webhook_delivery, webhook_endpoint

router = APIRouter(
    prefix=HOME, route_class=ConsoleRoute, dependencies=[Depends(sent)], include_in_schema=False
)


@router.post("/accounts/{id}/resync")
def resync_account(visit: SignedIn, form: Sent, id: Id) -> Response:
    """Read everything of an account again."""
    with visit.service.jobs.begin() as connection:
        one(connection, accounts.account(id))
        resync(connection, id, visit.actor)
    return back(form, "resync")


@router.post("/issues/{id}/resolve")
def resolve_issue(visit: SignedIn, form: Sent, id: Id) -> Response:
    """Close an issue that is dealt with."""
    with visit.service.jobs.begin() as connection:
        known = one(connection, select(issue).where(issue.c.id == id))
        store.close(connection, known.account_id, known.subject)
        said = f"Resolved the issue {id}: {known.error_description}."
        trail.record(connection, visit.actor, "RESOLVED_ISSUE", said, known.account_id)
    return back(form, "resolved")


@router.post("/webhooks/{id}/enable")
def enable_webhook(visit: SignedIn, form: Sent, id: Id) -> Response:
    """Tell a webhook of events again, and of those that have waited."""
    with visit.service.jobs.begin() as connection:
        known = one(connection, select(webhook_endpoint).where(webhook_endpoint.c.id == id))
        endpoints.change(connection, visit.actor, known, {"is_active": True})
    return back(form, "enabled")


@router.post("/webhooks/{id}/replay")
def replay_failed(visit: SignedIn, form: Sent, id: Id) -> Response:
    """Deliver again what had been given up."""
    with visit.service.jobs.begin() as connection:
        one(connection, select(webhook_endpoint.c.id).where(webhook_endpoint.c.id == id))
        count = endpoints.replay(connection, id, webhook_delivery.c.state == FAILED)
        said = f"Replayed the failed deliveries of the webhook {id}: {count}."
        trail.record(connection, visit.actor, "REPLAYED_WEBHOOK", said)
    return back(form, "replay-failed")


@router.post("/webhooks/{id}/deliveries/{delivery_id}/replay")
def replay_delivery(visit: SignedIn, form: Sent, id: Id, delivery_id: Id) -> Response:
    """Deliver one event again, whatever became of it."""
    with visit.service.jobs.begin() as connection:
        one(connection, select(webhook_endpoint.c.id).where(webhook_endpoint.c.id == id))
        if not endpoints.replay(connection, id, webhook_delivery.c.id == delivery_id):
            raise Missing
        said = f"Replayed the delivery {delivery_id} of the webhook {id}."
        trail.record(connection, visit.actor, "REPLAYED_WEBHOOK", said)
    return back(form, "replay")
