"""Reminders, the offer of something less, the quiet mode, and how often Medvind writes at all."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from bot.schedule import Agenda, Expire, Missed, Note, Offer, Open, Plan, Remind, Start, planned
from tests.bot.schedule_world import ACTIVE, DAY, HOUR, WEEK, Almanac, Participant, oslo

MONDAY = oslo("2026-05-04 10:00")
TUESDAY = oslo("2026-05-05 12:30")
WEDNESDAY = TUESDAY + DAY
FRIDAY = TUESDAY + 3 * DAY


def test_one_reminder_comes_a_day_later_and_then_it_closes() -> None:
    participant = Participant.new(MONDAY).until(FRIDAY)
    assert participant.log == [(TUESDAY, Start(False)), (WEDNESDAY, Remind()), (FRIDAY, Expire())]
    assert participant.agenda.closed == 1
    assert participant.agenda.unanswered == 1


def test_who_reacted_is_not_reminded_and_left_nothing_alone() -> None:
    participant = Participant.new(MONDAY).until(TUESDAY)
    participant.react(TUESDAY + HOUR)
    participant.until(FRIDAY)
    assert participant.log == [(TUESDAY, Start(False)), (FRIDAY, Expire())]
    assert (participant.agenda.unanswered, participant.agenda.closed) == (0, 1)
    participant.react(FRIDAY + HOUR)
    assert participant.agenda.closed == 0


def test_reminders_can_be_turned_off() -> None:
    participant = Participant.new(MONDAY, Plan(reminders=False)).until(FRIDAY)
    assert not participant.times(Remind)


@pytest.mark.parametrize(("counts", "reacted"), [(False, False), (True, True), (False, True)])
def test_only_a_check_in_that_was_left_alone_is_reminded_of_and_counted(counts: bool, reacted: bool) -> None:
    opened = Open(7, TUESDAY, WEDNESDAY, FRIDAY, counts, reacted)
    participant = Participant(Agenda(Plan(rhythm="on_request")), standing=ACTIVE._replace(open=opened))
    participant.plan_on(TUESDAY)
    participant.until(FRIDAY)
    assert participant.log == [(FRIDAY, Expire())]
    assert participant.agenda.unanswered == 0
    assert participant.agenda.closed == (7 if counts else 0)


@pytest.mark.parametrize(
    ("plan", "after", "close", "expected"),
    [
        (Plan(), 24, 72, ["05-06 12:30"]),
        (Plan(days_off="3"), 24, 72, ["05-07 12:30"]),
        (Plan(days_off="34"), 24, 72, []),
        (Plan(days_off="34"), 24, 73, ["05-08 12:30"]),
        (Plan(), 10, 72, ["05-05 19:30"]),
        (Plan(at="19:00"), 2, 72, ["05-06 09:00"]),
        (Plan(at="19:00"), 2, 14, []),
        (Plan(at="17:30", quiet=("ramadan_evenings",)), 24, 72, ["05-06 14:30"]),
        (Plan(day=4, quiet=("friday_noon",)), 24, 72, ["05-08 14:30"]),
        (Plan(day=5, quiet=("sabbath",)), 24, 72, ["05-10 12:30"]),
    ],
)
def test_a_reminder_keeps_quiet_times_and_is_left_out_when_it_would_come_too_late(
    plan: Plan, after: int, close: int, expected: list[str]
) -> None:
    calendar = Almanac(ramadan=(date(2026, 5, 4), date(2026, 5, 31)))
    lengths = {"remind_after": after * HOUR, "close_after": close * HOUR}
    found = Participant.new(MONDAY, plan, calendar=calendar, **lengths).until(MONDAY + WEEK).told(Remind)
    assert found == [f"2026-{each}" for each in expected]


def test_a_reminder_that_is_late_comes_once_as_soon_as_it_may() -> None:
    participant = Participant.new(MONDAY).until(TUESDAY)
    assert participant.look(oslo("2026-05-06 22:00")) == []
    assert participant.due == oslo("2026-05-07 09:00")
    participant.until(FRIDAY)
    assert participant.told(Remind) == ["2026-05-07 09:00"]


def test_a_reminder_that_is_too_late_does_not_come() -> None:
    participant = Participant.new(MONDAY).until(TUESDAY)
    assert participant.look(FRIDAY) == [Expire()]


def left_alone(end: timedelta, plan: Plan | None = None) -> Participant:
    """Somebody who reacts to nothing."""
    return Participant.new(MONDAY, plan).until(MONDAY + end)


def test_after_two_left_alone_something_less_is_offered_once() -> None:
    participant = left_alone(2 * WEEK)
    assert participant.told(Start) == ["2026-05-05 12:30", "2026-05-12 12:30"]
    assert participant.told(Offer) == ["2026-05-15 12:30"]
    assert participant.agenda.offered


def test_after_four_it_falls_silent_writes_once_more_after_four_weeks_and_then_never() -> None:
    participant = left_alone(100 * WEEK)
    assert participant.told(Start) == [f"2026-05-{day:02} 12:30" for day in (5, 12, 19, 26)]
    assert participant.told(Offer) == ["2026-05-15 12:30"]
    assert participant.told(Expire)[-1] == "2026-05-29 12:30"
    assert participant.told(Note) == ["2026-06-26 12:30"]
    assert participant.log[-1][1] == Note()
    assert participant.due is None


def test_a_reaction_ends_the_quiet_mode_and_nothing_counts_as_missed() -> None:
    participant = left_alone(6 * WEEK)
    assert participant.agenda.quiet_since is not None
    now = oslo("2026-06-16 15:00")
    participant.react(now)
    assert participant.agenda == msgspec.structs.replace(
        participant.agenda, unanswered=0, offered=False, quiet_since=None, noted=False, closed=0, since=now
    )
    assert participant.look(now) == []
    assert participant.due == oslo("2026-06-23 12:30")


def test_the_offer_comes_again_only_after_a_reaction() -> None:
    participant = left_alone(2 * WEEK)
    participant.until(oslo("2026-05-19 12:30"))
    participant.react(oslo("2026-05-19 13:00"))
    participant.until(oslo("2026-06-06 12:00"))
    assert participant.told(Offer) == ["2026-05-15 12:30", "2026-06-05 12:30"]


@pytest.mark.parametrize("at", ["20:00", "20:30"])
def test_the_offer_waits_for_the_end_of_quiet_hours(at: str) -> None:
    length = oslo(f"2026-05-08 {at}") - TUESDAY
    participant = Participant.new(MONDAY, close_after=length).until(MONDAY + 12 * DAY)
    assert participant.told(Expire) == [f"2026-05-08 {at}", f"2026-05-15 {at}"]
    assert participant.told(Offer) == ["2026-05-16 09:00"]


def test_the_offer_waits_until_an_open_conversation_is_over() -> None:
    participant = Participant.new(MONDAY)
    participant.begin(MONDAY, counts=False)
    participant.agenda = msgspec.structs.replace(participant.agenda, unanswered=2)
    participant.plan_on(MONDAY)
    participant.until(MONDAY + 2 * DAY)
    assert participant.log == [(MONDAY + DAY, Offer())]


def test_the_offer_takes_the_place_of_a_check_in_of_the_same_day() -> None:
    """Two things at once is never right, not after a long absence either."""
    participant = Participant.new(MONDAY).until(oslo("2026-05-12 12:30"))
    assert participant.look(oslo("2026-05-19 12:35")) == [Expire(), Offer()]
    participant.until(oslo("2026-05-26 12:30"))
    assert participant.told(Start)[-1] == "2026-05-26 12:30"
    assert not participant.times(Missed)


@pytest.mark.parametrize("days", [*range(1, 60)])
def test_a_forward_jump_brings_at_most_one_message(days: int) -> None:
    participant = Participant.new(MONDAY).until(TUESDAY)
    found = participant.look(TUESDAY + days * DAY)
    assert sum(isinstance(did, Start | Remind | Offer | Note) for did in found) <= 1
    assert participant.look(TUESDAY + days * DAY) == []


def test_no_more_than_three_messages_in_any_seven_days() -> None:
    contacts = tuple(TUESDAY - WEEK + hours * HOUR for hours in (3, 30, 60))
    participant = Participant.new(MONDAY)
    participant.agenda = msgspec.structs.replace(participant.agenda, contacts=contacts)
    participant.plan_on(MONDAY)
    assert participant.due == contacts[0] + WEEK == oslo("2026-05-05 15:30")
    participant.until(TUESDAY + DAY)
    assert participant.told(Start) == ["2026-05-05 15:30"]


def test_a_check_in_that_the_limit_holds_up_all_day_is_left_out_and_not_missed() -> None:
    contacts = tuple(TUESDAY - WEEK + hours * HOUR for hours in (8, 30, 60))
    participant = Participant.new(MONDAY)
    participant.agenda = msgspec.structs.replace(participant.agenda, contacts=contacts)
    participant.plan_on(MONDAY)
    assert participant.due == oslo("2026-05-12 12:30")
    assert participant.look(TUESDAY + 9 * HOUR) == []
    participant.due = None
    assert participant.look(TUESDAY + 9 * HOUR) == []


def test_a_reminder_and_the_offer_wait_for_the_limit_too() -> None:
    contacts = tuple(TUESDAY + minutes * timedelta(minutes=1) for minutes in (-2880, -1440, -1000))
    opened = Open(7, TUESDAY, WEDNESDAY, TUESDAY + 9 * DAY, True, False)
    participant = Participant(Agenda(contacts=contacts), standing=ACTIVE._replace(open=opened))
    participant.plan_on(TUESDAY)
    participant.until(TUESDAY + 6 * DAY)
    assert participant.times(Remind) == [contacts[0] + WEEK]
    offering = Participant(Agenda(contacts=contacts, unanswered=2))
    offering.plan_on(TUESDAY)
    offering.until(TUESDAY + 6 * DAY)
    assert offering.times(Offer) == [contacts[0] + WEEK]


def test_the_note_keeps_quiet_times_and_comes_after_a_break() -> None:
    silent = Agenda(Plan(days_off="12"), unanswered=4, quiet_since=oslo("2026-05-04 22:00"))
    participant = Participant(silent)
    participant.plan_on(MONDAY)
    participant.until(MONDAY + 60 * DAY)
    assert participant.told(Note) == ["2026-06-03 09:00"]
    resting = Participant(silent)
    resting.change(MONDAY, state="paused", paused_until=oslo("2026-06-18 15:00"))
    resting.until(MONDAY + 60 * DAY)
    assert resting.told(Note) == ["2026-06-18 15:00"]


def test_a_new_plan_does_not_forget_what_came() -> None:
    participant = left_alone(2 * WEEK)
    before = participant.agenda
    after = planned(before, Plan(rhythm="monthly"), MONDAY + 2 * WEEK)
    assert (after.last_day, after.contacts, after.offered) == (before.last_day, before.contacts, True)


def test_contacts_of_more_than_a_week_ago_are_forgotten() -> None:
    participant = Participant.new(MONDAY)
    for week in range(8):
        participant.until(TUESDAY + week * WEEK)
        participant.finish(TUESDAY + week * WEEK + HOUR)
    assert participant.agenda.contacts == (TUESDAY + 7 * WEEK,)


def test_what_runs_out_in_the_quiet_mode_does_not_begin_it_anew() -> None:
    opened = Open(7, TUESDAY, None, FRIDAY, True, False)
    participant = Participant(Agenda(unanswered=4, quiet_since=TUESDAY), standing=ACTIVE._replace(open=opened))
    assert participant.look(FRIDAY) == [Expire()]
    assert participant.agenda.quiet_since == TUESDAY
    participant.until(MONDAY + 60 * DAY)
    assert participant.told(Note) == ["2026-06-02 12:30"]
