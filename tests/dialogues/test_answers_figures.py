"""Points of a scale, numbers and dates, in the digits of every script."""

from __future__ import annotations

import pytest

from dialogues.engine import Misunderstood
from dialogues.events import Reason
from dialogues.session import Answer
from tests.dialogues.questions import DATE, FROM_ZERO, NUMBER, SCALE, out_of, said


@pytest.mark.parametrize(
    ("text", "number"),
    [("4", 4), ("٤", 4), ("۴", 4), ("४", 4), (" 4. ", 4), ("+4", 4), ("middle", 3), ("MIDDLE!", 3), ("rather g", 4)],
)
def test_a_point_is_found_by_its_number_or_its_words(text: str, number: int) -> None:
    assert said(SCALE, text) == Answer(number=number)


@pytest.mark.parametrize("text", ["0", "6", "-1", "−2", "2.5", "2,5", "٢٫٥", "1 2", "99999", "what", "4-5", "1e1"])
def test_what_is_not_on_the_scale_says_what_is(text: str) -> None:
    assert said(SCALE, text) == out_of(1, 5)


def test_the_beginning_of_two_points_is_asked_back() -> None:
    assert said(SCALE, "rather") == Misunderstood(Reason.SEVERAL_MATCH, ("2", "4"))


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("10", 10), ("٠", 0), ("١٠", 10), ("007", 7)])
def test_a_scale_may_begin_at_zero(text: str, number: int) -> None:
    assert said(FROM_ZERO, text) == Answer(number=number)


@pytest.mark.parametrize("text", ["-3", "−3", "11", "100"])
def test_a_minus_is_never_overlooked(text: str) -> None:
    assert said(FROM_ZERO, text) == out_of(0, 10)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("0", 0),
        ("-3", -3),
        ("−3", -3),
        ("+3", 3),
        ("2.5", 2.5),
        ("2,5", 2.5),
        ("٢٫٥", 2.5),
        ("٧", 7),
        ("۷", 7),
        ("७", 7),
        ("-٣", -3),
        ("1 000", 1000),
        ("2.0", 2),
        ("-0", 0),
        ("\u200f12\u200f", 12),
        ("\u206812\u2069", 12),
        ("123456789012345", 123456789012345),
    ],
)
def test_a_number_is_read_in_the_digits_of_every_script(text: str, number: float) -> None:
    assert said(NUMBER, text) == Answer(number=number)


@pytest.mark.parametrize(
    "text", ["x", "seven", "1.2.3", "--1", ".", "-", "1e5", "nan", "inf", "0x10", "1/2", "9" * 400]
)
def test_what_is_no_number_is_told_so(text: str) -> None:
    assert said(NUMBER, text) == Misunderstood(Reason.NOT_A_NUMBER)


def test_a_whole_number_is_kept_as_a_whole_number() -> None:
    given = said(NUMBER, "4,0")
    assert isinstance(given, Answer)
    assert type(given.number) is int


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.1.2026", "2026-01-31"),
        ("31.01.2026", "2026-01-31"),
        ("31/1/2026", "2026-01-31"),
        ("31-1-2026", "2026-01-31"),
        ("31 1 2026", "2026-01-31"),
        ("2026-01-31", "2026-01-31"),
        ("2026/1/31", "2026-01-31"),
        ("2026.1.31", "2026-01-31"),
        ("٣١/١/٢٠٢٦", "2026-01-31"),
        ("٢٠٢٦-٠١-٣١", "2026-01-31"),
        ("۳۱.۱.۲۰۲۶", "2026-01-31"),
        ("३१.१.२०२६", "2026-01-31"),
        (" 31.1.2026 ", "2026-01-31"),
        ("\u200f31.1.2026", "2026-01-31"),
        ("29.2.2028", "2028-02-29"),
        ("29.2.2000", "2000-02-29"),
    ],
)
def test_a_date_is_read_day_first_or_year_first(text: str, day: str) -> None:
    assert said(DATE, text) == Answer(day=day)


@pytest.mark.parametrize(
    "text",
    [
        "31.2.",
        "31.2.2026",
        "29.2.2026",
        "29.2.2100",
        "0.1.2026",
        "1.13.2026",
        "1.1.26",
        "tomorrow",
        "20260131",
        "1.1.0000",
    ],
)
def test_a_day_that_does_not_exist_is_no_date(text: str) -> None:
    assert said(DATE, text) == Misunderstood(Reason.NOT_A_DATE)
