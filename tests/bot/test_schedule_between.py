"""What comes between check-ins: replies, agreements, pulses, and what somebody asked to be told about them."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from bot.schedule import (
    Bring,
    Errand,
    Plan,
    Promise,
    Pulse,
    Speak,
    Start,
    Tell,
    promised,
    pulsing,
    with_errand,
    without,
)
from tests.bot.schedule_world import CONTACTS, DAY, HOUR, WEEK, Participant, oslo

MONDAY = oslo("2026-05-04 10:00")
TUESDAY = oslo("2026-05-05 12:30")
REPLY = "7|weekly_checkin/sharing|weekly_checkin/help"
PROMISE = Promise(4, 3, "if_quiet/sharing", "if_quiet", 1, "en", "[]")


def with_errands(*errands: Errand, now: datetime = MONDAY, plan: Plan | None = None) -> Participant:
    """Somebody for whom these wait from ``now`` on."""
    participant = Participant.new(now, plan)
    for errand in errands:
        participant.agenda = with_errand(participant.agenda, errand)
    participant.plan_on(now)
    return participant


def test_replies_come_together_and_only_when_people_may_be_written_to() -> None:
    late = oslo("2026-05-06 21:30")
    first, second = Errand("reply", REPLY, late), Errand("reply", "8|a/b|a/c", late)
    participant = with_errands(first, second, now=late).until(late + DAY)
    assert participant.log == [(oslo("2026-05-07 09:00"), Tell((first, second)))]
    assert participant.agenda.errands == ()


def test_a_reply_comes_while_a_check_in_is_open_and_an_agreement_waits_until_it_is_not() -> None:
    participant = Participant.new(MONDAY).until(TUESDAY)
    for errand in (Errand("reply", REPLY, TUESDAY), Errand("agreement", "1", TUESDAY)):
        participant.agenda = with_errand(participant.agenda, errand)
    participant.plan_on(TUESDAY)
    participant.until(TUESDAY + HOUR)
    assert [type(step) for _, step in participant.log] == [Start, Tell]
    participant.finish(TUESDAY + HOUR)
    participant.until(TUESDAY + 2 * HOUR)
    assert participant.times(Bring) == [participant.log[-1][0]]


def test_on_the_day_of_a_check_in_an_agreement_comes_after_it() -> None:
    participant = with_errands(Errand("agreement_day", "1", oslo("2026-05-05 09:00"))).until(TUESDAY)
    assert participant.told(*CONTACTS) == ["2026-05-05 12:30"]
    participant.finish(TUESDAY + HOUR)
    participant.until(TUESDAY + 2 * HOUR)
    assert len(participant.times(Bring)) == 1


def test_what_is_said_anew_about_the_same_thing_replaces_what_waited() -> None:
    earlier, later = Errand("agreement_day", "1", TUESDAY), Errand("agreement_day", "1", TUESDAY + WEEK)
    agenda = with_errand(with_errand(Participant.new(MONDAY).agenda, earlier), later)
    assert agenda.errands == (later,)
    assert without(agenda, earlier).errands == ()


def test_errands_keep_to_three_contacts_in_seven_days() -> None:
    errands = [Errand("agreement", str(number), MONDAY) for number in range(6)]
    participant = with_errands(*errands, plan=Plan(rhythm="on_request"))
    while participant.due is not None and participant.due <= MONDAY + 2 * WEEK:
        participant.look(participant.due)
        participant.finish(participant.due or MONDAY + 3 * WEEK)
    times = participant.times(Bring)
    assert len(times) == 6
    assert all(later - earlier >= WEEK for earlier, later in zip(times, times[3:], strict=False))


@pytest.mark.parametrize("change", [{"state": "stopped"}, {"state": "paused"}, {"reachable": False}])
def test_nothing_waits_outside_of_taking_part(change: dict[str, object]) -> None:
    participant = with_errands(Errand("reply", REPLY, MONDAY))
    participant.change(MONDAY, **change)
    assert participant.until(MONDAY + WEEK).log == []
    assert len(participant.agenda.errands) == 1


def test_pulses_come_two_days_apart_and_never_crowd_out_the_check_in() -> None:
    participant = Participant.new(MONDAY)
    participant.agenda = pulsing(participant.agenda, wanted=True, now=MONDAY)
    participant.plan_on(MONDAY)
    while participant.due is not None and participant.due <= MONDAY + 6 * WEEK:
        now = participant.due
        if participant.look(now) and participant.standing.open is not None:
            participant.finish(now + HOUR / 2)
    check_ins, pulses = participant.times(Start), participant.times(Pulse)
    assert len(check_ins) == 6
    assert 4 <= len(pulses) <= 8
    assert max(pulses) < MONDAY + 4 * WEEK
    spoken = participant.times(*CONTACTS)
    assert all(later - earlier >= 2 * DAY for earlier, later in pairwise(spoken))


def test_pulses_end_after_two_that_were_left_alone_and_count_for_nothing_else() -> None:
    participant = Participant.new(MONDAY, Plan(rhythm="on_request"))
    participant.agenda = pulsing(participant.agenda, wanted=True, now=MONDAY)
    participant.plan_on(MONDAY)
    participant.until(MONDAY + 4 * WEEK)
    assert len(participant.times(Pulse)) == 2
    assert participant.agenda.unanswered == 0
    assert not participant.agenda.quiet_since


def test_what_somebody_asked_to_be_told_is_told_once_until_they_are_heard_of_again() -> None:
    participant = Participant.new(MONDAY)
    participant.agenda = promised(participant.agenda, PROMISE, MONDAY)
    participant.plan_on(MONDAY)
    participant.until(MONDAY + 12 * WEEK)
    assert participant.times(Speak) == [MONDAY + 4 * WEEK]
    participant.react(MONDAY + 12 * WEEK)
    participant.until(MONDAY + 20 * WEEK)
    assert participant.times(Speak) == [MONDAY + 4 * WEEK, MONDAY + 16 * WEEK]


@pytest.mark.parametrize("change", [{"state": "paused"}, {"state": "stopped"}, {"takes_part": False}])
def test_a_break_is_no_silence(change: dict[str, object]) -> None:
    participant = Participant.new(MONDAY)
    participant.agenda = promised(participant.agenda, PROMISE, MONDAY)
    participant.change(MONDAY, **change)
    assert participant.until(MONDAY + 12 * WEEK).times(Speak) == []


def test_who_takes_the_promise_back_is_never_spoken_of() -> None:
    participant = Participant.new(MONDAY)
    participant.agenda = promised(promised(participant.agenda, PROMISE, MONDAY), None, MONDAY + DAY)
    participant.plan_on(MONDAY + DAY)
    assert participant.until(MONDAY + 12 * WEEK).times(Speak) == []
