"""Seen: what the database tells an operator at one moment. It is read beside a Medvind that runs, and needs no key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic

from sqlalchemy import Connection, String, column, func, inspect, make_url, select, table

from bot.calendars import PUBLIC, Calendar
from bot.job_tables import SCHEMA, job_file
from bot.slots import due_digests
from storage import backlog, channel_state, form, processes, programmes
from storage.backlog import Heap
from storage.channel_state import ChannelState
from storage.database import Database, StorageAway
from storage.engines import Limits
from storage.processes import Process
from storage.refusal import StorageMissing

RECENTLY = timedelta(days=7)
"""How long ago something may have gone wrong that is over and is still told."""

LATE = timedelta(minutes=3)
"""Background work looks every minute."""

MAIL_LATE = timedelta(minutes=15)
"""A mail server that is away for a moment is nothing to see to."""

LIMITS = Limits(connect=5, lock=5.0, statement=10.0, transaction=15.0)
"""Whoever asks waits in front of a terminal."""

NOTHING = Heap(0, None)


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database."""
    address = make_url(url)
    return Path(str(address.database)).resolve() if address.get_backend_name() == "sqlite" else None


@dataclass(frozen=True)
class Seen:
    """The state of things. Times are as they are stored; ``clock`` is what the database's own clock said ``at`` that
    moment of ours."""

    at: datetime
    clock: datetime
    processes: Sequence[Process] = ()
    channels: Sequence[ChannelState] = ()
    queued: Mapping[str, Heap] = field(default_factory=dict)
    dead: Mapping[str, int] = field(default_factory=dict)
    late: Heap = NOTHING
    missed: int = 0
    held: int = 0
    unsent: int = 0
    """Digests whose time has come, and that have not left."""
    untold: int = 0
    """Notices that somebody on the staff should have got at once, and did not."""
    given_up: int = 0
    strays: Mapping[str, int] = field(default_factory=dict)
    quarantined: int = 0
    programme: str = ""
    """The text of the programme that is in force."""


@dataclass(frozen=True)
class Unseen:
    """Why nothing could be seen: the code of the finding, and a sentence."""

    code: str
    sentence: str


async def look(url: str, now: datetime, mailing: Calendar | None = None) -> Seen | Unseen:
    """See how things are in the database at ``url``. Changes nothing. Raises StorageAddressWrong.

    ``mailing`` is the calendar that mail goes by, None where no mail is sent.
    """
    began = monotonic()
    try:
        database = Database.looking(url, LIMITS)
    except StorageMissing as missing:
        return Unseen("MD002", str(missing))
    try:
        if wrong := await database.read(_wrong_form):
            return wrong
        given_up = await _given_up(url, database)
        return await database.read(lambda conn: see(conn, gone_on(now, began), given_up, mailing))
    except StorageAway as away:
        return Unseen("MD001", f"The database does not answer: {away}.")
    finally:
        await database.close()


def gone_on(clock: datetime, began: float) -> datetime:
    """What a clock shows that was read when ``monotonic`` was at ``began``: on a busy machine seconds have passed."""
    return clock + timedelta(seconds=monotonic() - began)


def _wrong_form(conn: Connection) -> Unseen | None:
    found, newest = form.found_if_any(conn), form.newest()
    if found == newest:
        return None
    if not found:
        return Unseen("MD002", "The database is empty.")
    code, how = ("MD003", "older") if found < newest else ("MD004", "newer")
    return Unseen(
        code, f"The tables are of form {found}, which is {how} than {newest}, the one that this Medvind knows."
    )


def see(conn: Connection, now: datetime, given_up: int = 0, mailing: Calendar | None = None) -> Seen:
    """What the tables say at this moment. ``given_up`` is not in them."""
    since = now - RECENTLY
    return Seen(
        at=now,
        clock=_clock(conn, now),
        processes=processes.all_processes(conn),
        channels=channel_state.all_states(conn),
        queued=backlog.queued(conn),
        dead=backlog.dead(conn, since),
        late=backlog.due(conn, now - LATE),
        missed=backlog.missed(conn, since),
        held=backlog.unsent_digests(conn, since).get("held", 0),
        unsent=_unsent(conn, now, mailing) if mailing else 0,
        untold=backlog.untold(conn, since, now - MAIL_LATE),
        given_up=given_up,
        strays=backlog.strays(conn),
        quarantined=backlog.quarantined(conn, since),
        programme=programmes.latest_text(conn) or "",
    )


def _unsent(conn: Connection, now: datetime, mailing: Calendar) -> int:
    return sum(map(len, due_digests(conn, now - MAIL_LATE, partial(mailing.is_holiday, PUBLIC))))


def _clock(conn: Connection, now: datetime) -> datetime:
    """What time it is for the database. SQLite has the clock of this machine."""
    return conn.execute(select(func.clock_timestamp())).scalar_one() if conn.dialect.name == "postgresql" else now


async def _given_up(url: str, database: Database) -> int:
    """How much background work was given up in the last day, as far as the job engine still has it."""
    path = sqlite_file(url)
    if path is None:
        return await database.read(lambda conn: _broken_jobs(conn, SCHEMA))
    try:
        jobs = Database.looking(f"sqlite:///{job_file(path)}", LIMITS)
    except StorageMissing:
        return 0
    try:
        return await jobs.read(lambda conn: _broken_jobs(conn, None))
    finally:
        await jobs.close()


def _broken_jobs(conn: Connection, schema: str | None) -> int:
    if not inspect(conn).has_table("workflow_status", schema):
        return 0
    jobs = table("workflow_status", column("status", String), schema=schema)
    broken = jobs.c.status.in_(["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"])
    return conn.execute(select(func.count()).select_from(jobs).where(broken)).scalar_one()
