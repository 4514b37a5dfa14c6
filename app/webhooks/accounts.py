"""A linked account as events show it."""

from typing import Any

from sqlalchemy import Row

from app.common.times import render_micros
from providers.registry import PROVIDERS


def account_info(account: Row[Any], public_url: str | None) -> dict[str, Any]:
    """The `linked_account` of an event.

    Args:
        account: its row.
        public_url: where the world reaches this service; None when that is not known here.
    """
    listener = f"/api/integrations/webhook-listener/{account.webhook_secret}"
    return {
        "id": account.id,
        "integration": PROVIDERS[account.integration].name,
        "integration_slug": account.integration,
        "category": "ats",
        "end_user_origin_id": account.end_user_origin_id,
        "end_user_organization_name": account.end_user_organization_name,
        "end_user_email_address": account.end_user_email_address,
        "status": account.status,
        "webhook_listener_url": public_url and public_url.rstrip("/") + listener,
        "is_duplicate": None,
        "account_type": account.account_type,
        "completed_at": render_micros(account.completed_at),
    }
