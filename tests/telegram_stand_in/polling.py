"""Polling: the one getUpdates that may wait for new updates."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.telegram_stand_in.clock import Clock
from tests.telegram_stand_in.refusal import Refusal, conflict
from tests.telegram_stand_in.updates import UpdateStore

MOST_UPDATES = 100
LONGEST = 50
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"
WEBHOOK_THERE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Polling:
    """``throttles``: a bot that asks for the same again within half a second gets one update, and one that does so
    within three seconds waits at least three."""

    def __init__(self, clock: Clock, updates: UpdateStore) -> None:
        self._clock = clock
        self._updates = updates
        self._waiting: asyncio.Future[bool] | None = None
        self._offset: int | None = None
        self._asked = float("-inf")
        self.throttles = True

    async def get(self, offset: int, limit: int, seconds: int) -> list[dict[str, Any]]:
        """What waits; if nothing does, what comes within so many ``seconds``."""
        limit, seconds = self._throttled(offset, limit, seconds)
        found = self._updates.take(offset, limit)
        if found or not seconds:
            return found
        self.end(conflict(OTHER_POLLER))
        alarm = self._clock.alarm(seconds)
        try:
            while not found and not alarm.done() and await self._woken(alarm):
                found = self._updates.take(offset, limit)
            return found
        finally:
            alarm.cancel()

    async def _woken(self, alarm: asyncio.Future[None]) -> bool:
        waiting: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        try:
            both: set[asyncio.Future[Any]] = {waiting, alarm}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            return waiting.done() and waiting.result()
        finally:
            if self._waiting is waiting:
                self._waiting = None

    def wake(self) -> None:
        """There is something new."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(True)

    def end(self, refusal: Refusal | None = None) -> None:
        """Who waits is answered now: with nothing, or with this refusal."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            if refusal is None:
                waiting.set_result(False)
            else:
                waiting.set_exception(refusal)

    def _throttled(self, offset: int, limit: int, seconds: int) -> tuple[int, int]:
        now = self._clock.now()
        if self.throttles and offset == self._offset:
            if seconds < 3 and now < self._asked + 3:
                seconds = 3
            if now < self._asked + 0.5:
                limit = 1
        self._offset, self._asked = offset, now
        return limit, seconds
