"""People: what is stored about participants and staff comes back, and only who is assigned now sees whom."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage import people, schema
from storage.database import Database
from storage.vault import DecryptFailed, Vault

DAY = timedelta(days=1)


async def test_a_participant_comes_back_as_added(database: Database, vault: Vault, samira: int) -> None:
    person = await database.read(lambda conn: people.participant(conn, vault, samira))
    assert (person.id, person.name, person.pseudonym) == (samira, "Samira Khoury", "S.K.")
    assert (person.language, person.state, person.paused_until, person.time_zone) == (
        "ar",
        "active",
        None,
        "Europe/Oslo",
    )


async def test_a_member_of_staff_comes_back_as_added(database: Database, vault: Vault, now: datetime) -> None:
    def add(conn: Connection) -> int:
        return people.add_staff(
            conn,
            vault,
            name="Nora",
            mail="nora@kommune.example",
            role="coordinator",
            language="en",
            time_zone="Europe/Copenhagen",
            now=now,
            working_days="1245",
            digest_at="07:45",
        )

    nora = await database.write(add)
    staff = await database.read(lambda conn: people.staff(conn, vault, nora))
    assert (staff.id, staff.name, staff.mail, staff.role) == (nora, "Nora", "nora@kommune.example", "coordinator")
    assert (staff.language, staff.time_zone, staff.working_days, staff.digest_at) == (
        "en",
        "Europe/Copenhagen",
        "1245",
        "07:45",
    )


async def test_a_log_that_shows_people_shows_no_names(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int]
) -> None:
    person = await database.read(lambda conn: people.participant(conn, vault, samira))
    staff = await database.read(lambda conn: people.staff(conn, vault, specialists[0]))
    for private in ("Samira", "S.K.", "Ola", "@"):
        assert private not in f"{person!r} {staff!r}"


async def test_nobody_is_nobody(database: Database, vault: Vault) -> None:
    for ask in (
        lambda conn: people.participant(conn, vault, 77),
        lambda conn: people.staff(conn, vault, 77),
        lambda conn: people.set_language(conn, 77, "en"),
        lambda conn: people.set_state(conn, 77, "paused"),
        lambda conn: people.erase(conn, 77),
    ):
        with pytest.raises(KeyError, match="77"):
            await database.write(ask)
    assert await database.read(lambda conn: people.specialist_of(conn, 77)) is None


async def test_a_row_given_to_somebody_else_does_not_open(
    database: Database, vault: Vault, now: datetime, samira: int
) -> None:
    """As who can write to the database, but has no key, might try."""

    def swap(conn: Connection) -> int:
        other = people.add_participant(
            conn, vault, name="Yusuf", pseudonym="Y.", language="en", time_zone="UTC", now=now
        )
        columns = schema.participant.c
        row = conn.execute(select(columns.data_key, columns.sealed_name).where(columns.id == samira)).one()
        conn.execute(update(schema.participant).where(columns.id == other).values(**row._mapping))
        return other

    other = await database.write(swap)
    with pytest.raises(DecryptFailed):
        await database.read(lambda conn: people.participant(conn, vault, other))


async def test_a_column_moved_within_a_row_does_not_open(database: Database, vault: Vault, samira: int) -> None:
    columns = schema.participant.c
    move = update(schema.participant).values(sealed_name=columns.sealed_pseudonym)
    await database.write(lambda conn: conn.execute(move))
    with pytest.raises(DecryptFailed, match=r"^participant\.name: "):
        await database.read(lambda conn: people.participant(conn, vault, samira))


async def test_language_and_state_change(database: Database, vault: Vault, samira: int, now: datetime) -> None:
    def change(conn: Connection) -> None:
        people.set_language(conn, samira, "nb")
        people.set_state(conn, samira, "paused", now + DAY)

    await database.write(change)
    person = await database.read(lambda conn: people.participant(conn, vault, samira))
    assert (person.language, person.state, person.paused_until) == ("nb", "paused", now + DAY)
    await database.write(lambda conn: people.set_state(conn, samira, "active"))
    person = await database.read(lambda conn: people.participant(conn, vault, samira))
    assert (person.state, person.paused_until) == ("active", None)
    with pytest.raises(ValueError, match="active, paused, stopped"):
        await database.write(lambda conn: people.set_state(conn, samira, "lazy"))


async def test_staff_are_listed_by_role_while_they_are_here(
    database: Database, vault: Vault, specialists: tuple[int, int]
) -> None:
    ola, kari = specialists
    assert [one.name for one in await database.read(lambda conn: people.all_staff(conn, vault))] == ["Ola", "Kari"]
    assert await database.read(lambda conn: people.all_staff(conn, vault, role="coordinator")) == []
    left = update(schema.staff).where(schema.staff.c.id == ola).values(active=False)
    await database.write(lambda conn: conn.execute(left))
    found = await database.read(lambda conn: people.all_staff(conn, vault, role="specialist"))
    assert [one.id for one in found] == [kari]
    with pytest.raises(ValueError, match="specialist, coordinator"):
        await database.read(lambda conn: people.all_staff(conn, vault, role="boss"))


async def test_assigning_ends_the_earlier_assignment_and_keeps_it(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await database.write(lambda conn: people.assign(conn, samira, ola, now))
    await database.write(lambda conn: people.assign(conn, samira, kari, now + DAY))
    await database.write(lambda conn: people.assign(conn, samira, kari, now + 2 * DAY))  # as before: no effect
    assert await database.read(lambda conn: people.specialist_of(conn, samira)) == kari
    assert await database.read(lambda conn: people.caseload(conn, vault, ola)) == []
    assert [one.id for one in await database.read(lambda conn: people.caseload(conn, vault, kari))] == [samira]
    await database.write(lambda conn: people.assign(conn, samira, ola, now + 3 * DAY))
    columns = schema.assignment.c
    history = select(columns.staff_id, columns.since, columns.until).order_by(columns.since)
    assert [tuple(row) for row in await database.read(lambda conn: conn.execute(history).all())] == [
        (ola, now, now + DAY),
        (kari, now + DAY, now + 3 * DAY),
        (ola, now + 3 * DAY, None),
    ]


async def test_only_a_specialist_who_is_here_can_be_assigned(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    leave = update(schema.staff).where(schema.staff.c.id == specialists[0]).values(active=False)
    move = update(schema.staff).where(schema.staff.c.id == specialists[1]).values(role="coordinator")
    await database.write(lambda conn: (conn.execute(leave), conn.execute(move)))
    for staff_id in specialists:
        with pytest.raises(ValueError, match="no specialist"):
            await database.write(lambda conn, staff_id=staff_id: people.assign(conn, samira, staff_id, now))
    with pytest.raises(KeyError):
        await database.write(lambda conn: people.assign(conn, samira, 77, now))
    assert await database.read(lambda conn: people.specialist_of(conn, samira)) is None


async def test_nobody_has_two_specialists_whoever_assigns_at_the_same_time(
    database: Database, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    work = [
        lambda conn, staff_id=staff_id, n=n: people.assign(conn, samira, staff_id, now + n * DAY)
        for n, staff_id in enumerate(specialists * 5)
    ]
    await asyncio.gather(*(database.write(one) for one in work))
    open_ended = select(schema.assignment).where(schema.assignment.c.until.is_(None))
    assert len(await database.read(lambda conn: conn.execute(open_ended).all())) == 1
    second = {"participant_id": samira, "staff_id": specialists[0], "since": now + 99 * DAY}
    third = {**second, "staff_id": specialists[1]}
    with pytest.raises(IntegrityError):
        await database.write(lambda conn: conn.execute(insert(schema.assignment), [second, third]))


async def test_an_instant_needs_a_time_zone(database: Database, vault: Vault, samira: int, now: datetime) -> None:
    with pytest.raises(Exception, match="time zone"):
        await database.write(lambda conn: people.set_state(conn, samira, "paused", now.replace(tzinfo=None)))
