"""What the tests of the numbered cases have in common: a short check-in, people who begin it, and a process that dies.

Every test is one row of ``docs/telegram-cases.md`` and begins with its number.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, unused_port
from sqlalchemy import Connection

from bot import failpoints
from bot.channels.telegram.bot import TelegramBot, Ways
from bot.channels.telegram.webhook import SECRET_HEADER
from bot.messages import decode_heard
from storage import people, schema
from tests.bot.digest_samples import plain
from tests.bot.telegram_world import FAST, TelegramWorld, telegram
from tests.bot.turn_world import Person, TurnWorld, catalogs
from tests.storage.databases import counts
from tests.telegram_stand_in import Phone
from tests.waiting import until

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
"""For what no database decides."""

DAY = """\
dialogue: day
title: A day
language: en

steps:

  hard:
    ask: What was hard?
    answer: text
    label: Hard

  sure:
    ask: How sure are you?
    answer: scale 1 to 3
    points: [Not sure, Half and half, Sure]
    label: Sure

  more:
    ask: What else was there?
    answer: text
    label: More

  sharing:
    share: This is what {specialist} will see.
    offer: [hard, sure, more]
"""
HARD, SURE, MORE, SHARING = "What was hard?", "How sure are you?", "What else was there?", "This is what"


@pytest.fixture(autouse=True)
def nothing_went_wrong(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No error is logged. A module whose cases are about errors does not import this."""
    yield
    assert [record.message for record in caplog.get_records("call") if record.levelno >= logging.ERROR] == []


@dataclass(frozen=True, slots=True)
class Brought:
    """A bot whose updates are brought to ``url``."""

    bot: TelegramBot
    url: str

    async def bring(self, body: bytes, secret: str | None = None) -> tuple[int, bytes]:
        """Bring something as Telegram does, or with another secret: status and body of the answer."""
        assert self.bot.webhook is not None
        headers = {SECRET_HEADER: self.bot.webhook.secret if secret is None else secret}
        async with ClientSession() as http, http.post(self.url, data=BytesIO(body), headers=headers) as response:
            return response.status, await response.read()


@asynccontextmanager
async def day(world: TurnWorld, **options: Any) -> AsyncIterator[TelegramWorld]:
    """A bot that holds this short check-in with people."""
    await world.publish("day", DAY)
    world.holding("day")
    async with telegram(world, **options) as made:
        yield made


@asynccontextmanager
async def bringing(t: TelegramWorld) -> AsyncIterator[Brought]:
    """One more process of ``t``, to which updates are brought; it does not lead before it is started."""
    port = unused_port()
    t.ways = Ways(t.server.url, FAST, f"http://127.0.0.1:{port}")
    bot = t.another_bot()
    assert bot.webhook is not None
    app = web.Application()
    bot.webhook.add_to(app)
    async with TestServer(app, port=port, access_log=None):
        yield Brought(bot, t.ways.address + bot.webhook.path)


@asynccontextmanager
async def brought_day(world: TurnWorld) -> AsyncIterator[tuple[TelegramWorld, Brought]]:
    """The same check-in with a bot whose updates are brought to it."""
    async with day(world, start=False) as t, bringing(t) as brought:
        t.bot = brought.bot
        t.start()
        await so(lambda: t.account.webhook is not None)
        yield t, brought
        await t.stop()


async def so(seen: Callable[[], bool]) -> None:
    """Wait until something is so that no screen shows."""

    async def is_so() -> bool:
        return seen()

    await until(is_so)


async def all_taken(t: TelegramWorld) -> None:
    """Wait until the bot has confirmed everything that was sent to it."""
    await so(lambda: not t.account.updates.pending)


async def in_touch(t: TelegramWorld) -> None:
    """Wait until the bot has noted that Telegram answers: a time away is counted from there."""

    async def noted() -> bool:
        rows = await t.world.rows(schema.channel_state, channel=t.bot.channel)
        return any(row.alive_at is not None for row in rows)

    await until(noted)


async def begins(t: TelegramWorld, language: str = "en", name: str = "Amina") -> tuple[Person, Phone]:
    """Somebody who has started the check-in and sees its first question."""
    person, phone = await t.person(language, name)
    await phone.type("/start")
    await sees(phone, HARD)
    return person, phone


async def sees(phone: Phone, *words: str, times: int = 1) -> None:
    """Wait until the newest messages of the bot hold these words, one message each, in this order at the end."""

    def there(one: Phone) -> bool:
        last = [plain(bubble.text) for bubble in one.said[-len(words) :]]
        return (
            len(last) == len(words)
            and all(word in text for word, text in zip(words, last, strict=True))
            and count(one, words[-1]) >= times
        )

    await phone.until(there)


def count(phone: Phone, words: str) -> int:
    """How many messages of the bot hold these words."""
    return sum(words in plain(bubble.text) for bubble in phone.said)


def ui(context: str, language: str = "en") -> str:
    """One of Medvind's own texts."""
    return catalogs().ui(language)[context]


def kept(conn: Connection) -> dict[str, int]:
    """How many rows each table has, but for how the channel itself is doing."""
    return {name: rows for name, rows in counts(conn).items() if name != "channel_state"}


async def heard(person: Person) -> list[str]:
    """What is kept of everything that a person sent, in order, in the words they saw."""
    world = person.world

    def read(conn: Any) -> list[str]:
        cipher = people.participant(conn, world.vault, person.id).cipher
        rows = conn.execute(schema.inbox.select().filter_by(participant_id=person.id).order_by(schema.inbox.c.seq))
        return [
            decode_heard(cipher.open(f"inbox.body|{person.id}|{row.channel}|{row.message_id}", row.sealed_body)).said
            for row in rows
        ]

    return await world.database.read(read)


@contextmanager
def dies_at(place: str) -> Iterator[asyncio.Event]:
    """Nothing goes on behind this place, like a process that ends there; the event says that it was reached."""
    reached, loop = asyncio.Event(), asyncio.get_running_loop()

    def die(name: str) -> None:
        if name == place:
            loop.call_soon_threadsafe(reached.set)
            raise asyncio.CancelledError

    failpoints.hook = die
    try:
        yield reached
    finally:
        failpoints.hook = None
