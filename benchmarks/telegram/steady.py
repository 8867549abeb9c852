"""Steady: as many updates a second as a large deployment gets, for a minute, with Telegram's limits switched on."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from types import SimpleNamespace

import aiohttp

from benchmarks import databases
from benchmarks.telegram.people import Talker, brought_to, finished, talkers
from benchmarks.telegram.plan import Plan
from benchmarks.telegram.service import running
from bot.collector import spare_collector
from bot.delivery.limits import Limits as Pace
from tests.telegram_stand_in import StandIn

BOTS = 5
PEOPLE = 1_000
PER_SECOND = 100
"""Messages of all people together, at random moments, so that each of them writes every ten seconds."""


@dataclass(frozen=True, slots=True)
class Steady:
    """What was seen. Times are seconds, from the update: until it was stored, and until the reply was handed over."""

    updates: int
    commit: tuple[float, float]
    """p50 and p99."""
    reply: tuple[float, float]
    refused: int
    """Calls that Telegram found too many."""
    unready: int
    """How often the reply was not there ten seconds later, so that nobody could answer it."""


@dataclass(slots=True)
class _Watch:
    stored: list[float] = field(default_factory=list)
    replied: list[float] = field(default_factory=list)

    def told(self, talker: Talker, took: float) -> None:
        self.replied.append(took)

    def session(self) -> aiohttp.ClientSession:
        """What the stand-in brings updates with: it notes how long each was under way."""
        tracing = aiohttp.TraceConfig()
        tracing.on_request_start.append(self._leaves)
        tracing.on_request_end.append(self._is_stored)
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), trace_configs=[tracing])

    async def _leaves(self, session: object, update: SimpleNamespace, params: object) -> None:
        update.left_at = time.perf_counter()

    async def _is_stored(self, session: object, update: SimpleNamespace, params: object) -> None:
        self.stored.append(time.perf_counter() - update.left_at)


def measured(seconds: float) -> Steady:
    """For so many seconds, after a warm-up in which everybody begins."""
    return asyncio.run(_measure(seconds))


async def _measure(seconds: float) -> Steady:
    watch, chance = _Watch(), Random(1)
    server = StandIn()
    server.platform.session = watch.session()
    with databases.sqlite() as url:
        async with server:
            bots = [server.add_bot(f"medvind{number}_bot") for number in range(BOTS)]
            pace, tokens = Pace(), tuple(bot.token for bot in bots)
            plan = Plan("medvind", url, server.url, tokens, PEOPLE, pace.per_second, pace.chat_interval)
            async with running(plan):
                people = talkers(PEOPLE, server, bots, watch.told)
                await brought_to(server)
                spare_collector()
                await _talk(people, chance, PEOPLE / PER_SECOND)
                watch.stored.clear()
                watch.replied.clear()
                unready = await _talk(people, chance, seconds)
                await finished(people)
                refused = server.log.too_many
    return Steady(len(watch.stored), _cut(watch.stored), _cut(watch.replied), refused, unready)


async def _talk(people: list[Talker], chance: Random, seconds: float) -> int:
    """One after the other says something. How often somebody had nothing to answer yet."""
    started = due = time.perf_counter()
    unready = 0
    for talker in cycle(people):
        due += chance.expovariate(PER_SECOND)
        if due > started + seconds:
            return unready
        await asyncio.sleep(due - time.perf_counter())
        if talker.waits:
            unready += 1
        else:
            talker.say()
    raise AssertionError("there is nobody")


def _cut(seconds: list[float]) -> tuple[float, float]:
    cut = statistics.quantiles(seconds, n=100)
    return cut[49], cut[98]
