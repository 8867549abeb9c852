"""Processes of one database know of each other by the database's clock alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from storage import processes
from storage.database import Database
from storage.processes import Process
from storage.schema import process


def made(process_id: str, now: datetime, **others: object) -> Process:
    return Process(process_id, "host", 7, "127.0.0.1:8080", "0.1.0", now, now)._replace(**others)  # type: ignore[arg-type]


async def listed(database: Database) -> list[Process]:
    return await database.read(processes.all_processes)


async def be_silent(database: Database, process_id: str, seconds: float) -> None:
    """Let it be that long ago that a process was heard of."""

    def back(conn: Connection) -> None:
        [found] = [each for each in processes.all_processes(conn) if each.id == process_id]
        earlier = found.alive_at - timedelta(seconds=seconds)
        conn.execute(update(process).where(process.c.id == process_id).values(alive_at=earlier))

    await database.write(back)


async def test_a_process_that_speaks_is_listed_with_all_it_says(database: Database, now: datetime) -> None:
    said = made("one", now, leads=("telegram:7", "jobs"))
    assert not await database.write(lambda conn: processes.beat(conn, said))
    [found] = await listed(database)
    assert found._replace(alive_at=now, age=0.0) == said
    assert 0.0 <= found.age < 60.0


async def test_what_it_does_changes_and_what_it_is_stays(database: Database, now: datetime) -> None:
    await database.write(lambda conn: processes.beat(conn, made("one", now)))
    later = made("one", now + timedelta(hours=1), stopping=True, leads=("jobs",), address="127.0.0.1:8081", pid=8)
    assert await database.write(lambda conn: processes.beat(conn, later))
    [found] = await listed(database)
    assert (found.stopping, found.leads, found.address) == (True, ("jobs",), "127.0.0.1:8081")
    assert (found.started_at, found.pid) == (now, 7)


async def test_the_clock_is_the_databases_own(database: Database, now: datetime) -> None:
    """What the process thinks of the time has no effect on whether it lives."""
    wrong = made("one", now, alive_at=now - timedelta(days=400))
    await database.write(lambda conn: processes.beat(conn, wrong))
    [found] = await listed(database)
    assert found.alive_at > wrong.alive_at + timedelta(days=1)
    assert await database.read(lambda conn: processes.silent(conn, 60.0)) == []


async def test_who_is_silent_for_too_long_is_found(database: Database, now: datetime) -> None:
    for name in ("one", "two"):
        await database.write(lambda conn, name=name: processes.beat(conn, made(name, now)))
    await be_silent(database, "two", 90.0)
    assert await database.read(lambda conn: processes.silent(conn, 60.0)) == ["two"]
    assert await database.read(lambda conn: processes.silent(conn, 600.0)) == []
    ages = {each.id: each.age for each in await listed(database)}
    assert 90.0 <= ages["two"] < 150.0
    await database.write(lambda conn: processes.beat(conn, made("two", now)))
    assert await database.read(lambda conn: processes.silent(conn, 60.0)) == []


async def test_one_alone_is_told_that_it_removed_somebody(database: Database, now: datetime) -> None:
    for name in ("one", "two"):
        await database.write(lambda conn, name=name: processes.beat(conn, made(name, now)))
    await be_silent(database, "two", 90.0)
    both = ("one", "two", "nobody")
    assert await database.write(lambda conn: processes.remove(conn, both, seconds=60.0)) == ["two"]
    assert await database.write(lambda conn: processes.remove(conn, both, seconds=60.0)) == []
    assert await database.read(lambda conn: [processes.is_known(conn, name) for name in both]) == [True, False, False]
    assert await database.write(lambda conn: processes.remove(conn, ["one"])) == ["one"]
    assert await database.write(lambda conn: processes.remove(conn, [])) == []
    assert await listed(database) == []


async def test_several_are_listed_by_their_age(database: Database, now: datetime) -> None:
    for name, age in (("young", 0), ("old", 5), ("elder", 9)):
        each = made(name, now - timedelta(minutes=age))
        await database.write(lambda conn, each=each: processes.beat(conn, each))
    assert [each.id for each in await listed(database)] == ["elder", "old", "young"]
