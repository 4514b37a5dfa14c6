"""A database for each test: a file on SQLite, one of the server's on PostgreSQL.

PostgreSQL writes all it holds to the disk before it drops a database, which takes longer than most tests.
So a database is put back into the state of its template when a test is done with it, and the next test gets
it by another name: whoever still knows the old one cannot disturb it.
"""

import os
import shutil
import uuid
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.migrate import upgrade

SERVER = os.environ.get("OMNIATS_TEST_DATABASE_URL", "")  # a PostgreSQL server; SQLite when not set

STRUCTURE = """
select relkind::text, relname::text,
    string_agg(concat_ws(' ', attname, atttypid, attnotnull), ',' order by attnum)
from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0
where relnamespace = 'public'::regnamespace group by 1, 2
union all
select 'constraint', conname::text, pg_get_constraintdef(oid) from pg_constraint
where connamespace = 'public'::regnamespace
union all
select 'trigger', tgname::text, tgrelid::text from pg_trigger where not tgisinternal
union all
select 'setting', setrole::text, setconfig::text from pg_db_role_setting
where setdatabase = (select oid from pg_database where datname = current_database())
"""
SEQUENCES = """
select quote_ident(sequencename), coalesce(last_value, 1), last_value is not null from pg_sequences
"""
TABLE = "r"
Structure = frozenset[tuple[str, str, str]]
UNFLUSHED = "-c synchronous_commit=off"  # the server is never killed: no commit need reach the disk at once


@dataclass(frozen=True)
class Template:
    """A data directory and a migrated database."""

    directory: Path
    url: str


@dataclass(frozen=True)
class Content:
    """All that a database of the server holds.

    Attributes:
        structure: the kind, name and form of every table, index, constraint, trigger and setting.
        rows: what each table holds, in the form of COPY.
        digests: by which a table that was changed is known.
        sequences: how far each has counted.
    """

    structure: Structure
    rows: dict[str, bytes]
    digests: dict[str, str | None]
    sequences: list[tuple[str, int, bool]]


class Databases:
    """Databases made from templates."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._made: list[str] = []
        self._contents: dict[str, Content] = {}  # of each template
        self._templates: dict[str, str] = {}  # of the databases in use, by their URLs
        self._free: dict[str, list[str]] = defaultdict(list)  # the names of each template's unused copies

    def template(self) -> Template:
        """A new template: nobody may have it open when it is copied, nor change it from then on."""
        directory = self._directory / uuid.uuid4().hex
        directory.mkdir()
        url = self.blank(directory)
        upgrade(url)
        return Template(directory, url)

    def blank(self, directory: Path) -> str:
        """A database without any table, on SQLite in that directory."""
        return self._taken("template1") if SERVER else f"sqlite:///{directory / 'omniats.db'}"

    def copy(self, template: Template, directory: Path) -> str:
        """A database like a template's, and a directory like its own."""
        shutil.copytree(template.directory, directory, dirs_exist_ok=True)
        return self._taken(_name(template.url)) if SERVER else f"sqlite:///{directory / 'omniats.db'}"

    def drop(self, url: str) -> None:
        """Done with a database. A file goes with its directory."""
        if not SERVER:
            return
        template = self._templates.pop(url)
        if _put_back(url, self._contents[template]):
            self._free[template].append(self._renamed(_name(url)))
        else:
            self._remove(_name(url))

    def drop_all(self) -> None:
        """Remove all there are."""
        for name in list(self._made):
            self._remove(name)

    def _taken(self, template: str) -> str:
        free = self._free[template]
        url = _url(free.pop() if free else self._created(template))
        if template not in self._contents:
            self._contents[template] = _content(url)
        self._templates[url] = template
        return url

    def _created(self, template: str) -> str:
        name = _fresh_name()
        _execute(
            # In copies as small as these a log of their pages costs less than a checkpoint of the server.
            f'create database "{name}" template "{template}" strategy wal_log',
            f'alter database "{name}" set synchronous_commit = off',  # see UNFLUSHED
        )
        self._made.append(name)
        return name

    def _renamed(self, name: str) -> str:
        fresh = _fresh_name()
        _execute(f'alter database "{name}" rename to "{fresh}"')
        self._made[self._made.index(name)] = fresh
        return fresh

    def _remove(self, name: str) -> None:
        _execute(f'drop database "{name}" with (force)')
        self._made.remove(name)


def _put_back(url: str, content: Content) -> bool:
    """Give a database this content again; false if its structure was changed by more than new tables."""
    with psycopg.connect(url) as connection:
        connection.read_only = False  # whatever the database is set to
        connection.execute("set session_replication_role = replica")  # foreign keys hold in the template
        connection.execute(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        present = _structure(connection)
        if present != content.structure:
            for name in _tables(present - content.structure):
                connection.execute(sql.SQL("drop table {} cascade").format(sql.Identifier(name)))
            if _structure(connection) != content.structure:
                return False
        for name, digest in _digests(connection, content.structure).items():
            if digest != content.digests[name]:
                # To truncate is to remove a file, which the server does not leave for later.
                connection.execute(sql.SQL("delete from {}").format(sql.Identifier(name)))
                with connection.cursor().copy(_copying(name, "from stdin")) as copy:
                    copy.write(content.rows[name])
        for name, value, is_called in content.sequences:
            connection.execute("select setval(%s, %s, %s)", [name, value, is_called])
    return True


def _content(url: str) -> Content:
    with psycopg.connect(url) as connection:
        structure = _structure(connection)
        rows = {}
        for name in _tables(structure):
            with connection.cursor().copy(_copying(name, "to stdout")) as copy:
                rows[name] = b"".join(bytes(piece) for piece in copy)
        sequences = connection.execute(SEQUENCES).fetchall()
        return Content(structure, rows, _digests(connection, structure), sequences)


def _digests(connection: psycopg.Connection, structure: Structure) -> dict[str, str | None]:
    """The sum of all rows' hashes, of each table; None for an empty one."""
    sums = [
        sql.SQL("select {}, sum(hashtextextended(row::text, 0))::text from {} row").format(
            name, sql.Identifier(name)
        )
        for name in _tables(structure)
    ]
    return dict(connection.execute(sql.SQL(" union all ").join(sums)).fetchall()) if sums else {}


def _tables(structure: Structure) -> list[str]:
    return [name for kind, name, _ in structure if kind == TABLE]


def _structure(connection: psycopg.Connection) -> Structure:
    return frozenset(connection.execute(STRUCTURE).fetchall())


def _copying(table: str, way: str) -> sql.Composed:
    return sql.SQL(f"copy {{}} {way} (format binary)").format(sql.Identifier(table))


def _execute(*statements: str) -> None:
    with psycopg.connect(SERVER, autocommit=True, options=UNFLUSHED) as connection:
        for statement in statements:
            connection.execute(statement)


def _fresh_name() -> str:
    return f"omniats_test_{uuid.uuid4().hex}"


def _name(url: str) -> str:
    return str(make_url(url).database)


def _url(name: str) -> str:
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)
