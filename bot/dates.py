"""Dates: how days, times and moments are written, in the words and the order of a language. Digits are Latin."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time

from bot.catalogs.language import locale_of

_BRITISH = {"en": "en_GB"}
"""Where a language code alone would pick an order of day and month that people here do not write."""


@lru_cache(maxsize=4096)
def weekday_and_date(day: date, language: str) -> str:
    """``Tuesday 6 May``, in the words of a language."""
    return f"{format_date(day, 'EEEE', locale=_locale(language))} {_without_year(day, language)}"


def short_date(at: datetime, *, zone: str, today: date, language: str) -> str:
    """``6 May``, with the year when it is not this year. Never all in digits: the order would be ambiguous."""
    return date_text(at.astimezone(ZoneInfo(zone)).date(), today=today, language=language)


def date_text(day: date, *, today: date, language: str) -> str:
    """The same for a date that is local already."""
    return full_date(day, language) if day.year != today.year else _without_year(day, language)


def day_text(day: str, language: str) -> str:
    """An ISO 8601 date as people write it, with its weekday and year."""
    local = date.fromisoformat(day)
    return f"{weekday_and_date(local, language)} {local.year}"


def weekday_text(moment: datetime, language: str) -> str:
    """The day of the week of a local time, as it stands in a sentence."""
    return format_date(moment, format="EEEE", locale=locale_of(language))


def time_text(moment: datetime, language: str) -> str:
    """The time of day of a local time."""
    return _time_text(time(moment.hour, moment.minute), language)


@lru_cache(maxsize=4096)
def _time_text(time: time, language: str) -> str:
    return format_time(time, "HH:mm", locale=locale_of(language))


def day_and_time(moment: datetime, language: str) -> str:
    """A local time with its day and year, in the order of the language."""
    day, time = day_text(moment.date().isoformat(), language), time_text(moment, language)
    return str(locale_of(language).datetime_formats["medium"]).format(time, day)


def moment_text(moment: str, zone: str, language: str) -> str:
    """An instant in ISO 8601 as weekday, day and time of day in a time zone, as people write it."""
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))
    return f"{weekday_and_date(local.date(), language)} {time_text(local, language)}"


@lru_cache(maxsize=4096)
def full_date(day: date, language: str) -> str:
    """``6 May 2026``."""
    return f"{_without_year(day, language)} {day.year}"


@lru_cache(maxsize=4096)
def _without_year(day: date, language: str) -> str:
    locale = _locale(language)
    return format_date(day, _day_and_month(locale), locale=locale)


@lru_cache
def _day_and_month(locale: Locale) -> str:
    """The pattern of a language, which may have a point after the day. Where CLDR has the month first, or knows no
    order for a variant, the day comes first as everywhere here."""
    pattern = str(locale.datetime_skeletons["MMMMd"].pattern)
    return pattern if pattern.startswith("d") else "d MMMM"


@lru_cache
def _locale(language: str) -> Locale:
    try:
        return locale_of(_BRITISH.get(language, language))
    except ValueError:
        return Locale("en", "GB")
