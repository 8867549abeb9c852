"""What is offered before the first day at something new: when it comes, and when it does not come any more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.schedule import Errand, Plan, Start, Tell, pulsing, start_day, starting, with_errand
from tests.bot.schedule_world import DAY, HOUR, OSLO, WEEK, Almanac, Participant, oslo

MONDAY = oslo("2026-05-04 10:00")
ON_REQUEST = Plan(rhythm="on_request")


def told(day: str, plan: Plan = ON_REQUEST, calendar: Almanac | None = None) -> Participant:
    """Somebody who told on a Monday of a first day."""
    participant = Participant.new(MONDAY, plan, calendar=calendar or Almanac())
    return tells(participant, day)


def tells(participant: Participant, day: str, now: object = MONDAY) -> Participant:
    """They tell of it, or take it back."""
    participant.agenda = starting(participant.agenda, day, OSLO, now)  # type: ignore[arg-type]
    participant.plan_on(now)  # type: ignore[arg-type]
    return participant


@pytest.mark.parametrize(
    ("day", "comes"),
    [
        ("2026-05-20", ["2026-05-13 12:30"]),  # a week before, at the person's own time of day
        ("2026-05-07", ["2026-05-05 12:30"]),  # not on the day on which it was told
        ("2026-05-06", ["2026-05-05 12:30"]),
        ("2026-05-05", []),  # tomorrow: there is no day in between
        ("2026-05-04", []),
        ("2020-01-01", []),
        ("9999-12-31", []),
        ("0001-01-01", []),
    ],
)
def test_it_comes_once_in_the_week_before_and_never_from_the_first_day_on(day: str, comes: list[str]) -> None:
    participant = told(day)
    participant.until(MONDAY + 30 * WEEK)
    assert participant.told(Tell) == comes


def test_quiet_times_and_days_off_move_it_but_never_past_the_day_before() -> None:
    off = told("2026-05-20", Plan(rhythm="on_request", days_off="34", at="18:00"))
    assert off.until(MONDAY + 4 * WEEK).told(Tell) == ["2026-05-15 18:00"]
    holidays = Almanac({"public": frozenset(date(2026, 5, 13) + number * DAY for number in range(7))})
    never = told("2026-05-20", calendar=holidays)
    assert never.until(MONDAY + 4 * WEEK).told(Tell) == []


def test_it_comes_on_a_day_of_its_own_and_within_three_contacts_a_week() -> None:
    participant = told("2026-05-20")
    for number, day in enumerate(("2026-05-09 09:10", "2026-05-12 09:10", "2026-05-13 09:10")):
        participant.agenda = with_errand(participant.agenda, Errand("reply", f"1|a/b|a/c{number}", oslo(day)))
    participant.plan_on(MONDAY)
    participant.until(MONDAY + 4 * WEEK)
    assert participant.told(Tell)[:3] == ["2026-05-09 09:10", "2026-05-12 09:10", "2026-05-13 09:10"]
    assert participant.told(Tell)[3:] == ["2026-05-16 12:30"], "a week after the first of three"


def test_it_waits_until_what_is_open_is_over_and_gives_way_to_the_check_in() -> None:
    participant = told("2026-05-08", Plan())
    participant.until(oslo("2026-05-05 12:30"))
    assert participant.told(Start, Tell) == ["2026-05-05 12:30"]
    assert participant.told(Tell) == []
    participant.finish(oslo("2026-05-05 12:40"))
    assert participant.until(oslo("2026-05-08 00:00")).told(Tell)[0].startswith("2026-05-06")


def test_another_day_replaces_it_and_what_was_offered_is_not_offered_again() -> None:
    participant = tells(told("2026-05-20"), "2026-06-10", MONDAY + DAY)
    participant.until(MONDAY + 10 * WEEK)
    assert participant.told(Tell) == ["2026-06-03 12:30"]
    offered = told("2026-05-20").until(oslo("2026-05-14 00:00"))
    assert offered.told(Tell) == ["2026-05-13 12:30"]
    tells(offered, "2026-06-10", oslo("2026-05-14 10:00")).until(MONDAY + 10 * WEEK)
    assert offered.told(Tell) == ["2026-05-13 12:30"]
    tells(offered, "2026-09-10", oslo("2026-08-03 10:00")).until(MONDAY + 30 * WEEK)
    assert offered.told(Tell) == ["2026-05-13 12:30", "2026-09-03 12:30"], "a later start is another one"


def test_a_day_that_is_taken_back_brings_nothing() -> None:
    participant = tells(told("2026-05-20"), "", MONDAY + HOUR)
    assert participant.until(MONDAY + 10 * WEEK).log == []
    assert (start_day(participant.agenda), participant.agenda.errands) == ("", ())


@pytest.mark.parametrize("change", [{"state": "stopped"}, {"state": "paused"}, {"reachable": False}])
def test_nothing_comes_outside_of_taking_part(change: dict[str, object]) -> None:
    participant = told("2026-05-20")
    participant.change(MONDAY, **change)
    assert participant.until(MONDAY + 10 * WEEK).log == []


def test_it_is_forgotten_when_the_day_has_come() -> None:
    participant = told("2026-05-05", Plan())
    assert start_day(participant.agenda) == "2026-05-05"
    participant.until(oslo("2026-05-05 12:30"))
    assert (start_day(participant.agenda), participant.agenda.errands) == ("", ())


def test_short_check_ins_do_not_crowd_it_out() -> None:
    participant = told("2026-05-27")
    participant.agenda = pulsing(participant.agenda, wanted=True, now=MONDAY)
    participant.plan_on(MONDAY)
    while participant.due is not None and participant.due <= MONDAY + 4 * WEEK:
        now = participant.due
        if participant.look(now) and participant.standing.open is not None:
            participant.finish(now + timedelta(minutes=3))
    assert len(participant.times(Tell)) == 1
