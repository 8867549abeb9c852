"""Bulk: many rows in one statement whose text never changes, so that a batch costs what its rows cost and no more.

SQLite takes rows one after the other without a round trip. PostgreSQL gets one array for each column. SQLAlchemy's own
way of doing either prepares every row by itself, which on the path where people wait takes longer than the database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Connection,
    CursorResult,
    Dialect,
    Integer,
    String,
    Table,
    Text,
    bindparam,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

Row = Sequence[Any]


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
    return set(map(tuple, _run(conn, _find(conn.dialect, table, keys), rows).all()))


@contextmanager
def without_waiting(conn: Connection) -> Iterator[None]:
    """Send what is written in here without waiting for each answer, where the database can (psycopg's pipeline).

    An error of any of it is raised at the end, or earlier. Nothing may be read inside.
    """
    raw: Any = conn.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        yield
        return
    try:
        with raw.pipeline():
            yield
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error, dialect=conn.dialect) from error


def among(column: Column[Any], name: str) -> FunctionElement[bool]:
    """Whether a column is one of a list of any length, given to the statement under ``name``."""
    return _Among(column, bindparam(name, type_=_Several(isinstance(column.type, String))))


class _Several(TypeDecorator[list[Any]]):
    """A list of texts or of whole numbers as one value."""

    impl = Text
    cache_ok = True

    def __init__(self, texts: bool) -> None:
        super().__init__()
        self.texts = texts

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(Text() if self.texts else BigInteger()))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class _Among(FunctionElement[bool]):
    """Without the type of a truth value, or SQLite would be asked whether it equals 1 and could use no index."""

    inherit_cache = True


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, several = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({several})"


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, several = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({several}))"


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement for one database. ``outgoing`` turns values into what the driver takes, where it has to; ``pack``
    makes the statement's parameters of columns."""

    text: str
    outgoing: tuple[Callable[[Any], Any] | None, ...]
    pack: Callable[[list[tuple[Any, ...]]], Any]


def _run(conn: Connection, statement: _Statement, rows: Sequence[Row]) -> CursorResult[Any]:
    columns = [
        column if turn is None else tuple(map(turn, column))
        for turn, column in zip(statement.outgoing, zip(*rows, strict=True), strict=True)
    ]
    return conn.exec_driver_sql(statement.text, statement.pack(columns))


def _one_after_the_other(columns: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list(zip(*columns, strict=True))


def _each_column_an_array(columns: list[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(map(list, columns))


def _as_json(columns: list[tuple[Any, ...]]) -> tuple[str]:
    return (json.dumps(list(zip(*columns, strict=True))),)


@lru_cache(maxsize=64)
def _insert(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Statement:
    into = f"INSERT INTO {table.name} ({', '.join(names)})"
    if dialect.name == "postgresql":
        return _arrays(dialect, table, names, f"{into} SELECT * FROM unnest({{arrays}})")
    return _rows(dialect, table, names, f"{into} VALUES ({', '.join('?' for _ in names)})")


@lru_cache(maxsize=64)
def _update(dialect: Dialect, table: Table, keys: tuple[str, ...], names: tuple[str, ...], only: str) -> _Statement:
    also = f" AND {only}" if only else ""
    if dialect.name == "postgresql":
        change = ", ".join(f"{name} = new.{name}" for name in names)
        text = f"UPDATE {table.name} SET {change} FROM {_new((*names, *keys))} WHERE {_found(table, keys)}{also}"
        return _arrays(dialect, table, (*names, *keys), text)
    change = ", ".join(f"{name} = ?" for name in names)
    return _rows(dialect, table, (*names, *keys), f"UPDATE {table.name} SET {change} WHERE {_asked(keys)}{also}")


@lru_cache(maxsize=64)
def _delete(dialect: Dialect, table: Table, keys: tuple[str, ...]) -> _Statement:
    if dialect.name == "postgresql":
        return _arrays(dialect, table, keys, f"DELETE FROM {table.name} USING {_new(keys)} WHERE {_found(table, keys)}")
    return _rows(dialect, table, keys, f"DELETE FROM {table.name} WHERE {_asked(keys)}")


@lru_cache(maxsize=64)
def _find(dialect: Dialect, table: Table, keys: tuple[str, ...]) -> _Statement:
    columns = ", ".join(f"{table.name}.{key}" for key in keys)
    if dialect.name == "postgresql":
        # OFFSET 0 keeps the planner from reading the whole table, as it does while it has no statistics of it.
        one = f"SELECT {columns} FROM {table.name} WHERE {_found(table, keys)} OFFSET 0"
        return _arrays(dialect, table, keys, f"SELECT found.* FROM {_new(keys)}, LATERAL ({one}) AS found")
    wanted = " AND ".join(f"{table.name}.{key} = json_extract(wanted.value, '$[{n}]')" for n, key in enumerate(keys))
    text = f"SELECT {columns} FROM json_each(?) AS wanted CROSS JOIN {table.name} ON {wanted}"
    return _Statement(text, (None,) * len(keys), _as_json)


def _new(names: tuple[str, ...]) -> str:
    return f"unnest({{arrays}}) AS new ({', '.join(names)})"


def _found(table: Table, keys: tuple[str, ...]) -> str:
    return " AND ".join(f"{table.name}.{key} = new.{key}" for key in keys)


def _asked(keys: tuple[str, ...]) -> str:
    return " AND ".join(f"{key} = ?" for key in keys)


def _rows(dialect: Dialect, table: Table, names: tuple[str, ...], text: str) -> _Statement:
    return _Statement(text, _outgoing(dialect, table, names), _one_after_the_other)


def _arrays(dialect: Dialect, table: Table, names: tuple[str, ...], text: str) -> _Statement:
    """``%b`` sends an array in PostgreSQL's own binary form."""
    types = (table.c[name].type for name in names)
    arrays = ", ".join(f"%b::{_array_type(kind, dialect)}" for kind in types)
    return _Statement(text.format(arrays=arrays), _outgoing(dialect, table, names), _each_column_an_array)


def _outgoing(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[Callable[[Any], Any] | None, ...]:
    return tuple(table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names)


def _array_type(kind: Any, dialect: Dialect) -> str:
    """Texts without their longest length: a cast to it would cut them silently, where storing them raises."""
    if isinstance(kind, String):
        return "TEXT[]"
    if isinstance(kind, Integer):
        return "BIGINT[]"
    return f"{kind.compile(dialect=dialect)}[]"
