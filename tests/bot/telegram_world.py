"""A deployment with one Telegram bot at the stand-in, and people who hold phones."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import Connection

from bot.admission import Admission
from bot.channels.telegram.bot import Ground, Rhythm, TelegramBot, Ways
from storage import addresses
from tests.bot.turn_world import Person, TurnWorld
from tests.telegram_stand_in import Bot, Clock, Limits, Phone, StandIn

FAST = 1_000
"""Messages a second, where a test is not about limits."""

FOR_EVER = 1e6
"""Seconds that no test waits."""


class BotClock:
    """The clock by which bots wait. It is the stand-in's, so one hand turns both."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """In UTC."""
        return datetime.fromtimestamp(self._clock.now(), UTC)

    def monotonic(self) -> float:
        """Never put back here."""
        return self._clock.now()

    async def wait(self, event: asyncio.Event, until: float) -> None:
        """Like the real one."""
        alarm = self._clock.alarm(max(0.0, min(until - self.monotonic(), FOR_EVER)))

        def ring(_: object) -> None:
            event.set()

        alarm.add_done_callback(ring)
        try:
            await event.wait()
        finally:
            alarm.remove_done_callback(ring)
            alarm.cancel()
        event.clear()


@dataclass
class TelegramWorld:
    """``world`` is the deployment, ``server`` the stand-in, ``bot`` its account there."""

    world: TurnWorld
    server: StandIn
    account: Bot
    ways: Ways
    rhythm: Rhythm
    bot: TelegramBot = field(init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=lambda: count(7_000_001))

    def __post_init__(self) -> None:
        self.bot = self.another_bot()

    def another_bot(self) -> TelegramBot:
        """The bot of a process that shares the database of ``world``."""
        world = self.world
        admission = Admission(
            database=world.database, vault=world.vault, catalogs=world.catalogs, first=world.programme.languages
        )
        ground = Ground(
            world.database,
            world.vault,
            world.catalogs,
            world.programme,
            world.turns,
            admission,
            self.rhythm.clock.now,
            world.recordings,
        )
        return TelegramBot(self.account.token, ground, self.ways, self.rhythm)

    def forward(self, seconds: float) -> None:
        """Let time pass: for the deployment, for its bots and at Telegram."""
        self.world.clock.forward(seconds=seconds)
        self.server.clock.forward(0)

    def start(self, bot: TelegramBot | None = None) -> asyncio.Task[None]:
        """Let the bot run."""
        task = asyncio.create_task((bot or self.bot).run())
        self._tasks.append(task)
        return task

    async def stop(self) -> None:
        """End every bot, and make the next one as a restarted process would."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()

    async def restart(self) -> None:
        """The process ended and is there again."""
        await self.stop()
        self.world.turns = self.world.another_turns()
        self.bot = self.another_bot()
        self.start()

    async def person(self, language: str = "en", name: str = "Amina") -> tuple[Person, Phone]:
        """A participant who is reached at a new phone."""
        person = await self.world.person(name, language)
        phone = Phone(next(self._numbers), language, self.server, self.account)
        self.server.person(phone.id)

        def reach(conn: Connection) -> None:
            addresses.add_address(
                conn, self.world.vault, person.id, self.bot.channel, str(phone.id), self.world.clock.now
            )

        await self.world.database.write(reach)
        return person, phone


@asynccontextmanager
async def telegram(
    world: TurnWorld,
    *,
    per_second: int = FAST,
    start: bool = True,
    limits: Limits | None = None,
    chat_interval: float = 0.0,
    patience: float = 15.0,
) -> AsyncIterator[TelegramWorld]:
    """A stand-in with one bot, which runs unless it is not to be started yet.

    Telegram's own limits are ``limits``, which are none where a test is not about them.
    """
    began = time.monotonic()
    clock = Clock(lambda: world.clock.now.timestamp() + time.monotonic() - began)
    async with await StandIn.start(clock=clock, limits=limits or Limits.none()) as server:
        rhythm = Rhythm(BotClock(clock), chat_interval=chat_interval)
        made = TelegramWorld(world, server, server.add_bot(), Ways(server.url, per_second, patience=patience), rhythm)
        if start:
            made.start()
        try:
            yield made
        finally:
            await made.stop()
