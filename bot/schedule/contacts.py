"""Contacts: how often Medvind writes of its own accord, whatever the reason: at most three times in any seven days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.schedule.agenda import Agenda
from bot.schedule.moments import DAY, local, moment
from bot.schedule.quiet import Hours

CAP = 3
PERIOD = timedelta(days=7)

WRONG_CLOCK = timedelta(days=28)
"""What lies further ahead was written down by a clock that was wrong, and binds nobody."""


def recent(contacts: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Those that still count, in order. A clock that went back leaves some in the future: they count too."""
    first, last = now - PERIOD, now + WRONG_CLOCK
    return tuple(sorted([at for at in contacts if first < at <= last]))


def free_from(agenda: Agenda, hours: Hours, at: datetime, *, alone: bool, most: int = CAP) -> datetime | None:
    """The first instant from ``at`` on at which Medvind may write: outside quiet times and within the limit, and, with
    ``alone``, on a day on which it wrote nothing yet. None: there is no such time in the next two months.

    ``most`` is a lower limit for what has to leave room for other things. ``alone`` is why a clock that jumped, or a
    long absence, never brings two things at once.
    """
    while agenda.contacts:
        start = at
        counted = recent(agenda.contacts, at)
        if len(counted) >= most:
            at = counted[-most] + PERIOD
        if alone:
            at = _other_day(counted, hours.zone, at)
        free = hours.first(at)
        if free is None or free == start:
            return free
        at = free
    return hours.first(at)


def _other_day(contacts: Sequence[datetime], zone: str, at: datetime) -> datetime:
    """``at``, or the end of its local day when one of the contacts was on it."""
    if not contacts:
        return at
    day = local(at, zone).date()
    begins, ends = moment(day, 0, zone), moment(day + DAY, 0, zone)
    return ends if any(begins <= contact < ends for contact in contacts) else at
