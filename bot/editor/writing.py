"""Writing: how a word, a text or a list is written in YAML, and how the lines of one part are replaced."""

from __future__ import annotations

import json
from collections.abc import Sequence

import yaml

from bot.editor.tree import Items, Keys, Node, Word

_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
STEP_IN = 2


def tidy(text: str) -> str:
    """A text without blank lines around it and without spaces at the ends of its lines."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"))


def word(value: str, style: str = "") -> str:
    """A value on one line: as it is where that reads the same, else in quotes."""
    if style == "'" and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and _reads_plain(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _reads_plain(value: str) -> bool:
    if not value or value != value.strip() or "\n" in value or value[0] in "?-:,[]{}#&*!|>'\"%@`":
        return False
    try:
        return bool(yaml.load(f"- {value}\n- k: {value}\n", Loader=_Loader) == [value, {"k": value}])  # noqa: S506
    except yaml.YAMLError:
        return False


def key_lines(column: int, key: str, value: str | Sequence[str], *, block: bool = False) -> list[str]:
    """The lines of a key with its value: a word, a text under ``|``, or a list."""
    start = " " * column + key + ":"
    if not isinstance(value, str):
        return [start, *(item_line(column + STEP_IN, item) for item in value)]
    if value and (block or "\n" in value):
        return [f"{start} |", *block_lines(column + STEP_IN, value)]
    return [f"{start} {word(value)}"]


def block_lines(column: int, text: str) -> list[str]:
    """The lines of a text under ``|``."""
    return [" " * column + line if line else "" for line in text.split("\n")]


def item_line(column: int, value: str) -> str:
    """One line of a list."""
    return " " * column + "- " + word(value)


def replaced(lines: list[str], key: Word, old: Node, value: str | Sequence[str], *, block: bool = False) -> list[str]:
    """All lines, with another value under a key. What else stands on its line, like a note, stays there."""
    if isinstance(value, str) and isinstance(old, Word):
        return _reworded(lines, key, old, value, block)
    if not isinstance(value, str) and isinstance(old, Items) and not old.flow and value:
        return [*lines[: key.line + 1], *_items(lines, key, old, value), *lines[old.last + 1 :]]
    return [*lines[: key.line], *key_lines(key.column, key.value, value, block=block), *lines[old.last + 1 :]]


def _reworded(lines: list[str], key: Word, old: Word, value: str, block: bool) -> list[str]:
    if value == tidy(old.value) and not old.is_empty:
        return lines
    if old.is_block and value:
        inside = lines[old.line + 1 : old.last + 1]
        column = min((len(line) - len(line.lstrip()) for line in inside if line.strip()), default=key.column + STEP_IN)
        header = lines[old.line]
        if old.style == ">":
            header = header[: old.column] + "|" + header[old.column + 1 :]
        return [*lines[: old.line], header, *block_lines(column, value), *lines[old.last + 1 :]]
    on_one_line = not old.is_block and old.line == old.last == key.line
    if on_one_line and "\n" not in value and not (block and old.is_empty):
        line = lines[old.line]
        if old.is_empty:
            at = line.index(":", key.end) + 1
            return [*lines[: old.line], f"{line[:at]} {word(value)}{line[at:]}", *lines[old.line + 1 :]]
        written = word(value, old.style) + line[old.end :]
        return [*lines[: old.line], line[: old.column] + written, *lines[old.line + 1 :]]
    return [*lines[: key.line], *key_lines(key.column, key.value, value, block=block), *lines[old.last + 1 :]]


def _items(lines: list[str], key: Word, old: Items, values: Sequence[str]) -> list[str]:
    """The lines of a list, where items that stay keep theirs with the notes above them."""
    column = lines[old.line].index("-")
    kept: list[tuple[str | None, list[str]]] = []
    begin = key.line + 1
    for item in old.items:
        value = item.value if isinstance(item, Word) else None
        kept.append((value, lines[begin : item.last + 1]))
        begin = item.last + 1
    written: list[str] = []
    for value in values:
        found = next((each for each in kept if each[0] == value), None)
        if found is None:
            written.append(item_line(column, value))
        else:
            kept.remove(found)
            written.extend(found[1])
    return written


# Entries: a key with all its lines -----------------------------------------------------------------------------------


def span(lines: Sequence[str], parent: Keys, key: str) -> tuple[int, int]:
    """The first and the last line of an entry, with the notes that stand right above it and those that end it."""
    word_, value = parent.pairs[key]
    first, last = word_.line, max(word_.line, value.last)
    above = max((v.last for k, (w, v) in parent.pairs.items() if w.line < word_.line), default=-1)
    while first - 1 > above and lines[first - 1].strip().startswith("#"):
        first -= 1
    first = _after_own_notes(lines, first, word_.line, above, word_.column)
    while last + 1 < len(lines) and _is_note(lines[last + 1], deeper_than=word_.column):
        last += 1
    return first, last


def _after_own_notes(lines: Sequence[str], first: int, line: int, above: int, column: int) -> int:
    """Notes that end the entry before are not this one's."""
    if first - 1 == above:
        while first < line and _is_note(lines[first], deeper_than=column):
            first += 1
    return first


def _is_note(line: str, deeper_than: int) -> bool:
    stripped = line.lstrip()
    return stripped.startswith("#") and len(line) - len(stripped) > deeper_than


def spaced(lines: Sequence[str], parent: Keys) -> bool:
    """Whether blank lines stand between the entries."""
    keys = list(parent.pairs)
    return any(not lines[max(span(lines, parent, key)[0] - 1, 0)].strip() for key in keys[1:] or keys)


def cut(lines: list[str], parent: Keys, key: str) -> tuple[list[str], list[str], list[str]]:
    """All lines without an entry, its own lines, and the blank ones above it, which go with it."""
    first, last = span(lines, parent, key)
    begin = first
    while begin > 0 and not lines[begin - 1].strip():
        begin -= 1
    return [*lines[:begin], *lines[last + 1 :]], lines[first : last + 1], lines[begin:first]


def inserted(lines: list[str], parent: Keys, new: list[str], after: str, gap: list[str]) -> list[str]:
    """All lines with those of a new entry after another one, or before the first, with a gap to its neighbour."""
    if after:
        at = span(lines, parent, after)[1] + 1
        return [*lines[:at], *gap, *new, *lines[at:]]
    at = span(lines, parent, next(iter(parent.pairs)))[0]
    return [*lines[:at], *new, *gap, *lines[at:]]
