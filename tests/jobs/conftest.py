"""A database of its own for each test, on SQLite and, where a server is named, on PostgreSQL."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from job_world import World, create_tables
from sqlalchemy import make_url

from app.database import open_engine


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'app.db'}"
        return
    server = os.environ.get("OMNIATS_TEST_DATABASE_URL", "")
    if not server:
        pytest.skip("OMNIATS_TEST_DATABASE_URL is not set")
    name = f"jobs_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'drop database "{name}" with (force)')


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    engine = open_engine(database_url)
    create_tables(engine)
    queue = database_url if engine.dialect.name == "postgresql" else f"sqlite:///{tmp_path / 'queue.db'}"
    world = World(engine, database_url, queue)
    yield world
    world.close()
