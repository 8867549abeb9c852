"""Turning: a demo's clock in the hands of whoever tries it out, and what came of it so far."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from bot.mailing import Post
from bot.passing import Happened, Passing
from bot.staff_chats import StaffChats
from bot.turned_clock import TurnedClock
from storage import endings

if TYPE_CHECKING:
    from bot.app import Parts

Turn = Literal["hour", "day", "week", "next"]
"""How far: ``next`` is to the next thing that happens by itself."""

TURNS: tuple[Turn, ...] = get_args(Turn)
LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}

FARTHEST = timedelta(days=366)
"""The next thing is looked for no farther ahead."""

REMEMBERED = 200
"""So many things that happened are remembered, until the demo is stopped."""


@dataclass
class DemoClock:
    """One demo's. It is turned by one person at a time; whoever is in stays in. ``post`` and ``chats`` are how
    its staff are told."""

    parts: Parts
    clock: TurnedClock
    post: Post | None = None
    chats: StaffChats | None = None
    happened: deque[Happened] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    """The newest last."""
    _turning: asyncio.Lock = field(default_factory=asyncio.Lock)

    def now(self) -> datetime:
        """What it shows."""
        return self.clock.now()

    @property
    def passing(self) -> Passing:
        """What lets time pass."""
        return Passing(self.parts, self.clock, self.post, self.chats)

    @property
    def is_turned(self) -> bool:
        """Whether it shows another time than the real one."""
        return self.clock.turned > timedelta(0)

    async def turn(self, how: Turn) -> bool:
        """Let time pass: whether anything happened. To the next thing it stays as it is when there is none. Raises
        StorageAway."""
        async with self._turning:
            if how == "next":
                return await self._to_next()
            end = self.now() + LENGTHS[how]
            await self._keep_open(end)
            return self._remember(await self.passing.until(end))

    async def _to_next(self) -> bool:
        farthest = self.now() + FARTHEST
        while (moment := await self.passing.next()) is not None and moment <= farthest:
            await self._keep_open(moment)
            if self._remember(await self.passing.at(moment)):
                return True
        return False

    async def _keep_open(self, moment: datetime) -> None:
        """Pages and links that hold now will hold as long then."""
        now = self.now()
        if moment > now:
            await self.parts.database.write(lambda conn: endings.put_off(conn, now, moment - now))

    def _remember(self, happened: list[Happened]) -> bool:
        self.happened.extend(happened)
        return bool(happened)
