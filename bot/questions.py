"""Questions: as far as a question is the same in every conversation in these words, it is put into words once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, assert_never

import msgspec

from bot.lines import option_text, point_text
from dialogues.drawings import FACE
from dialogues.model import AnswerKind, Ask

Texts = Mapping[str, str]


class Choice(msgspec.Struct, frozen=True, eq=False):
    """A way to answer: what stands on it, with its ``{placeholders}``, and what a press of it chooses."""

    name: str
    chosen: tuple[str, ...]
    label: str
    heading: str = ""
    drawing: str = ""


class Question(msgspec.Struct, frozen=True, eq=False):
    """A question in words. What belongs to one conversation is filled in when it is asked there."""

    text: str
    choices: tuple[Choice, ...]
    is_filled: bool
    """Whether there are placeholders on the choices."""
    pick: Literal["one", "many", ""]
    most: int
    alone: tuple[str, ...]
    is_scale: bool
    typed: Literal["", "text", "number", "date"]
    placeholder: str
    has_skip: bool
    """Whether it has a way past beside its answers. OK is its own."""


def in_words(ask: Ask, texts: Texts, ui: Texts, language: str) -> Question:
    """A question in one language."""
    free = ask.own_words or ask.kind in (AnswerKind.TEXT, AnswerKind.VOICE_OR_TEXT)
    choices = tuple(_choices(ask, texts, ui, language))
    return Question(
        text=texts[ask.key],
        choices=choices,
        is_filled=bool(ask.options) and any("{" in choice.label for choice in choices),
        pick=_pick(ask),
        most=ask.most or 0,
        alone=tuple(sorted(ask.alone)),
        is_scale=ask.kind is AnswerKind.SCALE,
        typed="text" if free else _typed(ask),
        placeholder=ui["ui/not_read"] if free else "",
        has_skip=ask.kind is not AnswerKind.OK,
    )


def _choices(ask: Ask, texts: Texts, ui: Texts, language: str) -> Iterator[Choice]:
    if ask.kind is AnswerKind.OK:
        yield Choice("ok", ("ok",), ui["ui/ok"])
    elif ask.kind is AnswerKind.YES_OR_NO:
        for name in ("yes", "no"):
            yield Choice(name, (name,), option_text(ask, name, texts, ui))
    elif ask.scale is not None:
        for at, point in enumerate(range(ask.scale.low, ask.scale.high + 1)):
            drawn = FACE[at] if ask.faces else ""
            yield Choice(str(point), (str(point),), point_text(ask, point, texts, language), drawing=drawn)
    else:
        for option in ask.options:
            heading = texts[f"{ask.groups_of}/{option.group}"] if option.group else ""
            drawn = ask.drawings.get(option.name, "")
            yield Choice(option.name, (option.name,), texts[f"{ask.key}/{option.name}"], heading, drawn)


def _pick(ask: Ask) -> Literal["one", "many", ""]:
    match ask.kind:
        case AnswerKind.ANY_OF:
            return "many"
        case AnswerKind.ONE_OF | AnswerKind.YES_OR_NO | AnswerKind.SCALE | AnswerKind.OK:
            return "one"
        case AnswerKind.TEXT | AnswerKind.VOICE_OR_TEXT | AnswerKind.NUMBER | AnswerKind.DATE:
            return ""
        case _:
            assert_never(ask.kind)


def _typed(ask: Ask) -> Literal["number", "date", ""]:
    if ask.kind is AnswerKind.NUMBER:
        return "number"
    return "date" if ask.kind is AnswerKind.DATE else ""
