"""Answers that are no common records, and that more than one route gives."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from providers.registry import EXAMPLE

Status = Literal["COMPLETE", "INCOMPLETE", "RELINK_NEEDED", "IDLE"]


class ModelOperation(BaseModel):
    """What can be done with a common model at a vendor."""

    model_config = ConfigDict(protected_namespaces=())  # the reference's names begin with `model_`

    model_name: str = Field(description="The common model.", examples=["ScheduledInterview"])
    available_operations: list[str] = Field(
        description="`FETCH`, and the writes there are.", examples=[["FETCH", "CREATE"]]
    )
    required_post_parameters: list[str] = Field(
        description="What creating one needs.", examples=[["application", "start_at", "end_at"]]
    )
    supported_fields: list[str] = Field(
        description="The fields that are filled.", examples=[["application", "start_at", "status"]]
    )
    incremental: bool = Field(description="Whether a synchronisation reads only what has changed.")


class Abilities(BaseModel):
    """What can be done at a vendor."""

    passthrough_available: bool = Field(description="Whether requests of your own can be sent.")
    available_model_operations: list[ModelOperation] = Field(description="By common model.")


class Integration(BaseModel):
    """A vendor's applicant tracking system."""

    name: str = Field(description="Its name.", examples=[EXAMPLE.name])
    abbreviated_name: str = Field(description="A shorter name.", examples=[EXAMPLE.name])
    categories: list[str] = Field(description="The kinds of systems it is.", examples=[["ats"]])
    image: str | None = Field(description="The address of its logo.")
    square_image: str | None = Field(description="The address of a square logo.")
    color: str = Field(description="A colour for it, as in CSS.", examples=["#24a47f"])
    slug: str = Field(description="Its name for programs.", examples=[EXAMPLE.slug])
    api_endpoints_to_documentation_urls: dict[str, str] = Field(description="Always empty.")
    webhook_setup_guide_url: str | None = Field(description="Always null.")
    category_beta_status: dict[str, bool] = Field(description="Always empty.")


class IntegrationWithAbilities(Integration, Abilities):
    """A vendor's applicant tracking system, and what can be done there."""


class _Account(BaseModel):
    id: str = Field(description="Our id of the account.", examples=["5a0e7a4b-5c1b-4d1c-9a60-f5c5a4b1a5d3"])
    category: str = Field(description="Always `ats`.", examples=["ats"])
    status: Status = Field(description="Whether the account works.", examples=["COMPLETE"])
    end_user_origin_id: str | None = Field(description="Your id of the customer.", examples=["customer-42"])
    end_user_organization_name: str = Field(description="The customer's name.", examples=["Acme"])
    end_user_email_address: str = Field(
        description="The customer's e-mail address.", examples=["people@acme.example"]
    )
    webhook_listener_url: str = Field(
        description="Where the vendor shall send its webhooks. It is a secret.",
        examples=["https://ats.example.com/api/integrations/webhook-listener/Zk3..."],
    )
    is_duplicate: bool | None = Field(
        description="Whether another production account has the same credentials; null for one that is not "
        "complete or for tests."
    )
    account_type: Literal["PRODUCTION", "TEST"] = Field(description="Whether it is for production.")
    completed_at: datetime | None = Field(description="When it was linked.")


class AccountDetails(_Account):
    """A linked account."""

    integration: str = Field(description="The name of the integration.", examples=[EXAMPLE.name])
    integration_slug: str = Field(description="Its name for programs.", examples=[EXAMPLE.slug])
    instance_id: str | None = Field(description="Always null.")
    instance_display_value: str | None = Field(description="Always null.")


class LinkedAccount(_Account):
    """A linked account, and what can be done with it."""

    status_detail: str | None = Field(description="Why it does not work.")
    subdomain: str | None = Field(description="Always null.")
    integration: IntegrationWithAbilities = Field(description="Its integration.")
    integration_specific_fields: dict[str, Any] = Field(description="Always empty.")


class SyncStatus(BaseModel):
    """How far the synchronisation of a common model is."""

    model_config = ConfigDict(protected_namespaces=())  # the reference's names begin with `model_`

    model_name: str = Field(description="The common model.", examples=["Candidate"])
    model_id: str = Field(description="The model with its category.", examples=["ats.Candidate"])
    status: Literal["SYNCING", "DONE", "PARTIALLY_SYNCED", "FAILED", "DISABLED", "PAUSED"] = Field(
        description="How far it is."
    )
    last_sync_result: str | None = Field(description="How the last finished run ended.", examples=["DONE"])
    last_sync_start: datetime | None = Field(description="When the last run began.")
    last_sync_finished: datetime | None = Field(description="When the last run ended.")
    next_sync_start: datetime | None = Field(description="When the next run is due.")
    is_initial_sync: bool = Field(description="Whether the first run has not ended yet.")
    data_fresh_as_of: datetime | None = Field(description="What the records are at least as new as.")
    historical_data_since: datetime | None = Field(description="Always null: everything is read.")
    sync_status_reason: Literal["RATE_LIMITED", "WAITING_ON_OTHER_MODELS"] | None = Field(
        description="What a run waits for."
    )
    selective_sync_configurations_usage: Literal["IN_NEXT_SYNC", "IN_LAST_SYNC"] | None = Field(
        description="Whether conditions choose what is read, from the next run on or already."
    )
    records_read: int = Field(description="How many of the vendor's records the present run has read.")
    detail: str | None = Field(description="What went wrong.")
