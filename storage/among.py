"""Among: statements about a list of people of any length, whose text never changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Connection,
    Dialect,
    Select,
    String,
    Text,
    bindparam,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from storage.arrays import integers
from storage.pipeline import Pipeline, Rows
from storage.straight import as_sqlalchemy, run

_NUMBERED: Dialect = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


def rows_among(conn: Connection, *found: Select[Any], ids: Iterable[int]) -> list[Rows]:
    """The rows of each of these selections, one after the other. All that each is given is a list of numbers, "ids".

    For where people wait: SQLAlchemy's results take longer than the database. On PostgreSQL the second is not
    kept waiting for the answer to the first, but sees what it did and what it had to wait for.
    """
    if conn.dialect.name != "postgresql":
        given = (json.dumps(list(ids)),)
        return [_read(conn, each, given) for each in found]
    array = integers(list(ids))
    with as_sqlalchemy(conn):
        for each in found:
            pipeline = Pipeline.sent(conn, _numbered(each), [array])
        return pipeline.answers()


def _read(conn: Connection, found: Select[Any], given: tuple[str]) -> Rows:
    text, incoming = _compiled(found, conn.dialect)
    rows: Rows = run(conn, text, given).fetchall()
    columns = (map(turn, each) if turn else each for turn, each in zip(incoming, zip(*rows, strict=True), strict=True))
    return list(zip(*columns, strict=True)) if rows and any(incoming) else rows


@lru_cache(maxsize=16)
def _numbered(found: Select[Any]) -> str:
    return str(found.compile(dialect=_NUMBERED))


@lru_cache(maxsize=16)
def _compiled(found: Select[Any], dialect: Dialect) -> tuple[str, Sequence[Callable[[Any], Any] | None]]:
    """The statement, and what turns the driver's values into ours, column by column, where something has to."""
    incoming = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in found.selected_columns]
    return str(found.compile(dialect=dialect)), incoming


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
