"""Differences: what has changed between two texts of a programme, one thing after the other, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.programme.guarded import OPEN
from bot.programme.layout import PARTS, Field, Group, Item, Many, Raw, raw


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing. ``keys`` are on the way to it in the file, ``entry`` the name of the one it is about in a list.

    ``before`` and ``now`` are as they stand in the file; "" is nothing. Both are equal where only the order changed.
    """

    keys: tuple[str, ...]
    entry: str
    before: str
    now: str

    @property
    def is_guarded(self) -> bool:
        """Whether it takes two people. That somebody called a number takes one."""
        return self.keys[0] not in OPEN and self.keys[-1] != "checked on"


def differences(before: str, now: str) -> list[Difference]:
    """Everything that differs between two texts that can be read, in the order of the forms."""
    old, new = raw(before), raw(now)
    return [each for items in PARTS.values() for item in items for each in _of(item, old, new, ())]


def _of(item: Item, old: Raw, new: Raw, above: tuple[str, ...], entry: str = "") -> Iterator[Difference]:
    keys = (*above, item.name)
    match item:
        case Field():
            was, now = _text(item, old.get(item.name)), _text(item, new.get(item.name))
            if was != now:
                yield Difference(keys, entry, was, now)
        case Group():
            for each in item.of:
                yield from _of(each, _mapping(old.get(item.name)), _mapping(new.get(item.name)), keys)
        case Many():
            yield from _entries(item, old.get(item.name), new.get(item.name), keys)


def _entries(many: Many, old: object, new: object, keys: tuple[str, ...]) -> Iterator[Difference]:
    was, now = _named(many, old), _named(many, new)
    for name, entry in was.items():
        if name not in now:
            yield Difference(keys, name, _whole(many, entry), "")
    for name, entry in now.items():
        if name not in was:
            yield Difference(keys, name, "", _whole(many, entry))
        else:
            for field in many.of:
                yield from _of(field, was[name], entry, keys, name)
    kept = [name for name in was if name in now]
    if kept != [name for name in now if name in was]:
        order = ", ".join(now)
        yield Difference(keys, "", order, order)


def _named(many: Many, entries: object) -> Mapping[str, Raw]:
    """By what tells them apart; a second one of the same name gets a number."""
    found: dict[str, Raw] = {}
    for each in entries if isinstance(entries, list) else []:
        name = str(_mapping(each).get(many.by, ""))
        found[name if name not in found else f"{name} ({len(found)})"] = _mapping(each)
    return found


def _whole(many: Many, entry: Raw) -> str:
    values = (_text(field, entry.get(field.name)) for field in many.of if field.name != many.by)
    return ", ".join(value for value in values if value)


def _text(field: Field, value: object) -> str:
    if field.kind == "yes":
        return "yes" if value == "yes" else ""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return " ".join(str(value or "").split())


def _mapping(value: object) -> Raw:
    return value if isinstance(value, dict) else {}
