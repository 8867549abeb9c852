"""Questions with several answers, and the lines to share: ticked in place, kept, and taken away when answered."""

from __future__ import annotations

import pytest

from bot.lines import decode_lines
from storage import digests, schema
from tests.bot.digest_samples import plain
from tests.bot.telegram_talk import (
    GOODBYE,
    HARD,
    SECRET,
    WEEK,
    all_sent,
    begins,
    comes_to_sharing,
    holding_talk,
    sees,
    shows,
)
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import TurnWorld, catalogs
from tests.telegram_stand_in import Bubble, Phone

pytestmark = pytest.mark.usefixtures("no_errors")

GOOD = "What was good?"
TICKS = f"""\
dialogue: ticks
language: en

steps:

  good:
    ask: {GOOD}
    answer: any of
    most: 2
    options:
      met: Meeting someone
      rest: Rest
      went_out: Going outside
      nothing: Nothing
    alone: nothing

  week:
    ask: {WEEK}
    answer: text
"""


async def ticks(phone: Phone, label: str, *, message: int = 0) -> None:
    """Tap an option, and see it ticked in the message where it stands."""
    await phone.tap(label, message or None)
    await phone.until(lambda it: any(f"✓ {label}" in bubble.labels for bubble in it.said))


def ticked(bubble: Bubble) -> list[str]:
    """What is ticked there."""
    return [label.removeprefix("✓ ") for label in bubble.labels if label.startswith("✓ ")]


async def good_asked(t: TelegramWorld) -> Phone:
    """Somebody who sees the question with several answers."""
    await t.world.publish("ticks", TICKS)
    t.world.holding("ticks")
    await t.restart()
    _, phone = await t.person()
    await phone.type("/start")
    await sees(phone, GOOD)
    return phone


async def test_ticks_are_set_in_place_and_survive_a_restart(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        person, phone = await t.person()
        await begins(phone)
        await phone.tap("1")
        await sees(phone, HARD)
        said = len(phone.said)
        await ticks(phone, "Noise")
        await ticks(phone, "Home")
        await phone.tap("✓ Noise")
        await phone.until(lambda it: ticked(it.last) == ["Home"])
        await all_sent(t)
        await t.restart()
        await ticks(phone, "The boss")
        assert ticked(phone.last) == ["The boss", "Home"]
        assert len(phone.said) == said
        assert not phone.last.edited
        assert await world.count(schema.answer, participant_id=person.id) == 1
        question = phone.last.id
        await phone.tap("Done")
        await sees(phone, SECRET)
        await phone.until(lambda it: it.bubble(it.chat.messages[question]).labels == ())
        await all_sent(t)
        assert (await person.answered())["hard"] == "boss home"


async def test_an_answer_that_stands_alone_puts_out_the_others(sqlite_world: TurnWorld) -> None:
    async with telegram(sqlite_world, start=False) as t:
        phone = await good_asked(t)
        await ticks(phone, "Rest")
        await phone.tap("Nothing")
        await phone.until(lambda it: ticked(it.last) == ["Nothing"])
        await phone.tap("Rest")
        await phone.until(lambda it: ticked(it.last) == ["Rest"])
        assert len(phone.said) == 1


async def test_more_ticks_than_there_is_room_for_are_not_taken(sqlite_world: TurnWorld) -> None:
    async with telegram(sqlite_world, start=False) as t:
        phone = await good_asked(t)
        assert shows(phone, "up to 2")
        await ticks(phone, "Rest")
        await ticks(phone, "Going outside")
        await phone.tap("Meeting someone")
        await phone.until(lambda it: any("room for 2 answers" in plain(bubble.text) for bubble in it.said))
        assert all(ticked(bubble) in ([], ["Rest", "Going outside"]) for bubble in phone.said)
        assert any(ticked(bubble) for bubble in phone.said)


async def test_done_without_a_tick_is_no_answer(sqlite_world: TurnWorld) -> None:
    async with telegram(sqlite_world, start=False) as t:
        phone = await good_asked(t)
        await phone.tap("Done")
        await phone.until(lambda it: any("I see no answer" in bubble.text for bubble in it.said))
        assert await t.world.count(schema.answer) == 0


async def test_old_ticks_do_nothing_to_a_later_question(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await begins(phone)
        await phone.tap("1")
        await sees(phone, HARD)
        await ticks(phone, "Noise")
        question = phone.last.id
        await phone.tap("Done")
        await sees(phone, SECRET)
        await phone.until(lambda it: it.bubble(it.chat.messages[question]).labels == ())
        before = await person.answered()
        await phone.tap("The boss", question, stale=True)
        await phone.until(lambda it: any("earlier question" in bubble.text for bubble in it.said))
        await sees(phone, SECRET)
        assert await person.answered() == before


async def shared(t: TelegramWorld) -> list[str]:
    """What the specialist can read now, by the names of the lines."""
    cards = await t.world.database.read(lambda conn: digests.cards_for(conn, t.world.vault, t.world.specialist, None))
    return [line.name.rpartition("/")[2] for card in cards for line in decode_lines(card.lines)]


async def test_what_can_be_shared_is_shown_as_the_specialist_would_see_it(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        _, phone = await t.person()
        await comes_to_sharing(phone)
        text = plain(phone.last.text)
        private = catalogs().ui("en")["ui/share_page.private"]
        assert text.endswith(f"Week: Hard\nHard: Noise\n\n{private}\nSecret: “My secret”")
        assert phone.last.labels[:3] == ("Share all but what is private", "Choose", "Keep it for me")
        await phone.tap("Share all but what is private")
        await phone.until(lambda it: any(GOODBYE in bubble.text for bubble in it.said))
        assert await shared(t) == ["week", "hard"]


async def test_lines_to_share_are_ticked_in_place_and_only_these_leave(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        _, phone = await t.person()
        await comes_to_sharing(phone)
        await phone.tap("Choose")
        await sees(phone, "Choose what")
        assert ticked(phone.last) == []
        lines = phone.last.labels[:3]
        said = len(phone.said)
        await ticks(phone, lines[2])
        await ticks(phone, lines[0])
        await all_sent(t)
        await t.restart()
        await phone.tap(f"✓ {lines[2]}")
        await phone.until(lambda it: len(ticked(it.last)) == 1)
        assert len(phone.said) == said
        assert await shared(t) == []
        question = phone.last.id
        await phone.tap("Share what I chose")
        await phone.until(lambda it: any(GOODBYE in bubble.text for bubble in it.said))
        await phone.until(lambda it: it.bubble(it.chat.messages[question]).labels == ())
        assert await shared(t) == ["week"]


async def test_nothing_ticked_keeps_everything(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        _, phone = await t.person()
        await comes_to_sharing(phone)
        await phone.tap("Choose")
        await sees(phone, "Choose what")
        await phone.tap("Share what I chose")
        await phone.until(lambda it: any("Only you can see it" in bubble.text for bubble in it.said))
        assert await shared(t) == []


async def test_a_number_that_is_typed_twice_ticks_no_line_that_was_not_on_the_screen(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        _, phone = await t.person()
        await comes_to_sharing(phone)
        await all_sent(t)
        await t.stop()
        await phone.type("2")
        await phone.type("2")
        await t.restart()
        await phone.until(lambda it: any("Share what I chose" in bubble.labels for bubble in it.said))
        await phone.until(lambda it: any("before the question came" in bubble.text for bubble in it.said))
        assert await shared(t) == []
