"""A process notices who is gone, one alone says so, and it goes on under a new id after it was given up itself."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from bot.presence import Presence
from storage import processes
from storage.database import Database
from storage.processes import Process
from storage.schema import process
from tests.storage.databases import PostgresqlDatabases

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
SILENCE = 60.0


def presence(database: Database, name: str) -> Presence:
    return Presence(database, Process(name, "host", 7, "127.0.0.1:8080", "0.1.0", NOW, NOW), SILENCE)


async def ids(database: Database) -> list[str]:
    return [each.id for each in await database.read(processes.all_processes)]


async def fall_silent(database: Database, process_id: str) -> None:
    def back(conn: Connection) -> None:
        [found] = [each for each in processes.all_processes(conn) if each.id == process_id]
        earlier = found.alive_at - timedelta(seconds=2 * SILENCE)
        conn.execute(update(process).where(process.c.id == process_id).values(alive_at=earlier))

    await database.write(back)


@pytest.fixture
def url(postgresql_databases: PostgresqlDatabases) -> Iterator[str]:
    """A database that several processes may share."""
    with postgresql_databases.url() as url:
        yield url


@pytest.fixture
async def shared(url: str) -> AsyncIterator[Database]:
    """It, open."""
    opened = Database.open(url)
    yield opened
    await opened.close()


async def test_the_first_beat_is_a_change_and_the_next_is_none(database: Database) -> None:
    one = presence(database, "one")
    assert await one.beat() == ({"one"}, True)
    assert await one.beat() == ({"one"}, False)
    assert await ids(database) == ["one"]


async def test_it_says_what_it_does(database: Database) -> None:
    one = presence(database, "one")
    leadership = database.leadership("jobs")
    assert await leadership.won()
    await one.beat()
    [said] = await database.read(processes.all_processes)
    assert (said.leads, said.stopping) == (("jobs",), False)
    await leadership.release()
    await one.beat(stopping=True)
    [said] = await database.read(processes.all_processes)
    assert (said.leads, said.stopping) == ((), True)


async def test_one_who_leaves_is_noticed(shared: Database) -> None:
    one, two = presence(shared, "one"), presence(shared, "two")
    await one.beat()
    await two.beat()
    assert await one.beat() == ({"one", "two"}, False)
    await two.leave()
    assert await one.beat() == ({"one"}, True)


async def test_one_who_is_silent_is_given_up_and_only_one_says_so(
    shared: Database, caplog: pytest.LogCaptureFixture
) -> None:
    one, two, three = (presence(shared, name) for name in ("one", "two", "three"))
    for each in (one, two, three, one, two):
        await each.beat()
    await fall_silent(shared, "three")
    assert await one.beat() == ({"one", "two"}, True)
    assert await two.beat() == ({"one", "two"}, True)
    told = [each for each in caplog.records if "three was not heard of" in each.message]
    assert [each.levelno for each in told] == [logging.WARNING]


async def test_one_who_was_given_up_goes_on_under_a_new_id(shared: Database) -> None:
    one, two = presence(shared, "one"), presence(shared, "two")
    for each in (one, two, two):
        await each.beat()
    for life in (2, 3):
        await fall_silent(shared, one.id)
        assert (await two.beat()).names == {"two"}
        assert (await one.beat()).names == {"one", "two"}
        assert one.id == f"one.{life}"
        assert (await two.beat()).names == {"one", "two"}
    await one.leave()
    assert await ids(shared) == ["two"]


async def test_two_who_were_both_silent_go_on(shared: Database) -> None:
    """As when the machine of both has slept."""
    one, two = presence(shared, "one"), presence(shared, "two")
    for each in (one, two):
        await each.beat()
    for each in (one, two):
        await fall_silent(shared, each.id)
    assert (await one.beat()).names == {"one"}
    assert (await two.beat()).names == {"one", "two"}
    assert (one.id, two.id) == ("one", "two.2")


async def test_on_sqlite_all_others_are_gone_at_the_start(database: Database) -> None:
    """Nobody else can have the file."""
    await presence(database, "killed").beat()
    beaten = await presence(database, "next").beat()
    expected = {"next"} if database.dialect == "sqlite" else {"killed", "next"}
    assert beaten == (expected, True)


async def test_leaving_a_database_that_is_away_is_no_error(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    closed = Database.open(database_url)
    one = presence(closed, "one")
    await one.beat()
    await closed.close()
    await one.leave()
    assert "others will notice" in caplog.text
