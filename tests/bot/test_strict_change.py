"""The one rule for "changed": two latest answers beyond all earlier ones of eight weeks, of six answers or more."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.change import Change, Point, strict_change

START = datetime(2025, 3, 4, 12, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def weekly(*ranks: float) -> list[Point]:
    return [Point(START + week * WEEK, rank) for week, rank in enumerate(ranks)]


@pytest.mark.parametrize(
    ("ranks", "said"),
    [
        ((4, 5, 4, 5, 2, 3), Change("lower", 4)),
        ((2, 1, 2, 2, 4, 3), Change("higher", 4)),
        ((4, 5, 4, 5, 4, 2, 1), Change("lower", 5)),
        ((4, 5, 4, 2, 3), None),
        ((4, 5, 4, 5, 4, 1), None),
        ((4, 5, 4, 5, 2, 4), None),
        ((3, 3, 3, 3, 1, 5), None),
        ((3, 3, 3, 3, 3, 3), None),
        ((2, 5, 4, 5, 1, 2), None),
        ((), None),
    ],
    ids=[
        "both lower",
        "both higher",
        "five before",
        "five answers are too few",
        "only the last is lower",
        "the last equals an earlier one",
        "one lower and one higher",
        "always the same",
        "one of the two equals an earlier one",
        "nothing shared",
    ],
)
def test_what_may_be_said(ranks: tuple[float, ...], said: Change | None) -> None:
    assert strict_change(weekly(*ranks)) == said


def test_answers_older_than_eight_weeks_count_for_nothing() -> None:
    long_ago = [Point(START - 10 * WEEK, 1)]
    assert strict_change([*long_ago, *weekly(4, 5, 4, 5, 2, 3)]) == Change("lower", 4)
    assert strict_change([*long_ago, *weekly(4, 5, 4, 2, 3)]) is None, "an old answer does not make six"


def test_the_eight_weeks_end_with_the_latest_answer() -> None:
    assert strict_change(weekly(9, 4, 5, 4, 5, 4, 5, 2, 3)) == Change("lower", 6), "the first is eight weeks old"


RANKS = st.lists(st.integers(1, 5), max_size=8)


@given(RANKS)
def test_nothing_is_said_below_six_answers(ranks: list[int]) -> None:
    assert strict_change(weekly(*ranks[:5])) is None


@given(RANKS, st.randoms(use_true_random=False))
def test_the_order_in_which_answers_arrive_changes_nothing(ranks: list[int], chance: random.Random) -> None:
    points = weekly(*ranks)
    shuffled = points.copy()
    chance.shuffle(shuffled)
    assert strict_change(shuffled) == strict_change(points)


@given(RANKS, st.integers(-3, 3), st.sampled_from((1, 2, 10)))
def test_moving_or_stretching_the_scale_changes_nothing(ranks: list[int], by: int, times: int) -> None:
    assert strict_change(weekly(*(rank * times + by for rank in ranks))) == strict_change(weekly(*ranks))


@given(RANKS)
def test_turning_the_scale_round_turns_the_sentence_round(ranks: list[int]) -> None:
    said, mirrored = strict_change(weekly(*ranks)), strict_change(weekly(*(6 - rank for rank in ranks)))
    turned = {"lower": "higher", "higher": "lower"}
    assert (said is None) == (mirrored is None)
    if said and mirrored:
        assert mirrored.direction == turned[said.direction]


@given(RANKS)
def test_what_is_said_is_true(ranks: list[int]) -> None:
    said = strict_change(weekly(*ranks))
    if said is None:
        return
    *before, one, other = ranks
    assert len(before) == said.before
    assert all(
        (one < old and other < old) if said.direction == "lower" else (one > old and other > old) for old in before
    )


def test_chance_alone_makes_it_speak_at_most_five_times_in_a_hundred() -> None:
    """Weekly answers that vary as people's do (a standard deviation of a sixth of the scale) and mean nothing."""
    chance, said, weeks = random.Random(7), 0, 0
    for _ in range(400):
        usual, points = chance.uniform(2, 4), list[Point]()
        for week in range(26):
            weeks += 1
            if chance.random() < 0.8:
                rank = min(5, max(1, round(chance.gauss(usual, 0.66))))
                points.append(Point(START + week * WEEK, rank))
                said += strict_change(points) is not None
    assert said / weeks < 0.05
