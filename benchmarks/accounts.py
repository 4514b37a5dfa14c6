"""A service with accounts of the vendor that answers from memory."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.accounts.linking import EndUser, link
from app.migrate import upgrade
from app.service import Service
from app.settings import Settings
from benchmarks.vendor import Vendor


def linked(url: str, folder: Path, fake: Vendor, credentials: Sequence[Mapping[str, str]]) -> Service:
    """A service with an account for each of these credentials, all waiting for their first synchronisation.

    Args:
        url: of an empty database.
        folder: where its keys are.
        fake: the vendor. Its pace is not kept: it is not what is measured.
        credentials: any.
    """
    upgrade(url)
    made = Service(
        Settings(
            data_dir=folder,
            database_url=url,
            provider_origins={"greenhouse": fake.origin},
            vendor_rate_share=0,
            sync_interval=86_400,
        )
    )

    def one(number: int) -> None:
        end_user = EndUser(f"account-{number}", f"Account {number}", f"{number}@bench.example")
        link(made, "greenhouse", credentials[number], end_user)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(len(credentials))))
    made.engine.dispose()
    return made
