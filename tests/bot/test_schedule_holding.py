"""What holds check-ins up: open conversations, breaks, and a service that was away."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from bot.schedule import (
    Agenda,
    Expire,
    Missed,
    Plan,
    Start,
    next_check_in,
    step,
)
from tests.bot.schedule_world import DAY, HOUR, WEEK, Participant, attentive, oslo

MONDAY = oslo("2026-05-04 10:00")
TUESDAY = oslo("2026-05-05 12:30")


@pytest.mark.parametrize(
    ("late", "did"),
    [
        ("2026-05-05 12:29", []),
        ("2026-05-05 12:30", [Start(False)]),
        ("2026-05-05 19:59", [Start(False)]),
        ("2026-05-05 20:00", [Missed()]),
        ("2026-05-07 12:30", [Missed()]),
        ("2026-05-12 12:29", [Missed()]),
        ("2026-05-12 12:30", [Start(False)]),
        ("2026-08-06 10:00", [Missed()]),
    ],
)
def test_a_late_round_catches_up_on_the_same_day_and_otherwise_counts_one_as_missed(
    late: str, did: list[Start]
) -> None:
    participant = Participant.new(MONDAY)
    assert participant.due == TUESDAY
    assert participant.look(oslo(late)) == did
    assert participant.look(oslo(late)) == []


def test_what_was_missed_is_not_made_up_for() -> None:
    participant = Participant.new(MONDAY)
    participant.look(oslo("2026-05-06 09:00"))
    assert participant.due == oslo("2026-05-12 12:30")
    assert attentive(participant, TUESDAY + 2 * WEEK) == ["2026-05-12 12:30", "2026-05-19 12:30"]


def test_a_late_round_waits_for_the_end_of_a_quiet_time() -> None:
    participant = Participant.new(MONDAY, Plan(day=5, at="10:00", quiet=("friday_noon",)))
    assert participant.look(oslo("2026-05-08 12:00")) == []
    assert participant.due == oslo("2026-05-08 14:30")
    assert participant.look(participant.due) == [Start(False)]


def test_a_slot_that_was_left_out_for_a_reason_is_not_missed() -> None:
    participant = Participant.new(MONDAY)
    participant.begin(oslo("2026-05-05 12:00"), counts=False, closes=False)
    assert participant.due == oslo("2026-05-12 12:30")
    evening = oslo("2026-05-05 21:00")
    participant.finish(evening)
    assert participant.look(evening) == []
    assert step(participant.agenda, participant.standing, participant.calendar, evening, TUESDAY) == Missed()


def test_of_somebody_nothing_is_known_of_nothing_was_missed() -> None:
    participant = Participant(Agenda())
    assert participant.look(oslo("2026-05-06 09:00")) == []
    assert participant.due == oslo("2026-05-12 12:30")


def test_an_open_check_in_holds_up_the_next() -> None:
    participant = Participant.new(MONDAY, close_after=10 * DAY, remind_after=None).until(TUESDAY)
    participant.react(TUESDAY + HOUR)
    participant.until(MONDAY + 20 * DAY)
    assert participant.told(Start) == ["2026-05-05 12:30", "2026-05-19 12:30"]
    assert participant.told(Expire) == ["2026-05-15 12:30"]
    assert not participant.times(Missed)


def test_what_an_open_check_in_held_up_is_not_missed() -> None:
    participant = Participant.new(MONDAY, close_after=10 * DAY, remind_after=WEEK - HOUR).until(TUESDAY)
    assert participant.due == TUESDAY + WEEK - HOUR
    assert participant.look(TUESDAY + WEEK + 9 * HOUR) == []


@pytest.mark.parametrize(("counts", "closes"), [(False, True), (False, False), (True, False)])
def test_a_conversation_that_is_no_check_in_or_never_closes_holds_up_nothing_after_a_day(
    counts: bool, closes: bool
) -> None:
    plan = Plan(day=1)
    at = oslo("2026-05-10 13:00")
    participant = Participant.new(MONDAY, plan)
    participant.begin(at, counts=counts, closes=closes)
    participant.agenda = msgspec.structs.replace(participant.agenda, last_day="")
    assert participant.look(at + 24 * HOUR - timedelta(minutes=1)) == []
    assert participant.look(at + 24 * HOUR) == [Start(False)]


def test_one_that_was_replaced_without_a_reaction_counts_as_unanswered() -> None:
    participant = Participant.new(MONDAY, close_after=None, remind_after=None).until(TUESDAY + WEEK)
    assert participant.told(Start) == ["2026-05-05 12:30", "2026-05-12 12:30"]
    assert participant.agenda.unanswered == 1


def test_nothing_comes_in_a_break_and_afterwards_people_are_welcomed_back() -> None:
    participant = Participant.new(MONDAY)
    participant.change(MONDAY, state="paused", paused_until=oslo("2026-05-19 12:31"))
    assert participant.due == oslo("2026-05-26 12:30")
    participant.until(MONDAY + 40 * DAY)
    assert participant.log[0] == (oslo("2026-05-26 12:30"), Start(True))
    assert Start(True) not in [did for _, did in participant.log[1:]]


@pytest.mark.parametrize(
    "standing",
    [
        {"state": "paused", "paused_until": None},
        {"state": "stopped"},
        {"state": "stopped", "paused_until": TUESDAY},
        {"takes_part": False},
        {"reachable": False},
    ],
    ids=["a break without an end", "stopped", "stopped after a break", "does not take part", "out of reach"],
)
def test_nothing_comes_to_who_wants_nothing_but_what_is_open_still_closes(standing: dict[str, object]) -> None:
    participant = Participant.new(MONDAY).until(TUESDAY)
    participant.change(TUESDAY + HOUR, **standing)
    assert participant.due == TUESDAY + 3 * DAY
    assert participant.look(participant.due) == [Expire()]
    assert participant.due is None
    assert participant.look(TUESDAY + 5 * WEEK) == []
    assert next_check_in(participant.agenda, participant.standing, participant.calendar, TUESDAY + 3 * DAY) is None


def test_what_is_open_closes_at_night_too() -> None:
    participant = Participant.new(MONDAY, close_after=10 * HOUR, remind_after=None).until(TUESDAY + DAY)
    assert participant.told(Expire) == ["2026-05-05 22:30"]
