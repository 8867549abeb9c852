"""Marking: what became of messages is written in groups, and no chat goes on before its own is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence

from bot.channels.http import place_of
from bot.delivery.book import Book, Mark
from bot.delivery.clock import Clock
from bot.failpoints import reached
from storage.database import StorageAway

AGAIN_AFTER = 1.0
"""Seconds until the next try when the storage is away."""

_log = logging.getLogger(__name__)


class Marking:
    """Writes marks, together with those that come within ``gather`` seconds or while others are being written.

    ``written`` is called with whose marks are stored now.
    """

    def __init__(self, book: Book, clock: Clock, written: Callable[[Iterable[int]], None], gather: float = 0.0) -> None:
        self._gather = gather
        self._hurrying = asyncio.Event()
        self._book = book
        self._clock = clock
        self._written = written
        self._waiting: list[Mark] = []
        self._writing: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._is_closing = False

    def add(self, mark: Mark) -> None:
        """Have this written."""
        self._waiting.append(mark)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    def hurry(self) -> None:
        """Somebody waits for what is to be written."""
        self._hurrying.set()

    async def close(self) -> None:
        """Wait for what is to be written. When the storage is away it is given up: what it was about is found again."""
        self._is_closing = True
        self._closing.set()
        self._hurrying.set()
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        try:
            while self._waiting:
                if self._gather and not self._is_closing:
                    await self._clock.wait(self._hurrying, self._clock.monotonic() + self._gather)
                marks, self._waiting = self._waiting, []
                if await self._together(marks):
                    continue
                if self._is_closing:
                    return
                await self._clock.wait(self._closing, self._clock.monotonic() + AGAIN_AFTER)
        finally:
            self._writing = None

    async def _together(self, marks: Sequence[Mark]) -> bool:
        try:
            await self._book.write(marks)
        except StorageAway:
            self._waiting[:0] = marks
            return False
        except Exception as error:
            _log.error("marks: %s at %s", type(error).__name__, place_of(error))
            return await self._one_by_one(marks)
        self._are_written(marks)
        return True

    async def _one_by_one(self, marks: Sequence[Mark]) -> bool:
        """One that cannot be written stops its own chat and no other: its message would else be sent for ever."""
        for place, mark in enumerate(marks):
            try:
                await self._book.write([mark])
            except StorageAway:
                self._waiting[:0] = marks[place:]
                return False
            except Exception as error:
                where = f"participant:{mark.participant_id}" if mark.participant_id else "the channel"
                _log.error("nothing more goes to %s: %s at %s", where, type(error).__name__, place_of(error))
            else:
                self._are_written([mark])
        return True

    def _are_written(self, marks: Iterable[Mark]) -> None:
        reached("delivery.after_mark")
        self._written([mark.participant_id for mark in marks if mark.participant_id])
