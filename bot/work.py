"""Work: the background work of one process. It keeps present, has ticks and groups done, and ends in good order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Protocol

from bot.channels.http import place_of
from bot.performing import Ending, Performing
from bot.presence import Presence
from bot.tasks import Pace, Task
from storage.database import StorageAway

KEPT = timedelta(days=1)
"""How long it is known what became of a job."""

_ADJUSTED = timedelta(seconds=30)
"""A clock that goes back by less was put right, and no tick is missed."""

_GLANCE = 0.05
"""Seconds between two looks whether a task is done, for whoever waits for it."""

_LAST_SIGN = 10.0
"""Seconds for a sign of life that is under way at the end. One that is not waited for may come after the farewell."""

_log = logging.getLogger(__name__)


class Engine(Protocol):
    """What remembers the jobs of all processes and hands each to one of them. Its calls may wait for its database, so
    they are made in threads; it calls back in threads too."""

    def launch(
        self, tasks: Collection[Task], tick: Callable[[str, str], None], due: Callable[[str, Sequence[int]], None]
    ) -> None:
        """Start it. ``tick`` is told a task and a stamp of its time; ``due`` a task and a group. It may be tried again
        if it breaks."""
        ...

    def tick(self, name: str) -> None:
        """Have ``tick`` called by one process, now."""
        ...

    def unfinished(self, name: str) -> list[str]:
        """The stamps of those ticks and groups of a task that are not done, in any process. They sort by time."""
        ...

    def enqueue(self, name: str, stamp: str, ids: Sequence[int]) -> None:
        """Have ``due`` called by one process. The same group of the same tick counts once."""
        ...

    def take_over(self, names: Collection[str]) -> None:
        """Hand out again what processes began that are not among ``names``."""
        ...

    def purge(self, before: datetime) -> None:
        """Forget what was begun before then and is finished."""
        ...

    def take_no_more(self) -> None:
        """Call back no more than is on its way already. Does not wait."""
        ...

    def stop(self) -> None:
        """End, with all threads and connections."""
        ...


class SetBack:
    """A machine's clock that was set back: the engine's ticks wait until it shows a later time than ever before."""

    def __init__(self, again: float) -> None:
        """``again`` is how many seconds lie between two ticks meanwhile."""
        self._again = again
        self._latest: datetime | None = None
        self._ticked = 0.0

    def is_time(self, wall: datetime, seconds: float) -> bool:
        """Whether a tick has to be made by hand. ``seconds`` are by a clock that nobody sets."""
        if self._latest is None or wall >= self._latest - _ADJUSTED:
            self._latest, self._ticked = max(wall, self._latest or wall), seconds
            return False
        if seconds - self._ticked < self._again:
            return False
        self._ticked = seconds
        return True


class Work:
    """The background work of this process, and its part in that of all."""

    def __init__(self, tasks: Sequence[Task], engine: Engine, presence: Presence, pace: Pace) -> None:
        """Inside the event loop that is to do it."""
        self._tasks = {task.name: task for task in (*tasks, Task("job_purge", "17 * * * *", self._purge))}
        self._presence = presence
        self._pace = pace
        self._performing = Performing(pace.pauses, pace.longest)
        self._engine = engine
        self._is_there, self._is_launched = asyncio.Event(), asyncio.Event()
        self._is_stopping, self._is_over = asyncio.Event(), asyncio.Event()
        self._to_look, self._to_tick = True, False
        self._clock = SetBack(pace.again)
        self._looking: asyncio.Task[None] | None = None

    @property
    def process(self) -> str:
        """The id of this process in the list of processes."""
        return self._presence.id

    @property
    def counts(self) -> Mapping[tuple[str, Ending], int]:
        """How often each task ended in each way in this process."""
        return self._performing.counts

    async def ready(self) -> None:
        """Wait until the engine runs here."""
        await self._is_launched.wait()

    async def tick(self, name: str) -> None:
        """Do now what this task does at its times, and wait until nothing of it is left to do, wherever it is done.

        If it is being done already, nothing is begun. What breaks is counted and logged. Raises KeyError.
        """
        task = self._tasks[name]
        await self.ready()
        await asyncio.to_thread(self._engine.tick, task.name)
        while await asyncio.to_thread(self._engine.unfinished, task.name):  # noqa: ASYNC110, others may be doing it
            await asyncio.sleep(_GLANCE)

    async def launch(self) -> None:
        """Load the engine and start it, as soon as this process is known to be there."""
        await self._is_there.wait()
        while not self._is_launched.is_set():
            try:
                await asyncio.to_thread(self._engine.launch, self._tasks.values(), self._ticked, self._due)
            except Exception as error:
                _log.error("background work does not start yet: %s at %s", type(error).__name__, place_of(error))
                await asyncio.sleep(self._pace.beat)
            else:
                self._is_launched.set()

    async def be_present(self) -> None:
        """Give signs of life, and take over the work of those who give none. Ends with the work."""
        beats = 0
        while not self._is_over.is_set():
            self._to_tick |= self._clock.is_time(datetime.now(UTC), monotonic())
            try:
                present = await self._presence.beat(stopping=self._is_stopping.is_set())
            except StorageAway:
                if not self._to_tick:
                    _log.warning("the database is away: background work waits")
                self._to_tick = True
            except Exception as error:
                _log.error("a sign of life: %s at %s", type(error).__name__, place_of(error))
            else:
                beats += 1
                self._is_there.set()
                self._to_look |= present.has_changed or beats * self._pace.beat % self._pace.look < self._pace.beat
                self._look(present.names)
            told = self._is_over if self._is_stopping.is_set() else self._is_stopping
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), self._pace.beat)

    async def stop(self, present: asyncio.Task[None], launching: asyncio.Task[None]) -> None:
        """Finish what is under way, leave the rest to others, and be gone: no thread is left. ``present`` and
        ``launching`` are what ``be_present`` and ``launch`` run in."""
        self._is_stopping.set()
        launching.cancel()
        self._engine.take_no_more()
        if late := await self._performing.end(self._pace.stop):
            _log.warning("%d jobs were not finished in time: others do them, or the next start does", late)
        await asyncio.to_thread(self._engine.stop)
        self._is_over.set()
        await asyncio.wait([present], timeout=_LAST_SIGN)
        present.cancel()
        await asyncio.gather(present, launching, *([self._looking] if self._looking else []), return_exceptions=True)
        await self._presence.leave()

    def _look(self, names: Collection[str]) -> None:
        """See to it that work goes on, beside the signs of life: it may have to wait."""
        is_busy = self._looking is not None and not self._looking.done()
        if (not self._to_look and not self._to_tick) or is_busy or not self._is_launched.is_set():
            return
        overdue = sorted(self._tasks) if self._to_tick else []
        self._to_look = self._to_tick = False
        self._looking = asyncio.create_task(self._catch_up(names, overdue))

    async def _catch_up(self, names: Collection[str], overdue: Sequence[str]) -> None:
        """Have done what dead processes began, and what was to begin while the database was away."""
        try:
            await asyncio.to_thread(self._engine.take_over, names)
            for name in overdue:
                await asyncio.to_thread(self._engine.tick, name)
        except Exception as error:
            _log.warning("background work: %s at %s", type(error).__name__, place_of(error))
            self._to_look, self._to_tick = True, bool(overdue)

    def _ticked(self, name: str, stamp: str) -> None:
        """It is time for a task. In a thread of the engine."""
        if (task := self._tasks.get(name)) is None:  # another version's
            return
        if any(each < stamp for each in self._engine.unfinished(name)):
            self._performing.counts[name, "skipped"] += 1
        elif task.find is None:
            self._performing.wait_for(name, partial(task.do, ()))
        else:
            for group in self._performing.wait_for(f"{name}.find", task.find):
                self._engine.enqueue(name, stamp, group)

    def _due(self, name: str, ids: Sequence[int]) -> None:
        """It is a group's turn. In a thread of the engine."""
        if task := self._tasks.get(name):
            self._performing.wait_for(name, partial(task.do, ids))

    async def _purge(self, _: Sequence[int]) -> None:
        await asyncio.to_thread(self._engine.purge, datetime.now(UTC) - KEPT)
