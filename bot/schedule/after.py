"""After: the agenda once something was done, or the person did something."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from bot.schedule.agenda import Agenda, Expire, Missed, Note, Offer, Open, Plan, Remind, Standing, Start, Step
from bot.schedule.contacts import recent
from bot.schedule.moments import local
from bot.schedule.rules import QUIET_AFTER


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
        case Expire():
            counts = standing.open is not None and standing.open.counts
            left = _left_alone(agenda, standing.open, now)
            return replace(left, closed=standing.open.number) if standing.open and counts else left
        case _:
            assert_never(step)


def reacted(agenda: Agenda, now: datetime) -> Agenda:
    """The person wrote or pressed something. The same object when that changes nothing."""
    if not (agenda.unanswered or agenda.offered or agenda.quiet_since or agenda.noted or agenda.closed):
        return agenda
    again = resumed(agenda, now) if agenda.quiet_since else agenda
    return replace(again, unanswered=0, offered=False, quiet_since=None, noted=False, closed=0)


def began(agenda: Agenda, zone: str, now: datetime) -> Agenda:
    """A check-in begins, whoever begins it."""
    return replace(agenda, last_day=local(now, zone).date().isoformat())


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
    return replace(agenda, contacts=(*recent(agenda.contacts, now), now))


def _left_alone(agenda: Agenda, waits: Open | None, now: datetime) -> Agenda:
    """After a conversation was over. One check-in more without a reaction, if it was that."""
    if waits is None or not waits.counts or waits.reacted:
        return agenda
    unanswered = agenda.unanswered + 1
    falls_silent = unanswered >= QUIET_AFTER and agenda.quiet_since is None
    return replace(agenda, unanswered=unanswered, quiet_since=now if falls_silent else agenda.quiet_since)
