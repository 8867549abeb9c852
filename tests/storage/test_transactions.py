"""A piece of work is one transaction: done whole or not at all, whoever else is at work and whatever goes wrong."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError, SQLAlchemyError

from storage.database import Database, StorageAway
from storage.engines import Limits
from storage.schema import vault_key

HASTY = Limits(lock=0.2, transaction=1.0)
"""So that tests of waiting do not wait long."""

FOREVER = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(15)",
}


def put(conn: Connection, name: str = "a", wrapped: bytes = b"0") -> None:
    conn.execute(insert(vault_key), {"name": name, "wrapped": wrapped})


def names(conn: Connection) -> list[str]:
    return list(conn.scalars(select(vault_key.c.name).order_by(vault_key.c.name)))


def add_one(conn: Connection) -> None:
    found = int(conn.scalars(select(vault_key.c.wrapped).with_for_update()).one())
    conn.execute(update(vault_key).values(wrapped=str(found + 1).encode()))


async def test_what_work_returns_is_committed_and_seen_by_reads(database: Database) -> None:
    await database.write(put)
    assert await database.read(names) == ["a"]


async def test_what_work_raises_undoes_all_it_did(database: Database) -> None:
    def work(conn: Connection) -> None:
        put(conn)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(work)
    assert await database.read(names) == []


async def test_a_mistake_of_ours_is_not_called_away(database: Database) -> None:
    with pytest.raises(SQLAlchemyError):
        await database.write(lambda conn: conn.execute(text("SELECT no_such_column FROM vault_key")))
    await database.write(put)
    with pytest.raises(IntegrityError):
        await database.write(put)


async def test_an_error_shows_no_values(database: Database) -> None:
    broken = text("SELECT no_such_column FROM vault_key WHERE name = :name")
    with pytest.raises(SQLAlchemyError) as caught:
        await database.read(lambda conn: conn.execute(broken, {"name": "Samira"}))
    assert "Samira" not in str(caught.value)
    assert isinstance(caught.value, ProgrammingError) or database.dialect == "sqlite"


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(StorageAway):
        await database.read(put)
    assert await database.read(names) == []


async def test_a_read_sees_one_moment(database: Database) -> None:
    first_seen, written = threading.Event(), threading.Event()

    def look_twice(conn: Connection) -> tuple[list[str], list[str]]:
        before = names(conn)
        first_seen.set()
        assert written.wait(10)
        return before, names(conn)

    looking = asyncio.create_task(database.read(look_twice))
    await asyncio.to_thread(first_seen.wait, 10)
    await database.write(put)
    written.set()
    assert await looking == ([], [])


async def test_reads_do_not_wait_for_a_write(database: Database) -> None:
    begun, finish = threading.Event(), threading.Event()

    def slow(conn: Connection) -> None:
        put(conn)
        begun.set()
        assert finish.wait(10)

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(begun.wait, 10)
    assert await database.read(names) == []
    finish.set()
    await writing
    assert await database.read(names) == ["a"]


async def test_no_change_is_lost_when_many_write_at_once(database: Database) -> None:
    await database.write(put)
    await asyncio.gather(*(database.write(add_one) for _ in range(40)))
    assert await database.read(lambda conn: conn.scalars(select(vault_key.c.wrapped)).one()) == b"40"


async def test_cancelling_the_one_who_waits_leaves_the_transaction_whole(database_url: str) -> None:
    database = Database.open(database_url)
    begun, finish = threading.Event(), threading.Event()

    def slow(conn: Connection) -> None:
        put(conn, "a")
        begun.set()
        assert finish.wait(10)
        put(conn, "b")

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(begun.wait, 10)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    finish.set()
    await database.write(lambda conn: put(conn, "c"))
    await database.close()  # waits for what has begun
    database = Database.open(database_url)
    assert await database.read(names) == ["a", "b", "c"]
    await database.close()


async def test_work_that_takes_for_ever_is_cut_and_the_next_goes_on(database_url: str) -> None:
    database = Database.open(database_url, HASTY)

    def stuck(conn: Connection) -> None:
        put(conn)
        conn.execute(text(FOREVER[database.dialect]))

    with pytest.raises(StorageAway):
        await database.write(stuck)
    with pytest.raises(StorageAway):
        await database.read(lambda conn: conn.execute(text(FOREVER[database.dialect])).all())
    await database.write(lambda conn: put(conn, "b"))
    assert await database.read(names) == ["b"]
    await database.close()


async def test_after_closing_all_is_refused(database: Database) -> None:
    await database.close()
    with pytest.raises(StorageAway):
        await database.write(names)
    with pytest.raises(StorageAway):
        await database.read(names)
    await database.close()
