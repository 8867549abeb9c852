"""Who is due is found by an index, in order, once; and what is planned is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from storage import addresses, backlog, contacts, people
from storage.backlog import Heap
from storage.contacts import Planned, Reach
from storage.database import Database
from storage.schema import participant
from storage.vault import Vault
from tests.storage.plans import plan, read_whole, statements

BOT, OTHER = "telegram:700001", "telegram:700002"
HOUR = timedelta(hours=1)


async def several(database: Database, vault: Vault, now: datetime, dues: Sequence[datetime | None]) -> list[int]:
    """People who are due then."""

    def add(conn: Connection) -> list[int]:
        made = [
            people.add_participant(conn, vault, name="A", pseudonym="A.", language="en", time_zone="UTC", now=now)
            for _ in dues
        ]
        contacts.plan(conn, [Planned(due, None, b"sealed", one) for due, one in zip(dues, made, strict=True)])
        return made

    return await database.write(add)


async def due(database: Database, now: datetime, most: int = 64) -> list[int]:
    return [one.id for one in await database.write(lambda conn: contacts.due(conn, now, most))]


async def test_whose_time_has_come_is_found_the_longest_first(database: Database, vault: Vault, now: datetime) -> None:
    late, soon, on_time, never, latest = await several(
        database, vault, now, [now - HOUR, now + HOUR, now, None, now - 2 * HOUR]
    )
    assert await due(database, now) == [latest, late, on_time]
    assert await due(database, now, most=2) == [latest, late]
    assert await due(database, now + HOUR) == [latest, late, on_time, soon]
    assert never not in await due(database, now + 9999 * HOUR)


async def test_what_is_planned_is_stored(database: Database, vault: Vault, now: datetime) -> None:
    (one,) = await several(database, vault, now, [now])
    await database.write(lambda conn: contacts.plan(conn, [Planned(now + HOUR, now + 2 * HOUR, b"new", one)]))
    assert await due(database, now) == []
    (person,) = await database.write(lambda conn: contacts.due(conn, now + HOUR, 1))
    assert (person.next_due, person.paused_until, person.sealed_agenda) == (now + HOUR, now + 2 * HOUR, b"new")


async def test_an_erased_person_is_never_due(database: Database, vault: Vault, now: datetime) -> None:
    (one,) = await several(database, vault, now, [now])
    await database.write(lambda conn: people.erase(conn, one))
    assert await due(database, now) == []
    assert (await database.read(lambda conn: backlog.due(conn, now + HOUR))).number == 0


async def test_whoever_is_looked_at_by_one_process_is_passed_over_by_the_other(
    database: Database, database_url: str, vault: Vault, now: datetime
) -> None:
    if database.dialect == "sqlite":
        return  # one writer at a time, so there is nobody to pass over
    first, second = await several(database, vault, now, [now - HOUR, now])
    other = Database.open(database_url)
    looked, done = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(conn: Connection) -> list[int]:
        found = [one.id for one in contacts.due(conn, now, 1)]
        loop.call_soon_threadsafe(looked.set)
        asyncio.run_coroutine_threadsafe(done.wait(), loop).result(10)
        return found

    holding = asyncio.create_task(database.write(hold))
    await looked.wait()
    assert await due(other, now) == [second]
    done.set()
    assert await holding == [first]
    await other.close()


async def test_nobody_else_is_read(database: Database, vault: Vault, now: datetime) -> None:
    await several(database, vault, now, [now + HOUR] * 20)
    with statements() as seen:
        await due(database, now)
        await database.read(lambda conn: backlog.due(conn, now))
    for statement in seen:
        assert not await database.read(lambda conn, statement=statement: read_whole(plan(conn, statement)))  # type: ignore[misc]


async def test_somebody_can_be_looked_at_again_or_put_off(database: Database, vault: Vault, now: datetime) -> None:
    first, second = await several(database, vault, now, [now, None])
    await database.write(lambda conn: contacts.look_again(conn, second, now + HOUR))
    assert await due(database, now + HOUR) == [first, second]
    assert await database.write(lambda conn: contacts.put_off(conn, now, now + 2 * HOUR)) == first
    assert await due(database, now + HOUR) == [second]
    assert await database.write(lambda conn: contacts.put_off(conn, now, now + HOUR)) is None


async def test_how_many_wait_and_since_when(database: Database, vault: Vault, now: datetime) -> None:
    await several(database, vault, now, [now - HOUR, now, now + HOUR, None])
    assert await database.read(lambda conn: backlog.due(conn, now + HOUR / 2)) == Heap(2, now - HOUR)
    assert await database.read(lambda conn: backlog.due(conn, now - 2 * HOUR)) == Heap(0, None)


async def test_where_somebody_is_reached_the_newest_first(database: Database, vault: Vault, now: datetime) -> None:
    one, nowhere = await several(database, vault, now, [None, None])

    def add(conn: Connection) -> None:
        addresses.add_address(conn, vault, one, BOT, "1", now)
        addresses.add_address(conn, vault, one, OTHER, "2", now + HOUR)
        addresses.unreachable(conn, one, BOT, now)

    await database.write(add)
    found = await database.read(lambda conn: contacts.reaches(conn, [one, nowhere]))
    assert found == {one: [Reach(OTHER, "active"), Reach(BOT, "unreachable")]}


async def test_a_time_zone_is_changed_and_looked_into(database: Database, samira: int, now: datetime) -> None:
    await database.write(lambda conn: people.set_time_zone(conn, samira, "Europe/Kyiv", now))
    row = await database.read(lambda conn: conn.execute(select(participant).filter_by(id=samira)).one())
    assert (row.time_zone, row.next_due) == ("Europe/Kyiv", now)
