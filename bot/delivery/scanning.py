"""Scanning: finds what is queued and nobody told us of: other processes wrote it, or a crash left it behind."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from operator import attrgetter

from bot.delivery.after import UNCLEAR_AFTER
from bot.delivery.book import Book
from bot.delivery.chats import Chat, Row
from bot.delivery.clock import Clock
from bot.delivery.queue import Queue
from storage.outbox import Key, Waiting

PAGE = 10_000
"""Messages that one scan looks at. When more wait, the next one goes on behind them."""


class Scanning:
    """Puts what it finds into a queue. What the queue has already stays as it is there."""

    def __init__(self, book: Book, queue: Queue, clock: Clock, page: int = PAGE) -> None:
        self._book = book
        self._queue = queue
        self._clock = clock
        self._page = page
        self._behind: Key = (0, 0)

    async def everything(self) -> None:
        """All that is queued. Raises StorageAway."""
        await self.page()
        while self._behind != (0, 0):
            await self.page()

    async def page(self) -> None:
        """As much as one scan looks at. Raises StorageAway."""
        found = await self._book.waiting(self._behind, self._page)
        self._behind = found[-1][:2] if len(found) == self._page else (0, 0)
        self._take(found)

    def _take(self, found: Iterable[Waiting]) -> None:
        now = self._clock.monotonic()
        for participant_id, waiting in itertools.groupby(found, key=attrgetter("participant_id")):
            chat = self._queue.chat(participant_id)
            # What has left but is not marked yet is still queued there. It would not be sent from here in any case:
            # before that it is read, which happens after it was marked.
            if take(chat, [row for row in waiting if not chat.busy or row.seq > chat.done], self._clock):
                self._queue.place(chat, now)


def take(chat: Chat, found: Iterable[Waiting], clock: Clock) -> bool:
    """Add what the storage holds for a chat. Whether any of it was not known."""
    now, rows = clock.monotonic(), []
    for _, seq, attempts, parts_sent, not_before in found:
        rows.append(Row(seq, now, attempts=attempts, parts_sent=parts_sent))
        if not_before is not None and seq not in chat.rows:
            wait = (not_before - clock.now()).total_seconds()
            # No try was ever put off for longer: whatever is further away comes from a clock that was put back.
            chat.rest_until = max(chat.rest_until, now + min(wait, UNCLEAR_AFTER[-1]))
    return chat.find(rows)
