"""After: the agenda once something was done, or the person did something."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import assert_never

from msgspec.structs import replace

from bot.schedule.agenda import (
    Agenda,
    Bring,
    Errand,
    Expire,
    Missed,
    Note,
    Offer,
    Open,
    Plan,
    Promise,
    Pulse,
    Remind,
    Speak,
    Standing,
    Start,
    Step,
    Tell,
)
from bot.schedule.between import PULSE_LASTS, START_LEAD
from bot.schedule.contacts import recent
from bot.schedule.moments import DAY, local, moment
from bot.schedule.rules import QUIET_AFTER
from dialogues import meanings

TOGETHER = timedelta(hours=1)

_FARTHEST_START = timedelta(days=366)
"""A first day further ahead is a slip of the pen."""


def done(agenda: Agenda, step: Step, standing: Standing, now: datetime) -> Agenda:
    """The agenda after a step was carried out. ``standing`` as it was when the step was asked for."""
    match step:
        case Start():
            return began(_wrote(_left_alone(agenda, standing.open, now), now), standing.zone, now)
        case Remind():
            return replace(_wrote(agenda, now), reminded=standing.open.number if standing.open else 0)
        case Offer():
            return replace(_wrote(agenda, now), offered=True)
        case Note():
            return replace(_wrote(agenda, now), noted=True)
        case Missed():
            return resumed(agenda, now)
        case Tell(errands):
            return _wrote(without(agenda, *errands), now)
        case Bring(errand):
            return _wrote(without(agenda, errand), now)
        case Pulse():
            return _wrote(agenda, now)
        case Speak(promise):
            return replace(agenda, promise=replace(promise, kept_at=now))
        case Expire():
            counts = standing.open is not None and standing.open.counts
            left = _left_alone(agenda, standing.open, now)
            return replace(left, closed=standing.open.number) if standing.open and counts else left
        case _:
            assert_never(step)


def reacted(agenda: Agenda, now: datetime) -> Agenda:
    """The person wrote or pressed something. The same object when that changes nothing."""
    agenda = _seen(agenda, now)
    if not (agenda.unanswered or agenda.offered or agenda.quiet_since or agenda.noted or agenda.closed):
        return agenda
    again = resumed(agenda, now) if agenda.quiet_since else agenda
    return replace(again, unanswered=0, offered=False, quiet_since=None, noted=False, closed=0)


def _seen(agenda: Agenda, now: datetime) -> Agenda:
    """Only for who has pulses or a promise: for others nothing depends on when they were last there."""
    if agenda.promise is None and agenda.pulse_until is None:
        return agenda
    promise = replace(agenda.promise, kept_at=None) if agenda.promise else None
    return replace(agenda, seen_at=now, promise=promise, pulses_alone=0)


def began(agenda: Agenda, zone: str, now: datetime) -> Agenda:
    """A check-in begins, whoever begins it. A first day that has come is forgotten."""
    today = local(now, zone).date().isoformat()
    if "" < start_day(agenda) <= today:
        agenda = _without_start(agenda)
    return replace(agenda, last_day=today)


def start_day(agenda: Agenda) -> str:
    """The first day at something new, ISO; "" where none is known."""
    return next(iter(agenda.choices.get(meanings.START_DAY, ())), "")


def starting(agenda: Agenda, day: str, zone: str, now: datetime) -> Agenda:
    """The person told on which local day something new begins; with "" they take it back. It is offered once what there
    is for a start, also when the day is changed afterwards."""
    today, before = local(now, zone).date(), start_day(agenda)
    was_offered = before > today.isoformat() and not any(errand.kind == "start" for errand in agenda.errands)
    agenda = _without_start(agenda)
    if not day:
        return agenda
    agenda = replace(agenda, choices={**agenda.choices, meanings.START_DAY: (day,)})
    first = date.fromisoformat(day)
    if was_offered or not today < first <= today + _FARTHEST_START:
        return agenda
    return with_errand(agenda, Errand("start", day, moment(max(first - START_LEAD, today + DAY), 0, zone)))


def _without_start(agenda: Agenda) -> Agenda:
    choices = {tag: options for tag, options in agenda.choices.items() if tag != meanings.START_DAY}
    return replace(agenda, choices=choices, errands=tuple(one for one in agenda.errands if one.kind != "start"))


def with_errand(agenda: Agenda, errand: Errand) -> Agenda:
    """Something more is to be told. What was to be told of the same thing is not told any more."""
    return replace(agenda, errands=(*without(agenda, errand).errands, errand))


def without(agenda: Agenda, *errands: Errand) -> Agenda:
    """These, and whatever else is about the same, are not to be told any more."""
    gone = {(errand.kind, errand.about) for errand in errands}
    return replace(agenda, errands=tuple(one for one in agenda.errands if (one.kind, one.about) not in gone))


def promised(agenda: Agenda, promise: Promise | None, now: datetime) -> Agenda:
    """The person asked for something to be told once they have been quiet, or does not any more."""
    return replace(agenda, promise=promise, seen_at=now)


def pulsing(agenda: Agenda, wanted: bool, now: datetime) -> Agenda:
    """The person wants a few short questions between check-ins for a while, or does not any more."""
    return replace(agenda, pulse_until=now + PULSE_LASTS if wanted else None, pulses_alone=0, seen_at=now)


def planned(agenda: Agenda, plan: Plan, now: datetime) -> Agenda:
    """The person chose when check-ins come. A time that has passed already today was not meant."""
    return agenda if plan == agenda.plan else resumed(replace(agenda, plan=plan), now)


def agreed(agenda: Agenda, takes_part: bool, now: datetime) -> Agenda:
    """The person decided whether to take part."""
    return agenda if takes_part == agenda.takes_part else resumed(replace(agenda, takes_part=takes_part), now)


def resumed(agenda: Agenda, now: datetime) -> Agenda:
    """Check-ins come again from now on, after a break or a time out of reach. What passed meanwhile is not made up
    for."""
    return replace(agenda, since=now)


def _wrote(agenda: Agenda, now: datetime) -> Agenda:
    """What comes within an hour is one contact: the person looks once."""
    before = recent(agenda.contacts, now)
    if before and timedelta(0) <= now - before[-1] < TOGETHER:
        return replace(agenda, contacts=before)
    return replace(agenda, contacts=(*before, now))


def _left_alone(agenda: Agenda, waits: Open | None, now: datetime) -> Agenda:
    """After a conversation was over. One check-in more without a reaction, if it was that."""
    if waits is None or waits.reacted:
        return agenda
    if not waits.counts:
        return replace(agenda, pulses_alone=agenda.pulses_alone + 1) if waits.is_pulse else agenda
    unanswered = agenda.unanswered + 1
    falls_silent = unanswered >= QUIET_AFTER and agenda.quiet_since is None
    return replace(agenda, unanswered=unanswered, quiet_since=now if falls_silent else agenda.quiet_since)
