"""No statement of a turn reads a whole table of what people own: a turn costs the same when there are a million."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from storage import schema
from tests.bot.turn_world import TurnWorld

OWNED = ["participant", *(name for name, table in schema.metadata.tables.items() if "participant_id" in table.c)]


@contextmanager
def statements() -> Iterator[dict[str, Any]]:
    """Every statement that is run meanwhile, with the parameters of its first row."""
    seen: dict[str, Any] = {}

    def run(conn: object, cursor: object, text: str, given: Any, context: object, many: bool) -> None:
        seen.setdefault(text, given[0] if many else given)

    event.listen(Engine, "before_cursor_execute", run)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", run)


def whole_tables(conn: Connection, text: str, given: Any) -> list[str]:
    """What a statement would read from beginning to end although it is offered indexes."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in conn.exec_driver_sql(f"EXPLAIN {text}", given))
        found = re.findall(r"Seq Scan on (\w+)", plan)
    else:
        plan = "\n".join(row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given))
        found = re.findall(r"SCAN (\w+)", plan)
    return [f"{name}: {text}" for name in found if name in OWNED]


@pytest.mark.parametrize(
    ("work", "answers"), [("neither", [("4", "3"), ("4", "3")]), ("job", [("The shop", "3"), ("yes", "3")])]
)
async def test_nothing_of_a_turn_reads_a_whole_table(
    world: TurnWorld, work: str, answers: list[tuple[str, str]]
) -> None:
    """With a job the check-in is another one, in which questions take turns."""
    amina = await world.person()
    with statements() as seen:
        await amina.onboards(work)
        for first, second in answers:
            await amina.says("start")
            for words in (first, second, "back", "2"):
                await amina.says(words)
            await amina.skips_to("sharing")
            await amina.presses("share_all")
            await amina.skips_all()
    kinds = ("SELECT", "UPDATE", "DELETE")
    read = {text: given for text, given in seen.items() if text.startswith(kinds)}
    assert len(read) > 6
    found = await world.database.write(
        lambda conn: [name for text, given in read.items() for name in whole_tables(conn, text, given)]
    )
    assert found == []
