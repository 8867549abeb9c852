"""Reading: gets the messages of those whose turn comes next, as they are at that moment."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from bot.channels.http import place_of
from bot.delivery import after
from bot.delivery.book import Book, Mark, Opened
from bot.delivery.chats import LARGEST_GROUP, Chat, Row
from bot.delivery.clock import Clock
from bot.delivery.scanning import take
from storage.database import StorageAway

AGAIN_AFTER = 1.0
"""Seconds until the next try when the storage is away."""

BROKEN_FOR = 60.0
"""Seconds for which a chat is left alone whose messages break the reading, so that nobody else waits for it."""

_log = logging.getLogger(__name__)


class Reading:
    """Reads for chats that are held. ``read`` is called with each of them and what has to be stored then."""

    def __init__(self, book: Book, clock: Clock, read: Callable[[Chat, Mark], None]) -> None:
        self._book = book
        self._clock = clock
        self._read = read

    async def read(self, chats: Sequence[Chat]) -> None:
        """Everything that these can be sent next. Raises nothing: who could not be read waits for the next try."""
        rows = {chat.participant_id: chat.to_read() for chat in chats}
        gaps = {chat.participant_id: chat.gaps for chat in chats if chat.gaps}
        try:
            opened = await self._book.open([(person, row.seq) for person in rows for row in rows[person]], gaps.keys())
        except StorageAway:
            self._rest(chats, AGAIN_AFTER)
        except Exception as error:
            _log.error("reading: %s at %s", type(error).__name__, place_of(error))
            if len(chats) == 1:
                _log.error("nothing goes to participant:%d for a while", chats[0].participant_id)
                self._rest(chats, BROKEN_FOR)
                return
            for chat in chats:
                await self.read([chat])
        else:
            for chat in chats:
                self._take(chat, rows[chat.participant_id], gaps.get(chat.participant_id, 0), opened)

    def _rest(self, chats: Sequence[Chat], seconds: float) -> None:
        for chat in chats:
            chat.rest_until = max(chat.rest_until, self._clock.monotonic() + seconds)
            self._read(chat, Mark(chat.participant_id))

    def _take(self, chat: Chat, rows: Sequence[Row], gaps: int, opened: Opened) -> None:
        now = self._clock.monotonic()
        if gaps:
            # What was told to them meanwhile may have left another gap: then there is another look.
            chat.gaps = 0 if chat.gaps == gaps else chat.gaps
            waiting = [row for row in opened.waiting if row.participant_id == chat.participant_id]
            take(chat, waiting, self._clock)
            read = {row.seq for row in rows} | {row.seq for row in waiting[:LARGEST_GROUP]}
            rows = [row for row in chat.to_read() if row.seq in read]
        settled = after.opened(chat, rows, opened, now)
        where = opened.where.get(chat.participant_id)
        if where is not None and where.quiet_until is not None:
            quiet = (where.quiet_until - self._clock.now()).total_seconds()
            chat.rest_until = max(chat.rest_until, now + quiet)
        self._read(chat, Mark(chat.participant_id, settled))
