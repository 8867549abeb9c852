"""Cases 31 to 34: what people ask for at any time, and scripts that change while somebody answers."""

from __future__ import annotations

import pytest

from dialogues import loader
from storage import schema
from tests.bot.digest_samples import plain
from tests.bot.telegram_cases import DAY, HARD, MORE, ON_SQLITE, SURE, all_taken, begins, count, day, heard, sees, ui
from tests.bot.telegram_cases import nothing_went_wrong as nothing_went_wrong
from tests.bot.turn_world import TurnWorld, catalogs, programme

LONG = 1_000
"""Seconds between two messages to one chat, so that the second one waits."""


@ON_SQLITE
@pytest.mark.parametrize("language", programme().languages)
@pytest.mark.parametrize("slash", [True, False])
async def test_case_31_stop_is_at_once_and_takes_along_what_was_queued(
    world: TurnWorld, language: str, slash: bool
) -> None:
    async with day(world, chat_interval=LONG) as t:
        person, phone = await begins(t, language)
        await phone.type("The noise")
        await all_taken(t)
        word = ui("ui/command.stop", language).replace("،", ",").split(",")[0]
        await phone.type("/stop" if slash else word)
        await all_taken(t)
        t.forward(LONG + 1)
        await sees(phone, ui("ui/stop.done", language))
        t.forward(LONG + 1)
        assert count(phone, SURE) == 0
        assert await person.state() == "stopped"
        assert await person.conversations() == [("day", "stopped")]
        await t.bot.delivery.settled(str(phone.id), 1)
        states = [row.state for row in await world.rows(schema.outbox, participant_id=person.id)]
        assert states == ["sent", "cancelled", "sent"]


@ON_SQLITE
async def test_case_32_what_is_asked_for_in_between_keeps_the_place(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        await phone.type("The noise")
        await sees(phone, SURE)
        await phone.type("/help")
        await sees(phone, SURE, times=2)
        assert count(phone, ui("ui/help.alone")) == 1
        await phone.type("/language@medvind_bot")
        await sees(phone, ui("ui/language.choose"))
        await phone.tap("English")
        await sees(phone, SURE, times=3)
        await phone.tap("2")
        await sees(phone, MORE)
        assert await person.answered() == {"hard": "The noise", "sure": "2"}
        assert (await heard(person))[:3] == ["/start", "The noise", "/help"]


@ON_SQLITE
async def test_case_33_another_language_asks_the_same_question(world: TurnWorld) -> None:
    async with day(world) as t:
        script = loader.load(DAY)
        english = catalogs().script_texts(script, "en") or {}
        texts = {"en": english, "nb": {context: f"[nb] {text}" for context, text in english.items()}}
        await world.publish("day", DAY.replace("title: A day", "title: The day"), texts)
        person, phone = await begins(t)
        await phone.type("The noise")
        await sees(phone, SURE)
        before = phone.last.id
        await phone.type("/language")
        await sees(phone, ui("ui/language.choose"))
        await phone.tap(catalogs().name("nb"))
        await sees(phone, f"[nb] {SURE}")
        assert ui("ui/language.changed", "nb") in phone.last.text
        assert ui("ui/language.changed") not in phone.last.text
        await phone.tap("2", before)
        await sees(phone, f"[nb] {MORE}")
        given = [(one.question, one.value, one.language) for one in await person.answers()]
        assert given == [("hard", "The noise", "en"), ("sure", "2", "nb")]


async def test_case_34_a_check_in_stays_with_the_version_it_began_with(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        other = (
            DAY.replace(SURE, "Are you sure of it?").replace("  more:", "  rest:").replace("sure, more", "sure, rest")
        )
        await world.publish("day", other)
        await t.restart()
        await phone.type("The noise")
        await sees(phone, SURE)
        await phone.tap("2")
        await sees(phone, MORE)
        await phone.type("The rain")
        await phone.until(lambda one: any(ui("ui/share.none") in bubble.labels for bubble in one.said))
        await phone.tap(ui("ui/share.none"))
        await phone.until(lambda one: ui("ui/share.kept") in plain("".join(bubble.text for bubble in one.said)))
        await phone.type("/start")
        await sees(phone, HARD, times=2)
        await phone.type("The boss")
        await sees(phone, "Are you sure of it?")
        rows = await world.rows(schema.conversation, participant_id=person.id)
        assert [(row.version, row.state) for row in rows] == [(1, "closed"), (2, "open")]
        assert await person.answered(1) == {"hard": "The noise", "sure": "2", "more": "The rain"}
