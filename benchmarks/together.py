"""Together: the same load on one PostgreSQL, by one process and by two at the same time."""

from __future__ import annotations

import asyncio
import json
import secrets
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count

from benchmarks import databases, turns
from benchmarks.checkin import PEOPLE
from benchmarks.figures import Figure
from benchmarks.load import Taken, drive
from bot.collector import spare_collector
from tests.postgresql_cluster import cluster

CONCURRENT = 64
"""People at once, with each process."""


def figures(rounds: int, seconds: float) -> Iterator[Figure]:
    """How many turns two processes do in the time in which one does one: the median of the rounds' own ratios."""
    with cluster(durable=True) as server:
        ratios = []
        for _ in range(rounds):
            with databases.empty("postgresql", server) as url:
                key = secrets.token_bytes(32)
                asyncio.run(_prepare(url, key))
                alone = _at_once(url, key, [0], seconds, 0)
                ratios.append(_at_once(url, key, [0, PEOPLE], seconds, 1) / alone)
        yield Figure("turns_two_processes_times_one", statistics.median(ratios), least=1)


async def _prepare(url: str, key: bytes) -> None:
    async with turns.deployed(url, 2 * PEOPLE, key):
        pass


def _at_once(url: str, key: bytes, offsets: list[int], seconds: float, before: int) -> float:
    """Turns a second of processes that work at the same time, each for people of its own."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.together", url, key.hex(), str(offset), str(seconds), str(before)],
            stdout=subprocess.PIPE,
        )
        for offset in offsets
    ]
    said = [process.communicate()[0] for process in started]
    return sum(Taken(**json.loads(each)).rate for each in said)


async def _work(url: str, key: bytes, offset: int, seconds: float, before: int) -> Taken:
    async with turns.deployed(url, 0, key) as parts:
        turn = turns.turn_of(parts, f"{before}.{offset}.", offset)
        spare_collector()
        return await drive(turn, concurrent=CONCURRENT, seconds=seconds, checkins=count())


if __name__ == "__main__":
    _, where, key_hex, first, duration, earlier = sys.argv
    print(
        json.dumps(asdict(asyncio.run(_work(where, bytes.fromhex(key_hex), int(first), float(duration), int(earlier)))))
    )
