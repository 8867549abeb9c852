"""One system on one empty database, in a process of its own: processor time and memory are that system's alone."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import asdict
from itertools import count

from benchmarks import baseline, turns
from benchmarks.load import Taken, drive

SYSTEMS = {"medvind": turns.opened, "baseline": baseline.opened}
CONCURRENT = (1, 16, 64)


def measured(system: str, url: str, seconds: float) -> dict[int, Taken]:
    """What ``system`` took with 1, 16 and 64 people at once, measured in a new process."""
    command = [sys.executable, "-m", "benchmarks.worker", system, url, str(seconds)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return {concurrent: Taken(**taken) for concurrent, taken in zip(CONCURRENT, json.loads(said), strict=True)}


async def measure(system: str, url: str, seconds: float) -> list[Taken]:
    """The same in this process."""
    checkins = count()
    async with SYSTEMS[system](url) as turn:
        return [
            await drive(turn, concurrent=concurrent, seconds=seconds, checkins=checkins) for concurrent in CONCURRENT
        ]


if __name__ == "__main__":
    _, name, where, duration = sys.argv
    print(json.dumps([asdict(taken) for taken in asyncio.run(measure(name, where, float(duration)))]))
