"""Leadership: one holder of a name at a time, and another one soon after it has gone in whatever way."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from sqlalchemy import Connection, make_url, text

from storage import engines, leadership
from storage.database import Database
from storage.engines import Limits
from storage.leadership import Leadership, SessionHold
from tests.storage.databases import PostgresqlDatabases, SqliteDatabases
from tests.waiting import until

ROOT = Path(__file__).parents[2]
NAME = "telegram:700001"

LEAD = """
import asyncio, sys
from pathlib import Path
from storage import leadership
from storage.database import Database
from storage.engines import Limits
async def lead(url, name):
    if url.startswith("sqlite"):
        part = leadership.beside(Path(url.removeprefix("sqlite:///")), Limits(), name)
    else:
        part = Database.open(url).leadership(name)
    print(await part.won(), flush=True)
    await asyncio.sleep(60)
asyncio.run(lead(*sys.argv[1:]))
"""

Part = Callable[[str], Leadership]


@pytest.fixture
async def part(database_url: str) -> AsyncIterator[Part]:
    """Makes parts in who leads, each as of a process of its own."""
    opened: list[Database] = []
    parts: list[Leadership] = []

    def make(name: str = NAME) -> Leadership:
        if database_url.startswith("postgresql"):
            opened.append(Database.open(database_url))
            return opened[-1].leadership(name)
        parts.append(leadership.beside(Path(database_url.removeprefix("sqlite:///")), Limits(), name))
        return parts[-1]

    yield make
    for database in opened:
        await database.close()
    for one in parts:
        await one.release()


def start(url: str) -> subprocess.Popen[str]:
    """A process that tries to lead, says whether it does, and stays."""
    return subprocess.Popen([sys.executable, "-c", LEAD, url, NAME], cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def test_one_leads_until_it_lets_go(part: Part) -> None:
    one, two = part(NAME), part(NAME)
    for _ in range(3):
        assert (await one.won(), await two.won()) == (True, False)
    await two.release()
    assert (await two.won(), await one.won()) == (False, True)
    await one.release()
    assert (await two.won(), await one.won()) == (True, False)
    await one.release()
    assert await two.won()


async def test_each_name_has_a_leader_of_its_own(part: Part) -> None:
    names = [NAME, "telegram:700002", "telegram-700001", "Telegram:700001", "", "../../etc", "delivery"]
    assert [await part(name).won() for name in names] == [True] * len(names)
    assert [await part(name).won() for name in names] == [False] * len(names)


async def test_many_that_ask_at_once_have_one_leader(part: Part) -> None:
    parts = [part(NAME) for _ in range(8)]
    assert sorted(await asyncio.gather(*(one.won() for one in parts))) == [False] * 7 + [True]


async def test_asking_twice_at_once_is_asking_once(part: Part) -> None:
    one = part(NAME)
    assert await asyncio.gather(*(one.won() for _ in range(5))) == [True] * 5
    await one.release()
    assert await part(NAME).won()


async def test_another_process_leads_until_it_is_killed(part: Part, database_url: str) -> None:
    process = start(database_url)
    try:
        assert process.stdout is not None
        assert (await asyncio.to_thread(process.stdout.readline)).strip() == "True"
        here = part(NAME)
        assert not await here.won()
    finally:
        process.kill()
        process.communicate()
    await until(here.won)  # a server takes a moment to notice that somebody has gone


async def test_closing_a_database_lets_others_lead(database_url: str, part: Part) -> None:
    database = Database.open(database_url)
    one = database.leadership(NAME)
    assert await one.won()
    other = part(NAME)
    assert not await other.won()
    await database.close()
    assert await other.won()


# On SQLite ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(sqlite_databases: SqliteDatabases) -> Path:
    with sqlite_databases.url() as url:
        return Path(url.removeprefix("sqlite:///"))


async def test_the_file_lies_beside_the_database_and_says_who_leads(path: Path) -> None:
    one = leadership.beside(path, Limits(), NAME)
    assert await one.won()
    (file,) = path.parent.glob(f"{path.name}.*.lock")
    assert file.name.startswith(f"{path.name}.telegram-700001-")
    assert file.read_text() == str(os.getpid())
    await one.release()


async def test_a_lock_whose_file_was_removed_is_lost(path: Path) -> None:
    one, two = (leadership.beside(path, Limits(), NAME) for _ in range(2))
    assert await one.won()
    (file,) = path.parent.glob(f"{path.name}.*.lock")
    file.unlink()
    assert await two.won()
    assert [await one.won() for _ in range(2)] == [False, False]
    await two.release()
    assert await one.won()
    file.unlink()
    assert [await one.won() for _ in range(2)] == [False, True]
    await one.release()


# On PostgreSQL --------------------------------------------------------------------------------------------------------

HOLDER = text("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted")


def holder(conn: Connection) -> int:
    return conn.execute(HOLDER).scalar_one()


@pytest.fixture
def url(postgresql_databases: PostgresqlDatabases) -> Iterator[str]:
    with postgresql_databases.url() as url:
        yield url


async def test_a_leader_whose_connection_was_ended_knows_it_has_lost(url: str) -> None:
    databases = [Database.open(url) for _ in range(2)]
    one, two = (database.leadership(NAME) for database in databases)
    assert await one.won()
    assert not await two.won()
    lost = await databases[0].read(holder)
    end = text("SELECT pg_terminate_backend(:pid, 10000)")
    assert await databases[1].write(lambda conn: conn.execute(end, {"pid": lost}).scalar_one())
    assert not await one.won()
    assert await two.won()
    assert not await one.won()
    await two.release()
    assert await one.won()
    for database in databases:
        await database.close()


async def test_after_a_loss_the_answer_is_no_once_although_nobody_else_came(url: str) -> None:
    database = Database.open(url)
    one = database.leadership(NAME)
    assert await one.won()
    lost = await database.read(holder)
    await database.write(lambda conn: conn.execute(text(f"SELECT pg_terminate_backend({lost}, 10000)")).all())
    assert [await one.won() for _ in range(3)] == [False, True, True]
    await database.close()


async def test_a_server_that_hangs_is_a_no_and_holds_up_nobody(url: str) -> None:
    database, other = Database.open(url, Limits(statement=0.3)), Database.open(url)
    one, two = database.leadership(NAME), other.leadership(NAME)
    assert await one.won()
    frozen = await other.read(holder)
    os.kill(frozen, signal.SIGSTOP)
    try:
        asking = asyncio.create_task(one.won())
        rounds = 0
        while not asking.done():
            await asyncio.sleep(0)
            rounds += 1
        assert not await asking
        assert rounds > 100  # the event loop went round meanwhile
        assert not await two.won()  # for the server, the lock is held until it notices
    finally:
        os.kill(frozen, signal.SIGCONT)
    await until(two.won)
    assert not await one.won()
    await database.close()
    await other.close()


async def test_no_server_is_no_leadership(tmp_path: Path) -> None:
    database = Database.open(f"postgresql://anna:hunter2@/medvind?host={tmp_path}")
    one = database.leadership(NAME)
    assert [await one.won() for _ in range(2)] == [False, False]
    await one.release()
    await database.close()


async def test_two_deployments_on_one_server_do_not_know_each_other(postgresql_databases: PostgresqlDatabases) -> None:
    with postgresql_databases.url() as first, postgresql_databases.url() as second:
        databases = [Database.open(url) for url in (first, second)]
        assert [await database.leadership(NAME).won() for database in databases] == [True, True]
        for database in databases:
            await database.close()


async def test_settings_of_the_address_reach_the_connection_that_leads(url: str) -> None:
    """Else a server that wants them would let nobody lead."""
    wrong = Database.open(f"{url}&options=-c%20no_such_setting%3D1")
    assert not await wrong.leadership(NAME).won()
    await wrong.close()


class Sessions:
    """A connection as a pooler gives it: what is asked goes to one session after the other, and closing ends none."""

    def __init__(self, *sessions: psycopg.Connection) -> None:
        self.closed = False
        self._turns = itertools.cycle(sessions)

    def execute(self, statement: LiteralString, given: tuple[int, ...] | None = None) -> psycopg.Cursor[Any]:
        return next(self._turns).execute(statement, given)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def sessions(url: str) -> Iterator[list[psycopg.Connection]]:
    made = [engines.postgresql_alone(make_url(url), Limits()) for _ in range(2)]
    yield made
    for each in made:
        each.close()


async def test_a_lock_of_another_session_is_not_taken_for_our_own(sessions: list[psycopg.Connection]) -> None:
    def connect() -> Sessions:
        made.append(Sessions(*sessions))
        return made[-1]

    made: list[Sessions] = []
    hold = SessionHold(connect, NAME)  # type: ignore[arg-type]
    assert [hold.take(), hold.take()] == [True, False]
    assert [each.closed for each in made] == [True]
    assert hold.take()  # by a connection anew, which begins with the session that has the lock
    assert len(made) == 2


async def test_letting_go_is_told_to_the_server(url: str, sessions: list[psycopg.Connection]) -> None:
    hold = SessionHold(lambda: Sessions(sessions[0]), NAME)  # type: ignore[arg-type,return-value]
    assert hold.take()
    database = Database.open(url)
    other = database.leadership(NAME)
    assert not await other.won()
    hold.drop()
    assert await other.won()
    await database.close()


# Whatever holds it ----------------------------------------------------------------------------------------------------


class Slow:
    """A hold that answers when it is told to, or when it is cut."""

    def __init__(self) -> None:
        self.takes = self.drops = self.cuts = 0
        self.answer = threading.Event()

    def take(self) -> bool:
        self.takes += 1
        assert self.answer.wait(10)
        return self.cuts == 0

    def drop(self) -> None:
        self.drops += 1

    def cut(self) -> None:
        self.cuts += 1
        self.answer.set()


async def test_a_slow_answer_is_a_no_and_its_line_is_cut() -> None:
    hold = Slow()
    assert not await Leadership(hold, patience=0.05).won()
    assert hold.cuts == 1


async def test_one_who_no_longer_waits_does_not_disturb_the_question() -> None:
    hold = Slow()
    one = Leadership(hold, patience=5)
    first = asyncio.create_task(one.won())
    await asyncio.sleep(0.01)
    first.cancel()
    second = asyncio.create_task(one.won())
    await asyncio.sleep(0)
    hold.answer.set()
    assert await second
    assert (hold.takes, hold.cuts) == (1, 0)


async def test_letting_go_waits_for_the_answer_that_is_under_way() -> None:
    hold = Slow()
    one = Leadership(hold, patience=0.05)
    asking = asyncio.create_task(one.won())
    await asyncio.sleep(0)
    await one.release()
    assert not await asking
    assert (hold.takes, hold.drops) == (1, 1)
    assert hold.cuts >= 1
