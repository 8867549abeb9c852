"""A deployment whose turns are the real ones, on both databases, and the log that stays without errors."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from storage.database import Database
from storage.vault import Vault
from tests.bot.turn_world import TurnWorld, deployed, opened
from tests.storage.databases import SqliteDatabases


@pytest.fixture
async def world(database: Database, vault: Vault) -> AsyncIterator[TurnWorld]:
    """The shipped scripts, one specialist, and nobody else yet."""
    made = await deployed(database, vault)
    yield made
    await made.turns.close()


@pytest.fixture
async def sqlite_world(sqlite_databases: SqliteDatabases, master_key: bytes) -> AsyncIterator[TurnWorld]:
    """The same on SQLite alone, for what no database decides."""
    with sqlite_databases.url() as url:
        async with opened(url, master_key) as (database, vault):
            made = await deployed(database, vault)
            yield made
            await made.turns.close()


@pytest.fixture
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Nothing that an operator has to look into is in the log at the end."""
    yield caplog
    assert [each.getMessage() for each in caplog.get_records("call") if each.levelno >= logging.ERROR] == []
