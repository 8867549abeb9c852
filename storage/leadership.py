"""Leadership: one holder of a name across all processes that share a database, for work that must not be done twice.

Its end frees it, however it comes: the lock is a connection's on PostgreSQL, and a process's beside a SQLite file. A
process that stands still, or a machine that is cut off, does not end. So whoever leads has to ask again and again, and
who has not asked the PostgreSQL server for a while is shown the door by the next one who wants to lead. The holder
stops a little earlier, by a clock of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, LiteralString, Protocol, TypeVar

import psycopg
from sqlalchemy import URL

from storage import engines
from storage.engines import Limits
from storage.lockfile import FileLock, Held

T = TypeVar("T")

SURE = 5.0
"""Seconds from a question that was answered with yes in which nobody else can lead. Ask every two."""

SILENT = 6.0
"""Seconds without a question from whoever leads on a server, after which another may. It is more than ``SURE``: who
leads has stopped by then."""

_ENDING = 1_000
"""Milliseconds that the server gets to end a session."""

_END_SILENT = """
SELECT coalesce(bool_and(pg_terminate_backend(held.pid, %s)), false)
FROM pg_locks AS held JOIN pg_stat_activity AS session ON session.pid = held.pid AND session.datid = held.database
WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1 AND session.datname = current_database()
  AND held.classid::bigint = %s AND held.objid::bigint = %s
  AND session.state_change < clock_timestamp() - make_interval(secs => %s)
"""
"""All by the server's clock: that of no other machine matters."""


def since_start() -> float:
    """Seconds since the machine was started. They go on while the process stands still or the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Hold(Protocol):
    """What is held, by means of one database. All but ``cut`` may block, and are called one at a time."""

    def take(self) -> bool:
        """Whether it is held: taken now, or still. False, once at least, when it was held and was lost."""
        ...

    def drop(self) -> None:
        """Let it go, if it is held."""
        ...

    def cut(self) -> None:
        """End what another thread does with it right now."""
        ...


class Leadership:
    """One process's part in who leads. Ask every two seconds: only what ``won`` said last is true, and not for long."""

    def __init__(self, hold: Hold, patience: float, clock: Callable[[], float] = since_start) -> None:
        """``patience`` is how many seconds an answer may take before it counts as no."""
        self._hold = hold
        self._patience = patience
        self._clock = clock
        self._asking: asyncio.Future[bool] | None = None
        self._asked_at = -math.inf
        self._sure_until = -math.inf

    @property
    def is_sure(self) -> bool:
        """Whether nobody else can lead at this moment. Look right before anything that must not be done twice: a
        process may have stood still since it won."""
        return self._clock() < self._sure_until

    async def won(self) -> bool:
        """Whether this process leads: it tries to, or makes sure that it still does.

        A database that is away is a no, not an error. After a loss the answer is no at least once; then it may be won
        again.
        """
        if self._asking is None or self._asking.done():
            self._asked_at = self._clock()
            self._asking = asyncio.ensure_future(asyncio.to_thread(self._hold.take))
        is_won = await self._answered(self._asking) and self._asking.result()
        self._sure_until = self._asked_at + SURE if is_won else -math.inf
        return is_won

    async def release(self) -> None:
        """Let others lead. Without having won it has no effect."""
        self._sure_until = -math.inf
        if self._asking is not None:
            await self._answered(self._asking)
            await asyncio.wait([self._asking])
        await self._answered(asyncio.ensure_future(asyncio.to_thread(self._hold.drop)))

    async def _answered(self, asking: asyncio.Future[T]) -> bool:
        """Whether an answer has come in time. If not, the line is cut, so that one comes soon."""
        answered, _ = await asyncio.wait([asking], timeout=self._patience)
        if not answered:
            self._hold.cut()
        return bool(answered)


def beside(database: Path, limits: Limits, name: str) -> Leadership:
    """By a file beside a SQLite database."""
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower())
    path = database.with_name(f"{database.name}.{readable}-{_digest(name).hex()[:8]}.lock")
    return Leadership(FileHold(path), limits.statement)


def on_server(url: URL, limits: Limits, name: str) -> Leadership:
    """By a lock of one PostgreSQL database."""
    patience = min(SURE, limits.statement)
    return Leadership(SessionHold(partial(engines.postgresql_alone, url, limits), name), patience)


class FileHold:
    """A lock that ends with its process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: FileLock | None = None

    def take(self) -> bool:
        if self._lock is not None:
            held = self._lock.holds()
            if not held:
                self.drop()
            return held
        try:
            self._lock = FileLock(self._path)
        except Held:
            return False
        return True

    def drop(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def cut(self) -> None:
        """A file answers at once."""


class SessionHold:
    """A lock that ends with its session on a PostgreSQL server. ``connect`` begins one. Somebody else's ends when they
    have not asked for ``silent`` seconds."""

    def __init__(self, connect: Callable[[], psycopg.Connection], name: str, silent: float = SILENT) -> None:
        self._connect = connect
        self._silent = silent
        self._name = int.from_bytes(_digest(name)[:8], signed=True)
        self._guard = threading.Lock()
        self._conn: psycopg.Connection | None = None
        self._session: int | None = None

    def __del__(self) -> None:
        """Who is forgotten hangs up: the server would else keep the lock as long as this process lives."""
        if self._conn is not None:
            self._conn.close()

    def take(self) -> bool:
        try:
            return self._still_held() if self._session is not None else self._taken()
        except psycopg.Error:
            self._hang_up()
            return False

    def _still_held(self) -> bool:
        """The lock belongs to a session of the server: while that answers, and is the same, it is held."""
        if self._conn is not None and self._ask("SELECT pg_backend_pid()") == (self._session,):
            return True
        self._hang_up()
        return False

    def _taken(self) -> bool:
        if self._conn is None:
            self._hold(self._connect())
        return self._tried() or (self._has_ended_silent() and self._tried())

    def _tried(self) -> bool:
        session, taken = self._ask("SELECT pg_backend_pid(), pg_try_advisory_lock(%s)", self._name)
        self._session = session if taken else None
        return bool(taken)

    def _has_ended_silent(self) -> bool:
        """Whether the lock was that of somebody who no longer asks, whose session has been ended for it."""
        halves = self._name >> 32 & 0xFFFFFFFF, self._name & 0xFFFFFFFF
        (ended,) = self._ask(_END_SILENT, _ENDING, *halves, self._silent)
        return bool(ended)

    def drop(self) -> None:
        """Said aloud, as the server may take a while to notice that somebody has hung up."""
        with suppress(psycopg.Error):
            if self._session is not None:
                self._ask("SELECT pg_advisory_unlock(%s)", self._name)
        self._hang_up()

    def cut(self) -> None:
        with self._guard:
            if self._conn is not None and not self._conn.closed:
                engines.cut_line(self._conn)

    def _ask(self, statement: LiteralString, *given: float) -> tuple[Any, ...]:
        assert self._conn is not None
        row = self._conn.execute(statement, given or None).fetchone()
        assert row is not None
        return row

    def _hang_up(self) -> None:
        self._session = None
        if self._conn is not None:
            self._conn.close()
        self._hold(None)

    def _hold(self, conn: psycopg.Connection | None) -> None:
        with self._guard:
            self._conn = conn


def _digest(name: str) -> bytes:
    return hashlib.sha256(f"medvind leadership\0{name}".encode()).digest()
