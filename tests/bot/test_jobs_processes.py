"""Background work of several processes, real ones: each tick and each group is done by one of them, and what one began
that is killed, stopped or frozen is done by another."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence

import pytest

from storage import processes
from storage.database import Database
from tests.bot.job_child import JobChild
from tests.bot.job_world import Doing, Rows, quick
from tests.postgresql_cluster import Cluster, cluster
from tests.storage.databases import PostgresqlDatabases, migrate
from tests.waiting import until


@pytest.fixture
def url(postgresql_databases: PostgresqlDatabases) -> Iterator[str]:
    """A PostgreSQL database for several processes."""
    with postgresql_databases.url() as url:
        yield url


async def present(url: str, holds: Callable[[list[str]], bool]) -> None:
    """Until the list of processes is so."""
    database = Database.open(url)

    async def is_so() -> bool:
        return holds([each.id for each in await database.read(processes.all_processes)])

    await until(is_so)
    await database.close()


async def test_each_tick_of_the_clock_is_done_by_one_of_two(url: str) -> None:
    """Whichever asks first: one of them may do nearly all of them, until it is gone."""
    both = [await JobChild.start(url), await JobChild.start(url)]
    await until(lambda: sum(len(child.of("second")) for child in both) >= 4)
    less, more = sorted(both, key=lambda child: len(child.of("second")))
    assert await more.end() == 0
    await less.says("second", times=len(less.of("second")) + 2)
    assert await less.end() == 0
    done = sum(len(child.of("second")) for child in both)
    skipped = sum(int(str(child.of("skipped")[0])) for child in both)
    ticks = [state for state in Rows(url).jobs("sched-seconds-").values() if state == "SUCCESS"]
    assert done + skipped == len(ticks), "one that was handed out at the very end waits for the next start"


async def test_two_share_the_groups_and_do_each_once(url: str) -> None:
    both = [await JobChild.start(url, groups=40) for _ in range(2)]
    both[0].tell("tick")
    await until(lambda: sum(len(child.of("done")) for child in both) >= 40)
    assert [await child.end() for child in both] == [0, 0]
    done = [ids for child in both for ids in child.of("done")]
    assert sorted(map(str, done)) == sorted(str([number, number + 1]) for number in range(1, 80, 2))


async def test_what_a_killed_process_began_is_finished_by_another(url: str) -> None:
    dying = await JobChild.start(url, groups=12, holds=True)
    dying.tell("tick")
    await dying.says("begun")
    other = await JobChild.start(url, groups=12)
    dying.signal(signal.SIGKILL)
    assert await dying.ended() == -signal.SIGKILL
    assert dying.of("done") == []
    await other.says("done", times=12)
    await present(url, lambda ids: ids == other.of("ready"))
    assert await other.end() == 0
    assert sorted(map(str, other.of("done"))) == sorted(str([number, number + 1]) for number in range(1, 24, 2))
    assert set(Rows(url).jobs("digests-").values()) == {"SUCCESS"}


async def test_what_a_stopped_process_could_not_finish_is_done_by_another(url: str) -> None:
    stopping = await JobChild.start(url, groups=2, holds=True)
    stopping.tell("tick")
    await stopping.says("begun", times=2)
    other = await JobChild.start(url, groups=2)
    assert await stopping.end() == 0
    await other.says("done", times=2)
    assert await other.end() == 0
    assert stopping.of("done") == []
    assert len(other.of("done")) == 2


async def test_a_process_that_was_frozen_goes_on_under_a_new_id(url: str) -> None:
    frozen = await JobChild.start(url, groups=2, holds=True)
    frozen.tell("tick")
    await frozen.says("begun", times=2)
    other = await JobChild.start(url, groups=2)
    [name] = frozen.of("ready")
    frozen.signal(signal.SIGSTOP)
    await present(url, lambda ids: name not in ids)
    await other.says("done", times=2)
    frozen.signal(signal.SIGCONT)
    await present(url, lambda ids: f"{name}.2" in ids)
    frozen.tell("release")
    await frozen.says("done", times=2)
    frozen.tell("tick")
    await until(lambda: len(frozen.of("done")) + len(other.of("done")) == 6)
    assert [await child.end() for child in (frozen, other)] == [0, 0]
    assert set(Rows(url).jobs("digests-").values()) == {"SUCCESS"}


async def test_on_sqlite_the_next_start_finishes_what_a_kill_left(database_url: str) -> None:
    dying = await JobChild.start(database_url, groups=3, holds=True)
    dying.tell("tick")
    await dying.says("begun", times=3)
    dying.signal(signal.SIGKILL)
    await dying.ended()
    after = await JobChild.start(database_url, groups=3)
    await after.says("done", times=3)
    assert await after.end() == 0
    assert set(Rows(database_url).jobs("digests-").values()) == {"SUCCESS"}


@pytest.fixture(scope="module")
def own_server() -> Iterator[Cluster]:
    """A server that may be stopped."""
    with cluster() as server:
        yield server


async def test_a_database_that_was_away_does_no_harm(own_server: Cluster) -> None:
    """The work goes on by itself, and what was to be done meanwhile is done: no tick of the clock is needed for it."""
    url = own_server.url.render_as_string(hide_password=False)
    await migrate(url)
    database = Database.open(url)
    doing = Doing("contacts")
    async with quick(database, url, doing.task) as work:
        await work.tick("contacts")
        await asyncio.to_thread(own_server.stop)
        await asyncio.sleep(0.2)
        await asyncio.to_thread(own_server.start)
        await until(lambda: len(doing.done) >= 2)
        done = len(doing.done)
        await work.tick("contacts")
        assert len(doing.done) == done + 1
    await database.close()


async def test_it_ends_while_the_database_is_away(own_server: Cluster) -> None:
    url = own_server.url.render_as_string(hide_password=False)
    await migrate(url)
    database = Database.open(url)
    may_end = asyncio.Event()

    async def waits(ids: Sequence[int]) -> None:
        await may_end.wait()

    doing = Doing("digests", [[1]], waits)
    async with quick(database, url, doing.task) as work:
        ticking = asyncio.create_task(work.tick("digests"))
        await until(lambda: doing.begun)
        await asyncio.to_thread(own_server.stop)
        may_end.set()
        await asyncio.gather(ticking, return_exceptions=True)
    await asyncio.to_thread(own_server.start)
    later = Doing("digests", [])
    async with quick(database, url, later.task):
        await until(lambda: later.done)
    await database.close()
