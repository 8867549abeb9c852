"""Help now: who to call, whatever else is away; and what somebody is told whose message cannot be kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from storage import schema
from storage.database import Database
from storage.engines import Limits
from tests.bot.digest_samples import plain
from tests.bot.telegram_talk import HARD, all_sent, begins, holding_talk, in_time, shows, times
from tests.bot.telegram_world import telegram
from tests.bot.test_turns_trouble import gone, locked
from tests.bot.turn_world import TurnWorld, catalogs, deployed, opened

pytestmark = pytest.mark.usefixtures("no_errors")

LANGUAGES = catalogs().languages
QUICK = Limits(connect=1, lock=0.2, statement=2.0, transaction=3.0)
"""For a database that does not answer."""


@pytest.fixture
async def impatient(database_url: str, master_key: bytes) -> AsyncIterator[TurnWorld]:
    """A deployment that does not wait for its database for long, once everything is there."""
    async with opened(database_url, master_key) as (patient, vault):
        world = await deployed(patient, vault)
    database = Database.open(database_url, QUICK)
    yield replace(world, database=database)
    await database.close()


async def test_help_comes_while_the_database_is_away(impatient: TurnWorld, database_url: str) -> None:
    async with telegram(impatient) as t:
        people = [(language, *await t.person(language)) for language in LANGUAGES]
        for _, _, phone in people:
            await phone.type("/start")
            await phone.until(lambda it: bool(it.said))
        await all_sent(t)
        with gone(database_url):
            for language, _, phone in people:
                ui = catalogs().ui(language)
                await phone.tap(ui["ui/help.now"])
                await phone.until(lambda it, ui=ui: plain(it.last.text).startswith(ui["ui/help.alone"]))
                assert all(number in phone.last.text for number in ("113", "112", "116 123"))
                assert phone.last.labels == (ui["ui/help.back"],)
        for language, person, phone in people:
            question = plain(phone.said[0].text)
            await phone.tap(catalogs().ui(language)["ui/help.back"])
            await phone.until(lambda it: len(it.said) == 3)
            assert question.endswith(plain(phone.last.text))
            assert await t.world.count(schema.inbox, participant_id=person.id) == 2


async def test_nothing_is_kept_of_a_press_of_help(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await begins(phone)
        rows = [await sqlite_world.count(table) for table in (schema.inbox, schema.outbox, schema.audit)]
        await phone.tap("Help now")
        await phone.until(lambda it: times(it, "113") == 1)
        await phone.until(lambda it: all(tap.answered for tap in it.taps))
        assert [await sqlite_world.count(table) for table in (schema.inbox, schema.outbox, schema.audit)] == rows
        assert await person.answers() == []
        sent = t.server.log.sent[-1]
        assert not sent.given.get("protect_content")


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_message_that_cannot_be_kept_waits_and_the_person_is_told_once(
    impatient: TurnWorld, database_url: str, language: str
) -> None:
    await holding_talk(impatient)
    async with telegram(impatient) as t:
        person, phone = await t.person(language)
        await begins(phone)
        await all_sent(t)
        away = catalogs().ui(language)["ui/away"]
        with locked(database_url):
            await phone.type("3")
            await in_time(t, lambda: times(phone, away) == 1)
            for _ in range(5):
                t.forward(10)
            assert times(phone, away) == 1
        await in_time(t, lambda: shows(phone, HARD))
        assert await person.answered() == {"week": "3"}
        assert times(phone, HARD) == 1
