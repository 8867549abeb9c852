"""Troubles: what befalls machines, their database and their clocks."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Literal, Protocol

from tests.loopback_proxy import LoopbackProxy
from tests.postgresql_cluster import Cluster
from tests.prove.clocks import turn
from tests.prove.machine import NOT_STARTED, Machine

Trouble = Literal["database", "kill", "roll", "freeze", "asleep", "wrong", "askew"]

OFTEN: dict[Trouble, float] = {
    "database": 1.0,
    "kill": 0.3,
    "roll": 0.06,
    "freeze": 0.12,
    "asleep": 0.08,
    "wrong": 0.15,
    "askew": 0.08,
}
"""How often each happens, for each time that the database is restarted."""

HOUR = timedelta(hours=1)
FURTHEST = 30 * HOUR
"""By how much a clock is wrong at most, ahead or behind."""


class Machines(Protocol):
    """What troubles are for."""

    cluster: Cluster
    proxy: LoopbackProxy
    running: dict[int, Machine]

    @property
    def time(self) -> Path:
        """The file that says what time it is in the world."""
        ...

    @property
    def error(self) -> Path:
        """The file by which the clocks of all machines are wrong."""
        ...

    def start(self, port: int) -> None:
        """Begin another life at this port."""
        ...

    def own_clock(self, port: int) -> Path:
        """The file by which the clock at this port is wrong."""
        ...


class Troubles:
    """``counts`` is how often what happened. ``late`` are those that were asked to end and did not, in good order and
    in time; ``fallen`` are those that ended although nobody had asked them to."""

    def __init__(self, machines: Machines, random: Random) -> None:
        self.counts: Counter[Trouble] = Counter()
        self.late = 0
        self.fallen = 0
        self._at = machines
        self._random = random

    def plan(self, restarts: int) -> Sequence[Trouble]:
        """All that is to happen, in an order of no kind. Something of everything."""
        every = [trouble for trouble, often in OFTEN.items() for _ in range(max(1, round(restarts * often)))]
        self._random.shuffle(every)
        return every

    async def befall(self, trouble: Trouble) -> None:
        """Let it happen, and be over."""
        match trouble:
            case "database":
                await self._database()
            case "kill":
                self._kill()
            case "roll":
                await self._roll()
            case "freeze":
                await self._freeze()
            case "asleep":
                self.forward(self._random.uniform(24, 96) * HOUR)
            case "wrong":
                self._wrong()
            case "askew":
                await self._askew()
        self.counts[trouble] += 1

    def forward(self, by: timedelta) -> None:
        """Let time pass in the world, which the machines may sleep through."""
        turn(self._at.time, by)

    def set_right(self) -> None:
        """The clocks of all machines show the time of the world."""
        self._at.error.unlink(missing_ok=True)

    def revive(self) -> None:
        """Start those again that do not run, as whoever watches them does. Without a database none starts."""
        for port, machine in list(self._at.running.items()):
            if not machine.is_alive:
                self.fallen += machine.ended != NOT_STARTED
                self._at.start(port)

    async def _database(self) -> None:
        """A power cut: mostly short, sometimes longer than anybody is believed to live without a sign."""
        await asyncio.to_thread(self._at.cluster.stop)
        await asyncio.sleep(self._random.choice((0.0, 0.3, 1.0, 1.0, 2.5, 7.0)))
        await asyncio.to_thread(self._at.cluster.start)

    def _kill(self) -> None:
        many = self._random.choice((1, 1, 1, 2, len(self._at.running)))
        for port in self._random.sample(sorted(self._at.running), min(many, len(self._at.running))):
            self._at.running[port].kill()
            self._at.start(port)

    async def _roll(self) -> None:
        """One after the other, as soon as the one before is well."""
        self.revive()
        await self._at.proxy.until_well(*self._at.running)
        for port in sorted(self._at.running):
            self.late += not await asyncio.to_thread(self._at.running[port].stop)
            self._at.start(port)
            await asyncio.sleep(0.5)  # until the proxy has noticed that it was away
            await self._at.proxy.until_well(port)

    async def _freeze(self) -> None:
        """Shorter or longer than anybody is believed to live without a sign."""
        machine = self._at.running[self._somewhere()]
        machine.freeze()
        try:
            await asyncio.sleep(self._random.choice((0.5, 2.0, 5.0, 8.0, 11.0)))
        finally:
            machine.thaw()

    def _wrong(self) -> None:
        """All clocks jump, ahead or back, and stay so, or are right again."""
        before = self._at.error.exists()
        self.set_right()
        if not before or self._random.random() < 0.5:
            turn(self._at.error, self._random.uniform(-1, 1) * FURTHEST)

    async def _askew(self) -> None:
        """One machine has another time than the others, until somebody notices."""
        port = self._somewhere()
        file = self._at.own_clock(port)
        turn(file, self._random.uniform(-1, 1) * FURTHEST)
        await asyncio.sleep(self._random.uniform(2.0, 5.0))
        file.unlink()

    def _somewhere(self) -> int:
        return self._random.choice(sorted(self._at.running))
