"""No statement of a turn reads a whole table of what people own: a turn costs the same when there are a million."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from storage import schema
from tests.bot.turn_world import TurnWorld
from tests.storage.plans import plan, read_whole, statements

OWNED = ["participant", *(name for name, table in schema.metadata.tables.items() if "participant_id" in table.c)]


def whole_tables(conn: Connection, statement: tuple[str, Any]) -> list[str]:
    """What a statement would read from beginning to end although it is offered indexes."""
    return [f"{name}: {statement[0]}" for name in read_whole(plan(conn, statement)) if name in OWNED]


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
    read = {text: given for text, given in reversed(seen) if text.startswith(kinds)}
    assert len(read) > 6
    found = await world.database.write(lambda conn: [name for one in read.items() for name in whole_tables(conn, one)])
    assert found == []
