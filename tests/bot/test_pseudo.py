"""No text is written in the program: in a pseudo-language no page, message or mail has a plain word."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

import pytest

from bot import welcome
from bot.app import catalogs_for, load_texts
from bot.catalogs import Catalogs
from bot.catalogs.language import LEFT_TO_RIGHT, RIGHT_TO_LEFT, language
from bot.catalogs.pseudo import PSEUDO, pseudo
from bot.channels.telegram import screens
from bot.channels.telegram.menu import COMMANDS
from bot.config import EXAMPLE, LOCALES, Settings
from bot.messages import Outbound
from bot.rendering import Voice, rendered
from tests.bot.plain_text import plain_on_page, plain_words
from tests.bot.test_every_language import NAMES, walked
from tests.bot.turn_world import shipped
from tests.bot.wording_talk import strings

MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@cache
def catalogs() -> Catalogs:
    """English and the pseudo-languages."""
    return Catalogs.load(LOCALES, allow_drafts=False, only=["en"], with_pseudo=True)


def test_words_change_and_everything_else_stays() -> None:
    assert pseudo("Skip this", LEFT_TO_RIGHT) == "[Šķîþ ţĥîš···]"
    assert pseudo("Skip this?", RIGHT_TO_LEFT) == "[سكيپ تهيس؟]"
    assert pseudo("{n} of {total}", LEFT_TO_RIGHT) == "[{n} öƒ {total}·····]"
    assert pseudo("Write /delete to {name}.\n", RIGHT_TO_LEFT) == "[شريتع /delete تو {name}.]\n"
    for same in (", ", "", "{day} · {reader}", "4"):
        assert pseudo(same, LEFT_TO_RIGHT) == same


def test_plain_words_are_found_wherever_they_can_be_read() -> None:
    page = """<html lang="en-XA" dir="ltr"><p>[Ñö·] Plain <b>words</b><code>code</code><q lang="en">said</q></p>
        <input placeholder="Write" value="typed"><input type="submit" value="Send"><img alt="A picture of Sam">"""
    assert plain_on_page(page, "en-XA", {"Sam"}) == ["Plain", "words", "Write", "Send", "picture", "of"]
    assert list(plain_words("Tuesday 6 May, /delete, a@example.org, Sami", {"Sam"})) == ["Sami"]


@pytest.mark.parametrize("code", PSEUDO)
def test_a_pseudo_language_is_whole(code: str) -> None:
    one = catalogs()
    assert one.languages == one.staff_languages == ("en", *PSEUDO)
    assert one.direction(code) == ("rtl" if code == RIGHT_TO_LEFT else "ltr")
    assert not list(plain_words(one.name(code), ()))
    assert one.ui(code).keys() == one.ui("en").keys()
    for n in (0, 1, 2, 3, 11, 100):
        assert "{n}" in one.count(code, "ui/again.too_many", n)
    assert all(one.script_texts(script, code) for script in shipped().scripts.values())
    assert language(code).letters == ("Arab" if code == RIGHT_TO_LEFT else "Latn")


def test_only_an_example_offers_them_and_only_when_asked(tmp_path: Path) -> None:
    asked, service = Settings(pseudo=True), tmp_path / "programme.yaml"
    service.write_text(EXAMPLE.read_text(encoding="utf-8").replace("example: yes", "example: no"), encoding="utf-8")
    example, offered = load_texts(asked, MONDAY.date())
    assert offered.languages[-2:] == PSEUDO
    assert not set(PSEUDO) & set(catalogs_for(Settings(), example).languages)
    programme, offered = load_texts(Settings(pseudo=True, programme=service), MONDAY.date())
    assert not programme.example
    assert not set(PSEUDO) & {*offered.languages, *offered.refused}


# What participants read -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", PSEUDO)
def test_no_script_and_nothing_around_it_is_plain(code: str) -> None:
    for seed, script in enumerate(shipped().scripts.values()):
        texts = catalogs().script_texts(script, code)
        assert texts is not None
        voice = Voice(script, texts, catalogs().ui(code), catalogs(), code, 7, NAMES)
        for session, events in walked(script, Random(seed)):
            for message in rendered(voice, session, events):
                assert not _plain_in(message, session_words(session)), message


def session_words(session: object) -> set[str]:
    """What a person wrote in a conversation, as a whole and line by line."""
    answers = [*session.done.values(), *session.remembered.values()]  # type: ignore[attr-defined]
    words = [getattr(answer, "words", "") for answer in answers]
    return {line for each in words for line in (each, *each.split("\n")) if line}


def _plain_in(message: Outbound, data: set[str]) -> list[str]:
    return [word for text in strings(message) for word in plain_words(text, data)]


@pytest.mark.parametrize("code", PSEUDO)
def test_nothing_that_telegram_shows_is_plain(code: str) -> None:
    ui = catalogs().ui(code)
    told = [
        *(ui[f"ui/menu.{command}"] for command in COMMANDS),
        *(ui[context] for context in ("ui/messenger.about", "ui/messenger.about_short")),
        welcome.closed_door(catalogs(), code).text,
        welcome.check_number(catalogs(), code, "4711").text,
        welcome.ready(catalogs(), code, "4711", "").text,
        welcome.left(catalogs(), code).text,
    ]
    script = shipped().scripts["weekly_checkin"]
    texts = catalogs().script_texts(script, code)
    assert texts is not None
    voice = Voice(script, texts, ui, catalogs(), code, 7, NAMES)
    for session, events in walked(script, Random(3)):
        for part in screens.parts(rendered(voice, session, events), catalogs()):
            told_here = [part.text, *(key.label for row in part.keyboard for key in row)]
            assert not [word for text in told_here for word in plain_words(text, session_words(session))]
    assert not [word for text in told for word in plain_words(text, ())]
