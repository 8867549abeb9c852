"""Rules: what is to be done for one participant at this moment, and when to look again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.calendars import Days
from bot.schedule.agenda import Agenda, Expire, Missed, Note, Offer, Open, Remind, Standing, Start, Step
from bot.schedule.between import bring_at, pulse_at, speak_at, start_at, tell_at
from bot.schedule.contacts import free_from
from bot.schedule.moments import local
from bot.schedule.quiet import Hours
from bot.schedule.slots import has_missed, next_start

OFFER_AFTER = 2
"""Check-ins in a row without a reaction before something less is offered."""

QUIET_AFTER = 4
"""The same before Medvind falls silent."""

NOTE_AFTER = timedelta(weeks=4)
"""So long after it fell silent comes the one note."""

FORGOTTEN_AFTER = timedelta(hours=24)
"""An open conversation that is no check-in, or never closes, holds up a check-in for so long and no longer."""

SOON = timedelta(seconds=1)
"""What could be done at once is looked at again after this."""


def step(agenda: Agenda, standing: Standing, calendar: Days, now: datetime, due: datetime | None = None) -> Step | None:
    """What is to be done at this moment; None for nothing.

    ``due`` is the stored time that has come. With it, a check-in that was left out for a reason never counts as missed;
    without it, one may that was held up by something that is over.
    """
    for at, what in _coming(agenda, standing, calendar, now):
        if at <= now:
            return what
    since = _writes_from(agenda, standing, now)
    if since is None or agenda.quiet_since is not None or _holds_until(standing.open, now) > now:
        return None
    return Missed() if has_missed(agenda, standing, _hours(agenda, standing, calendar), now, due) else None


def next_due(agenda: Agenda, standing: Standing, calendar: Days, now: datetime) -> datetime | None:
    """When to look again, always after now; None where nothing will come until the person does something."""
    first = min((at for at, _ in _coming(agenda, standing, calendar, now)), default=None)
    return None if first is None else max(first, now + SOON)


def next_check_in(agenda: Agenda, standing: Standing, calendar: Days, now: datetime) -> datetime | None:
    """When the next check-in comes, as it is told to the person; None when none does. What is open now is taken as
    over: it is told at the end of a conversation."""
    since = _writes_from(agenda, standing, now)
    if since is None or agenda.quiet_since is not None:
        return None
    return next_start(agenda, standing, _hours(agenda, standing, calendar), now, since)


def _coming(agenda: Agenda, standing: Standing, calendar: Days, now: datetime) -> Iterator[tuple[datetime, Step]]:
    """Everything that will come as things stand, each with its next moment, from now on. What comes first here goes
    before what is due at the same time."""
    waits = standing.open
    if waits is not None and waits.closes_at is not None:
        yield max(waits.closes_at, now), Expire()
    yield from speak_at(agenda, standing, now)
    since = _writes_from(agenda, standing, now)
    if since is None:
        return
    hours = _hours(agenda, standing, calendar)
    if agenda.quiet_since is not None:
        note = (
            None if agenda.noted else free_from(agenda, hours, max(since, agenda.quiet_since + NOTE_AFTER), alone=True)
        )
        if note is not None:
            yield note, Note()
        return
    if waits is not None and (remind := _remind_at(agenda, waits, hours, since)) is not None:
        yield remind, Remind()
    yield from tell_at(agenda, hours, since)
    held = _holds_until(waits, now)
    if waits is not None and held == waits.closes_at:
        return  # What comes after it is looked at when it is closed.
    since = max(since, held)
    if agenda.unanswered >= OFFER_AFTER and not agenda.offered:
        offer = free_from(agenda, hours, since, alone=True)
        if offer is not None:
            yield offer, Offer()
    start = next_start(agenda, standing, hours, now, since)
    if start is not None:
        yield start, Start(welcome_back=standing.state == "paused")
    yield from bring_at(agenda, hours, since, start)
    if waits is None:
        yield from start_at(agenda, hours, since)
    yield from pulse_at(agenda, hours, since, start)


def _hours(agenda: Agenda, standing: Standing, calendar: Days) -> Hours:
    return Hours(agenda.plan, standing.zone, calendar)


def _writes_from(agenda: Agenda, standing: Standing, now: datetime) -> datetime | None:
    """From when on Medvind may write of its own accord; None for not at all."""
    if not standing.takes_part or not standing.reachable or standing.state not in ("active", "paused"):
        return None
    if standing.state == "active":
        return now
    return None if standing.paused_until is None else max(standing.paused_until, now)


def _holds_until(waits: Open | None, now: datetime) -> datetime:
    """Until when the open conversation holds up whatever is not about it; now when it does not."""
    if waits is None:
        return now
    if waits.counts and waits.closes_at is not None:
        return max(waits.closes_at, now)
    return max(waits.started_at + FORGOTTEN_AFTER, now)


def _remind_at(agenda: Agenda, waits: Open, hours: Hours, since: datetime) -> datetime | None:
    """When the reminder of an open check-in comes; None for never. One that could not come before it closes is left
    out."""
    wished = waits.remind_at
    if wished is None or not waits.counts or waits.reacted or not hours.plan.reminders:
        return None
    if agenda.reminded == waits.number:
        return None
    at = free_from(agenda, hours, max(_moved(wished, waits.started_at, hours), since), alone=False)
    return None if at is None or (waits.closes_at is not None and at >= waits.closes_at) else at


def _moved(wished: datetime, started: datetime, hours: Hours) -> datetime:
    """The time of a reminder, outside quiet times. It comes earlier than wished only where most of the time until then
    has passed."""
    there = local(wished, hours.zone)
    placed = hours.placed(there.date(), there.hour * 60 + there.minute)
    return placed if placed is not None and placed > started + (wished - started) / 2 else wished
