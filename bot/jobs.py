"""Jobs: background work that one of all processes does at its time, and another finishes if that one is killed.

The only module that knows the job engine (DBOS Transact). It is loaded in a thread while people are served already. Its
tables hold names of tasks, times and ids. What is done twice must have no effect: a process that stood still may go
on with what another one has finished meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import Context
from datetime import UTC, datetime
from functools import partial
from socket import gethostname
from typing import TYPE_CHECKING

from bot.job_tables import SCHEMA, EngineLog, JobTables
from bot.presence import Presence
from bot.tasks import Pace, Task
from bot.work import Work
from storage.database import Database
from storage.processes import Process

if TYPE_CHECKING:
    from dbos import DBOS, Queue, WorkflowStatus

__all__ = ["Pace", "Task", "Work", "working"]

AT_ONCE = 8
"""Groups that one process does at the same time. More would wait for each other on SQLite."""

KILLS = 5
"""A job is left alone after so many processes have ended in the middle of it: it may be what ends them."""

_QUEUE = "groups"
_UNFINISHED = ["PENDING", "ENQUEUED"]
_FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_AT_A_TIME = 500
_THREADS = "dbos-executor"
_PATIENCE = 5.0

_log = logging.getLogger(__name__)
_only_one = threading.Lock()


@asynccontextmanager
async def working(
    database: Database,
    url: str,
    tasks: Sequence[Task],
    *,
    address: str = "",
    version: str = "",
    pace: Pace = Pace(),  # noqa: B008, it is frozen
) -> AsyncIterator[Work]:
    """While this is open, this process does its part of the work. ``url`` is the address of ``database``, ``address``
    where this process listens. One at a time in a process. Raises RuntimeError when there is one already.

    It is open at once, and nothing waits for it: a database that is away is tried again.
    """
    if not _only_one.acquire(blocking=False):
        raise RuntimeError("this process works already")
    try:
        now = datetime.now(UTC)
        name = secrets.token_hex(8)
        me = Process(name, gethostname()[:120], os.getpid(), address[:200], version[:40], now, now)
        engine = _Engine(JobTables(url), name, pace)
        work = Work(tasks, engine, Presence(database, me, pace.silence), pace)
        present, launching = asyncio.create_task(work.be_present()), asyncio.create_task(work.launch())
        try:
            yield work
        finally:
            await work.stop(present, launching)
    finally:
        _only_one.release()


class _Engine:
    """DBOS Transact, as ``bot.work`` wants it."""

    def __init__(self, tables: JobTables, name: str, pace: Pace) -> None:
        """``name`` is this process's, under which the engine notes what it has begun."""
        self._tables = tables
        self._name = name
        self._pace = pace
        self._log = EngineLog()
        self._guard = threading.Lock()
        self._is_ready = self._is_over = False
        self._running: set[str] = set()
        self._left: frozenset[str] = frozenset()
        self._dbos: DBOS | None = None
        self._queue: Queue
        self._tick: Callable[[datetime, str], None]
        self._group: Callable[[str, list[int]], None]

    def launch(
        self, tasks: Collection[Task], tick: Callable[[str, str], None], due: Callable[[str, Sequence[int]], None]
    ) -> None:
        """Load it, bring its tables up to date, and say what comes when."""
        with self._guard:
            if self._is_over:
                return
            try:
                self._launch(tasks, tick, due)
                self._is_ready = True
            except BaseException:
                self._destroy()
                raise

    def tick(self, name: str) -> None:
        """It begins in this process."""
        from dbos import DBOS, SetWorkflowID

        now = datetime.now(UTC)
        with SetWorkflowID(f"{_tick_id(name)}{now.isoformat(timespec='microseconds')}"):
            DBOS.start_workflow(self._tick, now, name)

    def unfinished(self, name: str) -> list[str]:
        """Of many, the oldest."""
        found = self._listed(_UNFINISHED, workflow_id_prefix=[_tick_id(name), f"{name}-"])
        return [each.workflow_id.partition(f"{name}-")[2] for each in found]

    def enqueue(self, name: str, stamp: str, ids: Sequence[int]) -> None:
        """Outside of the tick that found them: the engine would take the second try of a tick for a repetition of its
        first, and forget what was found only now."""
        from dbos import SetWorkflowID

        def put() -> None:
            with SetWorkflowID(f"{name}-{stamp}-{ids[0]:012}"):
                self._queue.enqueue(self._group, name, list(ids))

        if ids:
            Context().run(put)

    def take_over(self, names: Collection[str]) -> None:
        """And what this process itself has begun and no longer does: its database was away when it was done."""
        from dbos import DBOS

        begun = self._listed(["PENDING"])
        if dead := {str(each.executor_id) for each in begun} - set(names):
            DBOS._recover_pending_workflows(sorted(dead))
            _log.warning("took over the jobs of %d processes", len(dead))
        left = frozenset(each.workflow_id for each in begun if each.executor_id == self._name) - self._running
        if again := left & self._left:  # twice: else it may just be beginning, or ending
            DBOS.resume_workflows(sorted(again), queue_name=_QUEUE)
        self._left = left

    def purge(self, before: datetime) -> None:
        """In small pieces."""
        from dbos import DBOS

        while found := self._listed(_FINISHED, end_time=before.isoformat()):
            DBOS.delete_workflows([each.workflow_id for each in found])

    def take_no_more(self) -> None:
        """What is being launched breaks off."""
        self._is_over = True
        if self._dbos is None or not self._is_ready:
            self._tables.refuse()
        else:
            for event in self._dbos.background_thread_stop_events:
                event.set()

    def stop(self) -> None:
        """What it has begun and not finished stays so noted: others take it over, or its next start."""
        self._is_over = True
        with self._guard:
            self._destroy()
        self._tables.refuse()
        for thread in threading.enumerate():
            if thread.name.startswith(_THREADS):
                thread.join(_PATIENCE)
        self._tables.close()

    def _launch(
        self, tasks: Collection[Task], tick: Callable[[str, str], None], due: Callable[[str, Sequence[int]], None]
    ) -> None:
        from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

        self._log.attach()
        config = DBOSConfig(
            name="medvind",
            application_version="1",
            executor_id=self._name,
            system_database_engine=self._tables.engine,
            dbos_system_schema=SCHEMA,
            serializer=DBOSPortableJSONSerializer(),
            use_listen_notify=False,
            notification_listener_polling_interval_sec=0.5,
            log_level="WARNING",
        )
        self._dbos = DBOS(config=config)
        self._register(tick, due)
        DBOS.listen_queues([_QUEUE])
        DBOS.launch()
        # The engine would wait for a database that is away: a minute and more, and no process could end meanwhile. What
        # breaks instead is found by the next look.
        self._dbos._sys_db._retry_connection_errors = False
        self._queue = DBOS.register_queue(_QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=self._pace.poll)
        self._schedule(tasks)

    def _register(self, tick: Callable[[str, str], None], due: Callable[[str, Sequence[int]], None]) -> None:
        from dbos import DBOS

        @DBOS.workflow(name="medvind_tick", max_recovery_attempts=KILLS)
        def on_tick(at: datetime, name: str) -> None:
            with self._noted() as job:
                tick(name, job.removeprefix(_tick_id(name)))

        @DBOS.workflow(name="medvind_group", max_recovery_attempts=KILLS)
        def on_group(name: str, ids: list[int]) -> None:
            with self._noted():
                due(name, ids)

        self._tick, self._group = on_tick, on_group

    def _schedule(self, tasks: Collection[Task]) -> None:
        from dbos import DBOS

        DBOS.apply_schedules(
            [
                {"schedule_name": task.name, "workflow_fn": self._tick, "schedule": task.cron, "context": task.name}
                for task in tasks
            ]
        )
        for old in {each["schedule_name"] for each in DBOS.list_schedules()} - {task.name for task in tasks}:
            DBOS.delete_schedule(old)

    def _listed(
        self, status: list[str], *, workflow_id_prefix: list[str] | None = None, end_time: str | None = None
    ) -> list[WorkflowStatus]:
        """The oldest, without what they were given. Outside of a job: the engine would note it as a step of that."""
        from dbos import DBOS

        asked = partial(DBOS.list_workflows, status=status, load_input=False, load_output=False, limit=_AT_A_TIME)
        return Context().run(asked, workflow_id_prefix=workflow_id_prefix, end_time=end_time)

    @contextmanager
    def _noted(self) -> Iterator[str]:
        """The id of the job that this thread does, which is noted while it does so."""
        from dbos import DBOS

        job = str(DBOS.workflow_id)
        self._running.add(job)
        try:
            yield job
        finally:
            self._running.discard(job)

    def _destroy(self) -> None:
        if self._dbos is None:
            return
        from dbos import DBOS

        DBOS.destroy(destroy_registry=True)
        self._dbos = None
        self._log.detach()


def _tick_id(name: str) -> str:
    """How the engine's own clock begins the ids of a task's ticks."""
    return f"sched-{name}-"
