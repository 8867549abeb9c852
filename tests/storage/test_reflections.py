"""Specialists' own check-ins and what they add to the count of the team, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from storage import reflections, schema, team_answers
from storage.database import Database
from storage.reflections import Reflection
from storage.vault import DecryptFailed, Erased, Vault
from tests.storage.databases import everything

WORDS = b'{"done":{"own/why":{"record":"answer","words":"she is too slow, I thought"}}}'


def begun(conn: Connection, vault: Vault, staff_id: int, now: datetime, session: bytes = WORDS) -> Reflection:
    reflections.keeping(conn, vault, staff_id)
    return reflections.begin(conn, vault, staff_id, dialogue="own", version=1, session=session, now=now)


async def test_what_was_begun_is_there_as_it_was_written(
    database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    first = await database.write(lambda conn: begun(conn, vault, ola, now))
    second = await database.write(lambda conn: begun(conn, vault, ola, now + timedelta(days=7)))
    assert first == Reflection(ola, 1, "own", 1, "open", WORDS, now, None)
    assert await database.read(lambda conn: reflections.all_of(conn, vault, ola)) == [second, first]
    assert await database.read(lambda conn: reflections.all_of(conn, vault, kari)) == []
    assert "slow" not in repr(first)


async def test_only_state_end_and_session_change(
    database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    first = await database.write(lambda conn: begun(conn, vault, specialists[0], now))
    ended = replace(first, state="closed", session=b"{}", ended_at=now + timedelta(minutes=3))
    await database.write(lambda conn: reflections.change(conn, vault, replace(ended, dialogue="other", version=7)))
    assert await database.read(lambda conn: reflections.all_of(conn, vault, specialists[0])) == [ended]


async def test_one_is_deleted_or_all_and_never_a_colleagues(
    database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    for staff_id in (ola, ola, kari):
        await database.write(lambda conn, of=staff_id: begun(conn, vault, of, now))
    await database.write(lambda conn: reflections.forget(conn, ola, 1))
    assert [one.number for one in await database.read(lambda conn: reflections.all_of(conn, vault, ola))] == [2]
    await database.write(lambda conn: reflections.forget(conn, ola))
    assert await database.read(lambda conn: reflections.all_of(conn, vault, ola)) == []
    assert len(await database.read(lambda conn: reflections.all_of(conn, vault, kari))) == 1


async def test_two_that_begin_at_once_get_two_numbers(
    database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola = specialists[0]
    both = await asyncio.gather(*(database.write(lambda conn: begun(conn, vault, ola, now)) for _ in range(2)))
    assert {one.number for one in both} == {1, 2}


async def test_nothing_of_it_lies_in_clear_and_it_opens_with_no_other_key(
    database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await database.write(lambda conn: begun(conn, vault, ola, now))
    assert b"slow" not in await database.read(everything)
    moved = update(schema.reflection).values(staff_id=kari)
    await database.write(lambda conn: conn.execute(moved) and None)
    with pytest.raises(DecryptFailed):
        await database.read(lambda conn: reflections.all_of(conn, vault, kari))


async def test_without_the_writers_key_nobody_reads_it(
    database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    await database.write(lambda conn: begun(conn, vault, specialists[0], now))
    await database.write(lambda conn: conn.execute(update(schema.staff).values(data_key=None)) and None)
    with pytest.raises(Erased):
        await database.read(lambda conn: reflections.all_of(conn, vault, specialists[0]))


# The team -------------------------------------------------------------------------------------------------------------


async def test_a_specialist_counts_once_a_month_with_the_last_answers(
    database: Database, vault: Vault, specialists: tuple[int, int]
) -> None:
    ola, kari = specialists
    for staff_id, month, answers in (
        (ola, "2026-03", {"own/heavy": "light", "own/role": "yes"}),
        (ola, "2026-03", {"own/heavy": "too_heavy"}),
        (kari, "2026-03", {"own/heavy": "too_heavy"}),
        (ola, "2026-04", {"own/heavy": "fine"}),
    ):
        await database.write(lambda conn, s=staff_id, m=month, a=answers: team_answers.put(conn, vault, s, m, a))
    assert await database.read(lambda conn: team_answers.counts(conn, "2026-03")) == {"own/heavy": {"too_heavy": 2}}
    assert await database.read(lambda conn: team_answers.counts(conn, "2026-04")) == {"own/heavy": {"fine": 1}}
    await database.write(lambda conn: team_answers.put(conn, vault, kari, "2026-03", {}))
    assert await database.read(lambda conn: team_answers.counts(conn, "2026-03")) == {"own/heavy": {"too_heavy": 1}}


async def test_answers_of_one_person_look_like_answers_of_several(
    database: Database, vault: Vault, specialists: tuple[int, int]
) -> None:
    answers = {"own/heavy": "light", "own/role": "yes"}
    for month in ("2026-03", "2026-04"):
        await database.write(lambda conn, m=month: team_answers.put(conn, vault, specialists[0], m, answers))
    lookups = await database.read(lambda conn: conn.scalars(select(schema.team_answer.c.lookup)).all())
    assert len(set(lookups)) == 4
