"""Draining: thousands of questions that wait in the outbox, sent as fast as Telegram takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks import databases
from benchmarks.telegram.people import talkers
from benchmarks.telegram.plan import Plan
from benchmarks.telegram.service import running
from bot.delivery.limits import Limits as Pace
from tests.telegram_stand_in import StandIn

BOTS = 5
QUEUED = 5_000
PATIENCE = 180.0


@dataclass(frozen=True, slots=True)
class Drained:
    """What was seen. ``busiest``: messages of one bot in any one second. ``refused``: calls that were too many."""

    seconds: float
    per_second: float
    busiest: int
    refused: int


def measured(queued: int = QUEUED) -> Drained:
    """So many questions, each for somebody else."""
    return asyncio.run(_measure(queued))


async def _measure(queued: int) -> Drained:
    with databases.sqlite() as url:
        async with await StandIn.start() as server:
            bots = [server.add_bot(f"medvind{number}_bot") for number in range(BOTS)]
            talkers(queued, server, bots, lambda talker, took: None)
            pace, tokens = Pace(), tuple(bot.token for bot in bots)
            limits = (pace.per_second, pace.chat_interval)
            async with running(Plan("medvind", url, server.url, tokens, queued, *limits, queued=True)):
                await _all_sent(server, queued)
            sent = [each.at for each in server.log.sent]
            busiest = max(_busiest(each.at for each in server.log.sent if each.bot == bot.username) for bot in bots)
            took = max(sent) - min(sent)
            return Drained(took, len(sent) / took, busiest, server.log.too_many)


async def _all_sent(server: StandIn, queued: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(server.log.sent) < queued:  # noqa: ASYNC110, there is no event for it
            await asyncio.sleep(0.1)


def _busiest(moments: Iterable[float]) -> int:
    """The most of them in one second, wherever it begins."""
    ordered, first, most = sorted(moments), 0, 0
    for place, moment in enumerate(ordered, 1):
        while moment - ordered[first] >= 1:
            first += 1
        most = max(most, place - first)
    return most
