"""Nodes: the YAML of a script as texts, lists and fields that know where they stand.

They are built from the parser's events, so that what a script may not have is refused before anything grows from it:
an alias is never followed, a tag never looked up. Every scalar stays text, so ``yes``, ``1`` and ``9:00`` are what was
written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from dialogues.problems import Findings, Place
from dialogues.reading.layout import explain
from dialogues.reading.signs import plain

DEEPEST = 20
MOST_NODES = 20_000

_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word or a text. ``raw`` is what stands in the file, quotes and indentation included; ``note`` says that a
    comment follows on the same line."""

    value: str
    place: Place
    raw: str = ""
    note: bool = False

    def at(self, offset: int) -> Place:
        """The place of a character of a text that stands on one line."""
        if "\n" in self.raw:
            return self.place
        return Place(self.place.line, self.place.column + offset + self.raw.startswith(('"', "'")))

    def place_of(self, part: str) -> Place:
        """Where a part of the text stands, whatever way the text is written."""
        start = self.raw.find(part)
        if start < 0:
            return self.place
        line = self.place.line + self.raw.count("\n", 0, start)
        before = start - self.raw.rfind("\n", 0, start) if "\n" in self.raw[:start] else self.place.column + start
        return Place(line, before)


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fields:
    """Keys and what stands under each, in the order of the file."""

    place: Place
    pairs: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)


Node = Scalar | Items | Fields


class _Stop(Exception):
    """Nothing that follows could be understood, or needs to be."""


def read(text: str | bytes, findings: Findings) -> Fields | None:
    """The fields at the top of a script, or None when it cannot be read."""
    source = plain(text, findings)
    if source is None:
        return None
    tabs = bool(findings.problems)
    builder = _Builder(source, findings)
    try:
        for event in yaml.parse(source, Loader=_Loader):
            builder.take(event)
    except _Stop:
        return None
    except yaml.YAMLError as error:
        if not tabs:
            findings.add("MV003", *explain(error, source.split("\n")))
        return None
    return _top(builder.root, findings)


def _top(root: Node | None, findings: Findings) -> Fields | None:
    if isinstance(root, Fields):
        return root
    place = root.place if root else Place(1, 1)
    message = "This is not a script yet." if root else "There is nothing in this file."
    findings.add("MV012", place, message, 'A script begins with "dialogue:" and has "language:" and "steps:".')
    return None


class _Builder:
    """Takes events and hangs nodes under one another. It keeps its own stack, so depth costs no recursion."""

    def __init__(self, source: str, findings: Findings) -> None:
        self.root: Node | None = None
        self._source = source
        self._findings = findings
        self._open: list[Items | Fields] = []
        self._keys: list[Scalar | None] = []
        self._count = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Add what the next event stands for."""
        mark = event.start_mark
        assert mark is not None, "the parser marks every event"
        place = Place(mark.line + 1, mark.column + 1)
        match event:
            case yaml.DocumentStartEvent():
                self._document(event, place)
            case yaml.ScalarEvent() | yaml.AliasEvent():
                self._put(self._scalar(event, place))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._marks(event, place)
                self._enter(Fields(place) if isinstance(event, yaml.MappingStartEvent) else Items(place))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()
                self._keys.pop()

    def _document(self, event: yaml.DocumentStartEvent, place: Place) -> None:
        self._documents += 1
        if self._documents > 1:
            self._findings.add("MV005", place, "A second document begins here (---).", "Write one script in each file.")
            raise _Stop
        if event.tags or event.version:
            self._findings.add("MV005", place, "A line that begins with % is an order to the reader.", "Delete it.")

    def _scalar(self, event: yaml.ScalarEvent | yaml.AliasEvent, place: Place) -> Scalar:
        self._marks(event, place)
        start, end = event.start_mark, event.end_mark
        assert start is not None, "the parser marks every event"
        assert end is not None, "the parser marks every event"
        raw = self._source[start.index : end.index]
        rest = self._source[end.index : self._source.find("\n", end.index) + 1 or None]
        value = event.value if isinstance(event, yaml.ScalarEvent) else raw
        return Scalar(value, place, raw, rest.lstrip().startswith("#"))

    def _marks(self, event: yaml.NodeEvent, place: Place) -> None:
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&" if event.anchor is not None else ""
        if not sign and getattr(event, "tag", None) is not None:
            sign = "!"
        if sign:
            hint = "If it begins a text, put the text in quotes. If not, delete it."
            self._findings.add("MV005", place, f"Scripts have no words that begin with {sign}.", hint)

    def _enter(self, node: Items | Fields) -> None:
        self._put(node)
        self._open.append(node)
        self._keys.append(None)
        if len(self._open) > DEEPEST:
            self._refuse(node.place, f"More than {DEEPEST} levels stand inside one another here.")

    def _put(self, node: Node) -> None:
        self._count += 1
        if self._count > MOST_NODES:
            self._refuse(node.place, f"This file has more than {MOST_NODES:,} parts.")
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Items):
            parent.items.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = self._key(node)
        else:
            self._pair(parent, self._keys[-1], node)
            self._keys[-1] = None

    def _refuse(self, place: Place, message: str) -> None:
        self._findings.add("MV002", place, message, "Remove what does not belong in a script.")
        raise _Stop

    def _key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        self._findings.add("MV003", node.place, "A name is a word here, not a list.", "Write a word before the colon.")
        raise _Stop

    def _pair(self, parent: Fields, key: Scalar, node: Node) -> None:
        if key.value in parent.pairs:
            first = parent.pairs[key.value][0].place.line
            message = f'"{key.value}" is here twice. The first one is on line {first}.'
            self._findings.add("MV004", key.place, message, "Give one of them another name, or delete it.")
            return
        parent.pairs[key.value] = (key, node)


def scalars(node: Node) -> Iterator[Scalar]:
    """Every text under a node, keys included, in the order of the file."""
    match node:
        case Scalar():
            yield node
        case Items(items=items):
            for item in items:
                yield from scalars(item)
        case Fields(pairs=pairs):
            for key, value in pairs.values():
                yield key
                yield from scalars(value)
