"""Durations: lengths of time as coordinators write them ("2 hours", "1 day", "3 weeks")."""

from __future__ import annotations

import re
from datetime import timedelta

from dialogues.problems import nearest

UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
_FORM = re.compile(r"([1-9][0-9]{0,3}) ([a-z]+)")
_LOOSE = re.compile(r"\s*([0-9]{1,4})\s*([A-Za-z]+)\s*")


def duration(text: str) -> timedelta | None:
    """The length of time, or None when the text is not one."""
    found = _FORM.fullmatch(text)
    if found is None or found[2] not in _units(int(found[1])):
        return None
    return int(found[1]) * UNITS[found[2].removesuffix("s")]


def meant(text: str) -> str:
    """The duration that a text like it was meant to be, or ``""``."""
    found = _LOOSE.fullmatch(text)
    if found is None or not int(found[1]):
        return ""
    count, written = int(found[1]), found[2].lower()
    unit = written if written in _units(count) else nearest(written, _units(count))
    return f"{count} {unit}" if unit else ""


def words(length: timedelta) -> str:
    """The shortest way to write a length of time; the inverse of ``duration``."""
    for name in ("week", "day", "hour"):
        count, rest = divmod(length, UNITS[name])
        if count and not rest and (name != "week" or count > 1):
            return f"{count} {name}{'' if count == 1 else 's'}"
    return str(length)


def _units(count: int) -> tuple[str, ...]:
    return tuple(name if count == 1 else f"{name}s" for name in UNITS)
