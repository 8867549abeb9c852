"""Engines: how SQLite and PostgreSQL are opened, so that a commit is on the disk and nothing waits for ever."""

from __future__ import annotations

import os
import select
import socket
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DisconnectionError

from storage.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds, before the database counts as away."""

    connect: int = 5
    lock: float = 10.0
    """Waiting for somebody else's lock."""
    statement: float = 20.0
    """One statement, on PostgreSQL."""
    pause: float = 8.0
    """Between two statements of a transaction, on PostgreSQL: a process that stands still in the middle of one must not
    lock people out for long."""
    transaction: float = 30.0
    """A whole transaction, from its beginning to the end of its commit."""


def sqlite_writer(path: Path, limits: Limits) -> Engine:
    """One connection that writes. ``synchronous=FULL``: what is committed survives a power cut.

    ``secure_delete`` overwrites what is deleted: an erased person's key must not stay behind in the file.
    """

    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(path, timeout=limits.lock, isolation_level=None, check_same_thread=False)
        raw.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=FAST;"
            "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;"
        )
        return raw

    return _sqlite(connect, connections=1, begin="BEGIN IMMEDIATE")


def sqlite_readers(path: Path, limits: Limits, connections: int) -> Engine:
    """Connections that cannot write, not even by closing: each reads the state at its first statement."""
    address = f"file:{quote(str(path))}?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=limits.lock, isolation_level=None, check_same_thread=False)

    return _sqlite(connect, connections=connections, begin="BEGIN")


def sqlite_onlooker(path: Path, limits: Limits) -> Engine:
    """One connection that only reads, beside a process that may be working on the file.

    Without a write-ahead log nobody is, and everything is in the file itself: then it is read as if it could not
    change, because a reader would else make the log anew, perhaps as a user whose files Medvind cannot open.
    """
    as_it_is = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    address = f"file:{quote(str(path))}?mode=ro{as_it_is}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=limits.lock, isolation_level=None, check_same_thread=False)

    return _sqlite(connect, connections=1, begin="BEGIN")


def _sqlite(connect: Any, *, connections: int, begin: str) -> Engine:
    engine = create_engine("sqlite://", creator=connect, **_common(connections))

    @event.listens_for(engine, "begin")
    def begin_transaction(conn: Connection) -> None:
        """Python's driver is told to begin nothing by itself: it would begin too late, at the first write."""
        conn.exec_driver_sql(begin)

    return engine


def postgresql(url: URL, limits: Limits, connections: int) -> Engine:
    """A pool that notices a closed connection before it is used, without asking the server each time."""
    engine = create_engine(url, connect_args=_arguments(url, limits), **_common(connections))
    event.listen(engine, "checkout", _refuse_closed)
    for undone in ("rollback", "rollback_savepoint"):
        event.listen(engine, undone, Pipeline.forget)
    return engine


def postgresql_alone(url: URL, limits: Limits) -> psycopg.Connection:
    """One connection outside the pool, each statement of which stands for itself. Raises psycopg.Error.

    For a lock that lasts as long as the connection. The server asks after it too, so that a machine that was cut off
    does not keep the lock: after ten seconds without an answer it is gone.
    """
    _, given = url.get_dialect()().create_connect_args(url)
    arguments = {**given, **_arguments(url, limits)}
    probes = "-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
    arguments["options"] = f"{probes} {arguments['options']}"
    arguments["application_name"] = f"medvind {os.getpid()}"  # so that the server can say who leads
    return psycopg.connect(**arguments, autocommit=True, prepare_threshold=None)


def _arguments(url: URL, limits: Limits) -> dict[str, Any]:
    settings = {
        "synchronous_commit": "on",
        "timezone": "UTC",
        "lock_timeout": _milliseconds(limits.lock),
        "statement_timeout": _milliseconds(limits.statement),
        "idle_in_transaction_session_timeout": _milliseconds(min(limits.pause, limits.transaction)),
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return {
        "connect_timeout": limits.connect,
        "options": f"{options} {url.query.get('options', '')}".strip(),
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": _milliseconds(limits.statement),
        "application_name": "medvind",
    }


def reading(engine: Engine) -> Engine:
    """The same pool for transactions that see one moment and cannot write, as SQLite's readers do."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def cut(conn: Connection) -> None:
    """End what a connection does right now, from another thread: its own thread then gets an OperationalError."""
    raw: Any = conn.connection.dbapi_connection
    if isinstance(raw, sqlite3.Connection):
        raw.interrupt()
        return
    cut_line(raw)


def cut_line(raw: psycopg.Connection) -> None:
    """The same for a connection to PostgreSQL that has no pool."""
    with closing(socket.socket(fileno=os.dup(raw.fileno()))) as line:
        line.shutdown(socket.SHUT_RDWR)


def _refuse_closed(raw: Any, record: object, fairy: object) -> None:
    """A connection at rest has nothing to say: if its socket can be read, the server has hung up."""
    if raw.closed:
        raise DisconnectionError
    waiting = select.poll()
    waiting.register(raw.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError


def _common(connections: int) -> dict[str, Any]:
    return {
        "poolclass": QueuePool,
        "pool_size": connections,
        "max_overflow": 0,
        "pool_timeout": 10,
        "hide_parameters": True,
        "query_cache_size": 1000,
    }


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
