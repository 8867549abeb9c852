"""The days of an answer: who asks reads, before sharing and after it, who reads it when, and by when they answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from bot.dates import weekday_and_date
from bot.digest.answering import days
from bot.digest.day import Rhythm
from bot.lines import decode_lines
from bot.messages import Tap
from bot.my_page import taking_back
from storage import hours, leave, people, replies, schema, snoozes
from storage.hours import Answering, Hours
from storage.leave import Leave
from storage.replies import Reply
from tests.bot.digest_samples import plain
from tests.bot.own_page import OwnPage, own_page
from tests.bot.turn_world import MONDAY, Person, TurnWorld, catalogs
from tests.storage.plans import statements

OSLO = Rhythm("12345", "08:00", "Europe/Oslo")
EASTER = replace(OSLO, is_holiday=lambda day: day in (date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 6)))
PART_TIME = replace(OSLO, working_days="24")
AUCKLAND = replace(OSLO, time_zone="Pacific/Auckland")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# The rule -------------------------------------------------------------------------------------------------------------


def away(first: int, last: int) -> Rhythm:
    return replace(OSLO, leave=((date(2026, 11, first), date(2026, 11, last)),))


@pytest.mark.parametrize(
    ("rhythm", "within", "shared", "expected"),
    [
        pytest.param(OSLO, 2, "2026-11-20 12:00", ("2026-11-23", "2026-11-25"), id="weekend"),
        pytest.param(OSLO, 2, "2026-11-23 07:00", ("2026-11-23", "2026-11-25"), id="just in time"),
        pytest.param(OSLO, 2, "2026-11-23 07:00:01", ("2026-11-24", "2026-11-26"), id="just too late"),
        pytest.param(OSLO, 1, "2026-11-21 23:30", ("2026-11-23", "2026-11-24"), id="at night"),
        pytest.param(OSLO, 5, "2026-11-22 23:30", ("2026-11-23", "2026-11-30"), id="a week"),
        pytest.param(PART_TIME, 2, "2026-11-20 12:00", ("2026-11-24", "2026-12-01"), id="part time"),
        pytest.param(EASTER, 1, "2026-04-01 12:00", ("2026-04-07", "2026-04-08"), id="holidays"),
        pytest.param(away(24, 27), 2, "2026-11-22 12:00", ("2026-11-23", "2026-12-01"), id="leave after it is read"),
        pytest.param(away(23, 27), 2, "2026-11-22 12:00", ("2026-11-30", "2026-12-02"), id="leave"),
        pytest.param(AUCKLAND, 1, "2026-11-22 20:00", ("2026-11-24", "2026-11-25"), id="their own zone"),
    ],
)
def test_it_is_read_with_the_next_overview_and_answered_so_many_working_days_later(
    rhythm: Rhythm, within: int, shared: str, expected: tuple[str, str]
) -> None:
    found = days(rhythm, within, at(shared))
    assert found is not None
    assert (str(found.reads_on), str(found.answers_by)) == expected


def test_of_somebody_who_never_works_nothing_is_promised() -> None:
    assert days(replace(OSLO, working_days=""), 2, MONDAY) is None
    ends = replace(OSLO, leave=((date(2026, 3, 5), date(2040, 1, 1)),))
    assert days(ends, 1, MONDAY) is not None
    assert days(ends, 2, MONDAY) is None


# In the chat ----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def amina(sqlite_world: TurnWorld) -> Person:
    """Somebody who takes part."""
    amina = await sqlite_world.person()
    await amina.onboards()
    return amina


async def asks_for_contact(person: Person) -> None:
    """Up to the offer to share it."""
    await person.taps(Tap(0, "", "open", ("contact_me",)))
    await person.chooses("hours")
    await person.skips_to("sharing")


DAYS = "Kim Berg reads this on Tuesday 3 March and answers by Thursday 5 March."


async def test_who_asks_reads_the_days_before_sharing_and_after(amina: Person) -> None:
    await asks_for_contact(amina)
    before = "If you share it, Kim Berg reads it on Tuesday 3 March. The answer comes by Thursday 5 March."
    assert plain(amina.waits.text).splitlines()[-1] == before
    told = await amina.presses("share_all")
    assert plain(told[0].text) == f"Shared. {DAYS} Nobody reads it right away."


async def test_the_days_are_those_of_the_moment_and_of_the_specialist(amina: Person) -> None:
    world = amina.world
    kept = Hours("135", "10:00", "Europe/Oslo", "09:30", "15:00")
    await world.database.write(lambda conn: hours.set_hours(conn, world.specialist, kept, Answering(1, None)))
    await asks_for_contact(amina)
    assert "on Monday 2 March. The answer comes by Wednesday 4 March." in plain(amina.waits.text)
    world.clock.forward(hours=2)
    (told, *_) = await amina.presses("share_all")
    assert "on Wednesday 4 March and answers by Friday 6 March." in plain(told.text), "meanwhile it was half past ten"


async def test_the_programme_says_how_long_it_takes_where_a_specialist_has_not(amina: Person) -> None:
    world = amina.world
    world.programme = replace(world.programme, answers_within=5)
    world.turns = world.another_turns()
    await asks_for_contact(amina)
    assert "on Tuesday 3 March. The answer comes by Tuesday 10 March." in plain(amina.waits.text)
    await world.turns.close()


async def test_what_asks_for_nothing_has_no_day(amina: Person) -> None:
    await amina.says("start")
    await amina.chooses("4")
    await amina.skips_to("sharing")
    assert "The answer comes" not in plain(amina.waits.text)
    (told, *_) = await amina.presses("share_all")
    assert plain(told.text) == "Shared. Kim Berg reads on working days. Nobody reads it right away."


async def test_what_is_kept_has_no_day(amina: Person) -> None:
    await asks_for_contact(amina)
    (told, *_) = await amina.presses("share_none")
    assert plain(told.text) == "Kept. Only you can see it."


async def goes_away(world: TurnWorld, first: date, last: date, cover: str = "") -> None:
    def away(conn: Connection) -> None:
        covers = cover and people.add_staff(
            conn, world.vault, name=cover, mail="noor@example.org", role="specialist", language="en",
            time_zone="Europe/Oslo", now=MONDAY, digest_at="12:00",
        )  # fmt: skip
        leave.put(conn, Leave(world.specialist, first, last, covers or None), MONDAY.date())

    await world.database.write(away)


@pytest.mark.parametrize(
    ("cover", "said"),
    [
        ("", "If you share it, Kim Berg reads it on Monday 9 March. The answer comes by Wednesday 11 March."),
        ("Noor Lind", "If you share it, Noor Lind reads it on Tuesday 3 March. The answer comes by Thursday 5 March."),
    ],
)
async def test_in_leave_it_is_the_first_day_afterwards_or_who_reads_instead(
    amina: Person, cover: str, said: str
) -> None:
    await goes_away(amina.world, date(2026, 3, 3), date(2026, 3, 6), cover)
    amina.world.clock.forward(days=1)
    await asks_for_contact(amina)
    assert plain(amina.waits.text).splitlines()[-1] == said


async def test_what_was_begun_before_the_leave_waits_for_the_specialist(amina: Person) -> None:
    """The cover does not see it: at the beginning nobody was told of one."""
    await goes_away(amina.world, date(2026, 3, 3), date(2026, 3, 6), "Noor Lind")
    await asks_for_contact(amina)
    amina.world.clock.forward(days=1)
    (told, *_) = await amina.presses("share_all")
    assert "Kim Berg reads this on Monday 9 March" in plain(told.text)


async def test_without_a_specialist_nothing_is_promised(amina: Person) -> None:
    gone = update(schema.assignment).values(until=MONDAY)
    await amina.world.database.write(lambda conn: conn.execute(gone) and None)
    await asks_for_contact(amina)
    assert "The answer comes" not in plain(amina.waits.text)


async def test_the_days_cost_the_same_few_statements_however_many_ask(sqlite_world: TurnWorld) -> None:
    await goes_away(sqlite_world, date(2026, 3, 3), date(2026, 3, 6), "Noor Lind")
    sqlite_world.clock.forward(days=1)
    everybody = await sqlite_world.people(3)
    for one in everybody:
        await one.onboards()
        await asks_for_contact(one)
    with statements() as seen:
        for one in everybody:
            await one.presses("share_all")
    about_hours = {text for text, _ in seen if "answers_within" in text or "staff_leave" in text}
    assert len(about_hours) <= 4, about_hours


@pytest.mark.parametrize("language", ["nb", "ar", "uk"])
async def test_the_days_are_said_in_every_language(sqlite_world: TurnWorld, language: str) -> None:
    if language not in catalogs().languages:
        pytest.fail(f"{language} is not offered")
    person = await sqlite_world.person(language=language)
    await person.onboards()
    await asks_for_contact(person)
    last = plain(person.waits.text).splitlines()[-1]
    assert "Kim Berg" in last
    assert "3" in last
    assert "5" in last


# On My page -----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def sams(tmp_path: Path) -> AsyncIterator[OwnPage]:
    """Somebody who takes part and has asked to be contacted on a Monday."""
    async with own_page(tmp_path) as made:
        await made.person.onboards()
        await asks_for_contact(made.person)
        await made.person.presses("share_all")
        yield made


async def test_the_day_stands_beside_the_open_request_before_and_after(sams: OwnPage) -> None:
    by = days(OSLO, 2, sams.world.clock.now)
    assert by is not None
    day = weekday_and_date(by.answers_by, "en")
    specialist = (await sams.record()).specialist
    assert f"{specialist} answers by {day}." in plain(await sams.look("sent"))
    sams.move(days=9)
    later = plain(await sams.look("sent"))
    assert f"An answer was planned for {day}. It is still open." in later
    assert "answers by" not in later


async def test_an_answer_takes_its_place(sams: OwnPage) -> None:
    (card,) = (await sams.record()).cards
    line = next(one for one in decode_lines(card.lines) if one.name == "contact_me/about")
    key = sams.person.id, card.conversation, card.step, line.id
    reply = Reply(*key, "yes", None, sams.site.specialist, sams.site.now)
    await sams.world.database.write(lambda conn: replies.put(conn, reply) and None)
    assert "answers by" not in plain(await sams.look("sent"))


async def test_what_is_taken_back_is_awaited_no_more_nor_put_off(sams: OwnPage) -> None:
    (card,) = (await sams.record()).cards
    key, person, staff = (card.conversation, card.step, "contact_me/about"), sams.person.id, sams.site.specialist
    await sams.world.database.write(lambda conn: snoozes.put(conn, (person, *key), staff, date(2026, 3, 5)))
    parts = sams.site.parts

    def take_back(conn: Connection) -> None:
        assert taking_back.withdraw(taking_back.ground(conn, parts.vault, parts.shelf, person), *key, sams.site.now)

    await sams.world.database.write(take_back)
    assert "answers by" not in plain(await sams.look("sent"))
    assert await sams.world.database.read(lambda conn: snoozes.of_staff(conn, staff, [person])) == {}


async def test_a_new_specialist_answers_only_what_they_are_let_see(sams: OwnPage) -> None:
    """The days begin anew with them."""
    parts = sams.site.parts
    sams.move(days=1)

    def another(conn: Connection) -> None:
        new = people.add_staff(
            conn, parts.vault, name="Noor Lind", mail="noor@example.org", role="specialist", language="en",
            time_zone="Europe/Oslo", now=sams.site.now,
        )  # fmt: skip
        people.assign(conn, sams.person.id, new, sams.site.now)

    await sams.world.database.write(another)
    assert "answers by" not in plain(await sams.look("sent"))
    await sams.world.database.write(lambda conn: people.let_see(conn, sams.person.id, at("1970-01-01")))
    by = days(OSLO, 2, sams.site.now)
    assert by is not None
    assert f"Noor Lind answers by {weekday_and_date(by.answers_by, 'en')}." in plain(await sams.look("sent"))
