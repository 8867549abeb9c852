"""Processes: which processes share this database, and who of them was heard of lately.

All times are the database's own, so that a machine whose clock is wrong neither looks dead nor declares others so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Float, delete, literal_column, select, update

from storage.dialects import insert_new
from storage.schema import UtcDateTime, process


class Process(NamedTuple):
    """One process. ``address`` is where it listens, ``leads`` are the names it leads in, and ``age`` is how many
    seconds ago it was heard of. ``alive_at`` and ``age`` are answers of the database: what is said of them is ignored.
    """

    id: str
    host: str
    pid: int
    address: str
    version: str
    started_at: datetime
    alive_at: datetime
    stopping: bool = False
    leads: tuple[str, ...] = ()
    age: float = 0.0


def beat(conn: Connection, me: Process) -> bool:
    """Say that a process is there, and what it does now. Whether it was known before."""
    now = _now(conn)
    doing = {"address": me.address, "stopping": me.stopping, "leads": list(me.leads), "alive_at": now}
    if conn.execute(update(process).where(process.c.id == me.id).values(doing)).rowcount:
        return True
    born = {"id": me.id, "host": me.host, "pid": me.pid, "version": me.version, "started_at": me.started_at}
    conn.execute(insert_new(conn, process).values(born | doing))
    return False


def is_known(conn: Connection, process_id: str) -> bool:
    """Whether a process is in the list: one that nobody heard of for a while is taken out of it."""
    return conn.scalar(select(process.c.id).where(process.c.id == process_id)) is not None


def all_processes(conn: Connection) -> list[Process]:
    """Every process that was not taken out of the list, the oldest first."""
    rows = conn.execute(select(process, _age(conn)).order_by(process.c.started_at, process.c.id))
    return [Process(*row)._replace(leads=tuple(row.leads), age=max(0.0, row.age)) for row in rows]


def silent(conn: Connection, seconds: float) -> list[str]:
    """The ids of those that nobody heard of for more than so many seconds."""
    return list(conn.scalars(select(process.c.id).where(_age(conn) > seconds).order_by(process.c.id)))


def remove(conn: Connection, ids: Collection[str], seconds: float = 0.0) -> list[str]:
    """Take processes out of the list, if they were silent for more than ``seconds``. Those that were in it: of several
    processes that remove the same one, one is told so."""
    taken = delete(process).where(process.c.id.in_(ids), *([_age(conn) > seconds] if seconds else []))
    return sorted(conn.scalars(taken.returning(process.c.id)))


def _now(conn: Connection) -> ColumnElement[datetime]:
    if conn.dialect.name == "postgresql":
        return literal_column("clock_timestamp()", UtcDateTime)
    return literal_column("strftime('%Y-%m-%d %H:%M:%f000', 'now')", UtcDateTime)


def _age(conn: Connection) -> ColumnElement[float]:
    if conn.dialect.name == "postgresql":
        return literal_column("extract(epoch FROM clock_timestamp() - process.alive_at)::float", Float).label("age")
    return literal_column("(julianday('now') - julianday(process.alive_at)) * 86400.0", Float).label("age")
