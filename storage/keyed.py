"""Keyed: rows of several tables, looked up by the keys of one. A long history makes none of them slower."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Connection,
    Row,
    Select,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    true,
)

Key = tuple[int, ...]


def rows_at(
    conn: Connection,
    found: Select[Any],
    columns: tuple[Column[Any], ...],
    keys: Sequence[Key],
    given: Mapping[str, Any] = MappingProxyType({}),
) -> Sequence[Row[Any]]:
    """What ``found`` selects where ``columns``, whole numbers all, are one of ``keys``, in one statement.

    ``given`` are further parameters of ``found``. It and ``columns`` have to be the same objects each time: a statement
    is made of them once.
    """
    if not keys:
        return ()
    if conn.dialect.name == "postgresql":
        arrays = {f"key{n}": list(several) for n, several in enumerate(zip(*keys, strict=True))}
        return conn.execute(_postgresql(found, columns), {**given, **arrays}).all()
    return conn.execute(_sqlite(found, columns), {**given, "keys": json.dumps(keys)}).all()


@lru_cache(maxsize=32)
def _postgresql(found: Select[Any], columns: tuple[Column[Any], ...]) -> Select[Any]:
    """OFFSET 0 keeps the planner from reading the whole table, as it does while it has no statistics of it."""
    names = [f"key{n}" for n in range(len(columns))]
    arrays = (bindparam(name, type_=ARRAY(BigInteger())) for name in names)
    wanted = func.unnest(*arrays).table_valued(*names).render_derived(name="wanted")
    tied = [column == wanted.c[name] for column, name in zip(columns, names, strict=True)]
    each = found.where(*tied).offset(literal_column("0")).lateral("found")
    return select(each).select_from(wanted.join(each, true()))


@lru_cache(maxsize=32)
def _sqlite(found: Select[Any], columns: tuple[Column[Any], ...]) -> Select[Any]:
    wanted = func.json_each(bindparam("keys", type_=Text())).table_valued("value", name="wanted")
    tied = (
        column == func.json_extract(wanted.c.value, literal_column(f"'$[{n}]'")) for n, column in enumerate(columns)
    )
    return found.where(*tied)
