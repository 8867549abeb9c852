"""What is personal stands in no file, in no table and in no message of the database in clear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from storage import people
from storage.database import Database
from storage.opening import open_storage
from storage.vault import Vault
from tests.storage.databases import PostgresqlDatabases, SqliteDatabases, everything
from tests.storage.rows import PRIVATE, fill
from tests.storage.searching import dump, files, found_in, spellings

READABLE = b"weekly_checkin/hard"
"""The name of a question is readable to SQL: if a search does not find it, it would find nothing."""


@pytest.mark.parametrize("word", PRIVATE)
def test_the_search_would_find_each_word(word: str) -> None:
    for form in spellings(word):
        assert word in found_in(b"\0noise" + form + b"noise", PRIVATE)


@asynccontextmanager
async def written(url: str, key: bytes, now: datetime) -> AsyncIterator[Database]:
    """An open database with something of everything."""
    database, vault = await open_storage(url, key)

    def work(conn: object) -> None:
        person = people.add_participant(
            conn, vault, name=PRIVATE[0], pseudonym=PRIVATE[1], language="ar", time_zone="Europe/Oslo", now=now
        )
        ola = people.add_staff(
            conn,
            vault,
            name=PRIVATE[0],
            mail=PRIVATE[5],
            role="specialist",
            language="nb",
            time_zone="Europe/Oslo",
            now=now,
        )
        fill(conn, vault, person, ola, now)

    try:
        await database.write(work)
        yield database
    finally:
        await database.close()


async def test_no_table_holds_private_words(database_url: str, master_key: bytes, now: datetime) -> None:
    async with written(database_url, master_key, now) as database:
        stored = await database.read(everything)
    assert READABLE in stored
    assert found_in(stored, PRIVATE) == set()


async def test_no_sqlite_file_holds_private_words(
    sqlite_databases: SqliteDatabases, master_key: bytes, now: datetime
) -> None:
    with sqlite_databases.url() as url:
        path = Path(url.removeprefix("sqlite:///"))
    async with written(url, master_key, now):
        while_open = files(path)
    for stored in (while_open, files(path)):
        assert READABLE in stored
        assert found_in(stored, PRIVATE) == set()
        assert master_key not in stored


async def test_no_postgresql_dump_holds_private_words(
    postgresql_databases: PostgresqlDatabases, master_key: bytes, now: datetime
) -> None:
    with postgresql_databases.url() as url:
        async with written(url, master_key, now):
            stored = await asyncio.to_thread(dump, url)
    assert READABLE in stored
    assert found_in(stored, PRIVATE) == set()
    assert master_key.hex().encode() not in stored


async def test_a_failing_statement_shows_no_private_words(database: Database, vault: Vault, now: datetime) -> None:
    with pytest.raises(Exception, match="participant") as caught:
        await database.write(
            lambda conn: people.add_participant(
                conn, vault, name=PRIVATE[0], pseudonym=PRIVATE[1], language=None, time_zone="UTC", now=now
            )
        )
    assert found_in(str(caught.value).encode(), PRIVATE) == set()
