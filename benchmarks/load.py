"""Load: many people who answer at once, each waiting for the reply before the next answer, and what that took."""

from __future__ import annotations

import asyncio
import resource
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.checkin import PEOPLE, TURNS
from tests.waiting import until

Turn = Callable[[int, int, int], Awaitable[None]]
"""One turn: (person from 1, check-ins that person has held before, turn of this check-in from 0)."""

WARM_UP = 0.3
"""Seconds that do not count: caches, prepared statements, the processor's clock."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one measurement took, in seconds. ``memory`` is the most the process has ever held, in bytes."""

    turns: int
    seconds: float
    processor: float
    p50: float
    p99: float
    memory: int

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds

    @property
    def processor_per_turn(self) -> float:
        """Processor seconds of our process for one turn."""
        return self.processor / self.turns


@dataclass(slots=True)
class _Watch:
    """What the people who answer see of the measurement."""

    counting: bool = False
    over: bool = False
    latencies: list[float] = field(default_factory=list)


async def drive(turn: Turn, *, concurrent: int, seconds: float, checkins: Iterator[int]) -> Taken:
    """Let ``concurrent`` people answer at once for ``seconds``, after a warm-up; whoever has begun then finishes.
    It takes longer where they have not had two replies by then.

    ``checkins`` numbers the check-ins in one database from 0, over several measurements.
    """
    watch = _Watch()
    async with asyncio.TaskGroup() as group:
        for _ in range(concurrent):
            group.create_task(_person_after_person(turn, checkins, watch))
        await asyncio.sleep(WARM_UP)
        watch.counting, started, processor = True, time.perf_counter(), time.process_time()
        await asyncio.sleep(seconds)
        await until(lambda: len(watch.latencies) >= 2)  # the shortest, on a machine that stood still
        watch.counting, watch.over = False, True
        seconds, processor = time.perf_counter() - started, time.process_time() - processor
    cut = statistics.quantiles(watch.latencies, n=100)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Taken(len(watch.latencies), seconds, processor, cut[49], cut[98], memory)


async def _person_after_person(turn: Turn, checkins: Iterator[int], watch: _Watch) -> None:
    while not watch.over:
        number = next(checkins)
        for step in range(TURNS):
            asked = time.perf_counter()
            await turn(number % PEOPLE + 1, number // PEOPLE, step)
            if watch.counting:
                watch.latencies.append(time.perf_counter() - asked)
