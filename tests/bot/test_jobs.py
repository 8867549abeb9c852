"""Background work of one process: it is done at its tick, in groups, again when it breaks, and ends in good order."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.job_tables import job_file
from bot.jobs import Task
from storage import processes
from storage.database import Database
from tests.bot.job_world import NEVER, QUICK, Doing, Rows, quick
from tests.storage.databases import SqliteDatabases
from tests.waiting import until

CANARY = "Samira is tired of the early shift"


async def test_a_tick_does_what_there_is_to_do(database: Database, database_url: str) -> None:
    doing = Doing("contacts")
    async with quick(database, database_url, doing.task) as work:
        await work.tick("contacts")
        assert doing.done == [()]
        await work.tick("contacts")
        assert doing.done == [(), ()]
        assert work.counts == {("contacts", "done"): 2}


async def test_each_group_is_a_job_of_its_own_and_is_done_once(database: Database, database_url: str) -> None:
    groups = [[number, number + 1] for number in range(1, 40, 2)]
    doing = Doing("digests", [*groups, []])
    async with quick(database, database_url, doing.task) as work:
        await work.tick("digests")
    assert sorted(doing.done) == [tuple(group) for group in groups]
    jobs = Rows(database_url).jobs("digests-")
    assert list(jobs.values()) == ["SUCCESS"] * len(groups)
    assert [int(job.rpartition("-")[2]) for job in jobs] == [group[0] for group in groups], "their ids sort"


async def test_what_breaks_is_tried_again(
    database: Database, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks_once(ids: Sequence[int]) -> None:
        if doing.begun.count(tuple(ids)) == 1:
            raise ValueError(CANARY)

    doing = Doing("digests", [[1], [2]], breaks_once)
    async with quick(database, database_url, doing.task) as work:
        await work.tick("digests")
        assert (sorted(doing.begun), sorted(doing.done)) == ([(1,), (1,), (2,), (2,)], [(1,), (2,)])
        assert (work.counts["digests", "failed"], work.counts["digests", "done"]) == (2, 2)
    assert "digests: ValueError at " in caplog.text
    assert CANARY not in caplog.text


async def test_what_breaks_every_time_is_given_up_and_found_again_by_the_next_tick(
    database: Database, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks(ids: Sequence[int]) -> None:
        if doing.begun.count((2,)) <= 3 and ids == [2]:
            raise ValueError(CANARY)

    doing = Doing("digests", [[1], [2], [3]], breaks)
    async with quick(database, database_url, doing.task) as work:
        await work.tick("digests")
        assert sorted(doing.done) == [(1,), (3,)]
        assert work.counts["digests", "failed"] == len(QUICK.pauses) + 1
        assert work.counts["digests", "given_up"] == 1
        doing.groups = [[2]]
        await work.tick("digests")
        assert sorted(doing.done) == [(1,), (2,), (3,)]
    assert sorted(Rows(database_url).jobs("digests-").values()) == ["ERROR", "SUCCESS", "SUCCESS", "SUCCESS"]
    assert [each.levelno for each in caplog.records if "given up" in each.message] == [logging.ERROR]


async def test_what_takes_too_long_counts_as_broken(database: Database, database_url: str) -> None:
    async def hangs_once(ids: Sequence[int]) -> None:
        await asyncio.sleep(3600 if len(doing.begun) == 1 else 0)

    doing = Doing("contacts", before=hangs_once)
    async with quick(database, database_url, doing.task, pace=replace(QUICK, longest=0.5)) as work:
        await work.tick("contacts")
        assert work.counts == {("contacts", "failed"): 1, ("contacts", "done"): 1}


async def test_finding_is_tried_again_too(database: Database, database_url: str) -> None:
    tries, done = [1, 0], []

    async def find() -> Sequence[Sequence[int]]:
        return [[1 // tries.pop()]]

    async def do(ids: Sequence[int]) -> None:
        done.append(list(ids))

    async with quick(database, database_url, Task("digests", NEVER, do, find)) as work:
        await work.tick("digests")
        assert work.counts["digests.find", "failed"] == 1
    assert done == [[1]]


@pytest.mark.parametrize("groups", [None, [[1]]], ids=["alone", "groups"])
async def test_a_tick_is_left_out_while_an_earlier_one_is_not_done(
    database: Database, database_url: str, groups: list[list[int]] | None
) -> None:
    may_end = asyncio.Event()

    async def waits(ids: Sequence[int]) -> None:
        await may_end.wait()

    doing, other = Doing("contacts", groups, waits), Doing("digests")
    async with quick(database, database_url, doing.task, other.task, pace=replace(QUICK, stop=60.0)) as work:
        first = asyncio.create_task(work.tick("contacts"))
        await until(lambda: doing.begun)
        second = asyncio.create_task(work.tick("contacts"))
        await until(lambda: work.counts["contacts", "skipped"])
        await work.tick("digests")
        assert (len(doing.begun), len(other.done)) == (1, 1), "other tasks do not wait"
        may_end.set()
        await asyncio.gather(first, second)
        assert len(doing.done) == 1
        await work.tick("contacts")
        assert len(doing.done) == 2


async def test_the_clock_ticks_by_itself(database: Database, database_url: str) -> None:
    doing = Doing("contacts")
    every_second = replace(doing.task, cron="* * * * * *")
    async with quick(database, database_url, every_second):
        await until(lambda: len(doing.done) >= 2)
    ticks = Rows(database_url).jobs("sched-contacts-")
    assert len(ticks) >= len(doing.done)


async def test_a_task_that_is_no_more_has_no_times(database: Database, database_url: str) -> None:
    old, new = Doing("olden"), Doing("newer")
    async with quick(database, database_url, replace(old.task, cron="* * * * * *")):
        await until(lambda: old.done)
    before = len(old.done)
    async with quick(database, database_url, replace(new.task, cron="* * * * * *")):
        await until(lambda: len(new.done) > 1)
    assert len(old.done) == before


async def test_stopping_lets_what_is_under_way_finish(database: Database, database_url: str) -> None:
    stopping = asyncio.Event()

    async def waits(ids: Sequence[int]) -> None:
        await stopping.wait()

    doing = Doing("digests", [[1], [2]], waits)
    async with quick(database, database_url, doing.task, pace=replace(QUICK, stop=60.0)) as work:
        ticking = asyncio.create_task(work.tick("digests"))
        await until(lambda: len(doing.begun) == 2)
        ticking.cancel()
        asyncio.get_running_loop().call_later(0.1, stopping.set)
    assert sorted(doing.done) == [(1,), (2,)]
    assert set(Rows(database_url).jobs("digests-").values()) == {"SUCCESS"}


async def test_what_is_not_finished_in_time_is_done_after_the_next_start(
    database: Database, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def hangs(ids: Sequence[int]) -> None:
        await asyncio.Event().wait()

    slow, later = Doing("digests", [[1], [2]], hangs), Doing("digests", [])
    async with quick(database, database_url, slow.task) as work:
        ticking = asyncio.create_task(work.tick("digests"))
        await until(lambda: len(slow.begun) == 2)
        ticking.cancel()
    assert slow.done == []
    assert "2 jobs were not finished in time" in caplog.text
    async with quick(database, database_url, later.task):
        await until(lambda: len(later.done) == 2)
    assert sorted(later.done) == [(1,), (2,)]
    assert set(Rows(database_url).jobs("digests-").values()) == {"SUCCESS"}


async def test_nothing_is_left_of_it(database: Database, database_url: str) -> None:
    await database.read(processes.all_processes)
    doing = Doing("digests", [[number] for number in range(1, 9)])
    for _ in range(2):
        async with quick(database, database_url, doing.task) as work:
            await work.tick("digests")
        names = {each.name for each in threading.enumerate()}
        assert {name for name in names if not name.startswith(("storage-", "asyncio_", "MainThread"))} <= {"pytest"}
        assert await database.read(processes.all_processes) == []
    assert len(doing.done) == 16


async def test_it_ends_before_it_has_begun(database: Database, database_url: str) -> None:
    doing = Doing("contacts")
    for pause in (0.0, 0.0, 0.05, 0.1):
        async with quick(database, database_url, doing.task):
            await asyncio.sleep(pause)
    async with quick(database, database_url, doing.task) as work:
        await work.tick("contacts")
    assert doing.done == [()]


async def test_there_is_one_in_a_process(database: Database, database_url: str) -> None:
    async with quick(database, database_url):
        with pytest.raises(RuntimeError, match="works already"):
            async with quick(database, database_url):
                pass


async def test_the_engine_keeps_ids_and_nothing_else(
    database: Database, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a task meets with, no word of it is stored, or logged."""

    async def breaks(ids: Sequence[int]) -> None:
        raise ValueError(CANARY)

    async def find() -> Sequence[Sequence[int]]:
        raise LookupError(CANARY)

    alone, groups = Doing("contacts", before=breaks), Doing("digests", [[4711]], breaks)
    finding = Task("finding", NEVER, breaks, find)
    async with quick(database, database_url, alone.task, groups.task, finding) as work:
        for name in ("contacts", "digests", "finding"):
            await work.tick(name)
    everything = Rows(database_url).everything()
    assert "4711" in everything
    assert "ERROR" in everything
    for kept in (everything, caplog.text):
        assert CANARY not in kept


async def test_what_was_finished_long_ago_is_forgotten(database: Database, database_url: str) -> None:
    doing = Doing("contacts")
    async with quick(database, database_url, doing.task) as work:
        await work.tick("contacts")
        rows = Rows(database_url)
        rows.grow_old("sched-contacts-", days=2)
        await work.tick("contacts")
        assert len(rows.jobs("sched-contacts-")) == 2
        await work.tick("job_purge")
        assert len(rows.jobs("sched-contacts-")) == 1


async def test_the_process_is_in_the_list_as_long_as_it_works(database: Database, database_url: str) -> None:
    async with quick(database, database_url) as work:
        await work.ready()
        [found] = await database.read(processes.all_processes)
        assert found.id == work.process
        assert (found.stopping, found.age < 60.0) == (False, True)
    assert await database.read(processes.all_processes) == []


async def test_its_file_lies_beside_the_database_and_is_nobody_elses(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.url() as url:
        database = Database.open(url)
        async with quick(database, url) as work:
            await work.ready()
        await database.close()
        path = Path(str(make_url(url).database))
        beside = path.with_name(f"{path.stem}-jobs.db")
        assert job_file(path) == beside
        assert beside.stat().st_mode & 0o077 == 0


def test_nothing_is_loaded_before_there_is_work() -> None:
    program = "import sys, bot.jobs; sys.exit(any(name in sys.modules for name in ('dbos', 'sqlalchemy.orm')))"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(("name", "cron"), [("ab", NEVER), ("two-words", NEVER), ("Capital", NEVER), ("fine", "* *")])
def test_what_the_engine_would_refuse_is_refused_at_once(name: str, cron: str) -> None:
    with pytest.raises(ValueError, match="is no task"):
        Task(name, cron, Doing("fine").task.do)
