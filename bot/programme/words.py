"""Words: what a single value of a programme may be. Each reader raises ValueError with a sentence for anything else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale

from bot.catalogs.language import locale_of
from dialogues import durations

LONGEST_BETWEEN = timedelta(days=366)
WITHIN = (1, 2, 3, 5)
"""Working days within which requests can be answered."""
USUALLY_WITHIN = 2

_NUMBER = re.compile(r"\+?\d[\d ]{1,18}\d")
_ADDRESS = re.compile(r"https://[\w.-]+(/[^\s\"<>]*)?")
_DIALOGUE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TOPIC = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")


def number(text: str) -> str:
    """A telephone number, as people read it."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f'"{text}" is not a phone number. Write digits and spaces, like 116 123.')
    return text


def address(text: str) -> str:
    """An address of a page."""
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f'"{text}" is not an address. It begins with https:// and has no spaces.')
    return text


def language(text: str) -> str:
    """A language code."""
    locale_of(text)
    return text


def country(text: str) -> str:
    """An ISO 3166 code of two letters."""
    if text not in Locale("en").territories or not re.fullmatch("[A-Z]{2}", text):
        raise ValueError(f'"{text}" is not a country code. Write two capital letters, like NO.')
    return text


def time_zone(text: str) -> str:
    """A name of the time zone database."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{text}" is not a time zone. Write it like Europe/Oslo.') from None


def dialogue(text: str) -> str:
    """The name of a dialogue."""
    return _name(text, "a dialogue", _DIALOGUE)


def place(text: str) -> str:
    """The name of somebody who does what the specialist does not."""
    return _name(text, "a place", _DIALOGUE)


def topic(text: str) -> str:
    """The name of an option of a question about help."""
    return _name(text, "a topic", _TOPIC)


def _name(text: str, what: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(text):
        raise ValueError(f'"{text}" is not the name of {what}: small letters, digits and _.')
    return text


def within(text: str) -> int:
    """In how many working days a request is answered."""
    found = {f"{days} working day{'' if days == 1 else 's'}": days for days in WITHIN}
    if text not in found:
        raise ValueError(f'"{text}" is not one of: {", ".join(found)}.')
    return found[text]


def between(text: str) -> timedelta:
    """How long something stays away after it came: from one day to a year."""
    length = durations.duration(text)
    if length is None:
        likely = durations.meant(text)
        hint = f'Did you mean "{likely}"?' if likely else "Write it like 14 days or 3 weeks."
        raise ValueError(f'"{text}" is not a length of time. {hint}')
    if not timedelta(days=1) <= length <= LONGEST_BETWEEN:
        raise ValueError(f'"{text}" is not between 1 day and {LONGEST_BETWEEN.days} days.')
    return length


def day_until(today: date, what_to_do: str) -> Callable[[str], date]:
    """A reader of a day that is not after ``today``. ``what_to_do`` is told to whoever wrote a later one."""

    def read(text: str) -> date:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(f'"{text}" is not a date. Write it like 2026-01-31.') from None
        if day > today:
            raise ValueError(f"{day} has not come yet. {what_to_do}")
        return day

    return read
