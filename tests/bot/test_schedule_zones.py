"""Every time zone there is, over every change of its clocks until 2037: one instant for each local time, and one
check-in for each week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from msgspec.structs import replace

from bot.schedule import Agenda, Plan, Start, began, done, local_moment, next_due, step
from tests.bot.schedule_world import ACTIVE, DAY, WEEK, Almanac

MINUTE = timedelta(minutes=1)
AROUND = 150
"""Minutes to look at before and after a change. The largest are two hours."""


@dataclass(frozen=True)
class Change:
    """The first minute after clocks in a zone were changed."""

    zone: str
    at: datetime


@cache
def changes() -> tuple[Change, ...]:
    """All of them, each found by halving a week in which the offset changed."""
    first, last = datetime(2024, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
    weeks = [first + number * WEEK for number in range((last - first) // WEEK + 1)]
    return tuple(change for name in sorted(available_timezones()) for change in _changes(name, weeks))


def _changes(name: str, weeks: list[datetime]) -> Iterator[Change]:
    zone = ZoneInfo(name)
    offsets = [week.astimezone(zone).utcoffset() for week in weeks]
    for number, (before, after) in enumerate(pairwise(offsets)):
        if before != after:
            yield Change(name, _halved(weeks[number], weeks[number + 1], zone))


def _halved(earlier: datetime, later: datetime, zone: tzinfo) -> datetime:
    offset = earlier.astimezone(zone).utcoffset()
    while later - earlier > MINUTE:
        middle = earlier + (later - earlier) // MINUTE // 2 * MINUTE
        if middle.astimezone(zone).utcoffset() == offset:
            earlier = middle
        else:
            later = middle
    return later


def wall(at: datetime, zone: tzinfo) -> datetime:
    """What a clock on the wall shows."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def test_every_zone_is_looked_at() -> None:
    assert len(available_timezones()) > 400
    assert len(changes()) > 3000
    assert {"Europe/Oslo", "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Casablanca"} <= {
        change.zone for change in changes()
    }


def test_around_every_change_a_local_time_is_its_first_instant_or_the_next_valid_minute() -> None:
    """Found out by walking with a clock on the wall, a minute at a time, from the change backwards and forwards."""
    for change in changes():
        zone = ZoneInfo(change.zone)
        minutes = [change.at + number * MINUTE for number in range(-AROUND, AROUND)]
        before, after = wall(change.at - MINUTE, zone), wall(change.at, zone)
        shown = [before + number * MINUTE for number in range(1 - AROUND, 1)]
        shown += [after + number * MINUTE for number in range(AROUND)]
        jump = after - before - MINUTE
        asked = {before, before + MINUTE, before + MINUTE + jump // 2, after, after + MINUTE}
        for local in asked:
            expected = next(at for at, clock in zip(minutes, shown, strict=True) if clock >= local)
            if jump < timedelta(0):
                expected = minutes[shown.index(local)]
            found = local_moment(local.date(), local.strftime("%H:%M"), change.zone)
            assert found == expected, (change, local)


def check_ins(change: Change, local: datetime) -> list[datetime]:
    """When check-ins begin for somebody who wants them at this local time, of that weekday, and answers at once."""
    now, end = change.at - 9 * DAY, change.at + 9 * DAY
    plan = Plan(day=local.isoweekday(), at=local.strftime("%H:%M"), holidays=())
    agenda, standing, calendar = Agenda(plan, since=now), ACTIVE._replace(zone=change.zone), Almanac()
    found = []
    due = next_due(agenda, standing, calendar, now)
    while due is not None and due < end:
        assert due > now
        now = due
        while (what := step(agenda, standing, calendar, now, due)) is not None:
            assert what == Start(False)
            found.append(now)
            agenda = done(agenda, what, standing, now)
        due = next_due(agenda, standing, calendar, now)
    return found


def test_over_every_change_there_is_one_check_in_a_week_on_its_day() -> None:
    for number, change in enumerate(changes()):
        zone = ZoneInfo(change.zone)
        local = wall(change.at + (number % 3 - 1) * MINUTE, zone)
        begun = [wall(at, zone) for at in check_ins(change, local)]
        assert [each.date() - local.date() for each in begun] == [-WEEK, 0 * DAY, WEEK], change
        assert {each.strftime("%H:%M") for each in begun} == {allowed(local)}, change


def allowed(local: datetime) -> str:
    """The time at which something that is wished for a time of day comes."""
    wished = local.strftime("%H:%M")
    return "19:30" if wished >= "20:00" else max(wished, "09:00")


def test_a_wished_time_that_is_left_out_on_one_day_still_gets_its_check_in() -> None:
    """02:30 does not exist on this day in Oslo; nothing comes at night anyway, and it is there in the morning."""
    change = Change("Europe/Oslo", datetime(2026, 3, 29, 1, tzinfo=UTC))
    assert change in changes()
    found = check_ins(change, datetime(2026, 3, 29, 2, 30))  # noqa: DTZ001
    assert [at.astimezone(ZoneInfo("Europe/Oslo")).date() for at in found] == [
        date(2026, 3, 22),
        date(2026, 3, 29),
        date(2026, 4, 5),
    ]


def test_a_week_is_as_long_as_its_clocks_say() -> None:
    agenda = replace(began(Agenda(), "Europe/Oslo", datetime(2026, 3, 24, 11, 30, tzinfo=UTC)), since=None)
    due = next_due(agenda, ACTIVE, Almanac(), datetime(2026, 3, 25, tzinfo=UTC))
    assert due == datetime(2026, 3, 31, 10, 30, tzinfo=UTC)
