"""Report: what was measured over Telegram, as tables and figures."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.figures import Figure, table
from benchmarks.load import Taken
from benchmarks.telegram import draining, rush, steady
from benchmarks.telegram.draining import Drained
from benchmarks.telegram.service import SYSTEMS
from benchmarks.telegram.steady import Steady

HEADS = ("Telegram, end to end", "people", "turns/s", "p50 ms", "p99 ms", "processor us/turn", "most memory MB")
STEADY_HEADS = ("Telegram, steady", "updates", "p50 ms", "p99 ms", "too many")
DRAINING_HEADS = ("Telegram, draining", "seconds", "messages/s", "a bot's busiest second", "too many")


@dataclass(frozen=True, slots=True)
class Telegram:
    """All of it."""

    rush: dict[str, list[Taken]]
    steady: Steady
    drained: Drained

    def tables(self) -> Iterator[str]:
        """To be read."""
        yield table(HEADS, [_row(system, self.rush[system]) for system in SYSTEMS])
        lines = (("update to commit", self.steady.commit), ("update to reply handed over", self.steady.reply))
        rows = [(what, self.steady.updates, p50 * 1e3, p99 * 1e3, self.steady.refused) for what, (p50, p99) in lines]
        yield table(STEADY_HEADS, rows)
        seen = self.drained
        row = (f"{draining.QUEUED:,} questions", seen.seconds, seen.per_second, seen.busiest, seen.refused)
        yield table(DRAINING_HEADS, [row])

    def figures(self) -> Iterator[Figure]:
        """To be compared."""
        yield Figure("telegram_64_times_ptb", rush.times_baseline(self.rush), least=8)
        yield Figure("telegram_64_per_s", statistics.median(taken.rate for taken in self.rush["medvind"]), least=2000)
        yield Figure("telegram_steady_commit_p99_ms", self.steady.commit[1] * 1e3, most=20)
        yield Figure("telegram_steady_429", self.steady.refused, most=0)
        yield Figure("telegram_draining_busiest_second", self.drained.busiest, most=30)
        yield Figure("telegram_draining_429", self.drained.refused, most=0)


def measured(rounds: int, seconds: float, steady_seconds: float) -> Telegram:
    """``seconds`` is how long each system is measured in each round."""
    print("Telegram", flush=True)
    return Telegram(rush.measured(rounds, seconds), steady.measured(steady_seconds), draining.measured())


def _row(system: str, taken: list[Taken]) -> tuple[str | float, ...]:
    return (
        f"{system}, sqlite",
        rush.CONCURRENT,
        statistics.median(one.rate for one in taken),
        statistics.median(one.p50 for one in taken) * 1e3,
        statistics.median(one.p99 for one in taken) * 1e3,
        statistics.median(one.processor_per_turn for one in taken) * 1e6,
        statistics.median(one.memory for one in taken) / 1e6,
    )
