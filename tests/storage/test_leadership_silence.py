"""A leader that no longer asks is replaced, and knows by its own clock that it must not go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from sqlalchemy import Connection, make_url, text

from storage import engines
from storage.database import Database, StorageAway
from storage.engines import Limits
from storage.leadership import SILENT, SURE, Leadership, SessionHold
from tests.storage.databases import PostgresqlDatabases

NAME = "telegram:700001"
SOON = 0.6
"""Seconds after which somebody here counts as silent."""


class Willing:
    """A hold that says what it is told to."""

    def __init__(self) -> None:
        self.answer = True

    def take(self) -> bool:
        return self.answer

    def drop(self) -> None:
        pass

    def cut(self) -> None:
        pass


async def test_a_yes_is_good_for_a_few_seconds() -> None:
    clock, hold = [1_000.0], Willing()
    one = Leadership(hold, 5.0, clock=lambda: clock[0])
    assert not one.is_sure
    assert await one.won()
    clock[0] += SURE - 0.1
    assert one.is_sure
    clock[0] += 0.1
    assert not one.is_sure
    assert await one.won()
    assert one.is_sure
    hold.answer = False
    assert not await one.won()
    assert not one.is_sure


async def test_who_has_let_go_is_not_sure() -> None:
    one = Leadership(Willing(), 5.0)
    assert await one.won()
    await one.release()
    assert not one.is_sure


def test_who_leads_stops_before_anybody_takes_over() -> None:
    assert SURE < SILENT


@pytest.fixture
def url(postgresql_databases: PostgresqlDatabases) -> Iterator[str]:
    with postgresql_databases.url() as url:
        yield url


Part = Callable[..., SessionHold]


@pytest.fixture
def part(url: str) -> Iterator[Part]:
    """Makes parts in who leads for which anybody is silent soon."""
    made: list[SessionHold] = []

    def make(where: str = url) -> SessionHold:
        made.append(SessionHold(partial(engines.postgresql_alone, make_url(where), Limits()), NAME, silent=SOON))
        return made[-1]

    yield make
    for each in made:
        each.drop()


def test_who_does_not_ask_is_replaced_and_finds_out(part: Part) -> None:
    one, two, three = part(), part(), part()
    assert [one.take(), two.take(), three.take()] == [True, False, False]
    time.sleep(SOON + 0.05)
    assert two.take()
    assert [one.take(), three.take(), two.take()] == [False, False, True]


def test_who_asks_is_not_replaced(part: Part) -> None:
    one, two = part(), part()
    assert one.take()
    for _ in range(8):
        time.sleep(SOON / 6)
        assert [one.take(), two.take()] == [True, False]


def test_who_only_tried_is_left_alone(part: Part) -> None:
    one, two = part(), part()
    assert [one.take(), two.take()] == [True, False]
    session = two._conn
    time.sleep(SOON + 0.05)
    assert part().take()
    assert session is not None
    assert session.execute("SELECT 1").fetchone() == (1,)


def test_a_silent_leader_of_another_deployment_is_left_alone(
    part: Part, postgresql_databases: PostgresqlDatabases
) -> None:
    with postgresql_databases.url() as elsewhere:
        theirs, one, two = part(elsewhere), part(), part()
        assert [theirs.take(), one.take()] == [True, True]
        time.sleep(SOON + 0.05)
        assert two.take()
        assert theirs.take()
        theirs.drop()


async def test_a_process_that_stands_still_in_a_transaction_locks_nobody_out_for_long(url: str) -> None:
    frozen, other = Database.open(url, Limits(pause=SOON)), Database.open(url)
    locked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stand_still(conn: Connection) -> None:
        conn.execute(text("LOCK TABLE vault_key IN EXCLUSIVE MODE"))
        loop.call_soon_threadsafe(locked.set)
        time.sleep(2 * SOON)
        conn.execute(text("SELECT 1"))

    standing = asyncio.create_task(frozen.write(stand_still))
    await locked.wait()
    await other.write(lambda conn: conn.execute(text("LOCK TABLE vault_key IN EXCLUSIVE MODE")).close())
    with pytest.raises(StorageAway):
        await standing
    await frozen.close()
    await other.close()
