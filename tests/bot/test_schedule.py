"""When check-ins come: the day, the time, what moves them, and what holds them up."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from bot.schedule import (
    Agenda,
    Plan,
    Start,
    agreed,
    began,
    next_check_in,
    next_due,
    planned,
    reacted,
    resumed,
    step,
)
from tests.bot.schedule_world import DAY, HOUR, WEEK, Almanac, Participant, attentive, oslo, with_plan

MONDAY = oslo("2026-05-04 10:00")
TUESDAY = oslo("2026-05-05 12:30")


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (Plan(), ["05-05 12:30", "05-12 12:30", "05-19 12:30", "05-26 12:30", "06-02 12:30"]),
        (Plan(rhythm="fortnightly"), ["05-05 12:30", "05-19 12:30", "06-02 12:30"]),
        (Plan(rhythm="monthly"), ["05-05 12:30", "06-02 12:30"]),
        (Plan(rhythm="on_request"), []),
        (Plan(day=1, at="17:30"), ["05-04 17:30", "05-11 17:30", "05-18 17:30", "05-25 17:30", "06-01 17:30"]),
        (Plan(day=1, at="09:30"), ["05-11 09:30", "05-18 09:30", "05-25 09:30", "06-01 09:30"]),
    ],
    ids=["weekly", "fortnightly", "monthly", "on request", "later today", "earlier today"],
)
def test_check_ins_come_in_the_chosen_rhythm(plan: Plan, expected: list[str]) -> None:
    found = attentive(Participant.new(MONDAY, plan), MONDAY + 30 * DAY)
    assert found == [f"2026-{each}" for each in expected]


@pytest.mark.parametrize(
    ("rhythm", "began_on", "expected"),
    [
        ("weekly", "2026-05-01 10:00", "2026-05-05 12:30"),
        ("weekly", "2026-05-02 10:00", "2026-05-12 12:30"),
        ("fortnightly", "2026-05-01 10:00", "2026-05-12 12:30"),
        ("fortnightly", "2026-05-02 10:00", "2026-05-19 12:30"),
        ("monthly", "2026-05-01 10:00", "2026-05-26 12:30"),
        ("monthly", "2026-05-02 10:00", "2026-06-02 12:30"),
    ],
)
def test_one_that_somebody_began_counts_when_it_was_at_most_three_days_before_its_time(
    rhythm: str, began_on: str, expected: str
) -> None:
    at = oslo(began_on)
    participant = Participant.new(at - HOUR, Plan(rhythm=rhythm))  # type: ignore[arg-type]
    participant.begin(at)
    participant.finish(at + HOUR)
    assert attentive(participant, at + 40 * DAY)[0] == expected


def holidays(*days: str) -> Almanac:
    return Almanac({"public": frozenset(map(date.fromisoformat, days))})


@pytest.mark.parametrize(
    ("plan", "calendar", "expected"),
    [
        (Plan(days_off="2"), Almanac(), ["05-06 12:30", "05-13 12:30"]),
        (Plan(days_off="23"), Almanac(), ["05-07 12:30", "05-14 12:30"]),
        (Plan(days_off="2345"), Almanac(), []),
        (Plan(days_off="1234567"), Almanac(), []),
        (Plan(), holidays("2026-05-05"), ["05-06 12:30", "05-12 12:30"]),
        (Plan(), holidays("2026-05-05", "2026-05-06", "2026-05-07"), ["05-08 12:30", "05-12 12:30"]),
        (Plan(), holidays("2026-05-05", "2026-05-06", "2026-05-07", "2026-05-08"), ["05-12 12:30"]),
        (Plan(holidays=()), holidays("2026-05-05"), ["05-05 12:30", "05-12 12:30"]),
        (Plan(holidays=("islamic",)), holidays("2026-05-05"), ["05-05 12:30", "05-12 12:30"]),
    ],
    ids=["a day", "two", "four", "all", "holiday", "three", "too many", "kept by nobody", "another calendar"],
)
def test_a_day_without_contact_moves_it_to_the_next_one_or_leaves_it_out(
    plan: Plan, calendar: Almanac, expected: list[str]
) -> None:
    found = attentive(Participant.new(MONDAY, plan, calendar=calendar), MONDAY + 12 * DAY)
    assert found == [f"2026-{each}" for each in expected]


RAMADAN = Almanac(ramadan=(date(2026, 5, 4), date(2026, 5, 31)))


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (Plan(at="09:00"), "05-05 09:00"),
        (Plan(at="08:59"), "05-05 09:00"),
        (Plan(at="00:00"), "05-05 09:00"),
        (Plan(at="19:59"), "05-05 19:59"),
        (Plan(at="20:00"), "05-05 19:30"),
        (Plan(at="23:59"), "05-05 19:30"),
        (Plan(day=5, at="12:30"), "05-08 12:30"),
        (Plan(day=5, at="11:29", quiet=("friday_noon",)), "05-08 11:29"),
        (Plan(day=5, at="11:30", quiet=("friday_noon",)), "05-08 14:30"),
        (Plan(day=5, at="14:30", quiet=("friday_noon",)), "05-08 14:30"),
        (Plan(day=4, at="12:30", quiet=("friday_noon",)), "05-07 12:30"),
        (Plan(day=5, at="17:30", quiet=("sabbath",)), "05-08 14:30"),
        (Plan(day=5, at="17:30", quiet=("friday_noon", "sabbath")), "05-08 14:30"),
        (Plan(day=6, at="12:30", quiet=("sabbath",)), "05-10 12:30"),
        (Plan(at="17:30", quiet=("ramadan_evenings",)), "05-05 14:30"),
        (Plan(at="14:59", quiet=("ramadan_evenings",)), "05-05 14:59"),
        (Plan(at="17:30", quiet=("unheard_of",)), "05-05 17:30"),
    ],
)
def test_a_time_in_quiet_hours_moves_within_its_day_first(plan: Plan, expected: str) -> None:
    assert attentive(Participant.new(MONDAY, plan, calendar=RAMADAN), MONDAY + 6.2 * DAY) == [f"2026-{expected}"]


def test_evenings_are_free_again_after_ramadan() -> None:
    calendar = Almanac(ramadan=(date(2026, 5, 4), date(2026, 5, 11)))
    plan = Plan(at="17:30", quiet=("ramadan_evenings",))
    found = attentive(Participant.new(MONDAY, plan, calendar=calendar), MONDAY + 9 * DAY)
    assert found == ["2026-05-05 14:30", "2026-05-12 17:30"]


def test_a_choice_is_not_meant_for_a_time_that_has_passed() -> None:
    now = oslo("2026-05-04 15:00")
    participant = Participant.new(now - WEEK, Plan(day=4))
    participant.agenda = planned(participant.agenda, with_plan(participant, day=1), now)
    participant.plan_on(now)
    assert attentive(participant, now + 8 * DAY) == ["2026-05-11 12:30"]


def test_the_same_choice_again_changes_nothing() -> None:
    agenda = Participant.new(MONDAY).agenda
    assert planned(agenda, Plan(), TUESDAY) is agenda
    assert agreed(agenda, agenda.takes_part, TUESDAY) is agenda
    assert agreed(agenda, True, TUESDAY) == Agenda(takes_part=True, since=TUESDAY)
    assert resumed(agenda, TUESDAY) == Agenda(since=TUESDAY)
    assert reacted(agenda, TUESDAY) is agenda


def test_the_next_check_in_is_told_as_if_the_open_one_was_over() -> None:
    participant = Participant.new(MONDAY).until(TUESDAY)
    told = next_check_in(participant.agenda, participant.standing, participant.calendar, TUESDAY)
    assert told == TUESDAY + WEEK
    participant.agenda = planned(participant.agenda, Plan(rhythm="on_request"), TUESDAY)
    assert next_check_in(participant.agenda, participant.standing, participant.calendar, TUESDAY) is None


def test_the_agenda_is_json_and_as_short_as_what_is_known() -> None:
    assert msgspec.json.encode(Agenda()) == b"{}"
    participant = Participant.new(MONDAY, Plan(day=3, quiet=("sabbath",))).until(MONDAY + 50 * DAY)
    agenda = participant.agenda
    assert msgspec.json.decode(msgspec.json.encode(agenda), type=Agenda) == agenda
    assert len(msgspec.json.encode(agenda)) < 300


def test_what_can_be_done_at_once_is_looked_at_again_soon() -> None:
    participant = Participant.new(MONDAY)
    assert step(participant.agenda, participant.standing, participant.calendar, TUESDAY) == Start(False)
    due = next_due(participant.agenda, participant.standing, participant.calendar, TUESDAY)
    assert due is not None
    assert TUESDAY < due <= TUESDAY + timedelta(minutes=1)


def test_a_check_in_that_somebody_began_is_the_last_day() -> None:
    agenda = began(Agenda(unanswered=1), "Pacific/Auckland", oslo("2026-05-05 20:00"))
    assert agenda == Agenda(unanswered=1, last_day="2026-05-06")
