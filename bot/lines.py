"""Lines: how an answer is worded. One function, for the share list a participant sees and the digest a specialist sees,
so that the two cannot differ."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec
from babel.numbers import format_decimal
from msgspec import Struct

from bot.catalogs.language import locale_of
from bot.dates import day_text
from bot.messages import ShareLine
from dialogues.model import OWN_WORDS, AnswerKind, Ask, Script
from dialogues.session import Answer
from dialogues.texts import fill

Texts = Mapping[str, str]


class CardLine(Struct, frozen=True, gc=False, omit_defaults=True):
    """One line of a card: the answer to ``name``, or the part of it that lies in the option group ``group``.

    A line that its participant has withdrawn keeps its place in the card, and an empty answer.
    """

    name: str
    group: str
    answer: Answer
    withdrawn: bool = False

    @property
    def id(self) -> str:
        """What tells the lines of one card apart."""
        return f"{self.name}|{self.group}" if self.group else self.name

    def taken_back(self) -> CardLine:
        """What is kept of this line when it is withdrawn: that it was there."""
        return CardLine(self.name, self.group, Answer(), withdrawn=True)


def encode_lines(lines: Iterable[CardLine]) -> bytes:
    """Lines as they are stored in a card."""
    return msgspec.json.encode(tuple(lines))


def decode_lines(stored: bytes) -> tuple[CardLine, ...]:
    """The inverse of ``encode_lines``."""
    return msgspec.json.decode(stored, type=tuple[CardLine, ...])


def line_text(
    script: Script, line: CardLine, texts: Texts, ui: Texts, language: str, names: Texts | None = None
) -> ShareLine:
    """A line in one language: what the answer is called, what it is, and the person's own words as written.

    ``texts`` are those of the script version, ``ui`` those around it. ``names`` holds who ``{name}`` and
    ``{specialist}`` are; without it they stand as the role is called.
    """
    ask = script.step(line.name)
    assert isinstance(ask, Ask), "only questions have answers"
    values = _values(script, line.name, texts, ui, names)
    return ShareLine(
        id=line.id,
        label=fill(_label(ask, line, texts), values),
        value=_value(ask, line.answer, texts, ui, language, values),
        own_words=line.answer.words,
    )


def value_text(
    script: Script, line: CardLine, texts: Texts, ui: Texts, language: str, names: Texts | None = None
) -> str:
    """What a line says beside the person's own words, whether or not its question has a label. As for ``line_text``."""
    ask = script.step(line.name)
    assert isinstance(ask, Ask), "only questions have answers"
    return _value(ask, line.answer, texts, ui, language, _values(script, line.name, texts, ui, names))


def each_text(script: Script, name: str, texts: Texts) -> str:
    """The text of the option that a repeated step is about, or "" for a step that is not repeated."""
    choice = name.partition(":")[2]
    for_each = script.step(name).for_each
    return texts.get(f"{for_each}/{choice}", "") if choice and choice != OWN_WORDS else ""


def _label(ask: Ask, line: CardLine, texts: Texts) -> str:
    return texts[f"{ask.key}.label/{line.group}"] if line.group else texts[f"{ask.key}.label"]


def _value(ask: Ask, answer: Answer, texts: Texts, ui: Texts, language: str, values: Texts) -> str:
    if answer.choices:
        known = [choice for choice in answer.choices if _is_known(ask, choice, texts)]
        return ui["ui/separator"].join(fill(option_text(ask, choice, texts, ui), values) for choice in known)
    if answer.number is not None:
        return point_text(ask, answer.number, texts, language)
    return day_text(answer.day, language) if answer.day else ""


def _is_known(ask: Ask, option: str, texts: Texts) -> bool:
    """Whether an option still has a text: an earlier answer may be worded with the texts of a later version."""
    return ask.kind in (AnswerKind.YES_OR_NO, AnswerKind.OK) or f"{ask.key}/{option}" in texts


def option_text(ask: Ask, option: str, texts: Texts, ui: Texts) -> str:
    """What an option of a question is called."""
    if ask.kind in (AnswerKind.YES_OR_NO, AnswerKind.OK):
        return ui[f"ui/{option}"]
    return texts[f"{ask.key}/{option}"]


def point_text(ask: Ask, number: float, texts: Texts, language: str) -> str:
    """What a point of a scale is called: its words where it has some, else its number. Digits are Latin everywhere."""
    digits = number_text(number, language)
    if ask.scale is None:
        return digits
    named = texts.get(f"{ask.key}/{int(number)}")
    if named is None and number in (ask.scale.low, ask.scale.high):
        named = texts.get(f"{ask.key}/{'low' if number == ask.scale.low else 'high'}")
        return f"{digits} {named}" if named else digits
    return named or digits


@lru_cache(maxsize=4096)
def number_text(number: float, language: str) -> str:
    """A number with the comma or point of the language. Digits are Latin everywhere."""
    return format_decimal(number, locale=locale_of(language), numbering_system="latn")


def _values(script: Script, name: str, texts: Texts, ui: Texts, names: Texts | None) -> Texts:
    known = names or {"name": ui["ui/participant"], "specialist": ui["ui/specialist"]}
    return ChainMap({"each": fill(each_text(script, name, texts), known, isolate=False)}, known)  # type: ignore[arg-type]
