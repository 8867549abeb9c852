"""Which days are holidays to whom, against dates that were looked up elsewhere."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.calendars import CHOICES, PUBLIC, Calendar
from bot.schedule.quiet import QUIET
from dialogues import timing

ROOT = Path(__file__).parents[2]
NORWAY = Calendar("NO")


def days(calendar: Calendar, name: str, year: int) -> set[str]:
    """The holidays of a year, like ``05-17``."""
    every = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    return {f"{day:%m-%d}" for day in every if day.year == year and calendar.is_holiday(name, day)}


def test_public_holidays_are_those_of_the_country() -> None:
    assert days(NORWAY, PUBLIC, 2026) == {
        *("01-01", "04-02", "04-03", "04-05", "04-06", "05-01", "05-14", "05-17", "05-24", "05-25", "12-25", "12-26")
    }
    assert not Calendar("DK").is_holiday(PUBLIC, date(2026, 5, 17))
    assert Calendar("DK").is_holiday(PUBLIC, date(2026, 5, 25))


@pytest.mark.parametrize(
    ("name", "kept", "not_kept"),
    [
        ("islamic", ["2026-03-20", "2026-03-22", "2026-05-27", "2024-04-10", "2024-06-16"], ["2026-12-25"]),
        ("orthodox", ["2026-04-12", "2026-04-10", "2026-01-07", "2025-12-25", "2026-01-19"], ["2026-04-05"]),
        ("tewahedo", ["2026-01-07", "2026-01-19", "2026-04-12", "2026-09-11", "2027-09-12"], ["2026-12-25"]),
        ("catholic", ["2026-04-05", "2026-04-06", "2026-08-15", "2026-11-01", "2026-12-25"], ["2026-04-12"]),
        ("jewish", ["2026-04-02", "2026-09-12", "2026-09-13", "2026-09-21", "2024-10-12"], ["2026-12-25"]),
        ("nowruz", ["2026-03-20", "2026-03-21", "2025-03-20", "2025-04-02"], ["2026-01-01"]),
    ],
)
def test_great_feasts_are_kept(name: str, kept: list[str], not_kept: list[str]) -> None:
    for day in kept:
        assert NORWAY.is_holiday(name, date.fromisoformat(day)), day
        assert Calendar("XX").is_holiday(name, date.fromisoformat(day)), "whatever the country"
    for day in not_kept:
        assert not NORWAY.is_holiday(name, date.fromisoformat(day)), day


@pytest.mark.parametrize("name", CHOICES)
def test_every_calendar_has_some_days_in_every_year_and_not_many(name: str) -> None:
    assert all(4 <= len(days(NORWAY, name, year)) <= 25 for year in range(2024, 2050))


def test_ramadan_ends_before_the_feast() -> None:
    assert not NORWAY.is_ramadan(date(2026, 2, 17))
    assert NORWAY.is_ramadan(date(2026, 2, 18))
    assert NORWAY.is_ramadan(date(2026, 3, 19))
    assert not NORWAY.is_ramadan(date(2026, 3, 20))


def test_a_year_can_hold_two_ramadans_and_one_can_reach_into_the_next() -> None:
    fasting = [day for number in range(365) if NORWAY.is_ramadan(day := date(2030, 1, 1) + timedelta(days=number))]
    assert fasting[0] == date(2030, 1, 5)
    assert fasting[-1] == date(2030, 12, 31)
    assert date(2030, 12, 26) in fasting
    assert len([day for day in fasting if day.month < 3]) == 30
    assert NORWAY.is_ramadan(date(2031, 1, 10))


@pytest.mark.parametrize("calendar", [Calendar("XX"), Calendar(""), Calendar("no")])
def test_an_unknown_country_has_no_public_holidays(calendar: Calendar) -> None:
    assert not calendar.is_holiday(PUBLIC, date(2026, 5, 17))


@pytest.mark.parametrize("day", [date.min, date(1500, 5, 17), date(2100, 1, 1), date.max])
@pytest.mark.parametrize("name", [*CHOICES, "unheard of", ""])
def test_a_year_far_away_and_an_unknown_name_have_no_days(name: str, day: date) -> None:
    assert not NORWAY.is_holiday(name, day)
    assert not NORWAY.is_ramadan(day)
    assert not NORWAY.is_holiday("unheard of", date(2026, 5, 17))


def test_what_scripts_can_offer_exists() -> None:
    assert set(timing.OPTIONS[timing.HOLIDAYS]) - {timing.NONE} <= set(CHOICES)
    assert set(timing.OPTIONS[timing.QUIET]) - {timing.NONE} <= set(QUIET)


def test_the_large_package_is_loaded_only_when_somebody_asks() -> None:
    program = (
        "import sys, datetime, bot.schedule, bot.calendars\n"
        "calendar = bot.calendars.Calendar('NO')\n"
        "assert 'holidays' not in sys.modules\n"
        "assert calendar.is_holiday('public', datetime.date(2026, 5, 17))\n"
        "assert 'holidays' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
