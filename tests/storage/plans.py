"""How a database goes about a statement: which indexes it uses, and what it reads from beginning to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from storage.pipeline import Pipeline


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is run meanwhile, in order, with its parameters; of many rows, with those of the first."""
    seen: list[tuple[str, Any]] = []

    def run(conn: object, cursor: object, text: str, given: Any, context: object, many: bool) -> None:
        if not text.startswith("BEGIN"):
            seen.append((text, given[0] if many else given))

    event.listen(Engine, "before_cursor_execute", run)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", run)


def plan(conn: Connection, statement: tuple[str, Any]) -> str:
    """The database's own words. PostgreSQL reads a small table whole unless it is told not to."""
    text, given = statement
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        if "$1" in text:  # It goes to the server as it is.
            return "\n".join(row[0] for row in Pipeline.sent(conn, f"EXPLAIN {text}", given).answers()[-1])
        return "\n".join(row[0] for row in conn.exec_driver_sql(f"EXPLAIN {text}", given))
    return "\n".join(row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given))


def read_whole(plan: str) -> set[str]:
    """The tables that are read from beginning to end."""
    return set(re.findall(r"(?:Seq Scan on|SCAN) (\w+)\b(?! VIRTUAL)", plan))
