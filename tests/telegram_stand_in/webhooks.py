"""Webhook: brings the updates of one bot to its address, in order within each queue, and tries again."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.telegram_stand_in.clock import Clock
from tests.telegram_stand_in.faults import Faults
from tests.telegram_stand_in.updates import Update, UpdateStore

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_WAIT = 60
"""The pause between two attempts grows up to a random one of once to twice as many seconds."""
LONGEST_ASKED = 3_600
GONE = 410
GONE_FOR = 23 * 3_600
SWAPPED_WITHIN = 30.0
PATIENCE = ClientTimeout(total=60)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the bot said with setWebhook."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an attempt failed, and how long the bot asked to wait."""

    words: str
    retry_after: int = 0


class Webhook:
    """``answered`` gets the parameters of a call that came as the answer to an update; ``closed`` is called when
    the address said for 23 hours that it is gone. ``attempts`` counts the requests that were made."""

    def __init__(self, settings: Settings, updates: UpdateStore, clock: Clock, random: Random, faults: Faults) -> None:
        self.settings = settings
        self.session: ClientSession | None = None
        self.answered: Callable[[dict[str, Any]], None] = lambda given: None
        self.closed: Callable[[], None] = lambda: None
        self.broken: list[BaseException] = []
        self.attempts = 0
        self.last_error = ""
        self.last_error_at = 0
        self.tasks: set[asyncio.Task[None]] = set()
        self._updates = updates
        self._clock = clock
        self._random = random
        self._faults = faults
        self._queues: dict[int, deque[Update]] = {}
        self._room = asyncio.Semaphore(settings.max_connections)
        self._resumed = asyncio.Event()
        self._swapping: dict[int, list[tuple[int, asyncio.Future[None]]]] = {}
        self._gone_since = 0.0

    def start(self, session: ClientSession) -> None:
        """Begin with what waits already."""
        self.session = session
        for update in list(self._updates.pending.values()):
            self.add(update)

    def add(self, update: Update) -> None:
        """Bring this update as well, after those of its queue that came before."""
        queue = self._queues.get(update.queue)
        if queue is None:
            queue = self._queues[update.queue] = deque()
            task = asyncio.get_running_loop().create_task(self._work_off(update.queue, queue))
            self.tasks.add(task)
            task.add_done_callback(self._ended)
        queue.append(update)

    def resume(self) -> None:
        """Updates are no longer held back."""
        self._resumed.set()
        self._resumed = asyncio.Event()

    def close(self) -> None:
        """Bring nothing more. What was not taken yet keeps waiting."""
        for task in self.tasks:
            task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.broken.append(error)

    async def _work_off(self, number: int, queue: deque[Update]) -> None:
        while queue:
            while self._faults.withhold:
                await self._resumed.wait()
            update = queue[0]
            if self._waits(update):
                await self._swapped(update)
                await self._bring(update)
                self._bring_back(update)
            queue.popleft()
        del self._queues[number]

    def _waits(self, update: Update) -> bool:
        if update.expires <= self._clock.now():
            self._updates.drop(update)
        return self._updates.pending.get(update.id) is update

    async def _bring(self, update: Update) -> None:
        fails, pause = 0, 1.0
        while self._waits(update):
            trouble = await self._attempt(update)
            if trouble is None:
                self._updates.pending.pop(update.id, None)
                if self._faults.hits("double"):
                    await self._attempt(update)
                return
            wait = float(trouble.retry_after)
            if not trouble.retry_after and fails:
                pause = min(pause * 2, float(self._random.randint(LONGEST_WAIT, 2 * LONGEST_WAIT)))
                wait = pause
            if self._clock.now() + wait > update.expires:
                self._updates.drop(update)
                return
            fails += 1
            await self._clock.sleep(wait)

    async def _attempt(self, update: Update) -> Trouble | None:
        async with self._room:
            self.attempts += 1
            trouble = await self._post(msgspec.json.encode(update.body))
        if trouble is not None:
            self.last_error, self.last_error_at = trouble.words, int(self._clock.now())
        return trouble

    async def _post(self, body: bytes) -> Trouble | None:
        assert self.session is not None
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}
        if self.settings.secret:
            headers[SECRET_HEADER] = self.settings.secret
        try:
            async with self.session.post(
                self.settings.url, data=body, headers=headers, timeout=PATIENCE, allow_redirects=False
            ) as response:
                status, answer = response.status, await response.read()
                asked = response.headers.get("Retry-After", "")
        except (ClientError, TimeoutError, OSError) as error:
            return Trouble(f"Connection failed: {type(error).__name__}")
        if 200 <= status <= 299:
            self._gone_since = 0.0
            self._hear(answer)
            return None
        self._count_gone(status)
        wait = min(int(asked), LONGEST_ASKED) if asked.isdigit() else 0
        return Trouble(f"Wrong response from the webhook: {status} {response.reason}", wait)

    def _hear(self, answer: bytes) -> None:
        try:
            given = msgspec.json.decode(answer)
        except msgspec.DecodeError:
            return
        if isinstance(given, dict) and isinstance(given.get("method"), str):
            self.answered(given)

    def _count_gone(self, status: int) -> None:
        now = self._clock.now()
        if status != GONE:
            self._gone_since = 0.0
        elif not self._gone_since:
            self._gone_since = now
        elif now > self._gone_since + GONE_FOR:
            self.closed()

    async def _swapped(self, update: Update) -> None:
        """Let the person's next update of another queue go first, if this one was picked for that."""
        if not update.person or not self._faults.hits("swap"):
            return
        alarm = self._clock.alarm(SWAPPED_WITHIN)
        self._swapping.setdefault(update.person, []).append((update.queue, alarm))
        await asyncio.wait({alarm})

    def _bring_back(self, update: Update) -> None:
        """An update has arrived: what waited for it may go."""
        waiting = self._swapping.pop(update.person, [])
        for queue, alarm in waiting:
            if queue == update.queue:
                self._swapping.setdefault(update.person, []).append((queue, alarm))
            else:
                alarm.cancel()
