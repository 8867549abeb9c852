"""Delivery: everything that is queued for one channel leaves in order, within its limits, and is marked.

Order holds within a chat: the next message leaves only when what became of the one before is stored. So a crash sends
at most one part of each chat twice, and so does each answer of the channel that got lost.

One process delivers for a channel at a time. It is told at once what its own turns said; what others wrote, or a crash
left behind, it finds every second. Both sides of a conversation are numbered together, so it knows when something is
missing between two things that it was told, and then it looks for that first.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from bot.batch import Receipt
from bot.channels.http import place_of
from bot.delivery.book import Book, Figures
from bot.delivery.chats import Row
from bot.delivery.clock import Clock, SystemClock
from bot.delivery.handing import Handing
from bot.delivery.limits import Limits
from bot.delivery.outcomes import Sender, none_yet
from bot.delivery.reading import Reading
from bot.delivery.scanning import Scanning
from bot.delivery.tasks import Tasks
from bot.messages import Inbound, Outbound
from storage.database import StorageAway

SCAN_EVERY = 1.0
"""Seconds between two looks for what nobody told us of."""

STEP = 2
"""From one reply to the next one's first message: between them stands what was answered."""

FEWEST_READ, MOST_READ = 10, 200
"""Chats that are read together: about as many as can be served in the next second."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """How a channel does. ``oldest_age`` in seconds, 0 when nothing waits. ``dead``: messages that were given up.
    ``paused_until``: nothing leaves before. ``trouble``: why, in the channel's words, or empty."""

    waiting: int
    oldest_age: float
    dead: int
    paused_until: datetime | None
    trouble: str


class Delivery:
    """Hands messages to one channel while ``run`` runs. ``chance`` is between 0 and 1."""

    def __init__(
        self,
        book: Book,
        sender: Sender,
        limits: Limits = Limits(),  # noqa: B008, it is frozen
        *,
        clock: Clock | None = None,
        chance: Callable[[], float] = random,
    ) -> None:
        self._book = book
        self._sender = sender
        self._limits = limits
        self._clock = clock or SystemClock()
        self._chance = chance
        self._is_running = False
        self._figures = Figures(None, 0)
        self.outcomes = none_yet()
        """What became of every part since the start, whoever led meanwhile."""
        self._begin()

    def _begin(self) -> None:
        """Know nothing: the storage knows everything, and somebody else may have delivered meanwhile."""
        self._wake = asyncio.Event()
        self._handing = Handing(
            self._book, self._sender, self._limits, self._clock, self._chance, self._wake, self.outcomes
        )
        self._queue = self._handing.queue
        self._reading = Reading(self._book, self._clock, self._handing.store)
        self._scanning = Scanning(self._book, self._queue, self._clock)
        self._reads = Tasks(self._wake)
        self._scans = Tasks(self._wake)
        self._scan_at = -math.inf
        self._told: dict[int, int] = {}

    # What we are told -------------------------------------------------------------------------------------------------

    def heard(self, participant_id: int, inbound: Inbound, receipt: Receipt) -> None:
        """A listener of ``bot.turns.Turns``, for the turns of every channel."""
        if receipt.left:
            self.forget(participant_id)
        if inbound.channel == self._book.channel:
            self.told(participant_id, inbound.address, receipt.messages)

    def told(self, participant_id: int, address: str, messages: Sequence[tuple[int, Outbound]]) -> None:
        """Somebody wrote, and these are the committed replies, queued for this channel. They leave at once."""
        if not self._is_running:
            return
        now = self._clock.monotonic()
        chat = self._queue.chat(participant_id)
        chat.wrote_at, chat.address = now, address
        for seq, message in messages:
            if seq - self._told.get(participant_id, -STEP) > STEP:
                chat.gaps += 1
            self._told[participant_id] = max(seq, self._told.get(participant_id, 0))
            chat.tell(Row(seq, now, message, now))
        self._queue.place(chat, now)
        self._wake.set()

    def forget(self, participant_id: int) -> None:
        """What was queued for this person was cancelled. What is on its way already cannot be called back."""
        chat = self._queue.chats.get(participant_id)
        if chat is not None:
            chat.forget()
            self._queue.place(chat, self._clock.monotonic())

    async def settled(self, address: str, longest: float) -> None:
        """Until it is stored whether this person was sent what is on its way to them, or for so many seconds: somebody
        may answer a question sooner than it is known here that they got it."""
        await self._handing.settled(address, longest)

    async def back(self, participant_id: int) -> bool:
        """This person can be reached again. True when they could not be before: then whoever calls this offers them
        once more what they were asked. Raises StorageAway."""
        return await self._book.reachable(participant_id)

    async def health(self) -> Health:
        """How the channel does. While the storage is away, as it was when it was last asked."""
        try:
            self._figures = await self._book.figures()
        except StorageAway:
            _log.warning("the database is away: the figures of %s are old", self._book.channel)
        now, gate = self._clock.now(), self._handing.gate
        oldest, dead = self._figures
        pause = gate.opens_at() - self._clock.monotonic()
        return Health(
            waiting=sum(len(chat.rows) for chat in self._queue),
            oldest_age=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
            dead=dead,
            paused_until=now + timedelta(seconds=pause) if pause > 0 else None,
            trouble=gate.trouble,
        )

    # The loop ---------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Deliver until cancelled. What is on its way then gets a few seconds to come to its end."""
        self._begin()
        self._is_running = True
        try:
            await self._find_everything()
            while True:
                until = min(self._handing.send(), self._read_ahead(), self._scan())
                await self._clock.wait(self._wake, until)
                for tasks in (self._handing.sends, self._reads, self._scans):
                    if tasks.error is not None:
                        raise tasks.error
        finally:
            self._is_running = False
            await self._reads.cancel()
            await self._scans.cancel()
            await self._handing.finish()

    async def _find_everything(self) -> None:
        """Before anything leaves, so that what waited longest comes first."""
        while True:
            try:
                self._handing.recall(await self._book.state())
                await self._scanning.everything()
            except StorageAway:
                await self._clock.wait(asyncio.Event(), self._clock.monotonic() + SCAN_EVERY)
            else:
                self._scan_at = self._clock.monotonic() + SCAN_EVERY
                return

    def _scan(self) -> float:
        """Look for what nobody told us of, if it is time. When it will be."""
        if self._scans:
            return math.inf
        now = self._clock.monotonic()
        if now >= self._scan_at:
            self._scan_at = now + SCAN_EVERY
            self._queue.forget_idle(now)
            self._scans.start(self._look())
        return self._scan_at

    async def _look(self) -> None:
        try:
            await self._scanning.page()
        except StorageAway:
            pass  # it is tried again in a second
        except Exception as error:
            _log.error("scan: %s at %s", type(error).__name__, place_of(error))

    def _read_ahead(self) -> float:
        """Read for those whose turn comes next, while anything may leave at all."""
        now = self._clock.monotonic()
        if not self._reads and now >= self._handing.gate.opens_at():
            most = min(MOST_READ, max(FEWEST_READ, self._limits.per_second))
            if chats := self._queue.to_read(most, now):
                self._reads.start(self._reading.read(chats))
        return math.inf
