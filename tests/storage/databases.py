"""Databases for tests: as new for each test, copied from one that was migrated once."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from sqlalchemy import Connection, create_engine, func, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage.database import Database
from storage.schema import metadata
from tests.waiting import until

DIALECTS = ("sqlite", "postgresql")

_numbers = itertools.count(1)

_WATCHED = (
    "CREATE SCHEMA watched",
    "CREATE TABLE watched.altered AS SELECT version_num FROM alembic_version",
    "CREATE FUNCTION watched.note() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM watched.altered; END'",
    "CREATE EVENT TRIGGER watched ON ddl_command_end EXECUTE FUNCTION watched.note()",
)
"""Whatever is altered in the database empties a table that holds the version of its tables."""

_EMPTY = f"""
DO $$ BEGIN
    SET LOCAL session_replication_role = replica;
    IF NOT EXISTS (SELECT FROM watched.altered) THEN RAISE 'it was altered'; END IF;
    {"; ".join(f'DELETE FROM "{table.name}"' for table in metadata.sorted_tables)};
    DELETE FROM alembic_version;
    INSERT INTO alembic_version SELECT version_num FROM watched.altered;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
END $$
"""


class SqliteDatabases:
    """Files in a folder. ``url`` makes the address of a new one, migrated or still empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def url(self, *, migrated: bool = True) -> Iterator[str]:
        """The file is left to the temporary folder it lies in."""
        path = self.folder / f"test{next(_numbers)}.db"
        if migrated:
            put_migrated(path)
        yield f"sqlite:///{path}"


class PostgresqlDatabases:
    """Databases on a server that is given by the address of its maintenance database."""

    def __init__(self, server: str) -> None:
        self.server = make_url(server)
        self.prefix = f"medvind_test_{os.getpid()}"
        self.template = f"{self.prefix}_template"
        self._cleaned: list[str] = []
        self._run(f"CREATE DATABASE {self.template}")
        asyncio.run(migrate(self._address(self.template)))
        self._run(*_WATCHED, database=self.template)

    @contextmanager
    def url(self, *, migrated: bool = True) -> Iterator[str]:
        """At the end nobody is connected to it any more. Making one takes a hundred times as long as emptying it, so
        one whose tables are as they were is emptied and given out again; any other is dropped."""
        name = self._cleaned.pop() if migrated and self._cleaned else self._made(migrated)
        yield self._address(name)
        if migrated and self._emptied(name):
            self._cleaned.append(name)
        else:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _made(self, migrated: bool) -> str:
        name = f"{self.prefix}_{next(_numbers)}"
        copied = f"{self.template} STRATEGY FILE_COPY" if migrated else "template0"
        self._run(f"CREATE DATABASE {name} TEMPLATE {copied}")
        return name

    def _emptied(self, name: str) -> bool:
        """Whether the database is as new again, or was altered."""
        self._run(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            self._run(_EMPTY, database=name)
        except DBAPIError as altered:
            if "was altered" not in str(altered):
                raise
            return False
        return True

    def _address(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _run(self, *statements: str, database: str = "") -> None:
        server = self.server.set(database=database or self.server.database)
        engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as conn:
            for statement in statements:
                conn.exec_driver_sql(statement)


def put_migrated(path: Path) -> Path:
    """A migrated SQLite database without rows, in a file that is not there yet: a copy of one made once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as copy:
        copy.write(_migrated())
    os.replace(copy.name, path)
    return path


@cache
def _migrated() -> bytes:
    """The bytes of it. Made on a thread of its own, for whoever asks may be in an event loop."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:
        path = Path(folder, "migrated.db")
        thread.submit(asyncio.run, migrate(f"sqlite:///{path}")).result()
        return path.read_bytes()


async def migrate(url: str) -> None:
    """Bring a database to the newest form."""
    database = Database.open(url)
    await database.migrate()
    await database.close()


async def until_somebody_waits(database: Database) -> None:
    """Until one transaction waits for another. On SQLite each waits from its beginning."""
    asked = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    if database.dialect == "sqlite":
        return
    await until(lambda: database.read(lambda conn: conn.execute(asked).scalar_one()))


def everything(conn: Connection) -> bytes:
    """Every value of every table, bytes as they are and the rest as text."""
    values = (value for table in metadata.sorted_tables for row in conn.execute(table.select()) for value in row)
    return b"\0".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


def counts(conn: Connection) -> dict[str, int]:
    """How many rows each table has, for those that have any."""
    numbers = {
        table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }
    return {name: number for name, number in numbers.items() if number}
