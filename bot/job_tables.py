"""JobTables: where the job engine keeps its own tables, and what it may say about them.

On PostgreSQL they are a schema of the same database. On SQLite they are a file beside it, so that work in the
background never waits for a turn, nor a turn for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url

from bot.channels.http import place_of
from bot.performing import GivenUp
from storage import engines
from storage.engines import Limits

SCHEMA = "medvind_jobs"
CONNECTIONS = 4
"""To the database, for each process, besides those of ``storage``."""

SILENT_FOR = 60.0
"""Seconds in which the same trouble of the engine is told once."""

_log = logging.getLogger(__name__)


class TablesClosed(Exception):
    """This process has stopped. What still runs in a thread ends with it, instead of waiting for a better time."""


class JobTables:
    """The tables of one deployment. Connects to nothing yet."""

    def __init__(self, url: str) -> None:
        """``url`` is the address of the database itself."""
        self._is_closed = False
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            self.engine = _sqlite(job_file(Path(str(address.database)).resolve()))
        else:
            server = address.set(drivername="postgresql+psycopg")
            self.engine = engines.postgresql(server, Limits(), CONNECTIONS)
        for asking in ("do_connect", "checkout"):
            event.listen(self.engine, asking, self._refuse_when_closed)
        event.listen(self.engine, "checkin", self._hang_up_when_closed)

    def refuse(self) -> None:
        """From now on nobody is let in: whoever asks gets TablesClosed."""
        self._is_closed = True

    def close(self) -> None:
        """Hang up; whoever uses them right now hangs up afterwards."""
        self.refuse()
        self.engine.dispose()

    def _refuse_when_closed(self, *asking: object) -> None:
        if self._is_closed:
            raise TablesClosed

    def _hang_up_when_closed(self, raw: object, record: Any) -> None:
        if self._is_closed and raw is not None:
            record.invalidate()


def job_file(database: Path) -> Path:
    """The file beside a SQLite database: medvind-jobs.db beside medvind.db."""
    return database.with_name(f"{database.stem}-jobs{database.suffix}")


def _sqlite(path: Path) -> Engine:
    path.touch(mode=0o600)
    engine = create_engine(
        URL.create("sqlite", database=str(path)), pool_size=CONNECTIONS, max_overflow=0, hide_parameters=True
    )
    event.listen(engine, "connect", _settings)
    return engine


def _settings(raw: Any, record: object) -> None:
    """A power cut may undo the last few jobs (``NORMAL``): the next tick finds what they were for. The engine expects
    a transaction to take the lock at its beginning."""
    raw.isolation_level = "IMMEDIATE"
    raw.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-1000; PRAGMA journal_size_limit=4194304;"
    )


class EngineLog(logging.Handler):
    """What the engine has to say, in our log: the kind and the place of it. Its own words may hold anything."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` is in seconds."""
        super().__init__(logging.WARNING)
        self._clock = clock
        self._told: dict[tuple[str, int], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """The same trouble is told once a minute: while a database is away, it is found every second."""
        error = record.exc_info[1] if record.exc_info else None
        place = (record.filename, record.lineno)
        if isinstance(error, (GivenUp, TablesClosed)):  # told already, or no trouble at all: this process ends
            return
        if self._clock() < self._told.get(place, float("-inf")) + SILENT_FOR:
            return
        self._told[place] = self._clock()
        kind = f"{type(error).__name__} at {place_of(error)}" if isinstance(error, Exception) else record.levelname
        _log.warning("job engine, %s:%d: %s", *place, kind)

    def attach(self) -> None:
        """Be the only one who hears the engine."""
        heard = logging.getLogger("dbos")
        heard.handlers, heard.propagate = [self], False

    def detach(self) -> None:
        """Hear nothing more."""
        logging.getLogger("dbos").removeHandler(self)
