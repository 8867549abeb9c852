"""A short run of the proof (`make prove` is the long one), and that it would notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from storage import schema
from storage.database import Database
from tests.postgresql_cluster import cluster
from tests.prove import machines
from tests.prove.place import place
from tests.prove.proof import Proof
from tests.prove.troubles import Trouble

KILLS = 16
"""At every failpoint once, and as often at random moments."""

TROUBLES: Sequence[Trouble] = ("kill", "database", "wrong", "askew")


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


async def test_nothing_is_lost_or_done_twice_when_machines_clocks_and_the_database_fail(tmp_path: Path) -> None:
    random = Random(7)
    with cluster(durable=True) as server:
        async with machines.setting(server, tmp_path, 2, random) as at:
            proof = machines.Proof(at, 6, random, say=lambda line: None)
            await proof.run(TROUBLES)
            assert proof.wrong == {}, (tmp_path / "machines.log").read_text()
            assert proof.found.accepted > 6 * len(TROUBLES)
            assert proof.reckoning.begun


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
