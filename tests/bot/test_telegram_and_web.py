"""One history: what somebody answers in Telegram and what they answer on the web page belong together."""

from __future__ import annotations

import pytest

from bot.messages import Tap
from tests.bot.digest_samples import plain
from tests.bot.telegram_talk import HARD, SECRET, SHARING, WEEK, all_sent, begins, holding_talk, sees, times
from tests.bot.telegram_world import telegram
from tests.bot.turn_world import Person, TurnWorld
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("no_errors")


async def looks(person: Person) -> None:
    """Open the web page: the question that waits is on it."""
    await person.taps(Tap(0, "", "again"))


async def history(person: Person) -> list[str]:
    """Both sides, as the web page shows them."""
    entries = await person.world.turns.history(person.id)
    return [plain(entry.outbound.text) if entry.outbound else f"> {entry.said}" for entry in entries]


async def test_a_question_is_answered_in_telegram_and_the_next_on_the_web(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        person, phone = await t.person()
        await begins(phone)
        await phone.tap("3")
        await sees(phone, HARD)
        await all_sent(t)
        await looks(person)
        await person.chooses("noise", "home")
        assert person.step == "secret"
        assert times(phone, SECRET) == 0
        await phone.tap("The boss")
        await phone.until(lambda it: times(it, SECRET) == 1)
        assert times(phone, "earlier question") == 1
        await phone.type("In Telegram again")
        await sees(phone, SHARING)
        assert await person.answered() == {"week": "3", "hard": "noise home", "secret": "In Telegram again"}
        both = await history(person)
        assert [line for line in both if line.startswith(">")] == [
            "> /start",
            "> Good",
            "> Noise, Home",
            "> In Telegram again",
        ]


async def test_what_was_ticked_in_telegram_is_ticked_on_the_web(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await begins(phone)
        await phone.tap("1")
        await sees(phone, HARD)
        await phone.tap("Noise")
        await phone.until(lambda it: "✓ Noise" in it.last.labels)
        await looks(person)
        assert [button.label for button in person.waits.buttons if button.ticked] == ["Noise"]


async def test_what_is_said_on_the_web_does_not_come_to_the_phone(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await person.says("start")
        await person.chooses("2")
        await person.says("stop")
        for _ in range(5):
            t.forward(2)
        assert phone.said == []
        await begins(phone)
        assert await person.state() == "active"


async def test_who_stops_on_the_web_is_sent_nothing_more_in_telegram(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        person, phone = await t.person()
        await begins(phone)
        await all_sent(t)
        t.server.faults.fail("sendMessage", times=1_000)
        await phone.tap("1")

        async def is_heard() -> bool:
            return await person.answered() == {"week": "1"}

        await until(is_heard)
        await person.says("stop")
        t.server.faults.clear()
        for _ in range(20):
            t.forward(5)
        await begins(phone)
        assert times(phone, HARD) == 0


async def test_an_old_button_in_telegram_shows_what_waits_since(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await begins(phone)
        await looks(person)
        await person.chooses("1")
        await person.presses("skip")
        await person.says("Said on the web")
        await person.presses("share_none")
        await phone.tap("2")
        await phone.until(lambda it: len(it.said) == 2)
        assert await person.answered() == {"week": "1", "secret": "Said on the web"}
        assert WEEK not in plain(phone.last.text)
