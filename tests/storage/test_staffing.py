"""Who is on the staff, leaves and comes back; who is with whom; and the log, on both databases."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from storage import audit, caseloads, leave, people, reflections, schema, staff_addresses, staffing
from storage.audit import Wanted
from storage.database import Database
from storage.leave import Leave
from storage.people import Who
from storage.vault import Vault


async def administrator(database: Database, vault: Vault, now: datetime, name: str = "Adam") -> int:
    return await database.write(
        lambda conn: people.add_staff(
            conn,
            vault,
            name=name,
            mail=f"{name.lower()}@kommune.example",
            role="administrator",
            language="nb",
            time_zone="Europe/Oslo",
            now=now,
        )
    )


async def test_whoever_is_disabled_is_nowhere_and_is_remembered(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists

    def fill(conn: Connection) -> None:
        people.assign(conn, samira, ola, now)
        people.new_link(conn, vault, Who(staff_id=ola), "a-link", now)
        people.start_session(conn, vault, Who(staff_id=ola), "a-session", now, timedelta(hours=1))
        staff_addresses.put(conn, vault, ola, "telegram:1", "55", now)
        staff_addresses.invite(conn, vault, ola, "an-invitation", now, now + timedelta(days=1))
        reflections.begin(conn, vault, ola, dialogue="own", version=1, session=b"{}", now=now)
        leave.put(conn, Leave(kari, date(2026, 3, 9), date(2026, 3, 10), ola), date(2026, 3, 2))

    await database.write(fill)
    later = now + timedelta(hours=1)
    assert await database.write(lambda conn: staffing.disable(conn, ola, later)) == [samira]

    def read(conn: Connection) -> list[object]:
        return [
            people.open_link(conn, vault, "a-link", now),
            staff_addresses.chats(conn, ola),
            staff_addresses.claim(conn, vault, "an-invitation", now),
            reflections.all_of(conn, vault, ola),
            people.specialist_of(conn, samira),
            leave.leaves(conn, [kari])[kari][0].cover_id,
            conn.scalar(select(schema.assignment.c.until)),
            [(one.staff.name, one.active) for one in staffing.members(conn, vault)],
        ]

    assert await database.write(read) == [None, [], None, [], None, None, later, [("Ola", False), ("Kari", True)]]
    await database.write(lambda conn: staffing.enable(conn, ola))
    here = [one.id for one in await database.read(lambda conn: people.all_staff(conn, vault))]
    assert here == [ola, kari]
    assert await database.read(lambda conn: staffing.caseload_size(conn, ola)) == 0


async def test_another_role_lets_go_of_people_and_back_again_brings_nobody(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, _ = specialists
    await database.write(lambda conn: people.assign(conn, samira, ola, now))
    assert await database.write(lambda conn: staffing.set_role(conn, ola, "coordinator", now)) == [samira]
    assert await database.write(lambda conn: staffing.set_role(conn, ola, "specialist", now)) == []
    assert await database.read(lambda conn: people.specialist_of(conn, samira)) is None
    with pytest.raises(ValueError, match="none of"):
        await database.write(lambda conn: staffing.set_role(conn, ola, "king", now))


async def test_names_are_sealed_and_changed(database: Database, vault: Vault, specialists: tuple[int, int]) -> None:
    ola, _ = specialists
    await database.write(
        lambda conn: staffing.rename(conn, vault, ola, name="Ola Ås", mail="ås@kommune.example", language="en")
    )
    found = await database.read(lambda conn: people.staff(conn, vault, ola))
    assert (found.name, found.mail, found.language) == ("Ola Ås", "ås@kommune.example", "en")
    for change in (
        staffing.held,
        lambda conn, vault, number: staffing.rename(conn, vault, number, name="", mail="", language=""),
    ):
        with pytest.raises(KeyError):
            await database.write(lambda conn, change=change: change(conn, vault, 999))  # type: ignore[misc]


async def test_of_two_administrators_who_put_each_other_out_one_stays(
    database: Database, vault: Vault, now: datetime
) -> None:
    adam, eve = await administrator(database, vault, now), await administrator(database, vault, now, "Eve")

    def put_out(conn: Connection, whom: int) -> bool:
        held = staffing.held(conn, vault, whom)
        if staffing.is_last_administrator(conn, held.staff.id):
            return False
        staffing.disable(conn, whom, now)
        return True

    became = await asyncio.gather(
        *(database.write(lambda conn, whom=whom: put_out(conn, whom)) for whom in (adam, eve))  # type: ignore[misc]
    )
    assert sorted(became) == [False, True]


async def test_nobody_is_given_to_whoever_leaves_meanwhile(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, _ = specialists

    async def assign() -> None:
        try:
            await database.write(lambda conn: people.assign(conn, samira, ola, now))
        except ValueError:
            return

    await asyncio.gather(assign(), database.write(lambda conn: staffing.disable(conn, ola, now)))
    assert await database.read(lambda conn: people.specialist_of(conn, samira)) is None


async def test_everybody_is_listed_with_whoever_accompanies_them_now(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists

    def add(conn: Connection, name: str) -> int:
        values = {"name": name, "pseudonym": name, "language": "en", "time_zone": "UTC"}
        return people.add_participant(conn, vault, **values, now=now)

    alone, erased = [await database.write(lambda conn, name=name: add(conn, name)) for name in ("Alone", "Gone")]  # type: ignore[misc]
    await database.write(lambda conn: people.assign(conn, samira, ola, now))
    await database.write(lambda conn: people.assign(conn, samira, kari, now + timedelta(days=1)))
    await database.write(lambda conn: people.erase(conn, erased))
    found = await database.read(lambda conn: caseloads.everybody(conn, vault))
    assert [(one.person.id, one.staff_id, one.since) for one in found] == [
        (samira, kari, now + timedelta(days=1)),
        (alone, None, None),
    ]
    assert await database.read(lambda conn: caseloads.one(conn, vault, erased)) is None
    assert await database.read(lambda conn: caseloads.one(conn, vault, 999)) is None
    one = await database.read(lambda conn: caseloads.one(conn, vault, samira))
    assert one is not None
    assert (one.person.pseudonym, one.staff_id) == ("S.K.", kari)


async def test_the_log_is_searched_newest_first(database: Database, now: datetime) -> None:
    def fill(conn: Connection) -> None:
        for number in range(6):
            audit.record(
                conn,
                at=now + timedelta(hours=number),
                actor=f"staff:{number % 2}",
                action="a" if number % 3 else "b",
                participant_id=number or None,
            )

    await database.write(fill)

    async def found(before: int | None = None, most: int = 9, **wanted: object) -> list[int | None]:
        asked = Wanted(**wanted)  # type: ignore[arg-type]
        rows = await database.read(lambda conn: audit.search(conn, asked, before, most))
        return [one.participant_id for one in rows]

    assert await found() == [5, 4, 3, 2, 1, None]
    assert await found(start=now + timedelta(hours=2), end=now + timedelta(hours=4)) == [3, 2]
    assert await found(actor="staff:1") == [5, 3, 1]
    assert await found(action="b") == [3, None]
    assert await found(participant_id=4) == [4]
    assert await found(most=2) == [5, 4]
    first = (await database.read(lambda conn: audit.search(conn, Wanted(), None, 2)))[-1].id
    assert await found(before=first, most=2) == [3, 2]
    assert await database.read(audit.actions) == ["a", "b"]
