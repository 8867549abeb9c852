"""A short run of the proof (`make prove` is the long one), and that it would notice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from storage import schema
from storage.database import Database
from tests.prove.place import place
from tests.prove.proof import Proof

KILLS = 16
"""At every failpoint once, and as often at random moments."""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_nothing_is_lost_doubled_or_misfiled_when_the_process_is_killed(kind: str, tmp_path: Path) -> None:
    with place(kind) as url:
        proof = Proof(url, tmp_path, tmp_path / "child.log", seed=5, say=lambda line: None)
        found = await proof.run(KILLS)
        assert proof.kills == KILLS
        assert found.accepted > 5 * KILLS
        assert found.answers > KILLS
        assert (found.lost, found.doubled, found.misfiled, found.stuck) == (0, 0, 0, 0), (
            tmp_path / "child.log"
        ).read_text()


async def test_the_proof_notices_what_is_lost_doubled_and_misfiled(tmp_path: Path) -> None:
    with place("sqlite") as url:
        proof = Proof(url, tmp_path, tmp_path / "child.log", seed=6, say=lambda line: None)
        await proof.run(4)
        database = Database.open(url)
        try:
            answers = await database.read(
                lambda conn: conn.execute(select(schema.answer).where(schema.answer.c.sealed_words.is_(None))).all()
            )
            one, other, gone = (row._mapping for row in answers[:3])
            again = {**one, "revision": one["revision"] + 1_000_000}
            await database.write(lambda conn: conn.execute(insert(schema.answer), again))
            await database.write(lambda conn: conn.execute(_of(update(schema.answer), other).values(question="x/y")))
            await database.write(lambda conn: conn.execute(_of(delete(schema.inbox), gone)))
        finally:
            await database.close()
        found = await proof.looked_at()
        assert found.lost
        assert found.doubled
        assert found.misfiled


def _of(statement: Any, answer: Mapping[str, Any]) -> Any:
    """A statement about one answer, or about the message that gave it."""
    table = statement.table
    number = table.c.revision if "revision" in table.c else table.c.seq
    return statement.where(number == answer["revision"], table.c.participant_id == answer["participant_id"])
