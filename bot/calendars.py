"""Calendars: which days are holidays to somebody, by the names of calendars that people can choose.

The days themselves come from ``bot.feasts``, which is large and is loaded when somebody first asks for a holiday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

PUBLIC = "public"
"""The public holidays of the programme's country."""

CHOICES = (PUBLIC, "islamic", "orthodox", "tewahedo", "catholic", "jewish", "nowruz")
"""Every calendar that a person can choose."""

_YEARS = range(1950, 2100)
"""For other years no days are known. A clock that is so wrong must not break anything."""

_NONE: frozenset[date] = frozenset()


class Days(Protocol):
    """What the rules of time ask a calendar."""

    def is_holiday(self, name: str, day: date) -> bool:
        """Whether ``day`` is one of the calendar called ``name``."""
        ...

    def is_ramadan(self, day: date) -> bool:
        """Whether ``day`` is a day of fasting in Ramadan."""
        ...


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendars of a programme in ``country``, a code of two capital letters. What nobody knows (a country, a name,
    a year far away) has no holidays. The first question takes about a third of a second, a new year a hundredth."""

    country: str

    def is_holiday(self, name: str, day: date) -> bool:
        """Whether ``day`` is one of the calendar called ``name``."""
        return day in _holidays(name, self.country if name == PUBLIC else "", day.year)

    def is_ramadan(self, day: date) -> bool:
        """Whether ``day`` is a day of fasting in Ramadan, as it is reckoned in Mecca: elsewhere it may be a day off."""
        return day in _ramadan(day.year)


@lru_cache(maxsize=512)
def _holidays(name: str, country: str, year: int) -> frozenset[date]:
    if name not in CHOICES or year not in _YEARS:
        return _NONE
    from bot import feasts

    return feasts.of_country(country, year) if name == PUBLIC else feasts.of_calendar(name, year)


@lru_cache(maxsize=64)
def _ramadan(year: int) -> frozenset[date]:
    if year not in _YEARS:
        return _NONE
    from bot import feasts

    return feasts.ramadan(year)
