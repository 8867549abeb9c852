"""A person, the rules of time, and somebody who carries out what the rules say, as the service does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from bot.calendars import Days
from bot.schedule import (
    Agenda,
    Bring,
    Expire,
    Note,
    Offer,
    Open,
    Plan,
    Pulse,
    Remind,
    Standing,
    Start,
    Step,
    Tell,
    began,
    done,
    next_due,
    reacted,
    step,
    zone_of,
)

OSLO = "Europe/Oslo"
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
ACTIVE = Standing("active", None, OSLO, True, True, None)
CONTACTS = (Start, Remind, Offer, Note, Tell, Bring, Pulse)


@dataclass(frozen=True)
class Almanac:
    """A calendar that knows the days it is given, and one span of Ramadan."""

    days: Mapping[str, frozenset[date]] = field(default_factory=dict)
    ramadan: tuple[date, date] = (date.max, date.min)

    def is_holiday(self, name: str, day: date) -> bool:
        """Whether it was given this day under this name."""
        return day in self.days.get(name, ())

    def is_ramadan(self, day: date) -> bool:
        """Whether the day is in its Ramadan."""
        return self.ramadan[0] <= day <= self.ramadan[1]


def oslo(text: str) -> datetime:
    """The instant of a local time in Oslo, like ``2026-05-05 12:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=zone_of(OSLO)).astimezone(UTC)


@dataclass
class Participant:
    """One person and what came to them. ``look`` is one round of the service."""

    agenda: Agenda
    calendar: Days = field(default_factory=Almanac)
    standing: Standing = ACTIVE
    remind_after: timedelta | None = DAY
    close_after: timedelta | None = 3 * DAY
    due: datetime | None = None
    log: list[tuple[datetime, Step]] = field(default_factory=list)
    number: int = 0

    @classmethod
    def new(cls, now: datetime, plan: Plan | None = None, zone: str = OSLO, **more: object) -> Participant:
        """Somebody who agreed to take part at ``now``."""
        found = cls(Agenda(plan or Plan(), since=now), standing=ACTIVE._replace(zone=zone), **more)  # type: ignore[arg-type]
        found.plan_on(now)
        return found

    def plan_on(self, now: datetime) -> None:
        """Find out when to look again."""
        self.due = next_due(self.agenda, self.standing, self.calendar, now)
        assert self.due is None or self.due > now

    def look(self, now: datetime) -> list[Step]:
        """Do everything that is to be done now, and plan on."""
        did: list[Step] = []
        while (found := step(self.agenda, self.standing, self.calendar, now, self.due)) is not None:
            self._carry_out(found, now)
            did.append(found)
            assert len(did) < 8, did
        self.plan_on(now)
        return did

    def until(self, end: datetime) -> Participant:
        """Look whenever something is due, up to and with ``end``."""
        while self.due is not None and self.due <= end:
            self.look(self.due)
        return self

    def react(self, now: datetime) -> None:
        """They write something in whatever is open."""
        if self.standing.open is not None:
            self.standing = self.standing._replace(open=self.standing.open._replace(reacted=True))
        self.agenda = reacted(self.agenda, now)
        self.plan_on(now)

    def finish(self, now: datetime) -> None:
        """They answer what is open, to its end."""
        self.react(now)
        self.standing = self.standing._replace(open=None)
        self.plan_on(now)

    def begin(self, now: datetime, *, counts: bool = True, closes: bool = True) -> None:
        """They begin a conversation on their own: a check-in, or something else."""
        self.number += 1
        close = now + self.close_after if closes and self.close_after else None
        opened = Open(self.number, now, None, close, counts, True)
        self.standing = self.standing._replace(open=opened, state="active", paused_until=None)
        self.agenda = reacted(self.agenda, now)
        if counts:
            self.agenda = began(self.agenda, self.standing.zone, now)
        self.plan_on(now)

    def change(self, now: datetime, **standing: object) -> None:
        """They stand differently from now on."""
        self.standing = self.standing._replace(**standing)
        self.plan_on(now)

    def times(self, *kinds: type[Step]) -> list[datetime]:
        """When steps of these kinds were done."""
        return [at for at, did in self.log if isinstance(did, kinds)]

    def told(self, *kinds: type[Step]) -> list[str]:
        """The same as local times of the person, like ``2026-05-05 12:30``."""
        zone = zone_of(self.standing.zone)
        return [at.astimezone(zone).strftime("%Y-%m-%d %H:%M") for at in self.times(*kinds)]

    def _carry_out(self, found: Step, now: datetime) -> None:
        self.agenda = done(self.agenda, found, self.standing, now)
        self.log.append((now, found))
        match found:
            case Expire():
                self.standing = self.standing._replace(open=None)
            case Start():
                self.number += 1
                remind = now + self.remind_after if self.remind_after else None
                close = now + self.close_after if self.close_after else None
                opened = Open(self.number, now, remind, close, True, False)
                self.standing = self.standing._replace(open=opened, state="active", paused_until=None)
            case Bring() | Pulse():
                self.number += 1
                opened = Open(self.number, now, None, now + 12 * HOUR, False, False, isinstance(found, Pulse))
                self.standing = self.standing._replace(open=opened)


def with_plan(participant: Participant, **changes: object) -> Plan:
    """Their plan, with something else in it."""
    return replace(participant.agenda.plan, **changes)


def attentive(participant: Participant, end: datetime) -> list[str]:
    """When check-ins came to somebody who answers each of them at once."""
    while participant.due is not None and participant.due <= end:
        now = participant.due
        if any(isinstance(did, Start) for did in participant.look(now)):
            participant.finish(now + timedelta(minutes=3))
    return participant.told(Start)
