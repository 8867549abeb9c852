"""Snoozes: each is one specialist's, the latest wish counts, and its day is told only of what is open and theirs."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Connection

from storage import digests, hours, people, replies, snoozes
from storage.database import Database
from storage.hours import Answering, Hours
from storage.replies import LineKey, Reply
from storage.vault import Vault

MONDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in (2, 4, 5, 6))


@pytest.fixture
async def line(database: Database, vault: Vault, now: datetime, samira: int, specialists: tuple[int, int]) -> LineKey:
    """A line that Samira shared with Ola, who accompanies her."""

    def share(conn: Connection) -> None:
        people.assign(conn, samira, specialists[0], now)
        cipher = people.participant(conn, vault, samira).cipher
        card = digests.sealed_card(
            cipher, participant_id=samira, conversation=3, step="help/sharing", dialogue="help", version=1,
            language="ar", lines=b"lines", shared_at=now,
        )  # fmt: skip
        digests.put_cards(conn, [card])

    await database.write(share)
    return samira, 3, "help/sharing", "help/what|own_words"


async def days(database: Database, staff_id: int, line: LineKey) -> list[date]:
    found = await database.read(lambda conn: snoozes.of_staff(conn, staff_id, [line[0]]))
    assert set(found) <= {line}
    return list(found.values())


async def put(database: Database, line: LineKey, staff_id: int, until: date) -> None:
    await database.write(lambda conn: snoozes.put(conn, line, staff_id, until))


async def coming(database: Database, staff: tuple[int, int], after: date, until: date) -> set[int]:
    return await database.read(lambda conn: snoozes.with_day(conn, staff, after, until))


async def test_the_latest_wish_counts_and_can_be_taken_back(
    database: Database, line: LineKey, specialists: tuple[int, int]
) -> None:
    ola, kari = specialists
    await put(database, line, ola, THURSDAY)
    await put(database, line, ola, WEDNESDAY)
    await put(database, line, kari, FRIDAY)
    assert await days(database, ola, line) == [WEDNESDAY]
    assert await days(database, kari, line) == [FRIDAY]
    for _ in range(2):
        await database.write(lambda conn: snoozes.remove(conn, line, ola))
    assert (await days(database, ola, line), await days(database, kari, line)) == ([], [FRIDAY])
    assert await database.read(lambda conn: snoozes.of_staff(conn, kari, [])) == {}


async def test_what_a_person_takes_back_nobody_has_put_off(
    database: Database, line: LineKey, specialists: tuple[int, int]
) -> None:
    other = (*line[:3], "help/how")
    for staff_id in specialists:
        for each in (line, other):
            await put(database, each, staff_id, THURSDAY)
    await database.write(lambda conn: snoozes.forget(conn, line[0], 3, line[3]))
    for staff_id in specialists:
        found = await database.read(lambda conn: snoozes.of_staff(conn, staff_id, [line[0]]))  # noqa: B023
        assert found == {other: THURSDAY}


async def test_its_day_comes_once(database: Database, line: LineKey, specialists: tuple[int, int]) -> None:
    ola = specialists[0]
    await put(database, line, ola, THURSDAY)
    assert await coming(database, specialists, MONDAY, WEDNESDAY) == set()
    assert await coming(database, specialists, WEDNESDAY, THURSDAY) == {ola}
    assert await coming(database, specialists, MONDAY, FRIDAY) == {ola}
    assert await coming(database, specialists, THURSDAY, FRIDAY) == set()
    assert await coming(database, specialists[1:], WEDNESDAY, THURSDAY) == set()  # type: ignore[arg-type]
    assert await database.read(lambda conn: snoozes.days_ahead(conn, WEDNESDAY)) == [THURSDAY]
    assert await database.read(lambda conn: snoozes.days_ahead(conn, THURSDAY)) == []


@pytest.mark.parametrize("gone", ["answered", "not shared", "accompanied by another"])
async def test_nothing_comes_of_what_is_not_open_here_any_more(
    database: Database, now: datetime, line: LineKey, specialists: tuple[int, int], gone: str
) -> None:
    ola, kari = specialists
    await put(database, line, ola, THURSDAY)

    def change(conn: Connection) -> None:
        match gone:
            case "answered":
                replies.put(conn, Reply(*line, "yes", None, kari, now))
            case "not shared":
                digests.remove_cards(conn, [line[:3]])
            case _:
                people.assign(conn, line[0], kari, now)

    await database.write(change)
    assert await coming(database, specialists, MONDAY, FRIDAY) == set()


async def test_whoever_is_erased_leaves_nothing_put_off(
    database: Database, line: LineKey, specialists: tuple[int, int]
) -> None:
    await put(database, line, specialists[0], THURSDAY)
    await database.write(lambda conn: people.erase(conn, line[0]))
    assert await days(database, specialists[0], line) == []


# Hours ----------------------------------------------------------------------------------------------------------------


async def test_hours_are_kept_with_and_without_what_was_said_of_answering(
    database: Database, vault: Vault, specialists: tuple[int, int]
) -> None:
    ola, kari = specialists
    kept = Hours("124", "08:30", "Europe/Oslo", "08:00", "15:30")
    await database.write(lambda conn: hours.set_hours(conn, ola, kept, Answering(3, 7)))
    await database.write(lambda conn: hours.set_hours(conn, ola, kept._replace(digest_at="09:00")))
    staff = await database.read(lambda conn: people.staff(conn, vault, ola))
    assert (staff.digest_at, staff.hours_to, staff.answers_within, staff.most_open) == ("09:00", "15:30", 3, 7)
    rows = await database.read(lambda conn: hours.kept(conn, [ola, kari, 99]))
    assert {number: hours.hours_of(row).hours_from for number, row in rows.items()} == {ola: "08:00", kari: None}
    assert all(hours.is_here(row) for row in rows.values())
    await database.write(lambda conn: hours.set_language(conn, ola, "uk"))
    assert (await database.read(lambda conn: people.staff(conn, vault, ola))).language == "uk"
