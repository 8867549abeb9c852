"""Fixtures for every room: databases of both kinds and a PostgreSQL server. Where it is missing, tests fail and say
what to do. Every test that asks for ``database`` or its address runs on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import settings

from storage.database import Database
from storage.vault import Vault
from tests.postgresql_cluster import cluster
from tests.shipped import read_once
from tests.storage.databases import DIALECTS, PostgresqlDatabases, SqliteDatabases

MASTER_KEY = bytes(range(32))


def pytest_configure() -> None:
    """What comes along is read once, and no test asserts a time, also not a generated one."""
    read_once(pytest.MonkeyPatch())
    settings.register_profile("medvind", deadline=None)
    settings.load_profile("medvind")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: at the end nobody waits for a single test that came last."""
    long = {"browser", "prove", "packaging"}
    items.sort(key=lambda item: item.path.parent.name not in long)


def pytest_collection_finish() -> None:
    """Nine thousand tests stay as they are: the collector need not look at them again and again, nor at every
    catalogue that a test reads; its looking took a tenth of the processor time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 100)


@pytest.fixture(autouse=True)
def no_open_sessions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test opens over HTTP it also closes: a session left behind would only be noticed in a later test."""
    opened: list[ClientSession] = []
    begin = ClientSession.__init__

    def noted(session: ClientSession, *args: Any, **named: Any) -> None:
        begin(session, *args, **named)
        opened.append(session)

    monkeypatch.setattr(ClientSession, "__init__", noted)
    yield
    assert [session for session in opened if not session.closed] == []


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """SQLAlchemy's URL of the maintenance database of a server that lives as long as the tests."""
    with cluster() as server:
        yield server.url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Where new SQLite databases come from."""
    return SqliteDatabases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_url: str) -> PostgresqlDatabases:
    """Where new PostgreSQL databases come from."""
    return PostgresqlDatabases(postgresql_url)


@pytest.fixture(params=DIALECTS)
def databases(request: pytest.FixtureRequest) -> SqliteDatabases | PostgresqlDatabases:
    """One after the other."""
    return request.getfixturevalue(f"{request.param}_databases")  # type: ignore[no-any-return]


@pytest.fixture
def database_url(databases: SqliteDatabases | PostgresqlDatabases) -> Iterator[str]:
    """The address of a migrated database without rows."""
    with databases.url() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database without rows, open."""
    opened = Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def master_key() -> bytes:
    """The key of the deployment."""
    return MASTER_KEY


@pytest.fixture
async def vault(database: Database, master_key: bytes) -> Vault:
    """The vault of ``database``."""
    return await database.write(lambda conn: Vault.open(conn, master_key))
