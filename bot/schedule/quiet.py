"""Quiet: the times at which Medvind writes to nobody, and those of one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from bot.calendars import Days
from bot.schedule.agenda import Plan
from bot.schedule.moments import DAY, local, moment

Span = tuple[int, int]
"""From a minute of the day to another, which is not in it any more."""

DAYTIME: Span = (9 * 60, 20 * 60)
"""Nobody is written to at other hours."""


EARLIER = 30
"""Minutes before a quiet time begins, for what has no time after it on that day."""

_FAR = 60
"""Days to look ahead. Who has no day for contact in two months has none."""

_FRIDAY, _SATURDAY = 5, 6


def is_daytime(now: datetime, zone: str) -> bool:
    """Whether it is day in a time zone: at other hours nobody is written to of our own accord."""
    there = local(now, zone)
    return DAYTIME[0] <= there.hour * 60 + there.minute < DAYTIME[1]


def _friday_noon(weekday: int, ramadan: bool) -> Span | None:
    return (11 * 60 + 30, 14 * 60 + 30) if weekday == _FRIDAY else None


def _sabbath(weekday: int, ramadan: bool) -> Span | None:
    return {_FRIDAY: (15 * 60, 24 * 60), _SATURDAY: (0, 21 * 60)}.get(weekday)


def _ramadan_evenings(weekday: int, ramadan: bool) -> Span | None:
    return (15 * 60, 24 * 60) if ramadan else None


QUIET: Mapping[str, Callable[[int, bool], Span | None]] = {
    "friday_noon": _friday_noon,
    "sabbath": _sabbath,
    "ramadan_evenings": _ramadan_evenings,
}
"""The further quiet times that a person can choose: what each takes of a weekday, and whether it is Ramadan then."""


@lru_cache(maxsize=1024)
def _spans(weekday: int, quiet: tuple[str, ...], ramadan: bool) -> tuple[Span, ...]:
    """What is left of a day's time, in order."""
    free = [DAYTIME]
    for name in quiet:
        taken = QUIET[name](weekday, ramadan) if name in QUIET else None
        if taken is not None:
            begins, ends = taken
            parts = [part for span in free for part in ((span[0], min(span[1], begins)), (max(span[0], ends), span[1]))]
            free = [part for part in parts if part[0] < part[1]]
    return tuple(free)


class Hours(NamedTuple):
    """When one person may be written to."""

    plan: Plan
    zone: str
    days: Days

    def on(self, day: date) -> tuple[Span, ...]:
        """The free times of a local day; none on a day without contact."""
        weekday, plan = day.isoweekday(), self.plan
        if plan.days_off and str(weekday) in plan.days_off:
            return ()
        for name in plan.holidays:
            if self.days.is_holiday(name, day):
                return ()
        return _spans(weekday, plan.quiet, bool(plan.quiet) and self.days.is_ramadan(day))

    def place(self, day: date, minute: int) -> datetime | None:
        """The instant for a wished minute of a day: then, or at the first free minute after it, or half an hour before
        the quiet begins; None on a day without a free time."""
        spans = self.on(day)
        if not spans:
            return None
        for begins, ends in spans:
            if minute < ends:
                return moment(day, max(minute, begins), self.zone)
        begins, ends = spans[-1]
        return moment(day, max(begins, ends - EARLIER), self.zone)

    def placed(self, day: date, minute: int, further: int = _FAR) -> datetime | None:
        """The same, on the first day that has a free time, at most ``further`` days later."""
        for _ in range(further + 1):
            at = self.place(day, minute)
            if at is not None:
                return at
            day += DAY
        return None

    def close(self, day: date) -> datetime:
        """When the last free time of a day is over, or the day where it has none."""
        spans = self.on(day)
        return moment(day, spans[-1][1] if spans else 0, self.zone)

    def first(self, at: datetime) -> datetime | None:
        """The first free instant, at or after ``at``."""
        there = local(at, self.zone)
        day, minute = there.date(), there.hour * 60 + there.minute
        for begins, ends in self.on(day):
            if begins <= minute < ends:
                return at
            if minute < begins:
                return moment(day, begins, self.zone)
        return self.placed(day + DAY, 0)
