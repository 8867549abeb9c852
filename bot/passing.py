"""Passing: time goes by as it would, only quicker. What is due until then is done in order, each at its own moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlalchemy import Connection

from bot.background import Background
from bot.calendars import Calendar
from bot.digest.day import IsHoliday, Rhythm
from bot.mailing import Post, rhythm_of
from bot.schedule import Agenda
from bot.slots import due_digests
from bot.timetable import Timetable
from storage import checkins, coming, hours, leave
from storage.access import Who
from storage.inbox import Person
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.app import Parts
    from bot.turned_clock import TurnedClock

What = Literal["closes", "silence", "check_in", "offer", "reminder", "note", "left_out", "mail"]
"""What can happen by itself. ``closes``: a conversation runs out, without a word. ``silence``: nothing more will come.
``left_out``: a check-in whose time passed while nobody was there to send it."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened, and to whom. ``at`` is the moment by the clock that was turned."""

    at: datetime
    what: What
    who: Who


class Stance(NamedTuple):
    """One person between two moments. ``number`` is that of the open conversation, 0 where there is none."""

    agenda: Agenda
    number: int
    dialogue: str


# Rules ----------------------------------------------------------------------------------------------------------------


def came_of(before: Stance, after: Stance, check_in: str) -> list[What]:
    """What has happened in between, in order. ``check_in`` is the name of that dialogue."""
    came: list[What] = []
    if before.number and after.number != before.number:
        came.append("closes")
    if after.agenda.quiet_since is not None and before.agenda.quiet_since is None:
        came.append("silence")
    if after.number and after.number != before.number:
        came.append("check_in" if after.dialogue == check_in else "offer")
    if after.agenda.reminded not in (0, before.agenda.reminded):
        came.append("reminder")
    if after.agenda.noted and not before.agenda.noted:
        came.append("note")
    if not came and before.agenda.takes_part and after.agenda.since != before.agenda.since:
        came.append("left_out")
    return came


def next_mail(rhythm: Rhythm, now: datetime) -> datetime | None:
    """The first digest time after ``now``; None for somebody who does not work any more."""
    today = rhythm.today(now)
    if rhythm.works_on(today) and rhythm.moment(today) > now:
        return rhythm.moment(today)
    day = rhythm.working_day_after(today)
    return None if day is None else rhythm.moment(day)


# Doing it -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Passing:
    """Lets time pass for one deployment, whose clock is ``clock``. Without ``post`` no mail leaves.

    Everything here raises StorageAway; then what is due is found again the next time.
    """

    parts: Parts
    clock: TurnedClock
    post: Post | None = None

    async def next(self) -> datetime | None:
        """The moment of what is due next, now or later; None when nothing comes until somebody does something."""
        now = self.clock.now()
        found = await self.parts.database.read(lambda conn: self._next(conn, now))
        return None if found is None else max(found, now)

    async def at(self, moment: datetime) -> list[Happened]:
        """Turn the clock to this moment and do what is due then."""
        self.clock.turn_to(moment)
        background = Background(replace(self.parts, now=lambda: moment), self.post)
        before = await self.parts.database.read(lambda conn: self._stances(conn, coming.due(conn, moment)))
        await background.contact()
        after = await self.parts.database.read(lambda conn: self._stances(conn, coming.persons(conn, before)))
        check_in = self.parts.programme.check_in
        happened = [
            Happened(moment, what, Who(participant_id=person))
            for person in after
            for what in came_of(before[person], after[person], check_in)
        ]
        return [*happened, *await self._mails(background, moment)]

    async def until(self, end: datetime) -> list[Happened]:
        """Let time pass up to this moment: all that happened."""
        happened: list[Happened] = []
        while (moment := await self.next()) is not None and moment <= end:
            happened += await self.at(moment)
        self.clock.turn_to(end)
        return happened

    async def _mails(self, background: Background, moment: datetime) -> list[Happened]:
        if self.post is None:
            return []
        mailing = background.mailing(self.post)
        sent = [one for ids in await mailing.find() for one in await mailing.send(ids)]
        return [Happened(moment, "mail", Who(staff_id=one.staff_id)) for one in sent if one.state != "later"]

    def _next(self, conn: Connection, now: datetime) -> datetime | None:
        due = coming.next_due(conn)
        mail = self._next_mail(conn, now) if self.post is not None else None
        return min(filter(None, (due, mail)), default=None)

    def _next_mail(self, conn: Connection, now: datetime) -> datetime | None:
        """What is shared by now is in the next digest, so later ones need no looking at."""
        is_holiday = self.parts.is_holiday
        moments = {next_mail(rhythm, now) for rhythm in _rhythms(conn, is_holiday)}
        coming_up = sorted(moment for moment in moments if moment is not None)
        return next((at for at in coming_up if due_digests(conn, at, is_holiday)), None)

    def _stances(self, conn: Connection, persons: Iterable[Person]) -> Mapping[int, Stance]:
        everybody = {person.id: person for person in persons}
        talks = checkins.open_talks(conn, everybody)
        calendar = Calendar(self.parts.programme.country)
        found = {}
        for person in everybody.values():
            talk = talks.get(person.id)
            agenda = _agenda(self.parts.vault, person, calendar)
            found[person.id] = Stance(agenda, talk.number if talk else 0, talk.dialogue if talk else "")
        return found


def _agenda(vault: Vault, person: Person, calendar: Calendar) -> Agenda:
    cipher = vault.cipher(f"participant:{person.id}", person.data_key)
    sealed, due = person.sealed_agenda, person.next_due
    return Timetable(cipher, person.id, person.time_zone, person.paused_until, due, sealed, calendar).agenda


def _rhythms(conn: Connection, is_holiday: IsHoliday) -> list[Rhythm]:
    """When the specialists get their digests, each of these times once."""
    kept = {staff_id: each for each, ids in hours.all_hours(conn).items() for staff_id in ids}
    away = leave.leaves(conn, kept)
    return list({rhythm_of(each, away.get(one, ()), is_holiday) for one, each in kept.items()})
