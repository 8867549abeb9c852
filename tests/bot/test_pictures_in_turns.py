"""Pictures in whole conversations: what was just answered is in them, and what was taken back is not."""

from __future__ import annotations

import pytest

from bot.messages import Outbound
from bot.pictures import MonthPicture, WebPicture, twin
from tests.bot.digest_samples import plain
from tests.bot.telegram_talk import all_sent, sees
from tests.bot.telegram_world import telegram
from tests.bot.turn_world import Person, TurnWorld

SCRIPT = """\
dialogue: talk
language: en

steps:

  hello:
    picture: web
    say: Hello.

  what:
    ask: What is hard?
    answer: one of
    options:
      noise: Noise
      sleep: Sleep
    own words: yes
    tags: web:what

  also:
    ask: Does it make something else harder?
    answer: any of
    options:
      noise: Noise
      sleep: Sleep
    tags: web:also

  week:
    ask: How was your week?
    answer: scale 1 to 3
    points: [Hard, In between, Good]
    tags: month:week

  now:
    picture: web
    say: Your web.

  weeks:
    picture: month
    say: |
      Your weeks:
      {month}

  last:
    ask: Is it right?
    answer: yes or no
"""


async def holding(world: TurnWorld) -> None:
    """From now on everybody's check-in is this one."""
    await world.publish("talk", SCRIPT)
    world.holding("talk")


def shown(told: list[Outbound]) -> list[list[str]]:
    """The pictures among what somebody was told, in words."""
    found = [message.picture for message in told if message.picture is not None]
    return [[plain(line) for line in twin(picture)] for picture in found]


async def answers(person: Person) -> list[Outbound]:
    """Everything up to the pictures: what is told then."""
    await person.chooses("noise")
    await person.chooses("sleep")
    return await person.chooses("1")


async def test_what_was_just_said_is_in_the_pictures(world: TurnWorld) -> None:
    await holding(world)
    person = await world.person()
    assert shown(await person.says("/start")) == []
    told = await answers(person)
    web, month = (message.picture for message in told if message.picture is not None)
    assert isinstance(web, WebPicture)
    assert isinstance(month, MonthPicture)
    assert [thing.what for thing in web.things] == ["Noise", "Sleep"]
    texts = [plain(message.text) for message in told]
    assert "Your weeks:\nWeek of 2 March: Week: Hard" in texts


async def test_the_next_conversation_begins_with_the_web_as_it_is(world: TurnWorld) -> None:
    await holding(world)
    person = await world.person()
    await person.says("/start")
    await answers(person)
    await person.chooses("yes")
    assert shown(await person.says("/start")) == [["1. Noise · Makes this harder: Sleep (2)", "2. Sleep"]]


@pytest.mark.usefixtures("no_errors")
async def test_in_telegram_both_come_as_photos(sqlite_world: TurnWorld) -> None:
    await holding(sqlite_world)
    async with telegram(sqlite_world) as t:
        _, phone = await t.person()
        await phone.type("/start")
        await sees(phone, "What is hard?")
        await phone.tap("Noise")
        await sees(phone, "something else")
        await phone.tap("Sleep")
        await phone.until(lambda it: "✓ Sleep" in it.last.labels)
        await phone.tap("Done")
        await sees(phone, "your week")
        await phone.tap("1")
        await sees(phone, "Is it right?")
        await all_sent(t)
        photos = [plain(bubble.text) for bubble in phone.said if bubble.kind == "photo"]
        assert photos == [
            "Your web.\n\n1. Noise · Makes this harder: Sleep (2)\n2. Sleep",
            "Your weeks:\nWeek of 2 March: Week: Hard",
        ]
