"""Slots: the days and times for which check-ins are planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from bot.schedule.agenda import Agenda, Rhythm, Standing
from bot.schedule.contacts import WRONG_CLOCK, free_from
from bot.schedule.moments import DAY, local, minute_of
from bot.schedule.quiet import Hours

BETWEEN: dict[Rhythm, timedelta] = {
    "weekly": timedelta(days=7),
    "fortnightly": timedelta(days=14),
    "monthly": timedelta(days=28),
}

EARLY = timedelta(days=3)
"""So much sooner than the rhythm says the next may come, so that it comes back to its day after it was moved."""

LATER = 3
"""Days by which one is put off when its day is without contact. What would come later than that is left out."""

_ALWAYS = datetime.min.replace(tzinfo=UTC)
_WEEK = timedelta(weeks=1)
_WEEKS_AHEAD = 10
"""Who has no time for a check-in in so many weeks has chosen to have none."""


class Slot(NamedTuple):
    """One planned check-in: when it comes, and from when on it is too late for it."""

    moment: datetime
    closes: datetime


def next_start(agenda: Agenda, standing: Standing, hours: Hours, now: datetime, since: datetime) -> datetime | None:
    """The first instant from now on, and not before ``since``, at which a check-in may begin. None: never."""
    floor, today = _floor(agenda, standing, now), local(now, hours.zone).date()
    for slot in _slots(agenda, hours, today - LATER * DAY, today):
        if slot.closes > since and slot.moment >= floor:
            at = free_from(agenda, hours, max(slot.moment, since), alone=True)
            if at is not None and at < slot.closes:
                return at
    return None


def has_missed(agenda: Agenda, standing: Standing, hours: Hours, now: datetime, due: datetime | None) -> bool:
    """Whether the last check-in before now did not come, although nothing stood against it at its time.

    ``due`` is when Medvind meant to look. If that was after the slot, it had left it out with a reason. Somebody of
    whom nothing is known yet has missed nothing.
    """
    if agenda.since is None and not agenda.last_day:
        return False
    floor, today = _floor(agenda, standing, now), local(now, hours.zone).date()
    slots = _slots(agenda, hours, today - _WEEK - LATER * DAY, today)
    past = list(takewhile(lambda slot: slot.moment <= now, slots))
    if not past:
        return False
    last = past[-1]
    if last.closes > now or last.moment < floor or (due is not None and due >= last.closes):
        return False
    at = free_from(agenda, hours, last.moment, alone=True)
    return at is not None and at < last.closes


def _slots(agenda: Agenda, hours: Hours, first: date, today: date) -> Iterator[Slot]:
    """The slots of some weeks whose planned day is ``first`` or later, and late enough after the last check-in. One
    that would have to be put off too far is left out."""
    if agenda.plan.rhythm == "on_request":
        return
    if agenda.last_day and (last := date.fromisoformat(agenda.last_day)) <= today + WRONG_CLOCK:
        first = max(first, last + BETWEEN[agenda.plan.rhythm] - EARLY)
    day, minute = first + (agenda.plan.day - first.isoweekday()) % 7 * DAY, minute_of(agenda.plan.at)
    for planned in (day + number * _WEEK for number in range(_WEEKS_AHEAD)):
        at = hours.placed(planned, minute, LATER)
        if at is not None:
            yield Slot(at, hours.close(local(at, hours.zone).date()))


def _floor(agenda: Agenda, standing: Standing, now: datetime) -> datetime:
    """No slot before this instant is meant: the person decided later, or comes back later from a break."""
    floor = _ALWAYS
    if agenda.since is not None and agenda.since <= now + WRONG_CLOCK:
        floor = agenda.since
    if standing.state == "paused" and standing.paused_until is not None:
        floor = max(floor, standing.paused_until)
    return floor
