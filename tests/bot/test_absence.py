"""Absence: before the first question people are told that their specialist is away, and who reads meanwhile."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection

from storage import leave, people
from storage.leave import Leave
from tests.bot.digest_samples import plain
from tests.bot.turn_world import MONDAY, Person, TurnWorld


@pytest.fixture
async def amina(world: TurnWorld) -> Person:
    """Somebody who takes part."""
    amina = await world.person()
    await amina.onboards()
    return amina


async def goes_away(world: TurnWorld, cover: str = "") -> None:
    """The specialist is away from Tuesday to Friday; ``cover`` is the name of who reads meanwhile."""

    def away(conn: Connection) -> None:
        covers = cover and people.add_staff(
            conn,
            world.vault,
            name=cover,
            mail="noor@example.org",
            role="specialist",
            language="en",
            time_zone="Europe/Oslo",
            now=MONDAY,
        )
        days = date(2026, 3, 3), date(2026, 3, 6)
        leave.put(conn, Leave(world.specialist, *days, covers or None), MONDAY.date())

    await world.database.write(away)


async def test_nothing_is_said_while_the_specialist_is_there(world: TurnWorld, amina: Person) -> None:
    await goes_away(world)
    told = await amina.says("start")
    assert [message.step for message in told] == ["weekly_checkin/hello", "weekly_checkin/week"]


@pytest.mark.parametrize(
    ("cover", "said"),
    [
        ("", "Kim Berg is away until Friday 6 March. Nobody reads what you share before that."),
        ("Noor Lind", "Kim Berg is away until Friday 6 March. Noor Lind reads what you share until then."),
    ],
)
async def test_who_reads_is_said_before_the_first_question(
    world: TurnWorld, amina: Person, cover: str, said: str
) -> None:
    await goes_away(world, cover)
    world.clock.forward(days=1)
    hello, note, question = await amina.says("start")
    assert (hello.step, plain(note.text), question.step) == ("weekly_checkin/hello", said, "weekly_checkin/week")


async def test_where_nothing_can_be_shared_nothing_is_said(world: TurnWorld) -> None:
    await goes_away(world)
    world.clock.forward(days=1)
    sam = await world.person("Sam")
    await sam.onboards()
    assert not any("is away until" in text for text in sam.texts)


async def test_a_check_in_that_comes_by_itself_says_it_too(world: TurnWorld, amina: Person) -> None:
    await goes_away(world)
    assert (await world.until(MONDAY.replace(day=3, hour=11, minute=30)))["Start"] == 1
    assert "Kim Berg is away until Friday 6 March." in " ".join(plain(message.text) for message in await amina.finds())
