"""The last four weeks: which weeks and answers are in them, and how they are said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot import past_answers
from bot.looking_back import Month, month_of, month_text, since
from bot.past_answers import PastAnswer
from tests.bot.digest_samples import plain, shared
from tests.bot.picture_samples import MONDAY, PUBLISHED, READER, WEEK, given, line

DAY = timedelta(days=1)


def weeks(month: Month) -> dict[str, list[str]]:
    """The names of the questions that stand in each week, by its first day."""
    return {week.monday.isoformat(): [one.name.removeprefix("talk/") for one in week.answers] for week in month.weeks}


def of(*answers: PastAnswer, weeks_later: int = 0, zone: str = "UTC") -> Month:
    """The month of a moment so many weeks after the first Monday."""
    return month_of(answers, MONDAY + weeks_later * WEEK, zone)


def test_without_answers_there_is_no_week_and_that_is_said() -> None:
    assert of() == Month(())
    assert month_text(of(), READER) == "There are no answers in these four weeks."


def test_a_week_holds_what_is_tagged_in_the_order_of_the_month() -> None:
    month = of(given("good", words="Rest"), given("remark", words="x"), given("sure", point=4), given("week", point=3))
    assert weeks(month) == {"2025-05-05": ["week", "sure", "good"]}


def test_the_four_weeks_up_to_this_one_and_no_gap_is_shown() -> None:
    answers = [given("week", point=3, visit=visit) for visit in (1, 2, 4, 6)]
    assert list(weeks(of(*answers, weeks_later=5))) == ["2025-05-26", "2025-06-09"]


def test_before_the_first_answer_of_a_week_the_four_before_it_are_shown() -> None:
    answers = [given("week", point=3, visit=visit) for visit in range(1, 6)]
    assert list(weeks(of(*answers, weeks_later=4))) == ["2025-05-12", "2025-05-19", "2025-05-26", "2025-06-02"]
    assert list(weeks(of(*answers[:4], weeks_later=4))) == ["2025-05-05", "2025-05-12", "2025-05-19", "2025-05-26"]


def test_after_a_longer_time_away_nothing_is_left() -> None:
    assert of(given("week", point=3), weeks_later=5) == Month(())


def test_of_two_answers_in_a_week_the_later_stands() -> None:
    month = of(given("week", point=2), given("week", point=5, visit=2, at=MONDAY + DAY))
    assert [one.answer.number for one in month.weeks[0].answers] == [5]


@pytest.mark.parametrize(("zone", "monday"), [("UTC", date(2025, 5, 5)), ("Pacific/Auckland", date(2025, 5, 12))])
def test_a_week_is_that_of_the_persons_own_calendar(zone: str, monday: date) -> None:
    sunday_night = MONDAY + timedelta(days=6, hours=12)
    month = month_of([given("week", point=1, at=sunday_night)], sunday_night, zone)
    assert [week.monday for week in month.weeks] == [monday]


def test_in_words_each_week_is_one_line_and_nothing_is_compared() -> None:
    month = of(
        given("week", point=3),
        given("sure", point=4),
        given("hard", "noise", "sleep", words="the bus"),
        given("good", words="I closed the till alone."),
        given("week", point=5, visit=2),
        weeks_later=1,
    )
    assert plain(month_text(month, READER)) == (
        "Week of 5 May: Week: In between · Sure there is a job: Quite · Hard: Noise, Sleep “the bus” · "
        "Good: “I closed the till alone.”\n"
        "Week of 12 May: Week: Very good"
    )


def test_every_answer_that_a_month_can_show_is_read() -> None:
    for days in range(7):
        now = MONDAY + 8 * WEEK + days * DAY
        answers = [given("week", point=3, at=MONDAY + n * DAY) for n in range(63)]
        read = [one for one in answers if one.at >= since(now)]
        assert len(read) < len(answers)
        assert month_of(read, now, "Pacific/Auckland") == month_of(answers, now, "Pacific/Auckland")


def test_of_shared_answers_groups_have_their_own_names() -> None:
    cards = [
        shared(
            1,
            line("hard", "noise", group="work"),
            line("hard", "sleep", group="outside"),
            line("week", point=2).taken_back(),
            at=MONDAY,
            published=PUBLISHED,
        )
    ]
    month = month_of(past_answers.shared(cards), MONDAY, "UTC")
    assert plain(month_text(month, READER)) == "Week of 5 May: Hard at work: Noise · Hard outside work: Sleep"
