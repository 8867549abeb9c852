"""Statements that go to the driver itself: in a transaction, heard of, and with the errors that SQLAlchemy has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import engines
from storage.engines import Limits
from storage.straight import run

SELECT, INSERT = "SELECT word FROM said ORDER BY word", "INSERT INTO said VALUES (?)"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = engines.sqlite_writer(tmp_path / "straight.db", Limits())
    with made.connect() as conn, conn.begin():
        run(conn, "CREATE TABLE said (word TEXT PRIMARY KEY)", ())
    yield made
    made.dispose()


def words(conn: Connection) -> list[str]:
    return [word for (word,) in run(conn, SELECT, ()).fetchall()]


def test_many_rows_and_one_go_in_and_come_out(engine: Engine) -> None:
    with engine.connect() as conn, conn.begin():
        run(conn, INSERT, [("b",), ("a",)], many=True)
        run(conn, INSERT, ("c",))
        assert words(conn) == ["a", "b", "c"]


def test_the_transaction_begins_with_the_first_of_them(engine: Engine) -> None:
    with engine.connect() as conn:
        run(conn, INSERT, ("a",))
        assert conn.in_transaction()
        conn.rollback()
        run(conn, INSERT, ("b",))
        conn.commit()
    with engine.connect() as conn:
        assert words(conn) == ["b"]


def test_what_the_driver_refuses_is_what_sqlalchemy_raises(engine: Engine) -> None:
    with engine.connect() as conn, conn.begin():
        run(conn, INSERT, ("a",))
        with pytest.raises(IntegrityError) as refused:
            run(conn, INSERT, [("b",), ("a",)], many=True)
        assert refused.value.orig is refused.value.__cause__
        with pytest.raises(OperationalError, match="no such table"):
            run(conn, "SELECT * FROM nowhere", ())


def test_who_listens_to_statements_hears_of_these(engine: Engine) -> None:
    heard: list[tuple[str, bool]] = []
    with engine.connect() as conn, conn.begin():
        event.listen(conn, "before_cursor_execute", lambda *call: heard.append((call[2], call[5])))
        run(conn, INSERT, [("a",)], many=True)
        run(conn, SELECT, ())
    assert heard == [(INSERT, True), (SELECT, False)]
