"""A database of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from job_world import World, create_tables
from world import Databases

from app.database import open_engine


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    url = databases.blank(tmp_path)
    yield url
    databases.drop(url)


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    engine = open_engine(database_url)
    create_tables(engine)
    queue = database_url if engine.dialect.name == "postgresql" else f"sqlite:///{tmp_path / 'queue.db'}"
    world = World(engine, database_url, queue)
    yield world
    world.close()
