"""Every setting of omniats, read from `OMNIATS_*` environment variables."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class OAuthClientSetting(BaseModel):
    """Your application as a vendor knows it."""

    client_id: str = Field(min_length=1)
    client_secret: SecretStr


class Settings(BaseSettings):
    """The service's configuration. Every field has a default that works.

    Each field is read from the environment variable of its name in upper case, prefixed with
    `OMNIATS_` (`sync_interval` from `OMNIATS_SYNC_INTERVAL`).
    """

    model_config = SettingsConfigDict(env_prefix="OMNIATS_", frozen=False)

    data_dir: Path = Field(Path("omniats-data"), description="Where the embedded database and keys live.")
    database_url: str = Field(
        "", description="`sqlite:///path` or `postgresql://...`; by default a file in the data directory."
    )
    queue_url: str = Field(
        "", description="Where job calls queue (`redis://...`); by default beside the database."
    )
    encryption_keys: SecretStr = Field(
        SecretStr(""), description="Fernet keys, comma separated, the first one encrypts."
    )
    public_url: str = Field(
        "", description="Where the world reaches this service; by default what a request says it came to."
    )
    provider_origins: dict[str, str] = Field(
        default_factory=dict, description="Slug to origin: sends all of a provider's traffic there instead."
    )
    link_origins: list[str] = Field(
        default_factory=list, description="Origins whose pages may embed the link page and get its result."
    )
    oauth_clients: dict[str, OAuthClientSetting] = Field(
        default_factory=dict, description="Slug to `client_id` and `client_secret` of your own OAuth client."
    )
    allow_private_targets: bool = Field(
        False, description="Development only: allow webhook targets and file URLs on private addresses."
    )
    sync_interval: int = Field(900, ge=1, description="Seconds between two syncs of one linked account.")
    full_sync_interval: int = Field(
        86400, ge=1, description="Seconds between two full passes, which find what was deleted."
    )
    rate_limit: int = Field(
        600, ge=0, description="Requests a minute for each linked account, or else API key; 0 for no limit."
    )
    vendor_rate_share: float = Field(
        1.0,
        ge=0,
        le=1,
        description="How much of the rate a vendor grants is used; 0 asks as fast as it answers.",
    )
    webhook_retention: int = Field(
        2_592_000,
        ge=172_800,
        description="Seconds for which deliveries to subscribers are kept, to be listed and replayed.",
    )
    call_log_size: int = Field(
        1000, ge=0, description="Calls to its vendor that are kept of each linked account; 0 for none."
    )
    max_file_size: int = Field(25_000_000, ge=1, description="Bytes of the largest file that is written.")
    max_body_size: int = Field(
        40_000_000,
        ge=1_000_000,
        description="Bytes of the largest request; files in it take four thirds of their size.",
    )
    worker_threads: int = Field(8, ge=1, description="Jobs one process runs at the same time.")
    metrics_address: str = Field(
        "", description="`host:port` where `omniats worker` shows its metrics and health; by default nowhere."
    )
    metrics_per_account: bool = Field(
        False, description="Whether metrics name linked accounts, by id: a line for each."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="Shape of the log: `text`, `json`, or `auto`: text at a terminal, JSON elsewhere."
    )
    log_level: str = Field("INFO", description="Level of the log: DEBUG, INFO, WARNING or ERROR.")

    @cached_property
    def resolved_database_url(self) -> str:
        """The database to use, as the user wrote it or the embedded default."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'omniats.db'}"
