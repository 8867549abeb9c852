"""Cases 7, 8, 12 to 16 and 21: what comes too fast, too often, swapped, late or in pieces answers no other question."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages import Inbound
from dialogues.answers import LONGEST_WORDS
from storage import schema
from tests.bot.digest_samples import plain
from tests.bot.telegram_cases import (
    HARD,
    MORE,
    ON_SQLITE,
    SHARING,
    SURE,
    all_taken,
    begins,
    brought_day,
    count,
    day,
    heard,
    in_touch,
    sees,
    so,
    ui,
)
from tests.bot.telegram_cases import nothing_went_wrong as nothing_went_wrong
from tests.bot.telegram_world import TelegramWorld
from tests.bot.turn_world import MONDAY, TurnWorld
from tests.telegram_stand_in import Phone
from tests.waiting import until


async def at_once(t: TelegramWorld, phone: Phone, *texts: str) -> None:
    """Several messages that were written before anything came back."""
    t.server.faults.withhold = True
    for text in texts:
        await phone.type(text)
    t.server.faults.withhold = False


@ON_SQLITE
async def test_case_07_typed_fast_goes_on_with_the_answer_before_or_is_asked_about(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        await at_once(t, phone, "The noise", "and the people")
        await sees(phone, ui("ui/messenger.added"))
        assert [one.value for one in await person.answers(latest=True)] == ["The noise\nand the people"]
        assert count(phone, SURE) == 1
        await at_once(t, phone, "2", "I slept badly")
        await sees(phone, ui("ui/messenger.early"))
        assert await person.answered() == {"hard": "The noise\nand the people", "sure": "2"}
        await phone.type("I slept badly")
        await sees(phone, SHARING)
        assert (await person.answered())["more"] == "I slept badly"


@ON_SQLITE
async def test_case_07_typed_fast_after_a_slip_answers_the_question_that_was_seen(world: TurnWorld) -> None:
    """The question was asked again because of the slip: what was written then is still about it."""
    async with day(world) as t:
        person, phone = await begins(t)
        await phone.type("The noise")
        await sees(phone, SURE)
        await t.bot.delivery.settled(str(phone.id), 1)
        await at_once(t, phone, "2 or", "2")
        await sees(phone, MORE)
        assert await person.answered() == {"hard": "The noise", "sure": "2"}


@ON_SQLITE
async def test_case_07_forwarded_messages_are_kept_together(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        t.server.faults.withhold = True
        for text in ("One", "Two", "Three"):
            await phone.forward(text)
        t.server.faults.withhold = False
        await sees(phone, ui("ui/messenger.added"))
        await all_taken(t)
        assert await person.answered() == {"hard": "One\nTwo\nThree"}
        assert phone.last.text == ui("ui/messenger.added"), "it is said once"


@ON_SQLITE
async def test_case_08_a_message_and_a_press_that_were_swapped_answer_what_they_were_for(world: TurnWorld) -> None:
    async with brought_day(world) as (t, _):
        person, phone = await begins(t)
        await phone.type("The noise")
        await sees(phone, SURE)
        t.server.faults.swap()
        await phone.tap("2")
        await phone.type("I slept badly")
        asked_about = "I look for a number from 1 to 3.", ui("ui/messenger.early")
        await phone.until(lambda one: count(one, MORE) > 0 and any(count(one, words) for words in asked_about))
        assert await person.answered() == {"hard": "The noise", "sure": "2"}
        assert sorted(await heard(person)) == sorted(["/start", "The noise", "I slept badly", "Half and half"])


async def test_case_12_a_second_press_says_that_the_answer_is_saved(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        await phone.type("The noise")
        await sees(phone, SURE)
        await phone.tap("2")
        await phone.tap("2")
        await sees(phone, ui("ui/messenger.already_saved"))
        assert [(one.question, one.value) for one in await person.answers()] == [("hard", "The noise"), ("sure", "2")]
        assert count(phone, MORE) == 1
        await so(lambda: all(tap.answered for tap in phone.taps))


async def test_case_13_an_old_button_shows_the_question_that_waits(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        await phone.type("The noise")
        await sees(phone, SURE)
        await phone.tap("2")
        await sees(phone, MORE)
        await phone.tap("1")
        await sees(phone, MORE, times=2)
        assert ui("ui/old_button") in phone.last.text
        assert await person.answered() == {"hard": "The noise", "sure": "2"}


@ON_SQLITE
async def test_case_14_a_press_counts_though_telegram_waits_for_its_answer_no_more(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        await phone.type("The noise")
        await sees(phone, SURE)
        world.turns.listeners.append(lambda *_: t.forward(100))
        world.turns.listeners.append(lambda *_: t.forward(100))
        await phone.tap("2")
        await sees(phone, MORE)
        await so(lambda: t.server.log.count("answerCallbackQuery", 400) == 1)
        assert await person.answered() == {"hard": "The noise", "sure": "2"}
        assert [tap.answered for tap in phone.taps] == [False]


async def ends(t: TelegramWorld) -> None:
    """The process ends."""
    await t.stop()


async def line_breaks(t: TelegramWorld) -> None:
    """The network goes."""
    await t.server.refuse()


async def is_back(t: TelegramWorld, how: object) -> None:
    if how is ends:
        await t.restart()
    else:
        await t.server.listen()
        t.forward(31)


@pytest.mark.parametrize("away", [ends, line_breaks])
async def test_case_15_after_a_time_away_everybody_is_asked_once_more(world: TurnWorld, away: object) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        _, other = await begins(t, "en", "Sam")
        await phone.type("The noise")
        await sees(phone, SURE)
        await t.bot.delivery.settled(str(phone.id), 1)
        await in_touch(t)
        await away(t)  # type: ignore[operator]
        await phone.tap("2")
        t.forward(200)
        await is_back(t, away)
        await sees(phone, SURE, times=2)
        assert ui("ui/messenger.gap") in phone.last.text
        await sees(other, HARD, times=2)
        assert len(t.account.updates.expired) == 1
        await phone.tap("2")
        await sees(phone, MORE)
        await t.restart()
        await phone.type("/help")
        await sees(phone, MORE, times=2)
        assert (count(phone, ui("ui/messenger.gap")), count(other, ui("ui/messenger.gap"))) == (1, 1)
        assert await person.answered() == {"hard": "The noise", "sure": "2"}


@ON_SQLITE
@pytest.mark.parametrize(("away", "asked"), [(200, 1), (7200, 0)])
async def test_case_15_at_night_only_those_are_asked_once_more_who_were_in_the_middle_of_it(
    world: TurnWorld, away: int, asked: int
) -> None:
    world.clock.now = MONDAY.replace(hour=20)
    async with day(world) as t:
        _, phone = await begins(t)
        await t.bot.delivery.settled(str(phone.id), 1)
        await in_touch(t)
        await t.stop()
        t.forward(away)
        await t.restart()
        if asked:
            await sees(phone, ui("ui/messenger.gap"))
        await phone.type("/mydata")
        await sees(phone, ui("ui/mydata.kept"))
        assert count(phone, ui("ui/messenger.gap")) == asked


@ON_SQLITE
async def test_case_16_after_a_day_away_people_are_told_what_may_be_lost(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        await t.bot.delivery.settled(str(phone.id), 1)
        await in_touch(t)
        await t.stop()
        await phone.type("The noise")
        t.forward(26 * 3600)
        await t.restart()
        await sees(phone, HARD, times=2)
        told = plain(phone.last.text)
        assert told.startswith("I was away from Monday 2 March 09:30 to Tuesday 3 March 11:30.")
        assert "What you wrote then may be lost." in told
        assert await person.answers() == []

        async def it_is_noted() -> bool:
            noted = [row for row in await world.rows(schema.audit) if row.action == "channel.long_gap"]
            return [row.details["channel"] for row in noted] == [t.bot.channel]

        await until(it_is_noted)
        await phone.type("The noise")
        await sees(phone, SURE)
        assert await person.answered() == {"hard": "The noise"}


@ON_SQLITE
async def test_case_21_a_long_text_that_came_in_pieces_is_one_answer(world: TurnWorld) -> None:
    words = " ".join(f"word{number}" for number in range(1_300))
    assert 8_192 < len(words) < LONGEST_WORDS
    async with day(world) as t:
        person, phone = await begins(t)
        t.server.faults.withhold = True
        await phone.type(words)
        t.server.faults.withhold = False
        await sees(phone, ui("ui/messenger.added"))
        await all_taken(t)
        kept = (await person.answered())["hard"]
        assert kept.replace("\n", "") == words.replace("\n", "") or kept.split() == words.split()
        await phone.tap("2")
        await sees(phone, MORE)
        await phone.tap("Skip")
        await phone.until(lambda one: SHARING in plain("".join(bubble.text for bubble in one.said[-5:])))


@ON_SQLITE
async def test_case_21_three_whole_messages_fit_into_one_answer(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        await at_once(t, phone, "a" * 4_096, "b" * 4_096, "c" * 4_096)
        await sees(phone, ui("ui/messenger.added"))
        await all_taken(t)
        assert await person.answered() == {"hard": "\n".join(letter * 4_096 for letter in "abc")}


async def test_what_was_to_be_told_before_a_stop_of_the_same_moment_never_arrives(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await t.person()
        place, now = (t.bot.channel, str(phone.id)), world.clock.now
        texts = enumerate(("start", "/help", "/stop", "start"))
        sent = [Inbound(*place, f"m{n}", now, text, order=n) for n, text in texts]
        receipts = await asyncio.gather(*map(world.turns.submit, sent))
        assert [receipt.left for receipt in receipts] == [False, False, True, False]
        rows = await world.rows(schema.outbox, participant_id=person.id)
        stopped = receipts[2].messages[0][0]
        assert min(row.seq for row in rows) == stopped
        assert {row.state for row in rows} <= {"queued", "sent"}
