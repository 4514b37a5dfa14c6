"""The two ends of the link flow as servers see them: the link token, and the account token."""

from enum import StrEnum
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.accounts import shown
from app.accounts.linking import EndUser, existing_account
from app.api.callers import CallerRoute, actor_of, caller, public_url, service_of
from app.api.errors import bad_field, not_found
from app.api.linked_accounts import NO_NUL
from app.api.records import json_response
from app.api.reference.answers import errors
from app.audit import trail
from app.link import sessions
from app.link.sessions import Options
from app.scopes.requests import BadScope, scopes_of
from providers.registry import EXAMPLE, PROVIDERS

router = APIRouter(tags=["Linking"], route_class=CallerRoute)
uncategorized = APIRouter(prefix="/api/integrations", tags=["Linking"], route_class=CallerRoute)

SHORTEST, LONGEST, LONGEST_MAGIC = 30, 720, 10080  # minutes

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


class Category(StrEnum):
    """The reference's categories; this server has integrations of one."""

    ATS = "ats"
    HRIS = "hris"
    ACCOUNTING = "accounting"
    TICKETING = "ticketing"
    CRM = "crm"
    MKTG = "mktg"
    FILESTORAGE = "filestorage"


class Language(StrEnum):
    """The languages of the link page."""

    EN = "en"
    DE = "de"


class LinkTokenRequest(BaseModel):
    """Who is going to link which account, and how."""

    model_config = ConfigDict(extra="ignore")

    end_user_email_address: Name = Field(description="The person's e-mail address.")
    end_user_organization_name: Name = Field(description="Their organization; the link page shows it.")
    end_user_origin_id: Name = Field(
        description="Your own id of the customer: one account for each, and each integration."
    )
    categories: list[Category] = Field(description="Must contain `ats`.", max_length=10)
    integration: str | None = Field(None, description="The slug of the integration: skips the chooser.")
    link_expiry_mins: int = Field(
        SHORTEST, description="Minutes for which the token works: 30 to 720, with a magic link to 10080."
    )
    should_create_magic_link_url: bool | None = Field(
        False, description="Whether the answer has an address that needs no component."
    )
    hide_admin_magic_link: bool | None = Field(
        False, description="Whether the page offers no address to pass on to an administrator."
    )
    common_models: list[dict[str, Any]] | None = Field(
        None, description="Permissions of the account; a model not named keeps the default.", max_length=100
    )
    category_common_model_scopes: dict[str, list[dict[str, Any]] | None] | None = Field(
        None, description="The same by category.", max_length=10
    )
    language: Language | None = Field(None, description="Of the page; the browser's unless given.")
    are_syncs_disabled: bool | None = Field(
        None, description="Whether the account is never synchronised: writes and passthrough only."
    )
    integration_specific_config: dict[str, str | int | bool | None] | None = Field(
        None, description="Credential fields that are no secrets and are to be filled in already."
    )

    @property
    def scopes(self) -> list[dict[str, Any]]:
        """The permissions, however they are given."""
        by_category = self.category_common_model_scopes or {}
        return [*(self.common_models or ()), *(by_category.get(Category.ATS) or ())]


class LinkToken(BaseModel):
    """A link token: one linking session of one person."""

    link_token: str = Field(
        description="Give it to the component, or to the page.", examples=["omn_link_..."]
    )
    integration_name: str | None = Field(
        description="The integration, when the end user has an account that is linked again."
    )
    magic_link_url: str | None = Field(
        description="The page's address with the token; null unless asked for.",
        examples=["https://omniats.example/link#omn_link_..."],
    )


class AccountIntegration(BaseModel):
    """An integration."""

    name: str = Field(description="What it is called.", examples=[EXAMPLE.name])
    abbreviated_name: str | None = Field(description="The same, for narrow places.")
    categories: list[Category] = Field(description="What it is for.")
    image: str | None = Field(description="A logo, if there is one.")
    square_image: str | None = Field(description="A square logo, if there is one.")
    color: str | None = Field(description="Its colour.", examples=["#23a47f"])
    slug: str = Field(description="Its name for programs.", examples=[EXAMPLE.slug])
    api_endpoints_to_documentation_urls: dict[str, Any] = Field(description="Empty.")
    webhook_setup_guide_url: str | None = Field(description="Null.")
    category_beta_status: dict[str, Any] = Field(description="Empty.")


class AccountToken(BaseModel):
    """The way into a linked account."""

    account_token: str = Field(
        description="For the header `X-Account-Token`; the same again when the account is linked again."
    )
    integration: AccountIntegration = Field(description="The vendor's integration.")
    id: str = Field(description="The linked account.", examples=["0b5a1c5e-4f2b-4a86-9d63-2a1f6f0d5b11"])


EXCHANGED: dict[str, Any] = {
    "summary": "Exchange the public token",
    "response_model": AccountToken,
    "responses": errors("NotFound"),
}


@router.post("/link-token", summary="Begin linking", response_model=LinkToken)
@uncategorized.post(
    "/create-link-token",
    summary="Begin linking, without a category",
    response_model=LinkToken,
    operation_id="create_uncategorized_link_token",
)
def create_link_token(request: Request, body: LinkTokenRequest) -> Response:
    """A token for one linking session of one person.

    When the end user has an account already, the session links that one again: `integration_name` says so.
    """
    who = caller(request)
    magic = bool(body.should_create_magic_link_url)
    _check(body, LONGEST_MAGIC if magic else LONGEST)
    end_user = EndUser(
        body.end_user_origin_id,
        body.end_user_organization_name,
        body.end_user_email_address,
        who.account_type,
    )
    with service_of(request).engine.begin() as connection:
        known = existing_account(connection, body.integration, end_user.origin_id, who.account_type)
        slug = known.integration if known else body.integration
        token = sessions.open_session(connection, end_user, slug, body.link_expiry_mins, _options(body))
        if magic:
            deed = f"Generated a magic link for {end_user.organization_name}, {end_user.origin_id}"
            trail.record(connection, actor_of(request, who), "GENERATED_MAGIC_LINK", deed)
    answer = {
        "link_token": token,
        "integration_name": PROVIDERS[known.integration].name if known else None,
        "magic_link_url": magic_link(public_url(request), token) if magic else None,
    }
    return json_response(orjson.dumps(answer))


@router.get("/account-token/{public_token}", **EXCHANGED)
@router.post("/account-token/{public_token}", operation_id="exchange_public_token", **EXCHANGED)
@uncategorized.get(
    "/account-token/{public_token}", operation_id="retrieve_uncategorized_account_token", **EXCHANGED
)
@uncategorized.post(
    "/account-token/{public_token}", operation_id="exchange_uncategorized_public_token", **EXCHANGED
)
def retrieve_account_token(request: Request, public_token: str) -> Response:
    """Exchange the public token that the link page has given. It works once, for ten minutes."""
    who, service = caller(request), service_of(request)
    with service.engine.begin() as connection:
        account = sessions.exchange(connection, public_token, who.sees)
    if account is None:
        raise not_found()
    answer = {
        "account_token": service.vault.open(account.token_sealed),
        "integration": shown.integration(PROVIDERS[account.integration]),
        "id": account.id,
    }
    return json_response(orjson.dumps(answer))


def magic_link(public: str, token: str) -> str:
    """The address of the link page with a token.

    The token is in the fragment, which no server is sent: it comes into no access log and no `Referer`.
    """
    return f"{public}/link#{token}"


def _check(body: LinkTokenRequest, longest: int) -> None:
    if Category.ATS not in body.categories:
        raise bad_field("categories", "This server has integrations of the category ats only.")
    if body.integration is not None and body.integration not in PROVIDERS:
        raise bad_field("integration", f"Unknown integration. Known: {', '.join(sorted(PROVIDERS))}.")
    if not SHORTEST <= body.link_expiry_mins <= longest:
        raise bad_field("link_expiry_mins", f"Must be between {SHORTEST} and {longest}.")
    try:
        scopes_of(body.scopes)
    except BadScope as wrong:
        raise bad_field("common_models", str(wrong)) from wrong


def _options(body: LinkTokenRequest) -> Options:
    return Options(
        language=body.language,
        are_syncs_disabled=body.are_syncs_disabled,
        hide_admin_magic_link=bool(body.hide_admin_magic_link),
        common_models=body.scopes,
        prefilled=body.integration_specific_config or {},
    )
