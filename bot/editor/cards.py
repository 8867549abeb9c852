"""Cards: the steps of a script as its author wrote them, also while something in them is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from bot.editor import tree, writing
from bot.editor.tree import Items, Keys, Node, Unreadable, Word
from dialogues.model import OWN_WORDS
from dialogues.reading.grammar import STEP_KINDS

Value = str | tuple[str, ...]
SHOWN_APART = frozenset((*STEP_KINDS, "answer", "options", "points", "low", "high", "label"))
"""Keys of a step that a card shows in a place of their own."""


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One option as it is written. ``group`` is the group that it stands in, or ``""``."""

    name: str
    text: str
    group: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """One step. Lines count from 1; the notes above a step are its own, and ``line`` is the one with its name."""

    step: str
    kind: str
    """``say``, ``ask``, ``share`` or ``run``, or ``""`` where none of them stands."""
    text: str
    line: int
    first: int
    end: int
    answer: str = ""
    options: tuple[OptionLine, ...] = ()
    points: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    """By group; the whole answer's under ``""``."""
    keys: Mapping[str, Value] = field(default_factory=dict)
    """Everything else that was written, in its order."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A script as cards. ``head`` is what stands at its top."""

    readable: bool
    head: Mapping[str, Value] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()

    def card(self, step: str) -> Card | None:
        """The card of a step."""
        return next((card for card in self.cards if card.step == step), None)

    def at(self, line: int) -> str:
        """The step that a line belongs to, or ``""``."""
        return next((card.step for card in self.cards if card.first <= line <= card.end), "")


def cards(text: str) -> Outline:
    """The cards of a script. Where the text cannot be taken apart there are none."""
    try:
        top = tree.read(text)
    except Unreadable:
        return Outline(readable=False)
    steps = top.node("steps")
    if isinstance(steps, Word) and steps.is_empty:
        steps = None
    if steps is not None and (not isinstance(steps, Keys) or steps.flow):
        return Outline(readable=False)
    head = {key: _value(node) for key, (_, node) in top.pairs.items() if key not in ("steps", "remember", "rotate")}
    return Outline(True, head, tuple(_cards(text.split("\n"), steps)) if steps is not None else ())


def _cards(lines: list[str], steps: Keys) -> Iterator[Card]:
    spans = [writing.span(lines, steps, key) for key in steps.pairs]
    nexts = [after[0] - 1 for _, after in pairwise(spans)] + [len(lines) - 1]
    for (name, (word, node)), (first, _), end in zip(steps.pairs.items(), spans, nexts, strict=True):
        yield _card(name, word, node, first + 1, end + 1)


def _card(name: str, word: Word, node: Node, first: int, end: int) -> Card:
    if not isinstance(node, Keys):
        return Card(name, "", "", word.line + 1, first, end)
    kind = next((kind for kind in STEP_KINDS if kind in node.pairs), "")
    points = _value(node.node("points"))
    return Card(
        step=name,
        kind=kind,
        text=_text(node.node(kind)),
        line=word.line + 1,
        first=first,
        end=end,
        answer=_text(node.node("answer")),
        options=tuple(_options(node.node("options"))),
        points=(points,) if isinstance(points, str) and points else tuple(points),
        low=_text(node.node("low")),
        high=_text(node.node("high")),
        labels=dict(_labels(node.node("label"))),
        keys={key: _value(value) for key, (_, value) in node.pairs.items() if key not in SHOWN_APART},
    )


def _options(node: Node | None) -> Iterator[OptionLine]:
    if not isinstance(node, Keys):
        return
    for name, (word, value) in node.pairs.items():
        if isinstance(value, Keys):
            for inner, (place, text) in value.pairs.items():
                yield OptionLine(inner, _text(text), name, place.line + 1)
        else:
            yield OptionLine(name, _text(value), "", word.line + 1)


def _labels(node: Node | None) -> Iterator[tuple[str, str]]:
    match node:
        case Word():
            yield "", node.value.strip()
        case Keys():
            for group, (_, value) in node.pairs.items():
                yield (OWN_WORDS if group == "own words" else group), _text(value)


def _text(node: Node | None) -> str:
    return writing.tidy(node.value) if isinstance(node, Word) else ""


def _value(node: Node | None) -> Value:
    match node:
        case Word():
            return writing.tidy(node.value)
        case Items(items=items):
            return tuple(writing.tidy(each.value) for each in items if isinstance(each, Word))
        case Keys(pairs=pairs):
            return tuple(f"{key}: {_text(value)}" for key, (_, value) in pairs.items())
        case None:
            return ()
