"""Discretion: on a phone that others may pick up, nothing of an earlier check-in is said again."""

from __future__ import annotations

from tests.bot.telegram_talk import sees
from tests.bot.telegram_world import telegram
from tests.bot.turn_world import TurnWorld, catalogs
from tests.telegram_stand_in import Phone

STEPS = """\
dialogue: onward
title: A step
language: en
remember:
  last: onward/step
steps:
  before:
    when: last was answered
    say: |
      Your next step was: {last}
  step:
    ask: What is your next step?
    answer: text
    label: Next step
  sure:
    ask: Are you sure?
    answer: yes or no
"""
SECRET = "Tell my boss that I am tired"


async def holds_one(phone: Phone) -> None:
    """A first check-in, with an answer that is nobody else's business."""
    await phone.type("/start")
    await sees(phone, "What is your next step?")
    await phone.type(SECRET)
    await sees(phone, "Are you sure?")
    await phone.tap("Yes")
    await phone.until(lambda it: "Start a check-in" in it.last.labels)


async def test_what_was_said_last_time_is_not_repeated_in_the_chat(sqlite_world: TurnWorld) -> None:
    await sqlite_world.publish("onward", STEPS)
    sqlite_world.holding("onward")
    async with telegram(sqlite_world) as t:
        _, phone = await t.person()
        await holds_one(phone)
        await phone.tap("Start a check-in")
        await sees(phone, "What is your next step?", catalogs().ui("en")["ui/messenger.said_before"])
        assert not any(SECRET in bubble.text for bubble in phone.said)


async def test_on_their_own_page_people_see_what_they_said(sqlite_world: TurnWorld) -> None:
    await sqlite_world.publish("onward", STEPS)
    sqlite_world.holding("onward")
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await holds_one(phone)
        assert any(SECRET in message.text for message in await person.says("start"))
