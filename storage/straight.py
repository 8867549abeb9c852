"""Straight: statements that go to the driver itself. SQLAlchemy's own way of running one takes longer than the database
does, on the path where people wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from sqlite3 import Cursor
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


@contextmanager
def as_sqlalchemy(conn: Connection) -> Iterator[None]:
    """An error of the driver's becomes what SQLAlchemy raises for it."""
    driver = conn.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(None, None, error, driver.Error, dialect=conn.dialect) from error


def announce(conn: Connection, text: str, parameters: Sequence[Any], *, many: bool = False) -> None:
    """Who listens to SQLAlchemy's events hears of a statement."""
    for listener in conn.dispatch.before_cursor_execute:
        listener(conn, None, text, parameters, None, many)


def run(conn: Connection, text: str, parameters: Sequence[Any], *, many: bool = False) -> Cursor:
    """Run a statement on SQLite, with ``many`` once for each of ``parameters``. It begins the transaction if none has
    begun. Values are the driver's."""
    if not conn.in_transaction():
        conn.begin()
    announce(conn, text, parameters, many=many)
    with as_sqlalchemy(conn):
        cursor: Cursor = conn.connection.driver_connection.cursor()  # type: ignore[union-attr]
        return cursor.executemany(text, parameters) if many else cursor.execute(text, parameters)
