"""A short check-in on phones: a scale, an any-of question with own words, own words, and a share step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from storage import schema
from tests.bot.digest_samples import plain
from tests.bot.own_script import TALK
from tests.bot.telegram_world import TelegramWorld
from tests.bot.turn_world import TurnWorld
from tests.telegram_stand_in import Phone
from tests.waiting import until

WEEK, HARD, SECRET, SHARING, GOODBYE = (
    "How was your week?",
    "What was hard?",
    "What do you keep to yourself?",
    "This is what Kim Berg will see.",
    "Thank you.",
)

A_WHILE = 5.0
STEP = 0.02
"""Seconds of ours in which everybody does what a moment of theirs asks for."""


async def holding_talk(world: TurnWorld) -> TurnWorld:
    """From now on everybody's check-in is this one."""
    await world.publish("talk", TALK)
    world.holding("talk")
    return world


def shows(phone: Phone, *words: str) -> bool:
    """Whether the newest message of the bot holds all this."""
    return bool(phone.said) and all(word in plain(phone.last.text) for word in words)


async def sees(phone: Phone, *words: str) -> None:
    """Wait until the newest message of the bot holds all this. AssertionError with the screen if it never does."""
    await phone.until(lambda it: shows(it, *words))


def times(phone: Phone, words: str) -> int:
    """How many messages of the bot hold these words."""
    return sum(words in plain(bubble.text) for bubble in phone.said)


async def begins(phone: Phone) -> None:
    """Start, and see the first question."""
    await phone.type("/start")
    await sees(phone, WEEK)


async def comes_to_sharing(phone: Phone) -> None:
    """Answer everything up to the share step."""
    await begins(phone)
    await phone.tap("1")
    await sees(phone, HARD)
    await phone.tap("Noise")
    await phone.until(lambda it: "✓ Noise" in it.last.labels)
    await phone.tap("Done")
    await sees(phone, SECRET)
    await phone.type("My secret")
    await sees(phone, SHARING)


async def queue(t: TelegramWorld, **only: Any) -> list[tuple[int, str]]:
    """Numbers and states of what was said to people in the bot's channel."""
    rows = await t.world.rows(schema.outbox, channel=t.bot.channel, **only)
    return [(row.seq, row.state) for row in rows]


async def all_sent(t: TelegramWorld, **only: Any) -> None:
    """Wait until everything that was said in the bot's channel is stored as handed over."""

    async def is_so() -> bool:
        return all(state == "sent" for _, state in await queue(t, **only))

    await until(is_so)


async def in_time(t: TelegramWorld, seen: Callable[[], bool], seconds: int = 200, *, by: int = 1) -> None:
    """Let so many seconds pass, ``by`` at a time, until ``seen`` says yes. AssertionError if it never does: a busy
    machine gets a while of its own time besides, in which time goes on, for what is tried again may have been put off
    late."""
    for _ in range(0, seconds, by):
        if seen():
            return
        t.forward(by)
        await asyncio.sleep(STEP)
    for _ in range(int(A_WHILE / STEP)):
        if seen():
            return
        t.forward(by)
        await asyncio.sleep(STEP)
    raise AssertionError(f"not within {seconds} seconds")
