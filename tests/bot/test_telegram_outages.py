"""What people see when Telegram, the token, or a process of ours is away for a while."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest

from bot import failpoints
from bot.messages import Inbound
from storage import schema
from tests.bot.digest_samples import plain
from tests.bot.telegram_cases import dies_at
from tests.bot.telegram_talk import (
    HARD,
    SECRET,
    WEEK,
    all_sent,
    begins,
    holding_talk,
    in_time,
    queue,
    sees,
    shows,
    times,
)
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import TurnWorld
from tests.telegram_stand_in import Bubble, Phone
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.usefixtures("no_errors")

PARTS = [f"Part {number}." for number in range(11, 29)]
LONG_TALK = "dialogue: long\nlanguage: en\n\nsteps:\n" + "".join(
    f"\n  part{part[-3:-1]}:\n    say: {part} {'A sentence that is there to be long. ' * 15}\n" for part in PARTS
)
LONG_TALK += f"\n  week:\n    ask: {WEEK}\n    answer: text\n"


async def in_time_async(t: TelegramWorld, seen: Callable[[], Awaitable[bool]]) -> None:
    """Let seconds pass until ``seen`` says yes."""

    async def is_so() -> bool:
        t.forward(1)
        return await seen()

    await until(is_so)


async def trouble(t: TelegramWorld) -> str:
    """What an operator has to see to."""
    rows = await t.world.rows(schema.channel_state, channel=t.bot.channel)
    return str(rows[0].trouble or "") if rows else ""


def typed(t: TelegramWorld, phone: Phone, text: str) -> Inbound:
    """Something written that reached us before anything went wrong."""
    return Inbound(t.bot.channel, str(phone.id), f"m{text}", t.rhythm.clock.now(), text)


async def test_case_43_a_revoked_token_stops_sending_and_loses_nothing(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        (one, phone), (other, her_phone) = await t.person(), await t.person(name="Bea")
        await begins(phone)
        await begins(her_phone)
        await all_sent(t)
        t.account.revoke()
        await world.turns.submit(typed(t, phone, "2"))
        await her_phone.tap("3")

        async def is_red() -> bool:
            return "Unauthorized" in await trouble(t)

        await until(is_red)
        assert "Unauthorized" in (await t.bot.delivery.health()).trouble
        for _ in range(50):
            t.forward(1)
        assert t.server.log.count("sendMessage", 401) == 1
        assert {state for _, state in await queue(t, participant_id=one.id)} == {"sent", "queued"}
        await t.restart()
        await in_time(t, lambda: shows(phone, HARD) and shows(her_phone, HARD))
        await all_sent(t)
        assert await trouble(t) == ""
        assert [times(it, HARD) for it in (phone, her_phone)] == [1, 1]
        assert [await it.answered() for it in (one, other)] == [{"week": "2"}, {"week": "3"}]


@pytest.mark.parametrize("fault", ["drop", "fail", "truncate"])
async def test_case_44_after_errors_of_any_kind_everything_arrives_in_order(world: TurnWorld, fault: str) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        people = [await t.person(name=f"Person{n}") for n in range(3)]
        getattr(t.server.faults, fault)("getUpdates", times=3)
        getattr(t.server.faults, fault)("sendMessage", times=3)
        for _, phone in people:
            await phone.type("/start")
        await in_time(t, lambda: all(shows(phone, WEEK) for _, phone in people), 600, by=5)
        for _, phone in people:
            await phone.tap("2")
        await in_time(t, lambda: all(shows(phone, HARD) for _, phone in people), 600, by=5)
        await all_sent(t)
        assert [await person.answered() for person, _ in people] == [{"week": "2"}] * 3
        copies = 4 if fault == "truncate" else 1
        assert all(1 <= times(phone, WEEK) <= copies for _, phone in people)


async def test_case_44_a_question_that_was_given_up_while_telegram_was_away_is_asked_when_it_is_back(
    sqlite_world: TurnWorld,
) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await begins(phone)
        await all_sent(t)
        t.server.faults.drop(times=1_000)
        await sqlite_world.turns.submit(typed(t, phone, "2"))

        async def is_given_up() -> bool:
            return (await queue(t, participant_id=person.id))[-1][1] == "dead"

        await in_time_async(t, is_given_up)
        t.server.faults.clear()
        await in_time(t, lambda: shows(phone, HARD))
        assert await person.answered() == {"week": "2"}


async def test_case_44_while_telegram_is_not_there_little_is_tried_and_the_queue_survives_a_restart(
    world: TurnWorld,
) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        people = [await t.person(name=f"Person{n}") for n in range(3)]
        for _, phone in people:
            await begins(phone)
        await all_sent(t)
        await t.server.refuse()
        for _, phone in people:
            await world.turns.submit(typed(t, phone, "2"))

        async def is_red() -> bool:
            return bool((await t.bot.delivery.health()).trouble and await trouble(t))

        await in_time_async(t, is_red)
        await t.restart()
        t.forward(100)
        await t.server.listen()
        await in_time(t, lambda: all(times(phone, HARD) for _, phone in people))
        await all_sent(t)
        assert [times(phone, HARD) for _, phone in people] == [1] * 3
        assert await trouble(t) == ""


@pytest.mark.parametrize("place", [name for name in failpoints.NAMES if name.startswith("delivery.")])
async def test_case_45_a_crash_around_sending_costs_at_most_one_more_copy(world: TurnWorld, place: str) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        person, phone = await t.person()
        await begins(phone)
        await all_sent(t)
        with dies_at(place) as died:
            await phone.tap("1")
            await asyncio.wait_for(died.wait(), PATIENCE)
        await t.restart()
        await in_time(t, lambda: shows(phone, HARD))
        await all_sent(t)
        assert times(phone, HARD) == (2 if place == "delivery.after_send" else 1)
        assert await person.answered() == {"week": "1"}
        assert all("Noise" in bubble.labels for bubble in phone.said if HARD in bubble.text)


async def test_case_46_the_parts_of_a_long_message_come_in_order_and_the_question_last(sqlite_world: TurnWorld) -> None:
    await sqlite_world.publish("long", LONG_TALK)
    sqlite_world.holding("long")
    async with telegram(sqlite_world) as t:
        _, phone = await t.person()
        t.server.faults.fail("sendMessage", times=2, after=1)
        await phone.type("/start")
        await in_time(t, lambda: shows(phone, WEEK))
        await all_sent(t)
        whole = " ".join(plain(bubble.text) for bubble in phone.said)
        assert re.findall(r"Part \d+\.", whole) == PARTS
        assert len(phone.said) > 2
        assert [shows_question(bubble) for bubble in phone.said] == [False] * (len(phone.said) - 1) + [True]


def shows_question(bubble: Bubble) -> bool:
    """Whether this is where the question stands, with its buttons."""
    return WEEK in bubble.text and "Skip" in bubble.labels


async def test_case_47_a_long_message_goes_on_where_it_stopped_also_after_a_restart(world: TurnWorld) -> None:
    await world.publish("long", LONG_TALK)
    world.holding("long")
    async with telegram(world) as t:
        _, phone = await t.person()
        t.server.faults.fail("sendMessage", times=1_000, after=2)
        await phone.type("/start")
        await phone.until(lambda it: len(it.said) == 2)

        async def is_noted() -> bool:
            return any(row.parts_sent == 2 for row in await world.rows(schema.outbox))

        await until(is_noted)
        await t.restart()
        t.server.faults.clear()
        await in_time(t, lambda: shows(phone, WEEK))
        await all_sent(t)
        assert [times(phone, part) for part in PARTS] == [1] * len(PARTS)
        assert times(phone, WEEK) == 1


async def test_case_48_buttons_that_are_as_they_should_be_already_are_a_success(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await begins(phone)
        await phone.tap("1")
        await sees(phone, HARD)
        t.server.faults.cut("editMessageReplyMarkup")
        await phone.tap("Noise")
        await phone.until(lambda it: "✓ Noise" in it.last.labels)
        await in_time(t, lambda: t.server.log.count("editMessageReplyMarkup", 400) == 1)
        await all_sent(t)
        assert "not modified" in next(each.description for each in t.server.log.calls if each.status == 400)
        await phone.tap("Done")
        await sees(phone, SECRET)
        assert (await person.answered())["hard"] == "noise"
