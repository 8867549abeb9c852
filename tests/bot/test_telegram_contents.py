"""Cases 17 to 20 and 22 to 26: what people change, take back, send instead of words, and what stands in their words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from storage import schema
from tests.bot.digest_samples import plain
from tests.bot.telegram_cases import (
    HARD,
    MORE,
    ON_SQLITE,
    SHARING,
    SURE,
    begins,
    brought_day,
    count,
    day,
    heard,
    sees,
    ui,
)
from tests.bot.telegram_cases import nothing_went_wrong as nothing_went_wrong
from tests.bot.telegram_world import TelegramWorld
from tests.bot.turn_world import Person, TurnWorld
from tests.telegram_stand_in import Phone
from tests.telegram_stand_in.contents import KINDS, WITH_CAPTION


async def test_case_17_a_changed_message_changes_its_answer_while_the_check_in_is_open(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        number = await phone.type("The noise")
        await sees(phone, SURE)
        await phone.edit(number, "The boss")
        await sees(phone, ui("ui/corrected"))
        await phone.edit(number, "The boss and the noise")
        await phone.until(lambda one: count(one, ui("ui/corrected")) == 2)
        given = [one.value for one in await person.answers()]
        assert given == ["The noise", "The boss", "The boss and the noise"], "what was said before is kept"
        await phone.tap("2")
        await sees(phone, MORE)
        await phone.tap("Skip")
        await phone.until(lambda one: any("The boss and the noise" in bubble.text for bubble in one.said))
        await phone.tap(ui("ui/share.all"))
        await phone.until(lambda one: any("Shared." in bubble.text for bubble in one.said))
        await phone.edit(number, "Nothing")
        await sees(phone, ui("ui/messenger.edit_late"))
        assert (await person.answered())["hard"] == "The boss and the noise"


async def test_case_17_a_change_of_what_was_added_keeps_what_it_was_added_to(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        t.server.faults.withhold = True
        first = await phone.type("The noise")
        second = await phone.type("and the bos")
        t.server.faults.withhold = False
        await sees(phone, ui("ui/messenger.added"))
        await phone.edit(second, "and the boss")
        await phone.until(lambda one: count(one, ui("ui/corrected")) == 1)
        assert await person.answered() == {"hard": "The noise\nand the boss"}
        await phone.edit(first, "The loud noise")
        await phone.until(lambda one: count(one, ui("ui/corrected")) == 2)
        assert await person.answered() == {"hard": "The loud noise\nand the boss"}


async def test_case_17_a_slip_that_is_put_right_answers_the_question_that_waits(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        early = await phone.type("/help")
        await sees(phone, HARD, times=2)
        await phone.type("The noise")
        await sees(phone, SURE)
        number = await phone.type("2o")
        await sees(phone, SURE, times=2)
        await phone.edit(early, "3")
        await sees(phone, ui("ui/messenger.edit_late"))
        await phone.edit(number, "2")
        await sees(phone, MORE)
        assert await person.answered() == {"hard": "The noise", "sure": "2"}


async def test_case_17_a_message_that_becomes_stop_stops(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        number = await phone.type("The noise")
        await sees(phone, SURE)
        await phone.edit(number, "/stop")
        await sees(phone, ui("ui/stop.done"))
        assert await person.state() == "stopped"
        assert await person.answered() == {"hard": "The noise"}


async def test_case_18_a_deleted_message_is_not_seen_and_delete_takes_the_answer_back(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        number = await phone.type("My brother Yusuf")
        await sees(phone, SURE)
        await phone.delete(number)
        await phone.type("/delete")
        await sees(phone, ui("ui/delete.done"))
        assert [(one.question, one.outcome, one.value) for one in await person.answers()] == [("hard", "skipped", "")]
        assert await heard(person) == ["/start", "", "/delete"], "nothing of it is kept"
        await phone.type("/delete")
        await sees(phone, ui("ui/delete.none"))
        await phone.tap("2")
        await sees(phone, MORE)
        assert await person.answered() == {"sure": "2"}


@ON_SQLITE
@pytest.mark.parametrize("kind", [*KINDS, "hologram"])
async def test_case_19_what_is_no_text_is_not_fetched_and_the_question_waits(world: TurnWorld, kind: str) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        await (phone.send_unknown() if kind == "hologram" else phone.send_kind(kind))
        await sees(phone, ui("ui/messenger.unread"))
        assert await person.answers() == []
        assert await heard(person) == ["/start", ""]
        assert t.server.log.count("getFile") == 0
        await phone.type("The noise")
        await sees(phone, SURE)
        assert await person.answered() == {"hard": "The noise"}


@ON_SQLITE
@pytest.mark.parametrize("kind", sorted(WITH_CAPTION))
async def test_case_20_words_under_a_picture_are_an_answer(world: TurnWorld, kind: str) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        await phone.send_kind(kind, "The noise")
        await phone.until(lambda one: ui("ui/messenger.words_only") in one.last.text and SURE in one.last.text)
        assert await person.answered() == {"hard": "The noise"}
        assert t.server.log.count("getFile") == 0


@ON_SQLITE
@pytest.mark.parametrize("text", ["", " \n ", "\u200b\u200d", "\u2060", "\ufeff\u00a0", "\0", "\u2800\u3164"])
async def test_case_22_nothing_that_can_be_seen_is_no_answer(world: TurnWorld, text: str) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        phone.send({"text": text})
        await sees(phone, HARD, times=2)
        assert ui("ui/again.empty") in phone.last.text
        assert await person.answers() == []


@ON_SQLITE
async def test_case_23_signs_that_tables_refuse_stay_outside(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        phone.send({"text": "The\0 noi\x1bse\r\nand\tmore"})
        await sees(phone, SURE)
        assert await person.answered() == {"hard": "The noise\nand\tmore"}


@ON_SQLITE
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"The \\ud83d noise", "The \ufffd noise"),
        (b"The \\ud83d\\ude00 noise", "The 😀 noise"),
        (b"The \xff\xfe noise", "The \ufffd\ufffd noise"),
        ("Cafe\u0301".encode(), "Café"),
        (b"a" + "\u0335".encode() * 500, "a" + "\u0335" * 3),
    ],
)
async def test_case_24_halves_of_signs_and_towers_of_marks_break_nothing(
    world: TurnWorld, sent: bytes, kept: str
) -> None:
    async with brought_day(world) as (t, brought):
        person, phone = await begins(t)
        assert await brought.bring(update(phone, b'"text": "' + sent + b'"')) == (200, b"")
        await sees(phone, SURE)
        assert await person.answered() == {"hard": kept}


def update(phone: Phone, content: bytes, number: int = 77) -> bytes:
    """An update with a message, byte for byte."""
    sender = json.dumps({"id": phone.id, "is_bot": False, "first_name": "Sam"}).encode()
    chat = json.dumps({"id": phone.id, "type": "private"}).encode()
    date = json.dumps(int(phone.server.clock.now())).encode()
    head = b'{"update_id": %d, "message": {"message_id": 900, "from": %s, "chat": %s, "date": %s, '
    return head % (number, sender, chat, date) + content + b"}}"


BIDI = "\u202eThe noise\u202c \u2067and\u2069 \u202dmore"


async def shared(t: TelegramWorld, words: str) -> tuple[Person, Phone]:
    """Somebody who answered with these words and sees what would be shared."""
    person, phone = await begins(t)
    await phone.type(words)
    await sees(phone, SURE)
    await phone.tap("2")
    await sees(phone, MORE)
    await phone.tap("Skip")
    await phone.until(lambda one: any(SHARING in plain(bubble.text) for bubble in one.said))
    return person, phone


@ON_SQLITE
async def test_case_25_signs_that_turn_the_direction_are_kept_and_turn_nothing_around_them(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await shared(t, BIDI)
        assert await person.answered() == {"hard": BIDI, "sure": "2"}
        (line,) = [line for bubble in phone.said for line in bubble.text.split("\n") if "noise" in line]
        assert balanced(line), "what was opened in the words is closed with them"


def balanced(line: str) -> bool:
    """Whether every isolate and every override of a line is closed in it, in order."""
    stack: list[str] = []
    for sign in line:
        if sign in "\u2066\u2067\u2068\u202a\u202b\u202d\u202e":
            stack.append(sign)
        elif sign == "\u2069":
            while stack and stack.pop() not in "\u2066\u2067\u2068":
                pass
        elif sign == "\u202c" and stack and stack[-1] not in "\u2066\u2067\u2068":
            stack.pop()
    return not stack


MARKUP = "*bold* _thin_ `code` [link](https://evil.example) <b>x</b> &amp; #tag @name https://evil.example"


@ON_SQLITE
async def test_case_26_signs_of_markup_are_shown_as_they_were_written(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await shared(t, MARKUP)
        assert (await person.answered())["hard"] == MARKUP
        assert any(MARKUP in bubble.text for bubble in phone.said)
        given: list[dict[str, Any]] = [sent.given for sent in t.server.log.sent]
        assert not any("parse_mode" in each or "entities" in each for each in given)
        assert all("is_disabled" in str(each["link_preview_options"]) for each in given if "text" in each)
        assert t.server.log.count("sendMessage", 400) == 0
        assert await world.count(schema.outbox, state="dead") == 0
