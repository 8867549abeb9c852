"""The client against the stand-in for Telegram: what becomes of every message, and what else is said to Telegram."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import process_time
from typing import Any

import msgspec
import pytest

from bot.channels.telegram.client import Me, TelegramClient, Trouble
from bot.channels.telegram.screens import Handout
from bot.channels.telegram.updates import read
from bot.delivery.outcomes import Failed, Gone, Key, Later, Part, Refused, Sender, Sent, Shut, Unclear
from tests.bot.telegram_wording import SPOKEN, asked, said
from tests.telegram_stand_in import Bot, Limits, Phone, StandIn
from tests.telegram_stand_in.groups import Group
from tests.waiting import until

YES, NO = Key("Yes", "c|1|a/b|yes"), Key("No", "c|1|a/b|no")
SHORT = 0.3
"""Seconds that an answer may take where it does not come."""


@dataclass
class World:
    """A bot at the stand-in, somebody who has written to it, and the client."""

    telegram: StandIn
    bot: Bot
    phone: Phone
    client: TelegramClient

    async def send(self, text: str = "Hei", *rows: tuple[Key, ...], edits: str = "") -> Any:
        """Send something to the phone."""
        return await self.client.send("77", Part(text, rows, edits))

    def client_for(self, token: str) -> TelegramClient:
        """A client with another token."""
        return TelegramClient(token, SPOKEN, base_url=self.telegram.url)

    @asynccontextmanager
    async def impatient(self) -> AsyncIterator[TelegramClient]:
        """A client that waits only ``SHORT`` seconds for an answer."""
        client = TelegramClient(self.bot.token, SPOKEN, base_url=self.telegram.url, read_timeout=SHORT)
        await client.start()
        try:
            yield client
        finally:
            await client.close()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with StandIn(limits=Limits.none()) as telegram:
        bot = telegram.add_bot()
        phone = Phone(77, "nb", telegram, bot)
        await phone.type("hei")
        client = TelegramClient(bot.token, SPOKEN, base_url=telegram.url)
        await client.start()
        yield World(telegram, bot, phone, client)
        await client.close()


# Messages -----------------------------------------------------------------------------------------------------------


async def test_it_says_who_the_bot_is(world: World) -> None:
    assert await world.client.start() == Me(world.bot.id, "medvind_bot")


async def test_a_message_arrives_with_its_keys(world: World) -> None:
    sent = await world.send("How was it?", (YES, NO), (Key("Skip", "s|1|a/b"),))
    assert sent == Sent(str(world.phone.last.id))
    assert world.phone.last.text == "How was it?"
    assert world.phone.last.keyboard == (
        (("Yes", "c|1|a/b|yes"), ("No", "c|1|a/b|no")),
        (("Skip", "s|1|a/b"),),
    )


async def test_what_people_write_is_never_markup(world: World) -> None:
    text = "<b>*_[x](https://example.org)_* & `code` ||no|| \\ #1 @somebody /stop"
    await world.send(text)
    assert world.phone.last.text == text
    given = world.telegram.log.sent[-1].given
    assert "parse_mode" not in given
    assert given["link_preview_options"] == {"is_disabled": True}


async def test_only_what_is_there_to_be_passed_on_can_be(world: World) -> None:
    await world.send("My answer")
    await world.client.send("77", Handout("Ambulance: 113"))
    protected = [sent.given.get("protect_content", False) for sent in world.telegram.log.sent]
    assert protected == [True, False]


async def test_keys_are_changed_and_taken_away_under_the_same_message(world: World) -> None:
    number = (await world.send("Which?", (YES, NO))).id
    assert await world.send("", (Key("✓ Yes", "u|1|a/b|yes"), NO), edits=number) == Sent(number)
    assert world.phone.last.labels == ("✓ Yes", "No")
    assert await world.send("", edits=number) == Sent(number)
    assert (world.phone.last.text, world.phone.last.keyboard) == ("Which?", ())
    assert len(world.phone.said) == 1


async def test_a_change_that_changes_nothing_or_comes_too_late_is_done(world: World) -> None:
    number = (await world.send("Which?", (YES,))).id
    assert await world.send("", (YES,), edits=number) == Sent(number)
    await world.phone.delete(int(number))
    assert await world.send("", (NO,), edits=number) == Sent(number)


async def test_it_is_what_delivery_sends_with(world: World) -> None:
    sender: Sender = world.client
    (only,) = sender.parts([said("Hi."), asked("How was it?", "Good")])
    assert isinstance(await sender.send("77", only), Sent)
    assert world.phone.last.text == "Hi.\n\nHow was it?"


async def test_it_can_be_said_past_the_queue(world: World) -> None:
    assert isinstance(await world.client.send("77", Part("Nothing can be saved right now.")), Sent)


async def test_the_longest_part_is_taken(world: World) -> None:
    for part in world.client.parts([said("👍 " * 4_000), said("ع" * 9_000, "ar")]):
        assert isinstance(await world.client.send("77", part), Sent)


# What can become of them --------------------------------------------------------------------------------------------


async def test_too_many_at_once_wait_as_long_as_telegram_says(world: World) -> None:
    world.telegram.limits.per_chat, world.telegram.limits.burst = 1, 3
    outcomes = [await world.send() for _ in range(6)]
    assert isinstance(outcomes[-1], Later)
    assert 1 <= outcomes[-1].seconds <= 60


async def test_whoever_blocked_the_bot_or_left_is_gone(world: World) -> None:
    await world.phone.block()
    assert await world.send() == Gone("Forbidden: bot was blocked by the user")
    await world.phone.unblock()
    assert isinstance(await world.send(), Sent)
    await world.phone.deactivate()
    assert await world.send() == Gone("Forbidden: user is deactivated")


async def test_somebody_who_never_wrote_cannot_be_reached(world: World) -> None:
    assert await world.client.send("78", Part("Hei")) == Gone("Bad Request: chat not found")


@pytest.mark.parametrize(
    ("part", "cause"),
    [
        (Part(" "), "Bad Request: message text is empty"),
        (Part("a" * 4_097), "Bad Request: message is too long"),
        (Part("Hei", ((Key("Yes", "x" * 65),),)), "Bad Request: BUTTON_DATA_INVALID"),
        (Part("half \ud800"), "the text cannot be written as UTF-8"),
    ],
)
async def test_what_telegram_never_takes_is_refused(world: World, part: Part, cause: str) -> None:
    assert await world.client.send("77", part) == Refused(cause)


async def test_with_a_token_that_is_taken_back_everything_is_shut(world: World) -> None:
    world.bot.revoke()
    assert await world.send() == Shut("Unauthorized")
    strange = world.client_for("no token at all")
    with pytest.raises(Trouble) as caught:
        await strange.start()
    await strange.close()
    assert isinstance(caught.value.outcome, Shut)


async def test_where_nobody_listens_it_has_failed(world: World) -> None:
    await world.client.close()
    await world.client.start()
    await world.client.close()
    assert await world.send() == Failed("SessionClosed")
    await world.telegram.refuse()
    fresh = world.client_for(world.bot.token)
    with pytest.raises(Trouble) as caught:
        await fresh.start()
    assert caught.value.outcome == Failed("ClientConnectorError")
    assert await fresh.send("77", Part("Hei")) == Failed("ClientConnectorError")
    await world.telegram.listen()
    assert isinstance(await fresh.send("77", Part("Hei")), Sent)
    await fresh.close()


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_an_error_of_telegrams_own_is_no_message(world: World, status: int) -> None:
    world.telegram.faults.fail("sendMessage", status)
    assert await world.send() == Failed(f"HTTP {status}")
    assert isinstance(await world.send(), Sent)


async def test_a_gateway_that_gave_up_waiting_does_not_know(world: World) -> None:
    world.telegram.faults.fail("sendMessage", 504)
    assert await world.send() == Unclear("HTTP 504")


async def test_a_connection_that_is_cut_leaves_it_open(world: World) -> None:
    world.telegram.faults.drop("sendMessage")
    assert await world.send("One") == Unclear("ServerDisconnectedError")
    world.telegram.faults.cut("sendMessage")
    assert await world.send("Two") == Unclear("ServerDisconnectedError")
    world.telegram.faults.truncate("sendMessage")
    assert await world.send("Three") == Unclear("BrokenAnswer")
    assert [bubble.text for bubble in world.phone.said] == ["Two", "Three"]


async def test_an_answer_that_takes_too_long_leaves_it_open(world: World) -> None:
    world.telegram.faults.delay("sendMessage", 60)
    async with world.impatient() as client:
        assert await client.send("77", Part("Hei")) == Unclear("SocketTimeoutError")
    await until(lambda: len(world.phone.said) == 1)


# Updates ------------------------------------------------------------------------------------------------------------


async def test_updates_come_as_they_are_and_are_confirmed_by_the_next_question(world: World) -> None:
    first = await world.client.updates(None, 0)
    assert [update["message"]["text"] for update in first] == ["hei"]
    assert await world.client.updates(None, 0) == first
    await world.phone.type("der")
    second = await world.client.updates(first[-1]["update_id"] + 1, 0)
    assert [update["message"]["text"] for update in second] == ["der"]


async def test_it_is_told_of_the_kinds_that_are_read_and_of_no_others(world: World) -> None:
    kinds = {"message", "edited_message", "callback_query", "my_chat_member"}
    await world.client.updates(None, 0)
    assert world.bot.updates.allowed == kinds
    world.bot.updates.allow([])
    await world.client.set_webhook("http://127.0.0.1:1/hook", "secret_1")
    assert world.bot.updates.allowed == kinds


async def test_a_question_that_asks_to_wait_is_given_the_time(world: World) -> None:
    known = await world.client.updates(None, 0)
    async with world.impatient() as client:
        question = asyncio.create_task(client.updates(known[-1]["update_id"] + 1, 25))
        await asyncio.sleep(SHORT * 1.5)
        assert not question.done()
        await world.phone.type("der")
        assert [update["message"]["text"] for update in await question] == ["der"]


async def test_webhooks_are_set_and_taken_away_and_nothing_is_dropped(world: World) -> None:
    assert await world.client.webhook_url() == ""
    await world.client.set_webhook("http://127.0.0.1:1/hook", "secret_1")
    assert await world.client.webhook_url() == "http://127.0.0.1:1/hook"
    with pytest.raises(Trouble) as caught:
        await world.client.updates(None, 0)
    assert caught.value.status == 409
    await world.client.delete_webhook()
    assert await world.client.webhook_url() == ""
    assert len(await world.client.updates(None, 0)) == 1
    assert world.telegram.log.dropped == []


async def test_a_press_is_answered_and_one_that_is_too_old_is_no_trouble(world: World) -> None:
    await world.send("How was it?", (YES, NO))
    tap = await world.phone.tap("Yes")
    await world.client.answer_tap(tap)
    assert world.phone.taps[-1].answered
    await world.client.answer_tap(tap)
    await world.client.answer_tap("1")
    await world.telegram.refuse()
    await world.client.answer_tap(tap)
    assert world.telegram.log.count("answerCallbackQuery", 400) == 2


async def test_a_group_is_left_and_one_that_threw_the_bot_out_is_no_trouble(world: World) -> None:
    group = Group(world.bot, -100)
    group.add_bot(world.phone)
    for _ in range(2):
        await world.client.leave(group.id)
    assert group.chat.state == "left"
    await world.client.leave(-101)


# What Telegram shows of the bot -------------------------------------------------------------------------------------


async def test_the_menu_and_the_texts_are_set_for_each_language(world: World) -> None:
    await world.client.set_commands(None, [("help", "Help now")])
    await world.client.set_commands("nb", [("help", "Hjelp nå"), ("stop", "Stopp")])
    await world.client.set_about("nb", "Noen korte spørsmål.", "Korte spørsmål.")
    menus = world.bot.menus
    assert {place: [each["command"] for each in menu] for place, menu in menus.commands.items()} == {
        ("all_private_chats", ""): ["help"],
        ("all_private_chats", "nb"): ["help", "stop"],
    }
    assert (menus.descriptions, menus.short_descriptions) == ({"nb": "Noen korte spørsmål."}, {"nb": "Korte spørsmål."})


async def test_trouble_says_what_it_was_and_no_secret(world: World) -> None:
    with pytest.raises(Trouble) as caught:
        await world.client.set_commands(None, [("Not a command", "x")])
    assert caught.value.status == 400
    assert isinstance(caught.value.outcome, Refused)
    await world.telegram.refuse()
    with pytest.raises(Trouble) as caught:
        await world.client.webhook_url()
    assert caught.value.status == 0
    error: BaseException | None = caught.value
    while error is not None:
        assert world.bot.token not in f"{error} {error!r} {vars(error)}"
        error = error.__cause__ or error.__context__


# Around it ----------------------------------------------------------------------------------------------------------


async def test_the_log_holds_no_token_and_nothing_that_was_said(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world.telegram.faults.truncate("sendMessage")
    for text in ("lost words", "more words"):
        await world.send(text, (YES,))
    await world.client.updates(None, 0)
    world.bot.revoke()
    await world.send("words")
    assert not any(secret in caplog.text for secret in (world.bot.token, "words", "hei", "Yes"))


def test_nothing_loads_the_library_before_there_is_a_client() -> None:
    modules = [f"bot.channels.telegram.{name}" for name in ("updates", "buttons", "screens", "keyboards", "pieces")]
    program = (
        "import importlib, sys\n"
        "sys.modules.update(dict.fromkeys(['telegram', 'aiohttp', 'httpx']))\n"
        f"for name in {modules}: importlib.import_module(name)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


async def test_how_much_processor_time_a_message_takes(world: World) -> None:
    """Printed, not judged: the stand-in in the same process is part of the time for a call."""
    update = {
        "update_id": 1,
        "message": {"message_id": 5, "date": 1, "text": "Hei", "from": {"id": 77, "is_bot": False}},
    }
    update["message"]["chat"] = {"id": 77, "type": "private"}  # type: ignore[index]
    raw, now = msgspec.json.encode(update), datetime(2026, 3, 2, tzinfo=UTC)
    times = {"read": process_time()}
    for _ in range(1_000):
        read(raw, channel="telegram:1", now=now)
    times["send"] = process_time()
    for _ in range(100):
        assert isinstance(await world.send("How was it?", (YES, NO)), Sent)
    end = process_time()
    print(f"\none update {(times['send'] - times['read']) * 1e3:.1f} us, one call {(end - times['send']) * 1e4:.0f} us")
