"""Whatever happens in a script, and in whatever language: all that a person reads comes from the texts of that one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogs import Catalogs
from bot.catalogs.language import SOURCE, language
from bot.config import LOCALES
from bot.dates import day_text
from bot.messages import Outbound
from bot.rendering import Voice, rendered
from bot.wording import WORDING
from dialogues.answers import LONGEST_WORDS
from dialogues.events import Event
from dialogues.meanings import ASK, TICKED
from dialogues.model import Ask, Script
from dialogues.session import Answer, Session
from tests.bot.turn_world import shipped
from tests.bot.wording_talk import strings
from tests.dialogues.answers_at_random import THOUGHTS, all_shown, some_answer
from tests.dialogues.held import Held
from tests.dialogues.moves_at_random import some_move

NAMES = {"name": "4711", "specialist": "0815", "month": "2026"}
"""No letters of any language."""
LETTERS = {"Arab": "ARABIC", "Cyrl": "CYRILLIC", "Ethi": "ETHIOPIC", "Latn": "LATIN"}
REFLECTION = "own_checkin"
"""The one script that only staff read."""

_FILLED = re.compile("[\u2066-\u2068]([^\u2066-\u2069]*)\u2069")
_ISOLATES = re.compile("[\u2066-\u2069]")
_FIGURES = re.compile(r"-?[0-9]+([.,\u066b][0-9]+)?")
_KEPT = re.compile(r"\b(?:[A-Z]{2,5}|Medvind|Telegram)\b|/[a-z]+")
"""Abbreviations, names, and commands that are typed into a messenger: the same in every language."""

Path = tuple[tuple[Session, tuple[Event, ...]], ...]


@cache
def every() -> Catalogs:
    """All languages that there are, drafts and all."""
    return Catalogs.load(LOCALES, allow_drafts=True)


@cache
def around(code: str) -> frozenset[str]:
    """Everything that is said around scripts in a language, without what is filled in."""
    texts = [text for context, text in every().ui(code).items() if context.startswith("ui/")]
    for context in (context for context, text in WORDING.items() if isinstance(text, tuple)):
        if context.startswith("ui/"):
            texts += [every().count(code, context, n) for n in (0, 1, 2, 3, 11, 100, LONGEST_WORDS)]
    return frozenset(map(_bare, texts))


@cache
def days(code: str) -> frozenset[str]:
    """The dates that people give in these conversations."""
    return frozenset(day_text((date(2024, 1, 1) + timedelta(n)).isoformat(), code) for n in range(366))


def _bare(text: str) -> str:
    """A text without placeholders, names and figures, on one line."""
    return " ".join(_FIGURES.sub("", re.sub(r"\{\w+\}", "", text)).split())


class Origin:
    """Where the words of one conversation in one language can come from."""

    def __init__(self, script: Script, code: str, way: Path) -> None:
        texts = every().script_texts(script, code)
        assert texts is not None, f"{code} has all of {script.dialogue}"
        self.code, self.texts = code, texts
        self.known = around(code) | set(map(_bare, texts.values()))
        self.separator = every().ui(code)["ui/separator"]
        self.own = frozenset(_own_words(way))
        self.own_letters = LETTERS[language(code).letters]

    def strays(self, message: Outbound) -> list[str]:
        """What in a message is in no text of the language, or has letters of another one."""
        found = [piece for text in strings(message) for piece in self._pieces(text) if not self._is_known(piece)]
        return found + [text for text in strings(message) if self._strange(text)]

    def _pieces(self, text: str) -> Iterator[str]:
        """What is filled in, from the inside out, and what is left then."""
        while found := _FILLED.search(text):
            yield found[1]
            text = text[: found.start()] + text[found.end() :]
        yield text

    def _is_known(self, piece: str) -> bool:
        """Whether this is one text of the language, a person's own words, a date, or several of them in a list."""
        if piece in self.own or piece in days(self.code) or _bare(piece) in self.known or not _bare(piece):
            return True
        parts = piece.split(self.separator)
        joined = (self.separator.join(parts[:n]) for n in range(1, len(parts)))
        return any(self._is_known(head) and self._is_known(piece[len(head + self.separator) :]) for head in joined)

    def _strange(self, text: str) -> bool:
        while _FILLED.search(text):
            text = _FILLED.sub("", text)
        if self.own_letters != "LATIN":
            text = _KEPT.sub("", text)
        letters = [] if text in self.own else [each for each in text if each.isalpha()]
        return not all(unicodedata.name(each).startswith((self.own_letters, "MODIFIER")) for each in letters)


def _own_words(way: Path) -> Iterator[str]:
    """What the person wrote, line by line."""
    for session, _ in way:
        for answer in (*session.done.values(), *session.remembered.values()):
            if isinstance(answer, Answer):
                yield from (_ISOLATES.sub("", line) for line in answer.words.split("\n"))


def walked(script: Script, dice: Random) -> Path:
    """One way through a script: what happened, step by step."""
    held = Held.begin(script, _remembered(script, dice), sharing=dice.choice([ASK, TICKED]))
    way = [(held.session, held.last)]
    while not held.session.closed and len(way) < 80:
        held.send(some_move(dice, held, restless=0.3))
        way.append((held.session, held.last))
    return tuple(way)


def _remembered(script: Script, dice: Random) -> dict[str, Answer]:
    found = {}
    for local, key in script.remember.items():
        asks = [each.by_key[key] for each in shipped().scripts.values() if key in each.by_key]
        ask = asks[0] if asks else None
        answer = some_answer(dice, ask, all_shown(ask)) if isinstance(ask, Ask) else Answer(words=dice.choice(THOUGHTS))
        if dice.random() < 0.7:
            found[local] = answer
    return found


@pytest.mark.parametrize("dialogue", shipped().scripts)
@settings(max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_a_way_through_a_script_is_told_in_one_language_whichever_it_is(dialogue: str, seed: int) -> None:
    script = shipped().scripts[dialogue]
    way = walked(script, Random(seed))
    for code in every().staff_languages if dialogue == REFLECTION else every().languages:
        origin = Origin(script, code, way)
        voice = Voice(script, origin.texts, every().ui(code), every(), code, 7, NAMES)
        for session, events in way:
            for message in rendered(voice, session, events):
                assert message.language == code
                assert origin.strays(message) == [], (code, message.step)


def test_no_way_is_taken_for_one_of_another_language() -> None:
    """The test can fail: what is said in one language strays in every other."""
    script = shipped().scripts["weekly_checkin"]
    way = walked(script, Random(1))
    for code in every().languages:
        voice = Voice(script, Origin(script, code, way).texts, every().ui(code), every(), code, 7, NAMES)
        first = rendered(voice, *way[0])
        others = [Origin(script, other, way) for other in every().languages if not _is_akin(code, other)]
        assert len(others) >= 3
        assert all(any(map(other.strays, first)) for other in others)


def _is_akin(one: str, other: str) -> bool:
    """Whether one of them is a variant of the other, or is it."""
    return one.partition("_")[0] == other.partition("_")[0]


def test_all_languages_are_looked_at() -> None:
    assert every().languages[0] == SOURCE
    assert every().refused == {}
