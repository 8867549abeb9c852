"""Dates are written alike in every language: weekday, day, month and year, in Latin digits."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from bot.dates import date_text, day_and_time, day_text, full_date, moment_text, weekday_and_date
from tests.bot.turn_world import programme

MARCH = date(2026, 3, 5)


@pytest.mark.parametrize("code", programme().languages)
def test_the_day_comes_before_its_month_and_the_year_after_it(code: str) -> None:
    weekday, day, *month = weekday_and_date(MARCH, code).split()
    assert day in ("5", "5.")
    assert len(month) == 1
    assert not re.search(r"\d", weekday + month[0])
    assert full_date(MARCH, code) == f"{day} {month[0]} 2026"
    assert day_text("2026-03-05", code) == f"{weekday} {full_date(MARCH, code)}"
    assert date_text(MARCH, today=date(2027, 1, 1), language=code) == full_date(MARCH, code)
    both = day_and_time(datetime(2026, 3, 5, 14, 5), code)  # noqa: DTZ001, a local time
    assert both.startswith(day_text("2026-03-05", code))
    assert both.endswith("14:05")
    assert moment_text("2026-03-05T13:05:00+00:00", "Europe/Oslo", code) == f"{weekday_and_date(MARCH, code)} 14:05"


def test_norwegian_and_danish_have_a_point_after_the_day() -> None:
    assert {code for code in programme().languages if "5." in weekday_and_date(MARCH, code)} == {"nb", "da"}
