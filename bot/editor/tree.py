"""Tree: the YAML of a script with the place where every part of it begins and ends, so that one part can be changed and
all other lines stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import yaml

from dialogues.reading.signs import LARGEST

DEEPEST = 20

_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Unreadable(ValueError):
    """The text cannot be taken apart, so only the text itself can be changed."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a text. Lines and columns count from 0; ``last`` is the last line that holds some of it."""

    value: str
    line: int
    column: int
    last: int
    end: int
    """The column after it on its last line; of no use for a text under ``|``."""
    style: str = ""

    @property
    def is_block(self) -> bool:
        """Whether it stands under ``|`` or ``>``."""
        return self.style in ("|", ">")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written at all."""
        return not self.value and not self.style


@dataclass(slots=True)
class Items:
    """A list. ``flow``: in brackets, on one line or more."""

    line: int
    flow: bool
    last: int = 0
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Keys:
    """Keys and what stands under each, in the order of the file."""

    line: int
    flow: bool
    last: int = 0
    pairs: dict[str, tuple[Word, Node]] = field(default_factory=dict)

    def node(self, key: str) -> Node | None:
        """What stands under a key."""
        found = self.pairs.get(key)
        return None if found is None else found[1]


Node = Word | Items | Keys


def read(text: str) -> Keys:
    """The script in a text. Raises Unreadable for whatever is not keys with words, lists and keys under them."""
    if len(text.encode("utf-8", "replace")) > LARGEST or "\t" in text or "\r" in text:
        raise Unreadable
    grower = _Grower(text.split("\n"))
    try:
        for event in yaml.parse(text, Loader=_Loader):
            grower.take(event)
    except yaml.YAMLError as error:
        raise Unreadable from error
    if not isinstance(grower.root, Keys):
        raise Unreadable
    return grower.root


def words(node: Node) -> Iterator[Word]:
    """Every word and text under a node, keys left out."""
    match node:
        case Word():
            yield node
        case Items(items=items):
            for item in items:
                yield from words(item)
        case Keys(pairs=pairs):
            for _, value in pairs.values():
                yield from words(value)


class _Mark(Protocol):
    line: int
    column: int


def _mark(mark: _Mark | None) -> _Mark:
    assert mark is not None, "the parser marks every event"
    return mark


class _Grower:
    """Takes events and hangs nodes under one another."""

    def __init__(self, lines: list[str]) -> None:
        self.root: Node | None = None
        self._lines = lines
        self._open: list[Items | Keys] = []
        self._keys: list[Word | None] = []

    def take(self, event: yaml.Event) -> None:
        """Add what the next event stands for."""
        match event:
            case yaml.ScalarEvent():
                self._put(self._word(event))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._enter(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._leave(event)
            case yaml.AliasEvent():
                raise Unreadable

    def _word(self, event: yaml.ScalarEvent) -> Word:
        if event.anchor is not None or event.tag is not None:
            raise Unreadable
        start, end = _mark(event.start_mark), _mark(event.end_mark)
        style = event.style if event.style in ("|", ">", "'", '"') else ""
        key = self._keys[-1] if self._keys else None
        if not event.value and not style:  # Nothing was written: it stands where its key does.
            line, column = (key.line, key.end + 1) if key is not None else (start.line, start.column)
            return Word("", line, column, line, column)
        last = end.line
        if style in ("|", ">"):
            last = self._filled(start.line, end.line - (end.column == 0))
        return Word(event.value, start.line, start.column, last, end.column, style)

    def _filled(self, first: int, last: int) -> int:
        """The last line of a text under ``|`` that is not blank."""
        while last > first and not self._lines[last].strip():
            last -= 1
        return last

    def _enter(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if event.anchor is not None or event.tag is not None or len(self._open) >= DEEPEST:
            raise Unreadable
        kind = Keys if isinstance(event, yaml.MappingStartEvent) else Items
        node = kind(_mark(event.start_mark).line, bool(event.flow_style))
        self._put(node)
        self._open.append(node)
        self._keys.append(None)

    def _leave(self, event: yaml.MappingEndEvent | yaml.SequenceEndEvent) -> None:
        node = self._open.pop()
        self._keys.pop()
        inside = [key.last for key, _ in node.pairs.values()] if isinstance(node, Keys) else []
        children = [value for _, value in node.pairs.values()] if isinstance(node, Keys) else node.items
        lasts = [node.line, *inside, *(child.last for child in children)]
        node.last = _mark(event.end_mark).line if node.flow else max(lasts)

    def _put(self, node: Node) -> None:
        if not self._open:
            if self.root is not None:
                raise Unreadable
            self.root = node
            return
        parent, key = self._open[-1], self._keys[-1]
        if isinstance(parent, Items):
            parent.items.append(node)
        elif key is None:
            if not isinstance(node, Word) or node.value in parent.pairs or node.is_block or node.last != node.line:
                raise Unreadable
            self._keys[-1] = node
        else:
            parent.pairs[key.value] = (key, node)
            self._keys[-1] = None
