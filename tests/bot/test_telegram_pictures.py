"""Pictures in Telegram: a photo with its words, which arrives as every other message does, or its words alone."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select, update

from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.pieces import units
from bot.channels.telegram.screens import MOST_CAPTION_UNITS
from bot.delivery.fallback import instead
from bot.delivery.outcomes import Failed, Key, Part, Pictured, Refused, Sent, Unclear
from bot.messages import Outbound, encode
from bot.pictures import png as drawing
from bot.pictures.png import Undrawable, png, png_file
from storage import outbox, people, schema
from storage.outbox import Queued
from tests.bot.digest_samples import plain
from tests.bot.picture_samples import month_picture, web_picture
from tests.bot.telegram_talk import all_sent, begins, holding_talk, in_time
from tests.bot.telegram_wording import SPOKEN, asked, part, parts, said
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import TurnWorld
from tests.telegram_stand_in import Bot, Limits, Phone, StandIn

MONTH = month_picture("Hard", "Good")
LONG = month_picture("Good", "a long answer " * 100)
CHINESE = month_picture("好的")
YES = Key("Yes", "c|1|a/b|yes")


def pictured(picture: object = MONTH, text: str = "Your month", **more: object) -> Pictured:
    """A part with a picture."""
    return Pictured(text, **{"picture": picture, "from_right": False, **more})  # type: ignore[arg-type]


# Screens --------------------------------------------------------------------------------------------------------------


def test_a_picture_carries_its_words_as_its_caption() -> None:
    found = part(said("Your month:", picture=MONTH))
    assert isinstance(found, Pictured)
    assert (found.picture, found.from_right) == (MONTH, False)
    assert plain(found.text) == "Your month:\n\nWeek 1: Week: Hard\nWeek 2: Week: Good"


def test_words_that_stand_in_the_text_are_not_repeated() -> None:
    text = "Your month:\nWeek 1: Week: \u2068Hard\u2069\nWeek 2: Week: \u2068Good\u2069"
    assert part(said(text, picture=MONTH)).text == text


def test_a_picture_is_a_message_of_its_own() -> None:
    found = parts(said("Hi."), said("Your month:", picture=MONTH), said("Bye."), asked("How was it?", "Good"))
    assert [type(each) for each in found] == [Part, Pictured, Part]
    assert found[2].text == "Bye.\n\nHow was it?"


def test_words_that_are_too_long_for_a_caption_follow_under_its_title() -> None:
    first, *others = parts(asked("Your month:", "Good", picture=LONG))
    assert isinstance(first, Pictured)
    assert (first.text, first.keyboard) == ("Your last four weeks", ())
    assert [type(each) for each in others] == [Part]
    assert "a long answer" in others[0].text
    assert others[-1].keyboard


@pytest.mark.parametrize("length", [MOST_CAPTION_UNITS - 60, MOST_CAPTION_UNITS, MOST_CAPTION_UNITS + 60])
@pytest.mark.parametrize("sign", ["a", "😀"])
def test_a_caption_is_never_longer_than_telegram_takes(length: int, sign: str) -> None:
    found = parts(said(sign * length, picture=MONTH))
    assert units(found[0].text) <= MOST_CAPTION_UNITS
    assert isinstance(found[0], Pictured)
    assert not any(isinstance(each, Pictured) for each in found[1:])


def test_in_arabic_every_line_of_the_caption_begins_at_the_right() -> None:
    found = part(Outbound("said", "ar", "شهرك:", 7, picture=web_picture("الضوضاء")))
    assert isinstance(found, Pictured)
    assert found.from_right
    assert found.text.splitlines()[-1].startswith("\u200f1.")


def test_a_refused_picture_leaves_its_words() -> None:
    part = pictured(keyboard=((YES,),))
    assert instead(part, "PHOTO_INVALID_DIMENSIONS") == (Part("Your month", ((YES,),)),)
    assert instead(part, "message caption is too long") == (Part("Your month", ((YES,),)),)
    assert instead(Part("Your month"), "PHOTO_INVALID_DIMENSIONS") == ()


# Drawing --------------------------------------------------------------------------------------------------------------


async def test_a_picture_is_drawn_elsewhere_and_is_the_same() -> None:
    assert await png_file(MONTH, from_right=True) == png(MONTH, from_right=True)
    assert "resvg_py" not in [each for each in sys.modules if each.startswith("bot")]


async def test_what_cannot_be_drawn_says_so_quietly(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Undrawable):
        await png_file(CHINESE, from_right=False)
    assert caplog.records == []


async def test_a_fault_in_drawing_is_ours_and_says_nothing_of_the_words(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(Undrawable):
        await png_file(MONTH, from_right=False)
    assert [each.getMessage() for each in caplog.records] == ["a picture could not be drawn: the process ended with 1"]


async def test_drawing_that_takes_for_ever_is_ended(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "PATIENCE", 0.0)
    with pytest.raises(Undrawable):
        await png_file(MONTH, from_right=False)
    assert "ended with -9" in caplog.text


async def test_drawing_ends_with_whoever_asked_for_it() -> None:
    asking = asyncio.create_task(png_file(MONTH, from_right=False))
    await asyncio.sleep(0.02)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


# The client -----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def server() -> AsyncIterator[StandIn]:
    async with StandIn(limits=Limits.none()) as server:
        yield server


@pytest.fixture
async def account(server: StandIn) -> Bot:
    return server.add_bot()


@pytest.fixture
async def phone(server: StandIn, account: Bot) -> Phone:
    phone = Phone(77, "en", server, account)
    await phone.type("hei")
    return phone


@pytest.fixture
async def client(server: StandIn, account: Bot, phone: Phone) -> AsyncIterator[TelegramClient]:
    client = TelegramClient(account.token, SPOKEN, base_url=server.url, read_timeout=1)
    await client.start()
    yield client
    await client.close()


async def test_a_picture_arrives_as_a_protected_photo_with_its_keys(client: TelegramClient, phone: Phone) -> None:
    assert await client.send("77", pictured(keyboard=((YES,),))) == Sent(str(phone.last.id))
    assert (phone.last.kind, phone.last.text, phone.last.labels) == ("photo", "Your month", ("Yes",))
    message = phone.chat.messages[phone.last.id]
    assert message["has_protected_content"] is True
    size = message["photo"][-1]
    assert size["width"] == 1080
    assert size["file_size"] == len(png(MONTH, from_right=False))


async def test_what_people_wrote_is_no_markup_in_a_caption(client: TelegramClient, phone: Phone) -> None:
    text = '<b>*_[x](https://example.org)_* & `code` "quoted"\nسطر'
    await client.send("77", pictured(text=text))
    assert phone.last.text == text
    assert "caption_entities" not in phone.chat.messages[phone.last.id]


async def test_where_it_cannot_be_drawn_its_words_go_alone(client: TelegramClient, phone: Phone) -> None:
    assert isinstance(await client.send("77", pictured(CHINESE, keyboard=((YES,),))), Sent)
    assert (phone.last.kind, phone.last.text, phone.last.labels) == ("text", "Your month", ("Yes",))


async def test_every_end_is_that_of_other_messages(client: TelegramClient, server: StandIn, phone: Phone) -> None:
    server.faults.cut("sendPhoto")
    assert isinstance(await client.send("77", pictured()), Unclear)
    server.faults.drop("sendPhoto")
    assert isinstance(await client.send("77", pictured()), Unclear | Failed)
    assert isinstance(await client.send("77", pictured(text="x" * 1025)), Refused)
    assert isinstance(await client.send("77", pictured(text="\ud800")), Refused)
    assert [bubble.kind for bubble in phone.said] == ["photo"]


async def test_no_words_of_anybody_are_in_the_log(
    client: TelegramClient, server: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    server.faults.fail("sendPhoto")
    await client.send("77", pictured(text="My secret month"))
    assert "secret" not in caplog.text


# On the way -----------------------------------------------------------------------------------------------------------


async def told(t: TelegramWorld, participant_id: int, message: Outbound) -> None:
    """Have somebody told this, as a turn would."""

    def queue(conn: Connection) -> None:
        cipher = people.participant(conn, t.world.vault, participant_id).cipher
        me = schema.participant.c.id == participant_id
        seq = conn.execute(select(schema.participant.c.next_seq).where(me)).scalar_one()
        sealed = cipher.seal(f"outbox.body|{participant_id}|{seq}", encode(message))
        now = datetime.now(UTC)
        outbox.add(conn, [Queued(participant_id, seq, 0, t.bot.channel, sealed, "queued", now)])
        conn.execute(update(schema.participant).where(me).values(next_seq=seq + 1))

    await t.world.database.write(queue)


@pytest.mark.usefixtures("no_errors")
async def test_a_picture_leaves_in_order_and_comes_again_when_nobody_knows(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        person, phone = await t.person()
        await begins(phone)
        await all_sent(t)
        before = len(phone.said)
        t.server.faults.cut("sendPhoto")
        for message in (said("First."), said("Your month:", picture=MONTH), said("Last.")):
            await told(t, person.id, message)
        await in_time(t, lambda: phone.said[-1].text == "Last.", 60)
        await all_sent(t)
        first, photo, again, last = phone.said[before:]
        assert (first.text, last.text) == ("First.", "Last.")
        assert (photo.kind, photo.text) == (again.kind, again.text) == ("photo", photo.text)


@pytest.mark.usefixtures("no_errors")
async def test_long_words_follow_their_picture(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await begins(phone)
        await all_sent(t)
        before = len(phone.said)
        await told(t, person.id, said("Your month:", picture=LONG))
        await in_time(t, lambda: len(phone.said) == before + 2, 60)
        await all_sent(t)
        photo, words = phone.said[before:]
        assert (photo.kind, photo.text, words.kind) == ("photo", LONG.title, "text")
        assert "a long answer" in words.text
