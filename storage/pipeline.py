"""Pipeline: statements that PostgreSQL gets one behind the other, so that its answers are waited for once.

It speaks to libpq through psycopg's own wrapper (``psycopg.pq``). psycopg's cursors look at every value and every
statement in Python, which took longer than PostgreSQL took to store a batch.
"""

from __future__ import annotations

import itertools
import select
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection

from storage.straight import announce

Rows = list[tuple[Any, ...]]

_NUMBERS = itertools.count()


class Pipeline:
    """The one of a connection. Parameters and values are in PostgreSQL's binary form.

    While something is on its way, nothing else may use the connection.
    """

    def __init__(self, raw: psycopg.Connection) -> None:
        self.holds = False
        """Somebody waits for the answers later."""
        self._raw = raw
        self._line = raw.pgconn
        self._transformer = Transformer(raw)
        self._poll = select.poll()
        self._poll.register(raw.fileno(), select.POLLIN)
        self._prepared: dict[str, bytes] = {}
        self._asked: list[bool] = []
        """For what is on its way, whether its answer is one to a statement of the caller's."""
        self._fresh: dict[str, bytes] = {}
        """Prepared on this way; if something fails before, it is not."""

    @classmethod
    def of(cls, conn: Connection) -> Pipeline:
        """The pipeline of a connection to PostgreSQL: it lasts as long as the connection, whoever has it."""
        raw, kept = conn.connection.driver_connection, conn.info.get("pipeline")
        if kept is None or kept._raw is not raw:
            assert isinstance(raw, psycopg.Connection), "only PostgreSQL has one"
            kept = conn.info["pipeline"] = cls(raw)
        assert isinstance(kept, cls)
        return kept

    @classmethod
    def sent(cls, conn: Connection, text: str, parameters: Sequence[bytes]) -> Pipeline:
        """The pipeline of a connection, with a statement on its way. Who listens to SQLAlchemy's events hears of it."""
        announce(conn, text, parameters)
        pipeline = cls.of(conn)
        pipeline.send(text, parameters)
        return pipeline

    @staticmethod
    def forget(conn: Connection, *_: object) -> None:
        """A transaction was undone, or a part of it: psycopg then has the server forget all that was prepared on the
        connection."""
        if not conn.invalidated:  # else it took its pipeline along
            conn.info.pop("pipeline", None)

    def send(self, text: str, parameters: Sequence[bytes]) -> None:
        """Send a statement, with ``$1`` where its first parameter goes. It begins the transaction if none has begun.

        Raises psycopg.OperationalError when the connection is lost.
        """
        if not self._asked:
            self._enter()
        name = self._prepared.get(text) or self._fresh.get(text)
        if name is None:
            name = self._fresh[text] = b"medvind_%d" % next(_NUMBERS)
            self._line.send_prepare(name, text.encode())
            self._asked.append(False)
        self._line.send_query_prepared(name, parameters, [Format.BINARY] * len(parameters), result_format=Format.BINARY)
        self._asked.append(True)

    def answers(self) -> list[Rows]:
        """Wait for everything that is on its way: the rows of each statement, in order.

        Raises the psycopg.Error of the first that failed; those behind it were not done.
        """
        if not self._asked:
            return []
        results = self._results()
        fresh, self._fresh = self._fresh, {}
        failed = next((result for result in results if result.status == ExecStatus.FATAL_ERROR), None)
        asked, self._asked = self._asked, []
        if failed is not None:
            self._prepared.clear()
            raise error_from_result(failed)
        self._prepared.update(fresh)
        return [self._rows(result) for result, is_ours in zip(results, asked, strict=True) if is_ours]

    def abandon(self) -> None:
        """Wait for what is on its way, whatever comes of it: the transaction is undone."""
        with suppress(psycopg.Error):
            self.answers()

    def _enter(self) -> None:
        begins = self._line.transaction_status == TransactionStatus.IDLE
        self._line.enter_pipeline_mode()
        if begins:
            self._line.send_query_params(_begin(self._raw), None)
            self._asked.append(False)

    def _results(self) -> list[PGresult]:
        """Everything that the server says, up to the end of what it was sent."""
        found: list[PGresult] = []
        try:
            self._line.pipeline_sync()
            while self._line.flush():
                self._wait(select.POLLIN | select.POLLOUT)
            while (result := self._next()) is None or result.status != ExecStatus.PIPELINE_SYNC:
                if result is not None:
                    found.append(result)
        finally:
            if self._line.status == ConnStatus.OK:
                self._line.exit_pipeline_mode()
        return found

    def _next(self) -> PGresult | None:
        while self._line.is_busy():
            self._wait(select.POLLIN)
        if self._line.status != ConnStatus.OK:
            raise psycopg.OperationalError("the connection to the server was lost")
        return self._line.get_result()

    def _wait(self, what: int) -> None:
        """Until there is something to read, or room to write; the other threads go on meanwhile."""
        self._poll.modify(self._line.socket, what)
        self._poll.poll()
        self._line.consume_input()

    def _rows(self, result: PGresult) -> Rows:
        if result.status != ExecStatus.TUPLES_OK:
            return []
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, tuple)


def _begin(raw: psycopg.Connection) -> bytes:
    """How a transaction begins on this connection, as psycopg would begin it."""
    words = ["BEGIN"]
    if raw.isolation_level is not None:
        words.append(f"ISOLATION LEVEL {raw.isolation_level.name.replace('_', ' ')}")
    if raw.read_only is not None:
        words.append("READ ONLY" if raw.read_only else "READ WRITE")
    return " ".join(words).encode()
