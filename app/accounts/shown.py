"""A linked account and its integration, as callers see them."""

from typing import Any

from sqlalchemy import Row

from app.accounts.directory import is_duplicate
from app.common.times import render_micros
from providers.kit import Api, Provider
from providers.kit.capabilities import operations
from providers.registry import PROVIDERS

CATEGORY = "ats"


def integration(provider: Provider) -> dict[str, Any]:
    """An integration: `AccountIntegration` of the reference."""
    return {
        "name": provider.name,
        "abbreviated_name": provider.name,
        "categories": [CATEGORY],
        "image": None,
        "square_image": None,
        "color": provider.color,
        "slug": provider.slug,
        "api_endpoints_to_documentation_urls": {},
        "webhook_setup_guide_url": None,
        "category_beta_status": {},
    }


def abilities(api: Api) -> dict[str, Any]:
    """What can be done with an account of a vendor API."""
    return {"passthrough_available": True, "available_model_operations": operations(api)}


def details(row: Row[Any], base_url: str) -> dict[str, Any]:
    """An account with its integration as a name: `AccountDetails` of the reference.

    Args:
        row: of `directory.linked_accounts`.
        base_url: where the world reaches this service.
    """
    provider = PROVIDERS[row.integration]
    return {
        **_common(row, base_url),
        "integration": provider.name,
        "integration_slug": provider.slug,
        "instance_id": None,
        "instance_display_value": None,
    }


def details_and_actions(row: Row[Any], base_url: str, api: Api) -> dict[str, Any]:
    """An account with all its integration can do: `AccountDetailsAndActions` of the reference.

    Args:
        row: of `directory.linked_accounts`.
        base_url: where the world reaches this service.
        api: the vendor API it uses.
    """
    return {
        **_common(row, base_url),
        "status_detail": row.status_detail,
        "subdomain": None,
        "integration": integration(PROVIDERS[row.integration]) | abilities(api),
        "integration_specific_fields": {},
    }


def _common(row: Row[Any], base_url: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "category": CATEGORY,
        "status": row.status,
        "end_user_origin_id": row.end_user_origin_id,
        "end_user_organization_name": row.end_user_organization_name,
        "end_user_email_address": row.end_user_email_address,
        "webhook_listener_url": f"{base_url}/api/integrations/webhook-listener/{row.webhook_secret}",
        "is_duplicate": is_duplicate(row),
        "account_type": row.account_type,
        "completed_at": render_micros(row.completed_at),
    }
