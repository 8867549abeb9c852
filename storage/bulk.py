"""Bulk: many rows in one statement whose text never changes, so that a batch costs what its rows cost and no more.

SQLite takes rows one after the other without a round trip. PostgreSQL gets one array for each column. SQLAlchemy's own
way of doing either prepares every row by itself, which on the path where people wait takes longer than the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from msgspec.json import Encoder
from sqlalchemy import JSON, Connection, Dialect, LargeBinary, Table
from sqlalchemy.types import TypeEngine

from storage.arrays import packer
from storage.pipeline import Pipeline
from storage.straight import as_sqlalchemy, run

Row = Sequence[Any]
Columns = Sequence[Sequence[Any]]
"""The same values, one column after the other."""

_encode = Encoder().encode


def insert_rows(conn: Connection, table: Table, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Insert ``rows``, each in the order of ``names``."""
    if rows:
        _run(conn, _insert(conn.dialect, table, names), rows)


def update_rows(
    conn: Connection,
    table: Table,
    keys: tuple[str, ...],
    names: tuple[str, ...],
    rows: Sequence[Row],
    only: str = "",
) -> None:
    """Set ``names`` in the rows that are found by ``keys``. Each row holds the new values first, then the keys.

    ``only`` is a condition in SQL that a row has to meet besides; others stay as they are.
    """
    if rows:
        _run(conn, _update(conn.dialect, table, keys, names, only), rows)


def delete_rows(conn: Connection, table: Table, keys: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Delete the rows that are found by ``keys``."""
    if rows:
        _run(conn, _delete(conn.dialect, table, keys), rows)


def found_rows(conn: Connection, table: Table, keys: tuple[str, ...], rows: Sequence[Row]) -> set[Any]:
    """Those of ``rows`` that the table has. Each is looked up by itself, so a long history makes it no slower."""
    if not rows:
        return set()
    return set(map(tuple, _run(conn, _find(conn.dialect, table, keys), rows)))


@contextmanager
def without_waiting(conn: Connection) -> Iterator[None]:
    """Send what the functions of this module write in here without waiting for each answer, where the database can.

    An error of any of it is raised at the end, or by ``settle``, which comes before anything else uses ``conn``.
    """
    if conn.dialect.name != "postgresql":
        yield
        return
    pipeline = Pipeline.of(conn)
    pipeline.holds = True
    try:
        yield
        with as_sqlalchemy(conn):
            pipeline.answers()
    finally:
        pipeline.holds = False
        pipeline.abandon()


def settle(conn: Connection) -> None:
    """Wait for what was written without waiting so far, if any."""
    if conn.dialect.name == "postgresql":
        with as_sqlalchemy(conn):
            Pipeline.of(conn).answers()


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement for one database. ``pack`` makes its parameters of columns of values."""

    text: str
    pack: Callable[[Columns], Any]


def _run(conn: Connection, statement: _Statement, rows: Sequence[Row]) -> Sequence[Row]:
    """What the statement finds, if it looks for something."""
    parameters = statement.pack(list(zip(*rows, strict=True)))
    if conn.dialect.name != "postgresql":
        cursor = run(conn, statement.text, parameters, many=isinstance(parameters, list))
        return cursor.fetchall() if cursor.description else ()
    with as_sqlalchemy(conn):
        pipeline = Pipeline.sent(conn, statement.text, parameters)
        return () if pipeline.holds else pipeline.answers()[-1]


def _as_json(columns: Columns) -> tuple[str]:
    return (_encode(list(zip(*columns, strict=True))).decode(),)


@lru_cache(maxsize=64)
def _insert(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Statement:
    into = f"INSERT INTO {table.name} ({', '.join(names)})"
    if dialect.name == "postgresql":
        return _arrays(table, names, f"{into} SELECT * FROM unnest({{arrays}})")
    return _rows(dialect, table, names, f"{into} VALUES ({', '.join('?' for _ in names)})")


@lru_cache(maxsize=64)
def _update(dialect: Dialect, table: Table, keys: tuple[str, ...], names: tuple[str, ...], only: str) -> _Statement:
    also = f" AND {only}" if only else ""
    if dialect.name == "postgresql":
        change = ", ".join(f"{name} = new.{name}" for name in names)
        text = f"UPDATE {table.name} SET {change} FROM {_new((*names, *keys))} WHERE {_found(table, keys)}{also}"
        return _arrays(table, (*names, *keys), text)
    change = ", ".join(f"{name} = ?" for name in names)
    return _rows(dialect, table, (*names, *keys), f"UPDATE {table.name} SET {change} WHERE {_asked(keys)}{also}")


@lru_cache(maxsize=64)
def _delete(dialect: Dialect, table: Table, keys: tuple[str, ...]) -> _Statement:
    if dialect.name == "postgresql":
        return _arrays(table, keys, f"DELETE FROM {table.name} USING {_new(keys)} WHERE {_found(table, keys)}")
    return _rows(dialect, table, keys, f"DELETE FROM {table.name} WHERE {_asked(keys)}")


@lru_cache(maxsize=64)
def _find(dialect: Dialect, table: Table, keys: tuple[str, ...]) -> _Statement:
    columns = ", ".join(f"{table.name}.{key}" for key in keys)
    if dialect.name == "postgresql":
        # OFFSET 0 keeps the planner from reading the whole table, as it does while it has no statistics of it.
        one = f"SELECT {columns} FROM {table.name} WHERE {_found(table, keys)} OFFSET 0"
        return _arrays(table, keys, f"SELECT found.* FROM {_new(keys)}, LATERAL ({one}) AS found")
    wanted = " AND ".join(f"{table.name}.{key} = json_extract(wanted.value, '$[{n}]')" for n, key in enumerate(keys))
    text = f"SELECT {columns} FROM json_each(?) AS wanted CROSS JOIN {table.name} ON {wanted}"
    return _Statement(text, _as_json)


def _new(names: tuple[str, ...]) -> str:
    return f"unnest({{arrays}}) AS new ({', '.join(names)})"


def _found(table: Table, keys: tuple[str, ...]) -> str:
    return " AND ".join(f"{table.name}.{key} = new.{key}" for key in keys)


def _asked(keys: tuple[str, ...]) -> str:
    return " AND ".join(f"{key} = ?" for key in keys)


def _rows(dialect: Dialect, table: Table, names: tuple[str, ...], text: str) -> _Statement:
    """A row at a time, as SQLite takes them."""
    outgoing = [_outgoing(dialect, table.c[name].type) for name in names]

    def pack(columns: Columns) -> list[Row]:
        turned = (column if turn is None else map(turn, column) for turn, column in zip(outgoing, columns, strict=True))
        return list(zip(*turned, strict=True))

    return _Statement(text, pack)


def _json(value: Any) -> str | None:
    return None if value is None else _encode(value).decode()


def _outgoing(dialect: Dialect, kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What turns a value of ours into one of the driver's, where something has to. It takes bytes as they are."""
    if isinstance(kind, JSON):
        return _json
    return None if isinstance(kind, LargeBinary) else kind.dialect_impl(dialect).bind_processor(dialect)


def _arrays(table: Table, names: tuple[str, ...], text: str) -> _Statement:
    """A column at a time, as PostgreSQL takes them."""
    types, packers = zip(*(packer(table.c[name].type) for name in names), strict=True)
    arrays = ", ".join(f"${n}::{name}" for n, name in enumerate(types, 1))

    def pack(columns: Columns) -> list[bytes]:
        return [packed(column) for packed, column in zip(packers, columns, strict=True)]

    return _Statement(text.format(arrays=arrays), pack)
