"""Fixtures for every room: databases of both kinds, a PostgreSQL server and a browser. Where one is missing, tests
fail and say what to do. Every test that asks for ``database`` or its address runs on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, async_playwright

from bot import app
from bot.catalogs import catalogs
from bot.catalogs.sources import Wording
from bot.config import LOCALES, SCRIPTS
from bot.wording import WORDING
from storage.database import Database
from storage.vault import Vault
from tests import chromium
from tests.postgresql_cluster import cluster
from tests.storage.databases import DIALECTS, PostgresqlDatabases, SqliteDatabases

MASTER_KEY = bytes(range(32))


@pytest.fixture(scope="session", autouse=True)
def shipped_texts() -> Iterator[None]:
    """The catalogues and the scripts that come along are read once: nothing changes them meanwhile, and reading a
    dozen languages for each of a thousand small services would be most of what the tests do."""
    load, read = catalogs._load, app.read_folder
    language, scripts = cache(partial(load, LOCALES, wording=WORDING)), cache(partial(read, SCRIPTS))

    def loaded(folder: Path, code: str, wording: Wording) -> Any:
        return language(code) if folder == LOCALES and wording is WORDING else load(folder, code, wording)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogs, "_load", loaded)
        patch.setattr(app, "read_folder", lambda folder: scripts() if folder == SCRIPTS else read(folder))
        yield


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


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium, new for each test: one that outlived a test would hang on that test's event loop."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium.executable(), headless=True, args=chromium.FLAGS
        )
        yield launched
        await launched.close()
