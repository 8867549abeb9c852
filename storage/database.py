"""Database: the one way to the tables. A piece of work is a plain function, run in a worker thread as one transaction.

On SQLite one thread writes and two read. On PostgreSQL the threads are a few of each. Reads never wait for writes.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from storage import engines, leadership, migrating
from storage.engines import Limits
from storage.leadership import Leadership
from storage.lockfile import FileLock, lock_database, refuse_network_filesystem
from storage.refusal import StorageAddressWrong, StorageMissing

T = TypeVar("T")
Work = Callable[[Connection], T]

SQLITE_READERS = 2
POSTGRESQL_WRITERS = 4
POSTGRESQL_READERS = 4

_SQLITE_AWAY = frozenset({3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26})
"""PERM, BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB. The others are
mistakes of ours."""

_READ_ONLY = "25006"
"""PostgreSQL's answer to a write on a server that has become a standby."""


class StorageAway(Exception):
    """The database could not be reached, was locked for too long, or had no room: treat the work as not done.

    Where the connection broke in the middle of the commit itself, nobody knows whether it was done. So whoever does
    it again must make sure that the second time has no effect; unique keys do.
    """


class Database:
    """An open database. ``dialect`` is "sqlite" or "postgresql"."""

    def __init__(
        self,
        writing: _Lane,
        reading: _Lane,
        lock: FileLock | None,
        limits: Limits,
        leading: Callable[[Limits, str], Leadership],
    ) -> None:
        self.dialect = writing.engine.dialect.name
        self._writing = writing
        self._reading = reading
        self._lock = lock
        self._limits = limits
        self._leading = leading
        self._leaderships: list[tuple[str, Leadership]] = []

    @classmethod
    def open(cls, url: str, limits: Limits = Limits()) -> Database:  # noqa: B008, it is frozen
        """Connects to nothing yet, so that PostgreSQL may be away. Raises StorageAddressWrong and StorageBusy."""
        address = _address(url)
        if address.get_backend_name() == "sqlite":
            return cls._open_sqlite(Path(str(address.database)).resolve(), limits)
        engine = engines.postgresql(address, limits, POSTGRESQL_WRITERS + POSTGRESQL_READERS)
        writing = _Lane("write", engine, POSTGRESQL_WRITERS)
        reading = _Lane("read", engines.reading(engine), POSTGRESQL_READERS)
        return cls(writing, reading, None, limits, partial(leadership.on_server, address))

    @classmethod
    def looking(cls, url: str, limits: Limits = Limits()) -> Database:  # noqa: B008, it is frozen
        """For whoever looks on from another process, whether or not one works on it: it cannot write, locks nothing,
        and leaves no file behind. Raises StorageAddressWrong, and StorageMissing where SQLite has no file."""
        address = _address(url)
        if address.get_backend_name() == "sqlite":
            path = Path(str(address.database)).resolve()
            if not path.exists():
                raise StorageMissing(f"There is no database at {path}.")
            engine = engines.sqlite_onlooker(path, limits)
            return cls(
                _Lane("look", engine, 1), _Lane("look", engine, 1), None, limits, partial(leadership.beside, path)
            )
        engine = engines.reading(engines.postgresql(address, limits, 1))
        leading = partial(leadership.on_server, address)
        return cls(_Lane("look", engine, 1), _Lane("look", engine, 1), None, limits, leading)

    @classmethod
    def _open_sqlite(cls, path: Path, limits: Limits) -> Database:
        refuse_network_filesystem(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = lock_database(path)
        path.touch(mode=0o600)
        writing = _Lane("write", engines.sqlite_writer(path, limits), 1)
        readers = engines.sqlite_readers(path, limits, SQLITE_READERS)
        reading = _Lane("read", readers, SQLITE_READERS)
        return cls(writing, reading, lock, limits, partial(leadership.beside, path))

    async def write(self, work: Work[T]) -> T:
        """What ``work`` returns, once it is committed. Whatever it raises undoes everything it did.

        Cancelling the task that waits leaves the transaction whole: it is done to its end, or never begun.
        Raises StorageAway.
        """
        return await self._run(self._writing, work)

    async def read(self, work: Work[T]) -> T:
        """What ``work`` returns: all its statements see the same moment, and it cannot write. Raises StorageAway."""
        return await self._run(self._reading, work)

    def leadership(self, name: str) -> Leadership:
        """A part in who leads in ``name``, of all that share this database; nothing is won yet. Closing releases it."""
        made = self._leading(self._limits, name)
        self._leaderships.append((name, made))
        return made

    def leads(self) -> list[str]:
        """The names in which this process leads right now."""
        return sorted(name for name, made in self._leaderships if made.is_sure)

    async def migrate(self) -> None:
        """Bring the tables to the newest form. Raises StorageNewer and StorageAway."""
        await self._writing.call(lambda: migrating.upgrade(self._writing.engine))

    async def downgrade(self, revision: str) -> None:
        """Take the tables back to an older form; "base" removes them with all that they hold."""
        await self._writing.call(lambda: migrating.downgrade(self._writing.engine, revision))

    async def scrub(self) -> None:
        """After an erasure: take what was deleted out of the write-ahead log (SQLite), or make its room free for
        reuse at once (PostgreSQL, whose own log and backups keep it as long as they are kept)."""
        await self._writing.call(lambda: _scrub(self._writing.engine))

    async def close(self) -> None:
        """Waits for what has begun. Afterwards every piece of work is refused with StorageAway."""
        for _, made in self._leaderships:
            await made.release()
        lanes = (self._reading, self._writing)
        for lane in lanes:
            await asyncio.to_thread(lane.finish)
        for lane in lanes:  # On PostgreSQL they share connections: none is closed while the other still uses it.
            lane.engine.dispose()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    async def _run(self, lane: _Lane, work: Work[T]) -> T:
        transaction = _Transaction(lane.engine, work)
        timer = asyncio.get_running_loop().call_later(self._limits.transaction, transaction.cut)
        waiting = lane.call(transaction.run)
        try:
            return await waiting
        finally:
            if not waiting.cancelled():  # else it may still run, and may still have to be cut
                timer.cancel()


class _Lane:
    """Threads for one kind of work, and the engine they use."""

    def __init__(self, kind: str, engine: Engine, threads: int) -> None:
        self.engine = engine
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=f"storage-{kind}")

    def call(self, function: Callable[[], T]) -> asyncio.Future[T]:
        try:
            return asyncio.wrap_future(self._threads.submit(_told_apart, function))
        except RuntimeError:
            raise StorageAway("the database is closed") from None

    def finish(self) -> None:
        """Waits for what has begun; nothing more begins."""
        self._threads.shutdown()


class _Transaction(Generic[T]):
    """One piece of work that another thread may cut short when the server no longer answers."""

    def __init__(self, engine: Engine, work: Work[T]) -> None:
        self._engine = engine
        self._work = work
        self._guard = threading.Lock()
        self._conn: Connection | None = None
        self._too_late = False

    def run(self) -> T:
        with self._engine.connect() as conn:
            self._hold(conn)
            try:
                with conn.begin():
                    return self._work(conn)
            finally:
                self._hold(None)

    def cut(self) -> None:
        with self._guard:
            self._too_late = True
            if self._conn is not None:
                engines.cut(self._conn)

    def _hold(self, conn: Connection | None) -> None:
        with self._guard:
            if conn is not None and self._too_late:
                raise StorageAway("it waited too long for its turn")
            self._conn = conn


def _told_apart(function: Callable[[], T]) -> T:
    """Trouble of the database becomes StorageAway; mistakes in our own statements stay what they are."""
    try:
        return function()
    except SQLAlchemyError as error:
        if _is_away(error):
            raise StorageAway(_reason(error)) from error
        raise


def _is_away(error: SQLAlchemyError) -> bool:
    if not isinstance(error, DBAPIError):
        return isinstance(error, NoConnectionFree)
    cause: Any = error.orig
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return code & 0xFF in _SQLITE_AWAY
    if error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError)):
        return True
    return getattr(cause, "sqlstate", None) == _READ_ONLY


def _reason(error: SQLAlchemyError) -> str:
    """The database's own first line: for this kind of error it never holds values."""
    text = str(error.orig if isinstance(error, DBAPIError) else error)
    return text.partition("\n")[0] or type(error).__name__


def _scrub(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("VACUUM participant")
    else:
        with closing(engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise StorageAddressWrong(_usable("This is not the address of a database.")) from None
    match address.drivername:
        case "postgres" | "postgresql" | "postgresql+psycopg":
            return address.set(drivername="postgresql+psycopg")
        case "sqlite" if address.query:
            raise StorageAddressWrong(_usable("An address of SQLite takes no settings."))
        case "sqlite" if address.database in (None, "", ":memory:"):
            raise StorageAddressWrong(_usable("SQLite needs a file: what is kept in memory is lost."))
        case "sqlite":
            return address
        case other:
            raise StorageAddressWrong(_usable(f"Medvind cannot use {other}."))


def _usable(what: str) -> str:
    return f"{what} Set MEDVIND_DATABASE_URL to sqlite:///path/to/file.db or postgresql://user:password@host/name."
