"""Between: what comes between check-ins: replies, agreements, the few questions that somebody wanted more often, and
the one thing that somebody asked to be told about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.schedule.agenda import Agenda, Bring, Pulse, Speak, Standing, Step, Tell
from bot.schedule.contacts import CAP, free_from, recent
from bot.schedule.moments import local, minute_of
from bot.schedule.quiet import Hours

PULSE_BETWEEN = timedelta(hours=48)
"""So long after whatever came last."""

PULSE_LASTS = timedelta(weeks=4)
"""Then it ends by itself, until the person wants it again."""

PULSES_ALONE = 2
"""In a row without a reaction, and it ends sooner."""

START_LEAD = timedelta(days=7)
"""So long before a first day begins the time in which questions for a safer start are offered."""

_AT_ONCE = ("reply", "agreed", "emergency")
"""Errands that need no conversation."""


def tell_at(agenda: Agenda, hours: Hours, since: datetime) -> Iterator[tuple[datetime, Step]]:
    """Replies come together, also while something is open: the person waits for them."""
    replies = tuple(errand for errand in agenda.errands if errand.kind in _AT_ONCE)
    if not replies:
        return
    first = max(since, min(errand.at for errand in replies))
    at = free_from(agenda, hours, first, alone=False)
    if at is not None:
        yield at, Tell(tuple(errand for errand in replies if errand.at <= at))


def bring_at(
    agenda: Agenda, hours: Hours, since: datetime, check_in: datetime | None
) -> Iterator[tuple[datetime, Step]]:
    """What needs a conversation comes one at a time, and never on the morning of a check-in, which it would hold up:
    then it comes after it."""
    waiting = [errand for errand in agenda.errands if errand.kind not in (*_AT_ONCE, "start")]
    if not waiting:
        return
    errand = min(waiting, key=lambda one: one.at)
    at = free_from(agenda, hours, max(since, errand.at), alone=False)
    if at is None:
        return
    if check_in is not None and local(check_in, hours.zone).date() == local(at, hours.zone).date():
        at = max(at, check_in)
    yield at, Bring(errand)


def pulse_at(
    agenda: Agenda, hours: Hours, since: datetime, check_in: datetime | None
) -> Iterator[tuple[datetime, Step]]:
    """At the time of day of the check-ins, on another day, and never so often that no room is left for a check-in."""
    until = agenda.pulse_until
    if until is None or agenda.pulses_alone >= PULSES_ALONE:
        return
    last = max((*recent(agenda.contacts, since), *([agenda.seen_at] if agenda.seen_at else [])), default=None)
    at = _at_the_hour(agenda, hours, since if last is None else max(since, last + PULSE_BETWEEN), most=CAP - 1)
    if at is None or at >= until or (check_in is not None and check_in < at + PULSE_BETWEEN):
        return
    yield at, Pulse()


def start_at(agenda: Agenda, hours: Hours, since: datetime) -> Iterator[tuple[datetime, Step]]:
    """Once in the days before something new begins, at the time of day of the check-ins and on a day without anything
    else. On its first day it is too late."""
    for errand in agenda.errands:
        if errand.kind == "start":
            at = _at_the_hour(agenda, hours, max(since, errand.at), most=CAP)
            if at is not None and local(at, hours.zone).date().isoformat() < errand.about:
                yield at, Tell((errand,))


def _at_the_hour(agenda: Agenda, hours: Hours, at: datetime, most: int) -> datetime | None:
    """The next time of day at which check-ins come, on a day on which there is room for it."""
    minute = minute_of(agenda.plan.at)
    while True:
        day = local(at, hours.zone).date()
        placed = hours.placed(day, minute)
        if placed is not None and placed < at:
            placed = hours.placed(day + timedelta(days=1), minute)
        free = None if placed is None else free_from(agenda, hours, placed, alone=True, most=most)
        if free is None or free == placed:
            return free
        at = free


def speak_at(agenda: Agenda, standing: Standing, now: datetime) -> Iterator[tuple[datetime, Step]]:
    """Only for who asked for it, who takes part and has no break, and once until the person is heard of again."""
    promise = agenda.promise
    if promise is None or promise.kept_at is not None or agenda.seen_at is None:
        return
    if standing.state == "active" and standing.takes_part:
        yield max(agenda.seen_at + timedelta(weeks=promise.weeks), now), Speak(promise)
