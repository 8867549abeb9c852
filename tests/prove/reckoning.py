"""Reckoning: what Medvind did of its own accord, held against what it promises about that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, select, text

from bot.calendars import PUBLIC, Calendar
from bot.digest.day import IsHoliday
from bot.messages import Outbound, decode_outbound
from bot.slots import LATEST, due_digests, rhythm_of
from storage import backlog, hours, people, schema
from storage.addresses import ACTIVE
from storage.processes import all_processes
from storage.vault import Vault
from tests.bot.turn_world import catalogs, programme

DAY = range(9, 20)
"""The hours in which people are written to."""

WEEK, MOST = timedelta(days=7), 3
A_MOMENT = timedelta(seconds=1)
"""What has only just become due may be."""

_MAIL = re.compile(r"<medvind-digest-(\d+)-(\d{4}-\d\d-\d\d)@")
_LEFT = text("""
SELECT count(*) FROM medvind_jobs.workflow_status
WHERE status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED' OR status IN ('PENDING', 'ENQUEUED')
  AND created_at < (extract(epoch FROM clock_timestamp()) - 30) * 1000
""")
"""Jobs that nobody does: by the server's clock, as the engine stamps them by that of the machine it shares."""


@dataclass
class Reckoning:
    """What was counted. What comes after ``mailed`` ought to be 0."""

    begun: int = 0
    reminded: int = 0
    missed: int = 0
    """Check-ins that were left out, because no machine was awake or had the right time when they were due."""
    mailed: int = 0

    begun_twice: int = 0
    """Check-ins that Medvind began on a local day on which there was one already."""
    reminded_twice: int = 0
    """Reminders of a conversation that was reminded of before."""
    too_often: int = 0
    """Contacts that were the fourth in seven days."""
    at_night: int = 0
    """Contacts in quiet hours."""
    mailed_twice: int = 0
    """Digest mails for a member of staff and a day that had one already."""
    mailed_off: int = 0
    """Digest mails on a day without work, at another time than the chosen one and the hours after it, or of which
    nothing is noted."""
    undone: int = 0
    """Digests, messages and jobs that still wait."""
    overdue: int = 0
    """People whose time has come and to whom nobody has seen."""
    broken: int = 0
    """Messages that could not be answered."""
    ghosts: int = 0
    """Processes in the list that do not run, and those that run and are not in it."""

    def __str__(self) -> str:
        return " ".join(f"{each.name.replace('_', ' ')} {getattr(self, each.name)}" for each in fields(self))

    @property
    def wrong(self) -> dict[str, int]:
        """What is not 0 and ought to be."""
        ought = [each.name for each in fields(self)][4:]
        return {name: getattr(self, name) for name in ought if getattr(self, name)}


def reckoned(
    conn: Connection, vault: Vault, now: datetime, mails: Sequence[str], pids: Collection[int], since: datetime
) -> Reckoning:
    """Look at everybody. ``now`` by the clock of the machines; ``mails`` are the ids of those that were taken, ``pids``
    the processes that run. ``since`` is when everybody had moved in."""
    found = Reckoning()
    for row in conn.execute(select(schema.participant.c.id, schema.participant.c.time_zone)).all():
        _person(conn, vault, row, since, found)
    left_out = select(schema.audit.c.details).filter_by(action="check_in.missed")
    found.missed = sum(details["people"] for details in conn.scalars(left_out))
    _mails(conn, mails, found)
    look_around(conn, now, pids, found)
    return found


def _person(conn: Connection, vault: Vault, who: Row[int, str], since: datetime, found: Reckoning) -> None:
    heard = set(conn.scalars(select(schema.inbox.c.received_at).filter_by(participant_id=who.id)))
    zone = ZoneInfo(who.time_zone)
    began = schema.conversation.c.started_at
    days: set[date] = set()
    asked = select(began).filter_by(participant_id=who.id, dialogue=programme().check_in)
    for at in conn.scalars(asked.order_by(schema.conversation.c.number)):
        day = at.astimezone(zone).date()
        if at not in heard:
            found.begun += 1
            found.begun_twice += day in days
        days.add(day)
    unasked = [(at, one) for at, one in _told(conn, vault, who.id) if at not in heard and at > since]
    reminders = Counter(one.conversation for _, one in unasked if _says(one, "ui/reminder"))
    found.reminded += reminders.total()
    found.reminded_twice += sum(many - 1 for many in reminders.values())
    times = sorted({at for at, one in unasked if not _says(one, "ui/expired")})
    found.at_night += sum(at.astimezone(zone).hour not in DAY for at in times)
    found.too_often += sum(later - first < WEEK for first, later in zip(times, times[MOST:], strict=False))


def _told(conn: Connection, vault: Vault, person: int) -> Iterator[tuple[datetime, Outbound]]:
    cipher = people.participant(conn, vault, person).cipher
    for row in conn.execute(select(schema.outbox).filter_by(participant_id=person).order_by(schema.outbox.c.seq)):
        said = decode_outbound(cipher.open(f"outbox.body|{person}|{row.seq}", row.sealed_body))
        yield row.created_at, said if said.conversation else _in(said, row.conversation)


def _in(said: Outbound, conversation: int) -> Outbound:
    return Outbound(said.kind, said.language, said.text, conversation)


def _says(one: Outbound, context: str) -> bool:
    begins, _, ends = catalogs().ui(one.language)[context].partition("{day}")
    return one.text.startswith(begins) and one.text.endswith(ends)


def _mails(conn: Connection, mails: Sequence[str], found: Reckoning) -> None:
    taken = Counter(mails)
    found.mailed = len(taken)
    found.mailed_twice = sum(many - 1 for many in taken.values())
    keeping = hours_of(conn)
    noted = {(row.staff_id, row.day): row for row in conn.execute(select(schema.digest)).all()}
    for name in taken:
        match = _MAIL.match(name)
        key = (int(match[1]), match[2]) if match else (0, "")
        found.mailed_off += key not in noted or not _in_time(keeping[key[0]], noted[key])


def _in_time(kept: hours.Hours, row: Row[Any]) -> bool:
    rhythm, day = rhythm_of(kept, (), is_holiday()), date.fromisoformat(row.day)
    at = rhythm.moment(day)
    return rhythm.works_on(day) and at <= row.created_at <= at + LATEST


def look_around(conn: Connection, now: datetime, pids: Collection[int], found: Reckoning) -> None:
    """What is left to do, and who is there to do it."""
    found.overdue = backlog.due(conn, now - A_MOMENT).number
    found.undone = _digests(conn, now) + _queued(conn)
    if conn.dialect.name == "postgresql" and conn.scalar(text("SELECT to_regclass('medvind_jobs.workflow_status')")):
        found.undone += conn.scalar(_LEFT) or 0
    found.broken = conn.scalar(select(func.count()).select_from(schema.inbox).filter_by(state="quarantined")) or 0
    listed = Counter(process.pid for process in all_processes(conn))
    found.ghosts = (listed - Counter(pids)).total() + (Counter(pids) - listed).total()


def is_caught_up(conn: Connection, now: datetime) -> bool:
    """Whether everything is begun whose time has come."""
    return not backlog.due(conn, now - A_MOMENT).number and not _digests(conn, now)


def _digests(conn: Connection, now: datetime) -> int:
    return sum(map(len, due_digests(conn, now - A_MOMENT, is_holiday())))


def _queued(conn: Connection) -> int:
    """What waits for people who are there."""
    waits, there = schema.outbox, schema.address
    same = (there.c.participant_id == waits.c.participant_id) & (there.c.channel == waits.c.channel)
    asked = select(func.count()).select_from(waits.join(there, same))
    return conn.scalar(asked.where(waits.c.state == "queued", there.c.state == ACTIVE)) or 0


def is_holiday() -> IsHoliday:
    """As the programme has it."""
    calendar = Calendar(programme().country)
    return lambda day: calendar.is_holiday(PUBLIC, day)


def hours_of(conn: Connection) -> Mapping[int, hours.Hours]:
    """When each specialist gets a digest."""
    return {staff: kept for kept, ids in hours.all_hours(conn).items() for staff in ids}
