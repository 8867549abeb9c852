"""Performing: doing a piece of background work, again if it breaks, and counting how it went.

Threads of the job engine wait for what is done here, on the event loop, so that the work uses the same database as
everything else and can be called off.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import CancelledError
from contextvars import Context
from typing import Literal, TypeVar

from bot.channels.http import place_of
from storage.database import StorageAway

T = TypeVar("T")
Ending = Literal["done", "failed", "given_up", "skipped"]

_log = logging.getLogger(__name__)


class GivenUp(Exception):
    """It broke as often as it may: the next tick finds what is left of it. Holds nothing but the task's name."""


class CalledOff(BaseException):
    """This process stops: what was begun is not done, and not broken either. No error handler may take it for one."""


class Performing:
    """The background work of one process."""

    def __init__(self, pauses: Sequence[float], longest: float) -> None:
        """``pauses`` are the seconds before each further try; ``longest`` is how many seconds one may take."""
        self.counts: Counter[tuple[str, Ending]] = Counter()
        """How often each task ended in each way, since the start. A try that broke counts as "failed"."""
        self._pauses = pauses
        self._longest = longest
        self._loop = asyncio.get_running_loop()
        self._under_way: set[asyncio.Task[object]] = set()
        self._is_over = False

    def wait_for(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        """Do it on the event loop, from another thread, and return what it returns. Raises GivenUp and CalledOff."""
        # In a context of its own: the engine's would follow the work to wherever it goes.
        doing = Context().run(asyncio.run_coroutine_threadsafe, self._perform(name, work), self._loop)
        try:
            return doing.result()
        except CancelledError:
            raise CalledOff from None

    async def end(self, patience: float) -> int:
        """Begin nothing any more, let what is under way be finished in so many seconds, and call off the rest: how much
        that was."""
        self._is_over = True
        if not self._under_way:
            return 0
        _, late = await asyncio.wait(self._under_way, timeout=patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def _perform(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        if self._is_over:
            raise asyncio.CancelledError
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            return await self._until_it_works(name, work)
        finally:
            self._under_way.discard(task)

    async def _until_it_works(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        for pause in (*self._pauses, None):
            try:
                async with asyncio.timeout(self._longest):
                    found = await work()
            except StorageAway:
                _log.warning("%s: the database is away", name)
            except Exception as error:
                _log.warning("%s: %s at %s", name, type(error).__name__, place_of(error))
            else:
                self.counts[name, "done"] += 1
                return found
            self.counts[name, "failed"] += 1
            if pause is not None:
                await asyncio.sleep(pause)
        self.counts[name, "given_up"] += 1
        _log.error("%s: given up after %d tries; it is looked for again at its next time", name, len(self._pauses) + 1)
        raise GivenUp(name)
