"""What stands on the phone: the right way round, and in one language."""

from __future__ import annotations

import re

import pytest

from bot.messages import decode_outbound
from storage import people, schema
from tests.bot.digest_samples import plain
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import Person, TurnWorld, catalogs, shipped
from tests.telegram_stand_in import Phone

pytestmark = pytest.mark.usefixtures("no_errors")

LANGUAGES = catalogs().languages
SENTENCE = re.compile(r"[^.?!\n]{16,}[.?!]")


@pytest.mark.parametrize(("language", "row"), [("en", "12345"), ("uk", "12345"), ("ar", "54321")])
async def test_the_points_of_a_scale_stand_in_reading_direction(
    sqlite_world: TurnWorld, language: str, row: str
) -> None:
    sqlite_world.holding("weekly_checkin")
    async with telegram(sqlite_world) as t:
        person, phone = await t.person(language)
        await phone.type("/start")
        await phone.until(lambda it: bool(it.said) and "5" in it.last.labels)
        assert [label for label, _ in phone.last.keyboard[0]] == [*row]
        texts = catalogs().script_texts(shipped().scripts["weekly_checkin"], language)
        assert texts is not None
        assert f"5  {texts['weekly_checkin/week/5']}" in plain(phone.last.text)
        await phone.tap("5")
        await phone.until(lambda it: len(it.said) == 2)
        assert await person.answered() == {"week": "5"}


async def goes_on(phone: Phone, asked: set[str]) -> bool:
    """Answer what waits, each question in the first way it can be; False when nothing waits."""
    keys = [data for row in phone.last.keyboard for _, data in row]
    ways = [data for data in keys if data[:2] in ("c|", "t|")] or [data for data in keys if data.startswith("s|")]
    ways = [data for data in keys if data.startswith("none|")] or ways
    if not ways:
        return False
    before = len(phone.said)
    if ways[0].startswith("t|") and (done := [data for data in keys if data.startswith("d|")]):
        tick = ways[0]
        await phone.tap(tick)
        await phone.until(lambda it: any(f"u{tick[1:]}" in {data for _, data in row} for row in it.last.keyboard))
        await phone.tap(done[0])
    else:
        await phone.tap(next((data for data in ways if data.endswith(("|yes", "|me"))), ways[0]))
    await phone.until(lambda it: len(it.said) > before)
    asked.add(keys[0])
    return True


def english(language: str) -> set[str]:
    """Sentences that are English and not of this language."""
    scripts = [*shipped().scripts.values()]
    theirs = {text for script in scripts for text in (catalogs().script_texts(script, language) or {}).values()}
    ours = {text for script in scripts for text in (catalogs().script_texts(script, "en") or {}).values()}
    theirs |= set(catalogs().ui(language).values())
    ours |= set(catalogs().ui("en").values())
    return {found for text in ours - theirs for found in SENTENCE.findall(text) if "{" not in found}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everything_that_somebody_is_told_is_in_their_language(sqlite_world: TurnWorld, language: str) -> None:
    async with telegram(sqlite_world) as t:
        person, phone = await t.person(language)
        for _ in range(2):
            before = len(phone.said)
            await phone.type("/start")
            await phone.until(lambda it, before=before: len(it.said) > before)
            asked: set[str] = set()
            while await goes_on(phone, asked):
                pass
            assert len(asked) > 4
        for typed in ("/help", "/mydata", "/delete", "/language", "/back", "/skip", "?", "/stop"):
            before = len(phone.said)
            await phone.type(typed)
            await phone.until(lambda it, before=before: len(it.said) > before)
        assert await languages(t, person) == {language}
        if language != "en":
            foreign = english(language)
            assert len(foreign) > 100
            shown = "\n".join(plain(bubble.text) for bubble in phone.said)
            assert [sentence for sentence in foreign if sentence in shown] == []


async def languages(t: TelegramWorld, person: Person) -> set[str]:
    """Of everything that this person was told."""
    world = t.world
    cipher = await world.database.read(lambda conn: people.participant(conn, world.vault, person.id).cipher)
    rows = await world.rows(schema.outbox, participant_id=person.id)
    return {
        decode_outbound(cipher.open(f"outbox.body|{person.id}|{row.seq}", row.sealed_body)).language for row in rows
    }
