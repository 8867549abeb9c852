"""A first day that somebody told of: it stays in their own plan, and brings one offer for a safer start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection

from bot.messages import Outbound, Tap
from bot.schedule import Agenda, start_day
from storage import own, people, schema
from tests.bot.digest_samples import plain
from tests.bot.own_page import OwnPage, own_page
from tests.bot.test_four_weeks import desk_of, shown
from tests.bot.turn_world import Person, TurnWorld

OFFER = "Something new begins soon. Here are some questions for it, if you want. It is OK to leave them."


async def told_day(world: TurnWorld, person: Person) -> str:
    """The first day in their own plan, "" where there is none."""

    def read(conn: Connection) -> Agenda:
        cipher = people.participant(conn, world.vault, person.id).cipher
        return msgspec.json.decode(own.agenda(conn, cipher, person.id) or b"{}", type=Agenda)

    return start_day(await world.database.read(read))


async def tells(world: TurnWorld, day: str = "20.3.2026") -> Person:
    """Somebody who takes part, and tells on Monday 2 March of a new job. The question about a talk waits."""
    person = await world.person("Amina", "en", "A.K.")
    await person.onboards()
    await person.taps(Tap(0, "", "open", ("something_happened",)))
    await person.chooses("new_job")
    await (person.says(day) if day else person.presses("skip"))
    return person


async def came(world: TurnWorld, person: Person, days: int = 60) -> list[tuple[str, Outbound]]:
    """The offers that come in the next days, with the local day, while whatever is asked is skipped."""
    found: list[tuple[str, Outbound]] = []
    await person.finds()
    for _ in range(days):
        await world.until(world.clock.now + timedelta(days=1))
        new = await person.finds()
        found += [(world.clock.now.date().isoformat(), each) for each in new if plain(each.text) == OFFER]
        if new and new[-1].kind in ("asked", "offered"):
            await person.skips_all()
    return found


async def test_the_offer_comes_once_and_opens_the_questions_with_one_tap(sqlite_world: TurnWorld) -> None:
    amina = await tells(sqlite_world)
    await amina.skips_all()
    ((day, offer),) = await came(sqlite_world, amina)
    assert "2026-03-13" <= day < "2026-03-20"
    assert [plain(button.label) for button in offer.buttons] == ["Before I start"]
    assert "job" not in offer.text.lower(), "others may see the phone"
    await amina.taps(offer.buttons[0])
    assert amina.waits.step == "before_start/seen"


async def test_the_day_is_in_the_sealed_plan_and_nowhere_else(sqlite_world: TurnWorld) -> None:
    amina = await tells(sqlite_world)
    await amina.presses("skip")
    await amina.presses("share_choose")
    assert [line.id for line in amina.waits.lines] == ["something_happened/happened"]
    await amina.taps(Tap(amina.waits.conversation, amina.waits.step, "share_lines", ("something_happened/happened",)))
    assert await told_day(sqlite_world, amina) == "2026-03-20"
    assert "starts" not in {one.question for one in await amina.answers()}
    assert not [row for row in await sqlite_world.rows(schema.answer) if row.day]
    async with desk_of(sqlite_world) as desk:
        for address in ("/digest", "/people", f"/people/{amina.id}"):
            text = shown(await (await desk.get(address)).text())
            assert "20 March" not in text
            assert "before" not in text.lower()


async def test_who_skips_the_day_is_told_where_the_questions_are_and_hears_no_more(sqlite_world: TurnWorld) -> None:
    amina = await tells(sqlite_world, day="")
    assert any(text.startswith('In the menu, "Before I start" has questions') for text in amina.texts)
    await amina.skips_all()
    assert await came(sqlite_world, amina) == []


@pytest.mark.parametrize("way", ["corrected", "skipped", "other news", "deleted"])
async def test_a_day_that_was_changed_or_taken_back_is_not_gone_by(sqlite_world: TurnWorld, way: str) -> None:
    amina = await tells(sqlite_world)
    match way:
        case "corrected":
            await amina.presses("back")
            await amina.says("10.4.2026")
        case "skipped":
            await amina.presses("back")
            await amina.presses("skip")
        case "other news":
            await amina.presses("back")
            await amina.presses("back")
            await amina.chooses("good_news")
        case "deleted":
            await amina.says("delete")
    assert await told_day(sqlite_world, amina) == ("2026-04-10" if way == "corrected" else "")
    await amina.skips_all()
    days = [day for day, _ in await came(sqlite_world, amina)]
    assert len(days) == (way == "corrected")
    assert all("2026-04-03" <= day < "2026-04-10" for day in days)


async def test_news_that_is_told_again_brings_one_offer_for_the_new_day(sqlite_world: TurnWorld) -> None:
    amina = await tells(sqlite_world)
    await amina.skips_all()
    await amina.taps(Tap(0, "", "open", ("something_happened",)))
    await amina.chooses("new_job")
    await amina.says("27.3.2026")
    await amina.skips_all()
    assert [day >= "2026-03-20" for day, _ in await came(sqlite_world, amina)] == [True]


async def test_where_the_programme_names_nothing_for_a_start_nothing_comes(sqlite_world: TurnWorld) -> None:
    sqlite_world.programme = replace(sqlite_world.programme, before_start="")
    sqlite_world.turns = sqlite_world.another_turns()
    amina = await tells(sqlite_world)
    await amina.skips_all()
    assert await came(sqlite_world, amina) == []


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[OwnPage]:
    """Somebody and their own page."""
    async with own_page(tmp_path) as made:
        yield made


async def test_my_page_shows_the_day_to_who_told_of_one(page: OwnPage) -> None:
    assert "When do you start there?" not in await page.look("settings")
    await page.opens("something_happened")
    await page.person.chooses("new_job")
    await page.person.says("20.3.2026")
    text = await page.look("settings")
    assert "When do you start there?" in text
    assert "Friday 20 March 2026" in text
