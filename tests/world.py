"""What a test of the whole service stands on: a database, a vendor's sandbox, linked accounts, a client.

Everything costly is made once for each worker process (two servers, a migrated database, a database with
accounts synchronised) and put back or copied for each test.
"""

import json
import os
import ssl
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import Row, insert, select, update
from truth import Truth

from app.accounts.keys import fresh_secret, hashed
from app.accounts.tables import api_key, linked_account
from app.budgets.tables import vendor_budget
from app.common.times import now
from app.issues.tables import issue
from app.main import create_app
from app.service import Service
from app.settings import Settings
from sandboxes import CREDENTIALS
from sandboxes.greenhouse import State, seed

API = "/api/ats/v1"
SEEDED_AT = datetime.now(UTC).replace(microsecond=0)
REDIS = os.environ.get("OMNIATS_TEST_REDIS_URL", "")  # where one is named, queues are tried there too
TLS = ssl.create_default_context()  # one for all clients: it reads every certificate there is
STYLES = ("v1", "v3")  # both generations of Harvest
Json = dict[str, Any]


class Switch:
    """An ASGI app that passes requests on to whichever app a test has put in."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The URL of an app, served on a free port of the loopback interface by a thread."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def reseed(state: State, **amounts: int) -> None:
    """Put the sandbox back into the state every test begins with."""
    seed(state, now=SEEDED_AT, **amounts)
    state.webhook_transport = None


@dataclass
class Account:
    """A linked account, as a customer's program sees it."""

    id: str
    token: str
    http: httpx.Client  # with the API key and the account token
    row: Json = field(repr=False)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(path, params=params)

    def list(self, path: str, **params: Any) -> list[Json]:
        """All records of a collection, page by page."""
        found: list[Json] = []
        params.setdefault("page_size", 100)
        while True:
            answer = self.http.get(path, params=params)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["results"]
            if page["next"] is None:
                return found
            params["cursor"] = page["next"]

    def one(self, path: str, **params: Any) -> Json:
        """The single record a list answers with."""
        (record,) = self.list(path, **params)
        return record

    @property
    def listener(self) -> str:
        """Where the vendor delivers webhooks."""
        return httpx.URL(self.row["webhook_listener_url"]).path


class World:
    """One test's service with its sandbox."""

    def __init__(self, settings: Settings, url: str, sandbox: State, switch: Switch) -> None:
        self.settings = settings
        self.url = url
        self.sandbox = sandbox
        self.service = Service(settings)
        self.app = Truth(create_app(self.service, worker=False))
        self.key = fresh_secret("omn_key")
        with self.service.engine.begin() as connection:
            connection.execute(
                insert(api_key).values(
                    id=str(uuid.uuid4()),
                    name=f"test {uuid.uuid4()}",
                    account_type="PRODUCTION",
                    key_hash=hashed(self.key),
                    created_at=now(),
                )
            )
        self.http = self.client(Authorization=f"Bearer {self.key}")
        self.accounts: list[Account] = []
        switch.app = self.app

    def client(self, **headers: str) -> httpx.Client:
        """A client of the API with these headers and no others of its own."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Client(base_url=self.url + API, headers=named, timeout=60, verify=TLS)

    def link(self, style: str = "v3", *, sync: bool = True, **fields: Any) -> Account:
        """Link an account of the sandbox; `sync` also reads everything."""
        body = {
            "integration": "greenhouse",
            "credentials": CREDENTIALS["greenhouse"][style],
            "end_user_origin_id": f"origin-{len(self.accounts)}",
            "end_user_organization_name": "Acme",
            "end_user_email_address": "people@acme.example",
        }
        answer = self.http.post("/linked-accounts", json=body | fields)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        if sync:
            self.service.jobs.run_due()
        return self.account(made["account_token"], made["linked_account"])

    def account(self, token: str, row: Json) -> Account:
        """A linked account by its token."""
        client = self.client(Authorization=f"Bearer {self.key}", X_Account_Token=token)
        account = Account(row["id"], token, client, row)
        self.accounts.append(account)
        return account

    def sync(self, account: Account) -> None:
        """Read everything again, whatever is due."""
        answer = account.http.post("/sync-status/resync")
        assert answer.status_code == 200, answer.text
        assert self.service.jobs.run_due()

    def a_day_passes(self) -> None:
        """What went wrong until now did so a day ago."""
        with self.service.engine.begin() as connection:
            connection.execute(
                update(issue).values(last_incident_at=issue.c.last_incident_at - 86_400_000_000)
            )

    def stop_waiting(self) -> None:
        """All waits that vendors have asked for are over."""
        with self.service.engine.begin() as connection:
            connection.execute(update(vendor_budget).values(held_until=0, callers_until=0))

    def stored(self, account: Account) -> Row[Any]:
        """The row of a linked account."""
        with self.service.reader.connect() as connection:
            return connection.execute(select(linked_account).where(linked_account.c.id == account.id)).one()

    def sent(self, method: str, path: str = "") -> list[Any]:
        """The requests the sandbox received, by method and a part of the path."""
        return [r for r in self.sandbox.controls.received if r.method == method and path in r.path]

    def variables(self) -> dict[str, str]:
        """The settings of a process of its own on the same database, as its environment has them."""
        return {
            "OMNIATS_DATA_DIR": str(self.settings.data_dir),
            "OMNIATS_DATABASE_URL": self.settings.resolved_database_url,
            "OMNIATS_PROVIDER_ORIGINS": json.dumps(self.settings.provider_origins),
            "OMNIATS_RATE_LIMIT": str(self.settings.rate_limit),
            "OMNIATS_SYNC_INTERVAL": str(self.settings.sync_interval),
            "OMNIATS_VENDOR_RATE_SHARE": str(self.settings.vendor_rate_share),
        }

    def close(self) -> None:
        """Let go of the database, and see that every answer was as the specification says."""
        for account in self.accounts:
            account.http.close()
        self.http.close()
        self.service.jobs.dispatch.close()
        self.service.engine.dispose()
        assert not self.app.lies, "\n".join(self.app.lies)


@dataclass
class Synced:
    """A world whose accounts have been read."""

    world: World
    v1: Account
    v3: Account
    other: Account

    def account(self, style: str) -> Account:
        return {"v1": self.v1, "v3": self.v3}[style]


def settings_for(directory: Path, url: str, origin: str, **more: Any) -> Settings:
    """The settings of one test: nothing is taken from the environment that matters.

    Tests ask more in a minute than callers may, and more in a second than vendors grant; these limits have
    tests of their own. However long a run of tests takes on a busy machine, no account is due again before
    its end.
    """
    common: Json = {"data_dir": directory, "database_url": url, "sync_interval": 6 * 3600}
    common |= {"rate_limit": 0, "vendor_rate_share": 0}
    return Settings(**common | {"provider_origins": {"greenhouse": origin}} | more)
