"""Time zones, journeys, and clocks that are wrong: one instant for each local time, and nothing twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.schedule import (
    Offer,
    Plan,
    Remind,
    Start,
    local_moment,
    resumed,
    zone_of,
)
from tests.bot.schedule_world import DAY, HOUR, OSLO, WEEK, Participant, attentive, oslo

MONDAY = oslo("2026-05-04 10:00")
TUESDAY = oslo("2026-05-05 12:30")


def test_never_two_on_one_local_day_after_a_journey() -> None:
    """Auckland is a day ahead of Los Angeles: the same instant, and again a Tuesday morning."""
    morning = local_moment(date(2026, 5, 5), "09:30", "Pacific/Auckland")
    participant = Participant.new(morning - DAY, Plan(at="09:30"), "Pacific/Auckland").until(morning)
    participant.finish(morning + HOUR)
    participant.change(morning + HOUR, zone="America/Los_Angeles")
    assert attentive(participant, morning + 8 * DAY)[1:] == ["2026-05-12 09:30"]


@pytest.mark.parametrize("back", [HOUR, DAY, 10 * DAY, 27 * DAY])
def test_a_clock_that_goes_back_brings_nothing_twice(back: timedelta) -> None:
    participant = Participant.new(MONDAY - 30 * DAY)
    assert participant.look(TUESDAY) == [Start(False)]
    participant.finish(TUESDAY + HOUR)
    participant.plan_on(TUESDAY - back)
    participant.until(TUESDAY + 3 * DAY)
    assert participant.times(Start, Remind, Offer) == [TUESDAY]


def test_a_clock_that_was_a_year_ahead_does_not_silence_for_a_year() -> None:
    participant = Participant.new(MONDAY)
    ahead = TUESDAY + 52 * WEEK
    assert participant.look(ahead) == [Start(False)]
    participant.finish(ahead + HOUR)
    participant.agenda = resumed(participant.agenda, ahead)
    participant.plan_on(MONDAY)
    assert attentive(participant, MONDAY + 10 * DAY)[1:] == ["2026-05-05 12:30", "2026-05-12 12:30"]


def test_an_unknown_zone_counts_as_utc() -> None:
    for name in ("Mars/Olympus", "", "../../etc/passwd", "Europe", "a\0b"):
        assert zone_of(name) is UTC
    participant = Participant.new(MONDAY, zone="Mars/Olympus")
    assert attentive(participant, MONDAY + 3 * DAY) == ["2026-05-05 12:30"]
    assert participant.times(Start) == [datetime(2026, 5, 5, 12, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        (OSLO, "2026-05-05", "12:30", "2026-05-05T10:30"),
        (OSLO, "2026-03-29", "01:59", "2026-03-29T00:59"),
        (OSLO, "2026-03-29", "02:00", "2026-03-29T01:00"),
        (OSLO, "2026-03-29", "02:30", "2026-03-29T01:00"),
        (OSLO, "2026-03-29", "03:00", "2026-03-29T01:00"),
        (OSLO, "2026-10-25", "02:30", "2026-10-25T00:30"),
        (OSLO, "2026-10-25", "03:00", "2026-10-25T02:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"),
        ("Pacific/Apia", "2011-12-30", "12:30", "2011-12-30T10:00"),
        ("Pacific/Kwajalein", "1993-08-21", "09:00", "1993-08-21T12:00"),
    ],
)
def test_a_local_time_is_one_instant(zone: str, day: str, at: str, expected: str) -> None:
    found = local_moment(date.fromisoformat(day), at, zone)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert found.tzinfo is UTC


@pytest.mark.parametrize("at", ["", "noon", "25:00", "9"])
def test_a_time_that_is_none_is_refused(at: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        local_moment(date(2026, 5, 5), at, OSLO)
