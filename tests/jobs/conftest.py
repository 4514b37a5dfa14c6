"""A database of its own for each test, and a queue: beside it, or in Redis."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Databases
from job_world import World, create_tables
from world import REDIS

from app.database import open_engine


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    url = databases.blank(tmp_path)
    yield url
    databases.drop(url)


@pytest.fixture
def queue(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    if getattr(request, "param", None) == "redis":
        return REDIS
    return database_url if database_url.startswith("postgresql") else f"sqlite:///{tmp_path / 'queue.db'}"


@pytest.fixture
def world(database_url: str, queue: str) -> Iterator[World]:
    engine = open_engine(database_url)
    create_tables(engine)
    world = World(engine, database_url, queue, f"test_{uuid.uuid4().hex}")
    yield world
    world.close()
