"""Guarded: what of a programme nobody changes alone: where help is, what is promised, who reads what, who does what,
whether somebody takes part, and the check-in in which help is offered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace

from bot.programme.programme import Programme

KEYS: Mapping[str, tuple[str, ...]] = {
    "example": ("example",),
    "machine drafts": ("machine_drafts",),
    "specialist reads": ("reads",),
    "answers within": ("answers_within",),
    "first": ("first",),
    "check-in": ("check_in",),
    "at work": ("at_work",),
    "new specialist": ("new_specialist",),
    "help": ("ambulance", "police", "lines"),
    "statements": ("statements",),
    "role card": ("role_card",),
}
"""Key of the file -> what is read from it."""

OPEN: Mapping[str, tuple[str, ...]] = {
    "service": ("service",),
    "country": ("country",),
    "time zone": ("time_zone",),
    "languages": ("languages",),
    "host language": ("host_language",),
    "later": ("later",),
    "topics": ("topics",),
    "situation": ("situation",),
    "time": ("time",),
    "too much": ("too_much",),
    "after a break": ("after_break",),
    "any time": ("any_time",),
    "now and then": ("now_and_then",),
    "pulse": ("pulse",),
    "agreement": ("agreement",),
    "agreement day": ("agreement_day",),
    "new agreement": ("new_agreement",),
    "before a start": ("before_start",),
    "own check-in": ("own_check_in",),
}
"""The same for what one person may change. What stands in neither is guarded."""


def guarded(programme: Programme) -> Mapping[str, object]:
    """Key of the file -> its content, of everything that takes two people. On which day a number was called and where
    the role card stands in the file is no part of it."""
    seen = replace(
        programme,
        lines=tuple(replace(line, checked=None) for line in programme.lines),
        role_card=programme.role_card and replace(programme.role_card, line=0),
    )
    free = {name for names in OPEN.values() for name in names}
    named = {name: key for key, names in KEYS.items() for name in names}
    found: dict[str, dict[str, object]] = {}
    for each in fields(seen):
        if each.name not in free:
            found.setdefault(named.get(each.name, each.name), {})[each.name] = getattr(seen, each.name)
    return found


def changed(before: Programme, after: Programme) -> tuple[str, ...]:
    """The guarded keys that say something else now, in the order of the file."""
    old, new = guarded(before), guarded(after)
    return tuple(key for key in old if old[key] != new[key])


def needs_two(before: Programme, after: Programme) -> bool:
    """Whether it takes two people to come from one to the other. In an example it never does."""
    return not before.example and bool(changed(before, after))


def mark(programme: Programme) -> str:
    """The same for equal guarded parts, and else another."""
    seen = {
        key: {name: _plain(value) for name, value in values.items()}  # type: ignore[attr-defined]
        for key, values in guarded(programme).items()
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value  # type: ignore[call-overload]
