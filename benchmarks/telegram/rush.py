"""Rush: 64 people at once who answer as soon as they see the next question, and a channel without limits."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass, field

from benchmarks import databases
from benchmarks.load import Taken
from benchmarks.telegram.people import Talker, brought_to, finished, talkers
from benchmarks.telegram.plan import Plan
from benchmarks.telegram.service import SYSTEMS, running
from bot.collector import spare_collector
from tests.telegram_stand_in import Limits, StandIn

CONCURRENT = 64
WARM_UP = 1.0
"""Seconds that do not count."""


@dataclass(slots=True)
class _Watch:
    counting: bool = False
    over: bool = False
    latencies: list[float] = field(default_factory=list)

    def told(self, talker: Talker, took: float) -> None:
        if self.counting:
            self.latencies.append(took)
        if not self.over:
            talker.say()


def measured(rounds: int, seconds: float) -> dict[str, list[Taken]]:
    """What each system took in each round; they are measured in turns."""
    found: dict[str, list[Taken]] = {system: [] for system in SYSTEMS}
    for _ in range(rounds):
        for system, taken in found.items():
            taken.append(asyncio.run(measure(system, seconds)))
    return found


def times_baseline(found: dict[str, list[Taken]]) -> float:
    """How many turns Medvind does in the time of one of the baseline's; the median of the rounds' own ratios."""
    ours, theirs = (found[system] for system in SYSTEMS)
    return statistics.median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True))


async def measure(system: str, seconds: float) -> Taken:
    """One system once. Processor time and memory are the service's alone, not those of the stand-in."""
    watch = _Watch()
    with databases.sqlite() as url:
        async with await StandIn.start(limits=Limits.none()) as server:
            server.log.keep = False
            bot = server.add_bot()
            async with running(Plan(system, url, server.url, (bot.token,))) as service:
                people = talkers(CONCURRENT, server, [bot], watch.told)
                await brought_to(server)
                spare_collector()
                for talker in people:
                    talker.say()
                await asyncio.sleep(WARM_UP)
                before, watch.counting, started = await service.used(), True, time.perf_counter()
                await asyncio.sleep(seconds)
                watch.counting, watch.over = False, True
                took, after = time.perf_counter() - started, await service.used()
                await finished(people)
    cut = statistics.quantiles(watch.latencies, n=100)
    return Taken(len(watch.latencies), took, after.processor - before.processor, cut[49], cut[98], after.memory)
