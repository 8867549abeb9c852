"""No text in a messenger is written in the program: in a pseudo-language a whole conversation, every command, and what
else can arrive there have no plain word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import pytest
from sqlalchemy import Connection

from bot.catalogs import Catalogs
from bot.catalogs.pseudo import PSEUDO
from bot.channels.telegram.menu import COMMANDS
from bot.config import LOCALES
from bot.publishing import publish
from storage import people
from tests.bot.plain_text import plain_words
from tests.bot.pseudo_data import of_the_programme, own_names
from tests.bot.telegram_talk import all_sent
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import MONDAY, TurnWorld, opened, programme, shipped
from tests.storage.databases import SqliteDatabases
from tests.telegram_stand_in import Phone

pytestmark = pytest.mark.usefixtures("no_errors")
OWN = "4711"
"""What somebody writes here: words of no language."""


@pytest.fixture
async def world(sqlite_databases: SqliteDatabases, master_key: bytes) -> AsyncIterator[TurnWorld]:
    """A deployment that speaks English and the pseudo-languages."""
    texts = Catalogs.load(LOCALES, allow_drafts=True, only=["en"], with_pseudo=True)
    with sqlite_databases.url() as url:
        async with opened(url, master_key) as (database, vault):

            def make(conn: Connection) -> int:
                publish(conn, shipped(), texts, by="test", now=MONDAY)
                kim = {"name": "Kim", "mail": "k@example.org", "role": "specialist", "language": "en"}
                return people.add_staff(conn, vault, **kim, time_zone="Europe/Oslo", now=MONDAY)

            specialist = await database.write(make)
            made = TurnWorld(database, vault, specialist, programme(), catalogs=texts)
            yield made
            await made.turns.close()


async def settled(t: TelegramWorld, phone: Phone) -> None:
    """Wait until every tap is answered and everything that was said is there."""
    await phone.until(lambda it: all(tap.answered for tap in it.taps))
    await all_sent(t)


@pytest.mark.parametrize("code", PSEUDO)
async def test_nothing_in_a_messenger_is_plain(world: TurnWorld, code: str) -> None:
    dice, data = Random(7), frozenset({"Kim", "Sam", OWN} | own_names(world.catalogs) | of_the_programme())
    async with telegram(world) as t:
        _, phone = await t.person(code, "Sam")
        await phone.type("/start")
        await phone.until(lambda it: bool(it.said))
        for _ in range(60):
            labels = next((bubble.labels for bubble in reversed(phone.said) if bubble.labels), ())
            if wished := [label for label in labels if label not in data]:
                await phone.tap(dice.choice(wished))
            else:
                await phone.type(OWN)
            await settled(t, phone)
        for command in COMMANDS:
            before = len(phone.said)
            await phone.type(f"/{command}")
            await phone.until(lambda it, before=before: len(it.said) > before)
            await settled(t, phone)
        for kind in ("voice", "photo", "sticker", "document", "location"):
            await phone.send_kind(kind)
            await settled(t, phone)
        answers = [tap.text for tap in phone.taps if tap.text]
        shown = [text for bubble in phone.said for text in (bubble.text, *bubble.labels)]
    plain = [(text, word) for text in (*shown, *answers) for word in plain_words(text, data)]
    assert plain == []
    assert len(phone.said) > 20
