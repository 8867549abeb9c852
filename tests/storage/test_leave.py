"""Leave: days away, who reads meanwhile, and that nobody reads more than people were told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, select, update

from storage import digests, hours, leave, people, schema, sight
from storage.database import Database
from storage.hours import Hours
from storage.leave import Absence, Leave
from storage.vault import Vault

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)
"""That of the fixture ``now``, a Monday."""


def march(day: int) -> date:
    return date(2026, 3, day)


def oslo(day: int, hour: int = 12) -> datetime:
    """An hour of a day in March in Oslo, which is an hour before UTC until the 29th."""
    return datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=hour - 1)


def dates(kept: Sequence[Leave]) -> list[tuple[int, int, int | None]]:
    """First and last day of March, and the cover."""
    return [(one.first_day.day, one.last_day.day, one.cover_id) for one in kept]


async def put(
    database: Database, staff_id: int, first: int, last: int, cover: int | None = None, today: date = TODAY
) -> list[Leave]:
    asked = Leave(staff_id, march(first), march(last), cover)
    return await database.write(lambda conn: leave.put(conn, asked, today))


async def end(database: Database, staff_id: int, day: int) -> list[Leave]:
    return await database.write(lambda conn: leave.end(conn, staff_id, march(day)))


# Days -----------------------------------------------------------------------------------------------------------------


async def test_leave_is_kept_in_order_of_days(database: Database, specialists: tuple[int, int]) -> None:
    ola, kari = specialists
    assert dates(await put(database, ola, 20, 24)) == [(20, 24, None)]
    assert dates(await put(database, ola, 9, 13, kari)) == [(9, 13, kari), (20, 24, None)]
    await put(database, kari, 16, 17)
    found = await database.read(lambda conn: leave.leaves(conn, [ola, kari, 99]))
    assert {who: dates(kept) for who, kept in found.items()} == {
        ola: [(9, 13, kari), (20, 24, None)],
        kari: [(16, 17, None)],
    }
    assert dates(await database.read(lambda conn: leave.coming(conn, march(14)))) == [(20, 24, None), (16, 17, None)]
    assert await database.read(lambda conn: leave.coming(conn, march(25))) == []


@pytest.mark.parametrize(
    ("first", "last", "becomes"),
    [
        (9, 13, [(9, 13, "kari")]),
        (5, 20, [(5, 20, "kari")]),
        (11, 11, [(9, 10, None), (11, 11, "kari"), (12, 13, None)]),
        (12, 20, [(9, 11, None), (12, 20, "kari")]),
        (3, 9, [(3, 9, "kari"), (10, 13, None)]),
        (14, 15, [(9, 13, None), (14, 15, "kari")]),
    ],
    ids=["the same", "all of it and more", "the middle", "the end", "the beginning", "right after it"],
)
async def test_what_is_said_last_of_a_day_holds(
    database: Database,
    specialists: tuple[int, int],
    first: int,
    last: int,
    becomes: list[tuple[int, int, str | None]],
) -> None:
    ola, kari = specialists
    await put(database, ola, 9, 13)
    expected = [(first, last, kari if cover else None) for first, last, cover in becomes]
    assert dates(await put(database, ola, first, last, kari)) == expected


async def test_days_on_end_with_one_cover_are_one_leave(database: Database, specialists: tuple[int, int]) -> None:
    ola, kari = specialists
    await put(database, ola, 9, 10, kari)
    assert dates(await put(database, ola, 11, 13, kari)) == [(9, 13, kari)]


async def test_a_cover_begins_tomorrow_and_today_stays_as_people_were_told(
    database: Database, specialists: tuple[int, int]
) -> None:
    ola, kari = specialists
    assert dates(await put(database, ola, 2, 6, kari)) == [(2, 2, None), (3, 6, kari)]
    assert dates(await put(database, ola, 2, 6, kari)) == [(2, 2, None), (3, 6, kari)]
    assert dates(await put(database, ola, 4, 6, None, march(4))) == [(2, 2, None), (3, 4, kari), (5, 6, None)]
    assert dates(await put(database, ola, 4, 4, None, march(4))) == [(2, 2, None), (3, 4, kari), (5, 6, None)]


async def test_leave_without_a_cover_can_begin_today(database: Database, specialists: tuple[int, int]) -> None:
    assert dates(await put(database, specialists[0], 2, 6)) == [(2, 6, None)]


@pytest.mark.parametrize(("first", "last"), [(1, 6), (6, 5)], ids=["yesterday", "the wrong way round"])
async def test_impossible_days_are_refused(
    database: Database, specialists: tuple[int, int], first: int, last: int
) -> None:
    with pytest.raises(ValueError, match="leave begins today or later"):
        await put(database, specialists[0], first, last)
    with pytest.raises(KeyError, match="staff:99"):
        await put(database, 99, 5, 6)
    assert await database.read(lambda conn: leave.coming(conn, date.min)) == []


async def test_to_be_back_ends_what_is_and_what_is_planned(database: Database, specialists: tuple[int, int]) -> None:
    ola, kari = specialists
    await put(database, ola, 3, 6, kari)
    await put(database, ola, 20, 24)
    assert dates(await end(database, ola, 5)) == [(3, 4, kari)]
    assert dates(await end(database, ola, 5)) == [(3, 4, kari)]
    assert await end(database, ola, 3) == []
    with pytest.raises(KeyError):
        await end(database, 99, 3)


# What people are told -------------------------------------------------------------------------------------------------


async def cover_now(database: Database, vault: Vault, person: int, now: datetime) -> tuple[date, str | None] | None:
    """Until when the specialist is away, and what the cover is called."""

    def ask(conn: Connection) -> tuple[date, str | None] | None:
        absence: Absence | None = leave.cover_now(conn, [person, 77], now).get(person)
        if absence is None:
            return None
        return absence.last_day, people.staff_name(vault, absence.cover) if absence.cover is not None else None

    return await database.read(ask)


async def test_who_reads_follows_the_days_of_the_specialist(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await database.write(lambda conn: people.assign(conn, samira, ola, now))
    await put(database, ola, 9, 13, kari)
    assert await cover_now(database, vault, samira, oslo(8, 23)) is None
    assert await cover_now(database, vault, samira, oslo(9, 0)) == (march(13), "Kari")
    assert await cover_now(database, vault, samira, oslo(13, 23)) == (march(13), "Kari")
    assert await cover_now(database, vault, samira, oslo(14, 0)) is None


async def test_an_absence_lasts_until_the_last_of_its_days_whoever_covers_them(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await database.write(lambda conn: people.assign(conn, samira, ola, now))
    await put(database, ola, 2, 6, kari)
    await put(database, ola, 7, 8)
    await put(database, ola, 10, 11)
    assert await cover_now(database, vault, samira, oslo(2)) == (march(8), None)
    assert await cover_now(database, vault, samira, oslo(3)) == (march(8), "Kari")
    assert await cover_now(database, vault, samira, oslo(7)) == (march(8), None)
    assert await cover_now(database, vault, samira, oslo(9)) is None


async def test_nobody_reads_where_the_cover_has_left_or_nobody_is_assigned(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await put(database, ola, 9, 13, kari)
    assert await cover_now(database, vault, samira, oslo(10)) is None
    await database.write(lambda conn: people.assign(conn, samira, ola, now))
    await gone(database, kari)
    assert await cover_now(database, vault, samira, oslo(10)) == (march(13), None)
    tor = await added(database, vault, now)
    await database.write(lambda conn: people.assign(conn, samira, tor, now + DAY))
    assert await cover_now(database, vault, samira, oslo(10)) is None


async def gone(database: Database, staff_id: int) -> None:
    """Somebody is not here any more."""
    left = update(schema.staff).where(schema.staff.c.id == staff_id).values(active=False)
    await database.write(lambda conn: conn.execute(left) and None)


# What the cover sees --------------------------------------------------------------------------------------------------


async def shares(database: Database, vault: Vault, person: int, number: int, began: datetime, shared: datetime) -> None:
    """A check-in with one shared line, which is its number."""

    def work(conn: Connection) -> None:
        row = {"participant_id": person, "number": number, "dialogue": "weekly_checkin", "version": 1}
        row |= {"state": "closed", "started_at": began, "sealed_session": b""}  # type: ignore[dict-item]
        conn.execute(insert(schema.conversation), row)
        made = digests.sealed_card(
            people.participant(conn, vault, person).cipher,
            participant_id=person,
            conversation=number,
            step="weekly_checkin/share",
            dialogue="weekly_checkin",
            version=1,
            language="ar",
            lines=str(number).encode(),
            shared_at=shared,
        )
        digests.put_cards(conn, [made])

    await database.write(work)


async def seen(database: Database, vault: Vault, staff_id: int, since: datetime | None = None) -> list[int]:
    """The numbers of the check-ins whose cards somebody sees, asked in each way there is."""
    first = since or datetime(2020, 1, 1, tzinfo=UTC)

    def ask(conn: Connection) -> list[int]:
        cards = digests.cards_for(conn, vault, staff_id, since)
        assert sight.with_news(conn, [staff_id], first - DAY, oslo(31)) == ({staff_id} if cards else set())
        one_by_one = {person: digests.cards_for(conn, vault, staff_id, since, person) for person in range(1, 4)}
        assert sorted(card.conversation for each in one_by_one.values() for card in each) == sorted(
            card.conversation for card in cards
        )
        return [card.conversation for card in cards]

    return await database.read(ask)


@pytest.fixture
async def away(database: Database, samira: int, specialists: tuple[int, int], now: datetime) -> tuple[int, int]:
    """Ola, who is away from the 9th to the 13th, and Kari, who reads for him."""
    ola, kari = specialists
    await database.write(lambda conn: people.assign(conn, samira, ola, now))
    await put(database, ola, 9, 13, kari)
    return ola, kari


@pytest.mark.parametrize(
    ("began", "shared", "visible"),
    [
        (oslo(9, 0), oslo(9, 1), True),
        (oslo(10), oslo(11), True),
        (oslo(13, 22), oslo(13, 23), True),
        (oslo(8, 23), oslo(9, 1), False),
        (oslo(13, 23), oslo(14, 0), False),
        (oslo(14), oslo(14), False),
        (oslo(6), oslo(7), False),
    ],
    ids=["first minute", "the next day", "last hour", "begun before", "shared after", "after", "before"],
)
async def test_a_cover_sees_what_was_begun_and_shared_on_days_of_leave(
    database: Database,
    vault: Vault,
    samira: int,
    away: tuple[int, int],
    began: datetime,
    shared: datetime,
    visible: bool,
) -> None:
    ola, kari = away
    await shares(database, vault, samira, 1, began, shared)
    assert await seen(database, vault, ola) == [1]
    assert await seen(database, vault, kari) == ([1] if visible else [])


async def test_without_a_cover_what_is_shared_waits(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await database.write(lambda conn: people.assign(conn, samira, ola, now))
    await put(database, ola, 9, 13)
    await shares(database, vault, samira, 1, oslo(10), oslo(10))
    assert (await seen(database, vault, ola), await seen(database, vault, kari)) == ([1], [])


async def test_whoever_covers_the_later_days_sees_nothing_of_the_earlier(
    database: Database, vault: Vault, samira: int, away: tuple[int, int], now: datetime
) -> None:
    ola, kari = away
    tor = await added(database, vault, now)
    await put(database, ola, 12, 13, tor, march(11))
    for number, began, shared in ((1, 9, 9), (2, 11, 12), (3, 12, 12)):
        await shares(database, vault, samira, number, oslo(began, 10), oslo(shared, 11))
    assert await seen(database, vault, kari) == [1]
    assert await seen(database, vault, tor) == [3]
    assert await seen(database, vault, ola) == [1, 2, 3]


async def added(database: Database, vault: Vault, now: datetime) -> int:
    values = {"name": "Tor", "mail": "tor@kommune.example", "language": "nb", "time_zone": "Europe/Oslo"}
    return await database.write(lambda conn: people.add_staff(conn, vault, role="specialist", **values, now=now))


async def test_a_cover_that_ended_early_is_not_shown_what_came_later(
    database: Database, vault: Vault, samira: int, away: tuple[int, int]
) -> None:
    _, kari = away
    await end(database, away[0], 11)
    await shares(database, vault, samira, 1, oslo(10), oslo(10))
    await shares(database, vault, samira, 2, oslo(11), oslo(11))
    assert await seen(database, vault, kari) == [1]


async def test_with_another_specialist_neither_of_the_two_sees_anything(
    database: Database, vault: Vault, samira: int, away: tuple[int, int], now: datetime
) -> None:
    ola, kari = away
    await shares(database, vault, samira, 1, oslo(10), oslo(10))
    tor = await added(database, vault, now)
    await database.write(lambda conn: people.assign(conn, samira, tor, oslo(11)))
    for staff_id in (ola, kari, tor):
        assert await seen(database, vault, staff_id) == []


async def test_somebody_assigned_in_the_middle_of_a_check_in_was_told_of_nobody(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    tor = await added(database, vault, now)
    await database.write(lambda conn: people.assign(conn, samira, tor, now))
    await put(database, ola, 9, 13, kari)
    await database.write(lambda conn: people.assign(conn, samira, ola, oslo(10, 10)))
    await shares(database, vault, samira, 1, oslo(10, 9), oslo(10, 11))
    await shares(database, vault, samira, 2, oslo(10, 10), oslo(10, 12))
    assert await seen(database, vault, ola) == [1, 2]
    assert await seen(database, vault, kari) == [2]


async def test_what_is_taken_back_or_erased_is_gone_for_the_cover_too(
    database: Database, vault: Vault, samira: int, away: tuple[int, int]
) -> None:
    _, kari = away
    await shares(database, vault, samira, 1, oslo(10), oslo(10))
    await shares(database, vault, samira, 2, oslo(11), oslo(11))
    await database.write(lambda conn: digests.remove_cards(conn, [(samira, 1, "weekly_checkin/share")]))
    assert await seen(database, vault, kari) == [2]
    await database.write(lambda conn: people.erase(conn, samira))
    vault.forget(f"participant:{samira}")
    assert await seen(database, vault, kari) == []


async def test_whoever_has_left_sees_nothing_any_more(
    database: Database, vault: Vault, samira: int, away: tuple[int, int]
) -> None:
    ola, kari = away
    await shares(database, vault, samira, 1, oslo(10), oslo(10))
    await gone(database, kari)
    assert (await seen(database, vault, ola), await seen(database, vault, kari)) == ([1], [])
    await gone(database, ola)
    assert await seen(database, vault, ola) == []


async def test_a_cover_sees_their_own_people_beside_the_others_in_order_of_time(
    database: Database, vault: Vault, samira: int, away: tuple[int, int], now: datetime
) -> None:
    _, kari = away
    values = {"name": "Ali", "pseudonym": "A.", "language": "ar", "time_zone": "Europe/Oslo"}
    ali = await database.write(lambda conn: people.add_participant(conn, vault, **values, now=now))
    await database.write(lambda conn: people.assign(conn, ali, kari, now))
    await shares(database, vault, ali, 3, oslo(9), oslo(9, 13))
    await shares(database, vault, samira, 2, oslo(10), oslo(10))
    await shares(database, vault, ali, 1, oslo(11), oslo(11))
    assert await seen(database, vault, kari) == [3, 2, 1]
    assert await seen(database, vault, kari, oslo(10)) == [2, 1]
    assert await seen(database, vault, kari, oslo(14)) == []


async def test_covers_are_forgotten_before_days_come_to_mean_other_hours(
    database: Database, vault: Vault, samira: int, away: tuple[int, int]
) -> None:
    ola, kari = away
    await shares(database, vault, samira, 1, oslo(10), oslo(10))
    await database.write(lambda conn: leave.forget_covers(conn, ola))
    assert await seen(database, vault, kari) == []
    assert dates(await database.read(lambda conn: leave.leaves(conn, [ola])[ola])) == [(9, 13, None)]


# Hours ----------------------------------------------------------------------------------------------------------------


async def test_hours_are_kept_by_those_who_are_here(
    database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    usual, other = Hours("12345", "08:00", "Europe/Oslo"), Hours("24", "10:30", "Asia/Amman")
    tor = await added(database, vault, now)
    assert await database.read(hours.all_hours) == {usual: [ola, kari, tor]}
    await database.write(lambda conn: hours.set_hours(conn, kari, other))
    await gone(database, tor)
    assert await database.read(hours.all_hours) == {usual: [ola], other: [kari]}
    with pytest.raises(KeyError, match="staff:99"):
        await database.write(lambda conn: hours.set_hours(conn, 99, other))


async def test_specialists_are_those_of_the_asked_who_are_here(
    database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    boss = {"name": "Noor", "mail": "noor@kommune.example", "language": "nb", "time_zone": "Europe/Oslo"}
    noor = await database.write(lambda conn: people.add_staff(conn, vault, role="coordinator", **boss, now=now))
    await gone(database, kari)
    found = await database.write(lambda conn: hours.specialists(conn, vault, [noor, kari, ola, 99]))
    assert found == [await database.read(lambda conn: people.staff(conn, vault, ola))]


async def test_the_table_holds_local_dates_as_texts_that_sort(database: Database, specialists: tuple[int, int]) -> None:
    ola, kari = specialists
    await put(database, ola, 9, 13, kari)
    row = await database.read(lambda conn: conn.execute(select(schema.staff_leave)).one())
    assert tuple(row) == (ola, "2026-03-09", "2026-03-13", kari)
