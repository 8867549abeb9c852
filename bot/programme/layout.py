"""Layout: the parts of a programme file as forms have them: which keys belong together, and how each is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from bot.programme.help_lines import ABOUT, COSTS
from bot.programme.programme import READS
from bot.programme.words import WITHIN
from bot.roles import KINDS

Kind = Literal["text", "words", "yes", "one", "pairs", "day"]


@dataclass(frozen=True, slots=True)
class Field:
    """One value. ``words`` are a list with commas, ``pairs`` a line each, ``yes`` a box, ``one`` one of ``choices``."""

    name: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    longest: int = 200


@dataclass(frozen=True, slots=True)
class Group:
    """Keys below a key."""

    name: str
    of: tuple[Field | Group | Many, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of entries that have the same keys. ``by`` tells them apart."""

    name: str
    of: tuple[Field, ...]
    by: str


Item = Field | Group | Many


def within_text(days: int) -> str:
    """How a file says in how many working days something is answered."""
    return f"{days} working day{'' if days == 1 else 's'}"


_LINE = (
    Field("name"),
    Field("about", "one", ABOUT),
    Field("call"),
    Field("text"),
    Field("chat"),
    Field("hours"),
    Field("languages", "words"),
    Field("interpreter", "yes"),
    Field("cost", "one", COSTS),
    Field("checked on", "day"),
)
_SIGNED = (Field("signed by"), Field("signed on", "day"))

PARTS: Mapping[str, tuple[Item, ...]] = {
    "service": (
        Field("service"),
        Field("country"),
        Field("time zone"),
        Field("languages", "words"),
        Field("host language"),
        Field("machine drafts", "yes"),
        Field("specialist reads", "one", READS),
        Field("answers within", "one", tuple(within_text(days) for days in WITHIN)),
        Field("example", "yes"),
    ),
    "help": (
        Group(
            "help",
            (Field("ambulance"), Field("police"), Many("lines", _LINE, "name"), Many("local", _LINE, "name")),
        ),
    ),
    "statements": (Group("statements", (Group("no consequence", _SIGNED), Group("not monitored", _SIGNED))),),
    "role": (
        Group(
            "role card",
            (
                Field("does", "words", longest=2000),
                Field("together", "words", longest=2000),
                Many(
                    "instead",
                    (
                        Field("id"),
                        Field("who"),
                        Field("kind", "one", KINDS),
                        Field("call"),
                        Field("topics", "words", longest=2000),
                    ),
                    "id",
                ),
            ),
        ),
    ),
    "dialogues": (
        Field("first"),
        Field("check-in"),
        Field("at work"),
        Field("later", "words", longest=2000),
        Field("topics"),
        Field("situation"),
        Field("time"),
        Field("too much"),
        Field("after a break"),
        Field("any time", "words", longest=4000),
        Field("now and then", "pairs", longest=4000),
        Field("pulse"),
        Field("agreement"),
        Field("agreement day"),
        Field("new specialist"),
        Field("new agreement"),
        Field("before a start"),
        Field("own check-in"),
    ),
}
"""Name of a part -> what is filled in. Together they are every key of the file."""

MOST_ENTRIES = 40

Raw = dict[str, Any]


def raw(text: str) -> Raw:
    """The values of a programme's text as they stand there. The text has to be one that can be read as a programme."""
    loaded = yaml.load(text, yaml.BaseLoader)  # noqa: S506, this loader makes nothing but texts, lists and mappings
    return loaded if isinstance(loaded, dict) else {}


def filled(items: tuple[Item, ...], values: Raw) -> Mapping[str, str]:
    """What the fields of a form hold, by their names: the keys on the way to them, with dots between."""
    return dict(_filled(items, values, ""))


def _filled(items: tuple[Item, ...], values: Raw, above: str) -> Iterator[tuple[str, str]]:
    for item in items:
        value, path = values.get(item.name), f"{above}{item.name}"
        match item:
            case Field():
                yield path, _shown(item, value)
            case Group():
                yield from _filled(item.of, value if isinstance(value, dict) else {}, f"{path}.")
            case Many():
                entries = value if isinstance(value, list) else []
                for n, entry in enumerate(entries):
                    yield from _filled(item.of, entry if isinstance(entry, dict) else {}, f"{path}.{n}.")


def _shown(field: Field, value: Any) -> str:
    match field.kind:
        case "words":
            return ", ".join(value) if isinstance(value, list) else str(value or "")
        case "pairs":
            return "\n".join(f"{key}: {each}" for key, each in value.items()) if isinstance(value, dict) else ""
        case _:
            return str(value or "")


def taken(items: tuple[Item, ...], form: Mapping[str, str]) -> Raw:
    """The values of a form, as ``raw`` has them. What is empty is not there, nor is an entry without anything in it."""
    return {item.name: _taken(item, form, item.name) for item in items}


def _taken(item: Item, form: Mapping[str, str], path: str) -> Any:
    match item:
        case Field():
            return _read(item, form.get(path, "").strip())
        case Group():
            found = {each.name: _taken(each, form, f"{path}.{each.name}") for each in item.of}
            return {name: value for name, value in found.items() if value}
        case Many():
            return [
                {each.name: value for each in item.of if (value := _taken(each, form, f"{path}.{n}.{each.name}"))}
                for n in range(MOST_ENTRIES)
                if form.get(f"{path}.{n}.{item.by}", "").strip()
            ]


def _read(field: Field, text: str) -> Any:
    match field.kind:
        case "words":
            return [word.strip() for word in re.split(r"[,\n\u060c]", text) if word.strip()]
        case "pairs":
            pairs = (line.partition(":") for line in text.splitlines() if line.strip())
            return {key.strip(): value.strip() for key, _, value in pairs}
        case "yes":
            return "yes" if text == "yes" else ""
        case _:
            return " ".join(text.split())


def lines(text: str) -> Mapping[int, str]:
    """Line of a text, from 1 -> the name of the field that is filled in there."""
    top = yaml.compose(text, Loader=yaml.SafeLoader)
    return dict(_lines(top, "")) if top is not None else {}


def _lines(node: yaml.Node, path: str) -> Iterator[tuple[int, str]]:
    """What stands deeper comes first: a line belongs to the field that it begins with."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        for key, value in node.value:
            name = f"{path}.{key.value}" if path else str(key.value)
            yield key.start_mark.line + 1, name
            yield from _lines(value, name)
    elif isinstance(node, yaml.SequenceNode) and not node.flow_style:
        for n, value in enumerate(node.value):
            yield from _lines(value, f"{path}.{n}")
