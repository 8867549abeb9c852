"""Many people at once: what is queued leaves evenly, who writes is answered first, and nothing comes too late."""

from __future__ import annotations

import pytest

from bot.messages import Inbound
from storage import schema
from tests.bot.own_script import TALK
from tests.bot.telegram_talk import WEEK, all_sent, begins, holding_talk, queue, sees, shows, times
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import TurnWorld
from tests.telegram_stand_in import Limits, Phone
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("no_errors")

MANY = 60
PACE = 50
"""Messages a second, of the bot and of Telegram: fewer than there are people."""


async def all_at_nine(t: TelegramWorld, many: int) -> list[Phone]:
    """So many people whose check-in is queued while nothing is sent yet."""
    phones = []
    for number in range(many):
        _, phone = await t.person(name=f"Person{number}")
        phone.chat.state = "open"
        phones.append(phone)
        said = Inbound(t.bot.channel, str(phone.id), "m0", t.rhythm.clock.now(), "start")
        await t.world.turns.submit(said)
    return phones


async def test_case_49_what_is_for_many_leaves_within_the_limits_and_once(world: TurnWorld) -> None:
    await holding_talk(world)
    limits = Limits(per_second=PACE)
    async with telegram(world, start=False, per_second=PACE, limits=limits, chat_interval=1.0) as t:
        phones = await all_at_nine(t, MANY)
        t.start()
        for phone in phones:
            await sees(phone, WEEK)
        await all_sent(t)
        assert [times(phone, WEEK) for phone in phones] == [1] * MANY
        assert t.server.log.too_many == 0


async def test_case_49_who_writes_meanwhile_is_answered_before_everybody_else(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world, start=False, per_second=PACE) as t:
        phones = await all_at_nine(t, MANY)
        _, first = await t.person(name="Amina")
        t.start()
        await sees(phones[0], WEEK)
        await first.type("/start")
        await sees(first, WEEK)
        assert not shows(phones[-1], WEEK)
        await sees(phones[-1], WEEK)
        await all_sent(t)


async def test_case_49_a_question_that_can_no_longer_be_answered_is_not_sent(world: TurnWorld) -> None:
    await world.publish("talk", TALK.replace("language: en\n", "language: en\nclose after: 1 day\n"))
    world.holding("talk")
    async with telegram(world, start=False) as t:
        (late,) = await all_at_nine(t, 1)
        t.forward(25 * 3_600)
        t.start()
        _, soon = await t.person(name="Bea")
        await begins(soon)
        await until(lambda: none_queued(t))
        assert late.said == []
        assert {row.cause for row in await world.rows(schema.outbox, state="cancelled")} == {"its check-in is over"}
        await late.type("/start")
        await sees(late, WEEK)
        assert times(late, "This check-in is closed") == 1


async def none_queued(t: TelegramWorld) -> bool:
    """Whether nothing waits any more."""
    return all(state != "queued" for _, state in await queue(t))
