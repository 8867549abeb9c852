"""Passing: time goes by as it would, only quicker. What is due until then is done in order, each at its own moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlalchemy import Connection

from bot.background import Background
from bot.calendars import Calendar
from bot.digest.day import IsHoliday, Rhythm
from bot.mailing import Post, rhythm_of
from bot.programme import Programme
from bot.schedule import Agenda
from bot.slots import due_digests
from bot.staff_chats import StaffChats
from bot.timetable import Timetable
from storage import agreements, checkins, coming, hours, leave, snoozes
from storage.access import Who
from storage.inbox import Person
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.app import Parts
    from bot.turned_clock import TurnedClock

What = Literal[
    "closes",
    "silence",
    "check_in",
    "offer",
    "reminder",
    "note",
    "left_out",
    "mail",
    "reply",
    "agreement",
    "handover",
    "pulse",
    "promise",
]
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


def came_of(before: Stance, after: Stance, programme: Programme) -> list[What]:
    """What has happened in between, in order."""
    came: list[What] = []
    if before.number and after.number != before.number:
        came.append("closes")
    if after.agenda.quiet_since is not None and before.agenda.quiet_since is None:
        came.append("silence")
    if after.number and after.number != before.number:
        came.append(_begun(after.dialogue, programme))
    if _replies(after) < _replies(before):
        came.append("reply")
    if _starts(after) < _starts(before) and "check_in" not in came:
        came.append("offer")
    if after.agenda.promise and after.agenda.promise.kept_at and after.agenda.promise != before.agenda.promise:
        came.append("promise")
    if after.agenda.reminded not in (0, before.agenda.reminded):
        came.append("reminder")
    if after.agenda.noted and not before.agenda.noted:
        came.append("note")
    if not came and before.agenda.takes_part and after.agenda.since != before.agenda.since:
        came.append("left_out")
    return came


def _replies(stance: Stance) -> int:
    return sum(errand.kind in ("reply", "agreed", "emergency") for errand in stance.agenda.errands)


def _starts(stance: Stance) -> int:
    return sum(errand.kind == "start" for errand in stance.agenda.errands)


def _begun(dialogue: str, programme: Programme) -> What:
    if programme.is_check_in(dialogue):
        return "check_in"
    others: dict[str, What] = {
        programme.pulse: "pulse",
        programme.agreement: "agreement",
        programme.agreement_day: "agreement",
        programme.new_specialist: "handover",
    }
    return others.get(dialogue, "offer")


def next_mail(rhythm: Rhythm, now: datetime) -> datetime | None:
    """The first digest time after ``now``; None for somebody who does not work any more."""
    today = rhythm.today(now)
    if rhythm.works_on(today) and rhythm.moment(today) > now:
        return rhythm.moment(today)
    day = rhythm.working_day_after(today)
    return None if day is None else rhythm.moment(day)


def _mails_ahead(rhythm: Rhythm, now: datetime, days: Iterable[date]) -> Iterator[datetime]:
    """The next digest time, and that of each of these days, or of the working day after it."""
    moment = next_mail(rhythm, now)
    if moment is not None:
        yield moment
    for day in days:
        working = day if rhythm.works_on(day) else rhythm.working_day_after(day)
        if working is not None and rhythm.moment(working) > now:
            yield rhythm.moment(working)


# Doing it -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Passing:
    """Lets time pass for one deployment, whose clock is ``clock``. Without ``post`` no mail leaves, without ``chats``
    nobody on the staff is told in a messenger.

    Everything here raises StorageAway; then what is due is found again the next time.
    """

    parts: Parts
    clock: TurnedClock
    post: Post | None = None
    chats: StaffChats | None = None

    async def next(self) -> datetime | None:
        """The moment of what is due next, now or later; None when nothing comes until somebody does something."""
        now = self.clock.now()
        found = await self.parts.database.read(lambda conn: self._next(conn, now))
        return None if found is None else max(found, now)

    async def at(self, moment: datetime) -> list[Happened]:
        """Turn the clock to this moment and do what is due then."""
        self.clock.turn_to(moment)
        background = Background(replace(self.parts, now=lambda: moment), self.post, self.chats)
        before = await self.parts.database.read(lambda conn: self._stances(conn, coming.due(conn, moment)))
        await background.contact()
        after = await self.parts.database.read(lambda conn: self._stances(conn, coming.persons(conn, before)))
        programme = self.parts.programme
        happened = [
            Happened(moment, what, Who(participant_id=person))
            for person in after
            for what in came_of(before[person], after[person], programme)
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
        if self.post is None and self.chats is None:
            return []
        mailing = background.mailing()
        sent = [one for ids in await mailing.find() for one in await mailing.send(ids)]
        return [Happened(moment, "mail", Who(staff_id=one.staff_id)) for one in sent if one.state != "later"]

    def _next(self, conn: Connection, now: datetime) -> datetime | None:
        due = coming.next_due(conn)
        mail = self._next_mail(conn, now) if self.post is not None or self.chats is not None else None
        return min(filter(None, (due, mail)), default=None)

    def _next_mail(self, conn: Connection, now: datetime) -> datetime | None:
        """What is shared by now is in the next digest, an agreement or a snoozed request in the one of its day: others
        need no looking at."""
        is_holiday, past = self.parts.is_holiday, now.date() - timedelta(days=2)
        days = sorted({*agreements.days_ahead(conn, past), *snoozes.days_ahead(conn, past)})
        moments = {moment for rhythm in _rhythms(conn, is_holiday) for moment in _mails_ahead(rhythm, now, days)}
        return next((at for at in sorted(moments) if due_digests(conn, at, is_holiday)), None)

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
