"""Rounds: every system in turns, again and again, so that all of them meet the same moods of the machine."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks import databases, pgbench, worker
from benchmarks.load import Taken
from benchmarks.worker import CONCURRENT
from tests.postgresql_cluster import Cluster, cluster

Key = tuple[str, str, int]
"""(system, kind of database, people at once)."""


@dataclass(slots=True)
class Rounds:
    """What was measured, one entry a round."""

    taken: dict[Key, list[Taken]] = field(default_factory=dict)
    limits: dict[int, list[float]] = field(default_factory=dict)
    """Transactions a second that pgbench reached, by people at once."""

    def median(self, key: Key, figure: Callable[[Taken], float]) -> float:
        """The median of one figure."""
        return statistics.median(figure(taken) for taken in self.taken[key])

    def times_baseline(self, kind: str, concurrent: int) -> float:
        """How many turns Medvind does in the time of one of the baseline's; the median of the rounds' own ratios."""
        ours, theirs = (self.taken[system, kind, concurrent] for system in ("medvind", "baseline"))
        return statistics.median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True))

    def times_limit(self, concurrent: int) -> float:
        """The same against pgbench, on PostgreSQL."""
        ours, theirs = self.taken["medvind", "postgresql", concurrent], self.limits[concurrent]
        return statistics.median(a.rate / b for a, b in zip(ours, theirs, strict=True))

    def limit_times_baseline(self, concurrent: int) -> float:
        """How many of pgbench's transactions there are in the time of one of the baseline's turns, on PostgreSQL."""
        limits, theirs = self.limits[concurrent], self.taken["baseline", "postgresql", concurrent]
        return statistics.median(a / b.rate for a, b in zip(limits, theirs, strict=True))


def measured(rounds: int, seconds: float) -> Rounds:
    """``seconds`` is how long each system is measured with each number of people, in each round."""
    found = Rounds()
    with cluster(durable=True) as server:
        for number in range(1, rounds + 1):
            print(f"round {number} of {rounds}", flush=True)
            _round(found, server, seconds)
    return found


def _round(found: Rounds, server: Cluster, seconds: float) -> None:
    for kind in databases.KINDS:
        for system in worker.SYSTEMS:
            with databases.empty(kind, server) as url:
                for concurrent, taken in worker.measured(system, url, seconds).items():
                    found.taken.setdefault((system, kind, concurrent), []).append(taken)
    for concurrent in CONCURRENT:
        with databases.empty("postgresql", server) as url:
            rate = pgbench.rate(url, concurrent=concurrent, seconds=3 * seconds)
            found.limits.setdefault(concurrent, []).append(rate)
