"""Workplaces: what a person said about each workplace, side by side, for that person alone to compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.lines import CardLine, value_text
from bot.my_page.answered import question_text
from bot.my_page.words import OwnWords
from bot.past_answers import PastAnswer
from dialogues.model import AnswerKind, Ask, Script


@dataclass(frozen=True, slots=True)
class Cell:
    """The latest answer to a question about one place; both are "" where there is none."""

    value: str = ""
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One question, and a cell for each place."""

    question: str
    language: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``places`` as the person called them, in the order in which they came; "" where a place was given no name."""

    places: tuple[str, ...]
    rows: tuple[Row, ...]


def comparison(answers: Iterable[PastAnswer], dialogue: str, words: OwnWords) -> Comparison:
    """``answers`` are in the order of ``bot.past_answers``; ``dialogue`` is the check-in of people at work. A check-in
    that asks for no place is about the one that was named last."""
    about: dict[str, dict[str, PastAnswer]] = {}
    called: dict[str, str] = {}
    place = ""
    for one in answers:
        if one.published.dialogue != dialogue:
            continue
        if one.name == place_question(one.published.script):
            place = " ".join(one.answer.words.split()).casefold()
            called[place] = one.answer.words.strip()
        else:
            about.setdefault(place, {})[one.name] = one
    places = [each for each in about if about[each]]
    return Comparison(
        tuple(called.get(each, "") for each in places), tuple(_rows([about[each] for each in places], words))
    )


def place_question(script: Script) -> str:
    """The question in which a place is named: the first in own words that the script remembers from last time. "" where
    there is none."""
    remembered = frozenset(script.remember.values())
    asks = (step for step in script.steps if isinstance(step, Ask) and step.key in remembered)
    return next((step.key for step in asks if step.kind in (AnswerKind.TEXT, AnswerKind.VOICE_OR_TEXT)), "")


def _rows(places: Sequence[dict[str, PastAnswer]], words: OwnWords) -> Iterator[Row]:
    """In the order of the script, as the newest of the answers has it."""
    asked: dict[str, PastAnswer] = {}
    for one in sorted((one for about in places for one in about.values()), key=lambda one: one.at, reverse=True):
        asked.setdefault(one.name, one)
    for one in sorted(asked.values(), key=_place_in_script):
        if one.ask.label:
            cells = tuple(_cell(about.get(one.name), words) for about in places)
            yield Row(question_text(one.published, one.name, words), words.tongue(one.published).language, cells)


def _place_in_script(one: PastAnswer) -> int:
    return [*one.published.script.by_key].index(one.ask.key)


def _cell(one: PastAnswer | None, words: OwnWords) -> Cell:
    if one is None:
        return Cell()
    tongue, line = words.tongue(one.published), CardLine(one.name, "", one.answer)
    value = value_text(one.published.script, line, tongue.texts, tongue.ui, tongue.language, words.names())
    return Cell(value, one.answer.words)
