"""Fixtures of every test that needs the service. See `world.py` for what they are made of.

`world` is an empty service with a sandbox Greenhouse; `synced` is the same with two generations of one
vendor account linked and read (`synced.v1`, `synced.v3`) and a stranger's account beside them
(`synced.other`). With `OMNIATS_TEST_DATABASE_URL=postgresql://...` every test that needs a database runs on
PostgreSQL, and only those: the others passed without it.
"""

import gc
import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
from databases import SERVER, Databases, Template
from tenacity import wait_none
from world import (
    STYLES,
    Account,
    Json,
    Switch,
    Synced,
    World,
    reseed,
    served,
    settings_for,
)

from app.service import Service
from sandboxes.greenhouse import State
from sandboxes.greenhouse import create_app as create_sandbox_app

logging.getLogger("alembic").setLevel(logging.WARNING)


def pytest_collection_finish() -> None:
    """What the imports made stays: the garbage collector need not look at it time and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what needs no database; what needs one asks for `databases`, if by others."""
    if SERVER:
        without = [item for item in items if "databases" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in set(without)]


@dataclass(frozen=True)
class Servers:
    """What a worker process serves all the time."""

    url: str
    switch: Switch
    sandbox_url: str
    state: State


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.drop_all()


@pytest.fixture(scope="session")
def empty_template(databases: Databases) -> Template:
    return databases.template()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    switch, state = Switch(), State()
    with served(switch) as url, served(create_sandbox_app(state)) as sandbox_url:
        yield Servers(url, switch, sandbox_url, state)


@pytest.fixture(scope="session")
def synced_template(databases: Databases, servers: Servers) -> tuple[Template, list[tuple[str, Json]]]:
    template = databases.template()
    reseed(servers.state)
    world = World(
        settings_for(template.directory, template.url, servers.sandbox_url),
        servers.url,
        servers.state,
        servers.switch,
    )
    # Ids of records follow from the account's: fixed ones put the records in the same order in every run.
    with mock.patch("app.accounts.linking.uuid4", side_effect=[uuid.UUID(int=n) for n in (1, 2, 3)]):
        accounts = [world.link(style) for style in (*STYLES, "v3")]
    world.close()
    return template, [(account.token, account.row) for account in accounts]


@pytest.fixture
def sandbox(servers: Servers) -> State:
    """The vendor: change its records and permissions, make it fail, read what it received."""
    reseed(servers.state)
    return servers.state


@pytest.fixture
def world(
    databases: Databases, empty_template: Template, servers: Servers, sandbox: State, tmp_path: Path
) -> Iterator[World]:
    url = databases.copy(empty_template, tmp_path / "data")
    made = World(
        settings_for(tmp_path / "data", url, servers.sandbox_url), servers.url, sandbox, servers.switch
    )
    yield made
    made.close()
    databases.drop(url)


@pytest.fixture
def synced(
    databases: Databases,
    synced_template: tuple[Template, list[tuple[str, Json]]],
    servers: Servers,
    sandbox: State,
    tmp_path: Path,
) -> Iterator[Synced]:
    template, accounts = synced_template
    url = databases.copy(template, tmp_path / "data")
    made = World(
        settings_for(tmp_path / "data", url, servers.sandbox_url), servers.url, sandbox, servers.switch
    )
    yield Synced(made, *(made.account(token, row) for token, row in accounts))
    made.close()
    databases.drop(url)


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that a vendor is not there for are tried again at once."""
    monkeypatch.setattr("providers.kit.client.wait_exponential_jitter", lambda **_options: wait_none())


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    """Both generations of Harvest, one after the other."""
    return str(request.param)


@pytest.fixture
def account(synced: Synced, style: str) -> Account:
    """An account that has been read, in both generations."""
    return synced.account(style)


@pytest.fixture
def service(world: World) -> Service:
    return world.service
