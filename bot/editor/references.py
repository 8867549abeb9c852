"""References: where a script speaks of one of its own steps or options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.editor import tree
from bot.editor.tree import Keys, Node, Word

_VALUE = re.compile(r"(\S+)\s+(?:is not|is|includes|does not include)\s+(\S+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """One mention: the lines from ``first`` to ``last``, and how often a name is found from ``column`` on the first.
    ``braces``: only where it stands between braces; ``second``: the last such word and not the first."""

    first: int
    last: int
    column: int = 0
    braces: bool = False
    second: bool = False


def of_key(word: Word) -> Reference:
    """The place of a name that is a key."""
    return Reference(word.line, word.last, word.column)


def to_step(top: Keys, step: str) -> Iterator[Reference]:
    """Every mention of a step by other parts of its script."""
    dialogue = top.node("dialogue")
    own = f"{dialogue.value}/{step}" if isinstance(dialogue, Word) else ""
    remember, rotate, steps = top.node("remember"), top.node("rotate"), top.node("steps")
    yield from (Reference(w.line, w.last, w.column, second=True) for w in _words(remember) if w.value == own)
    yield from (_plain(word) for word in _words(rotate) if word.value == step)
    for _, fields in steps.pairs.values() if isinstance(steps, Keys) else ():
        if isinstance(fields, Keys):
            yield from _in_step(fields, step)


def _in_step(fields: Keys, step: str) -> Iterator[Reference]:
    for key, (_, node) in fields.pairs.items():
        for word in _words(node):
            tests = key in ("when", "when any") and word.value.split(" ")[0] == step
            if tests or (key in ("offer", "for each", "groups of") and word.value == step):
                yield _plain(word)
            elif key in ("say", "ask", "share") and f"{{{step}}}" in word.value:
                yield Reference(word.line, word.last, word.column, braces=True)


def to_option(top: Keys, step: str, option: str) -> Iterator[Reference]:
    """Every mention of an option of a step."""
    steps = top.node("steps")
    for name, (_, fields) in steps.pairs.items() if isinstance(steps, Keys) else ():
        if not isinstance(fields, Keys):
            continue
        for key in ("when", "when any"):
            for word in _words(fields.node(key)):
                if (found := _VALUE.fullmatch(word.value)) and found[1] == step and found[2] == option:
                    yield Reference(word.line, word.last, word.column, second=True)
        grouping = fields.node("groups of")
        if name == step:
            yield from _of_own_step(fields, option)
        if isinstance(grouping, Word) and grouping.value == step:
            yield from _of_groups(fields, option)


def _of_own_step(fields: Keys, option: str) -> Iterator[Reference]:
    yield from (_plain(word) for word in _words(fields.node("alone")) if word.value == option)
    for key in ("topic", "picture"):
        yield from _keys_called(fields.node(key), option)


def _of_groups(fields: Keys, option: str) -> Iterator[Reference]:
    for key in ("options", "label"):
        yield from _keys_called(fields.node(key), option)
    yield from (_plain(word) for word in _words(fields.node("private")) if word.value == option)


def _keys_called(node: Node | None, name: str) -> Iterator[Reference]:
    if isinstance(node, Keys) and name in node.pairs:
        yield of_key(node.pairs[name][0])


def _plain(word: Word) -> Reference:
    return Reference(word.line, word.last, word.column)


def _words(node: Node | None) -> Iterator[Word]:
    return iter(()) if node is None else tree.words(node)


def renamed(lines: list[str], found: Sequence[Reference], old: str, new: str) -> list[str]:
    """All lines with another name at these places."""
    changed = list(lines)
    for place in sorted(found, key=lambda each: (each.first, each.column), reverse=True):
        for number in range(place.first, place.last + 1):
            column = place.column if number == place.first else 0
            before, rest = changed[number][:column], changed[number][column:]
            changed[number] = before + _renamed(rest, place, old, new)
    return changed


def _renamed(text: str, place: Reference, old: str, new: str) -> str:
    if place.braces:
        return text.replace(f"{{{old}}}", f"{{{new}}}")
    matches = list(re.finditer(rf"(?<![\w]){re.escape(old)}(?![\w])", text.partition(" #")[0]))
    if not matches:
        return text
    match = matches[-1] if place.second else matches[0]
    return text[: match.start()] + new + text[match.end() :]
