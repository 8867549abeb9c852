"""Polling: asks Telegram for updates. What was asked for is confirmed by the next question, after it is stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from bot.channels.http import place_of
from bot.channels.telegram.client import TelegramClient, Trouble
from bot.channels.telegram.intake import Intake
from bot.failpoints import reached
from storage.database import StorageAway

LONG = 25
"""Seconds that a question waits at Telegram when nothing has happened."""

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds after something went wrong, doubled each time it does again."""

MOST = 100
"""Updates that Telegram hands out at a time."""

CONFLICT = 409
_log = logging.getLogger(__name__)
Sleep = Callable[[float], Awaitable[None]]


class Polling:
    """Asks for the updates of one bot. ``contact`` is called whenever Telegram answered and has no more waiting."""

    def __init__(
        self,
        client: TelegramClient,
        intake: Intake,
        contact: Callable[[], Awaitable[None]],
        *,
        long: int = LONG,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client = client
        self._intake = intake
        self._contact = contact
        self._long = long
        self._sleep = sleep
        self._patience = 0

    async def run(self) -> None:
        """Until cancelled."""
        await self._persist(self._without_webhook)
        confirms: int | None = None
        while True:
            updates = await self._persist(lambda: self._client.updates(confirms, 0 if confirms else self._patience))  # noqa: B023
            self._patience = self._long
            # An offset hides every update with a lower number, and numbers may go down: it is for confirming only.
            confirms = None
            if updates:
                await self._persist(lambda: self._take(updates))  # noqa: B023
                reached("intake.before_confirm")
                confirms = _after(updates)
            if len(updates) < MOST:
                await self._contact()

    async def _take(self, updates: Sequence[dict[str, Any]]) -> None:
        """All at once, so that they share a transaction; a person's own stay in order. Raises StorageAway."""
        taken = await asyncio.gather(*(self._intake.take(update) for update in updates), return_exceptions=True)
        away = None
        for result in taken:
            if isinstance(result, StorageAway):
                away = result
            elif isinstance(result, Exception):
                _log.error("an update: %s at %s", type(result).__name__, place_of(result))
            elif isinstance(result, str) and result:
                self._intake.aside(self._client.answer_tap(result))
        if away is not None:
            raise away

    async def _without_webhook(self) -> None:
        """Telegram refuses to be asked while it has somewhere to send to. What waits is kept."""
        if await self._client.webhook_url():
            _log.warning("a webhook was set: it is taken away, because this bot asks for its updates")
            await self._client.delete_webhook()

    async def _persist(self, attempt: Callable[[], Awaitable[Any]]) -> Any:
        """Until it succeeds: what Telegram has not been told to forget comes again."""
        wait = FIRST_WAIT
        while True:
            try:
                return await attempt()
            except StorageAway:
                _log.warning("the database is away: messages wait at Telegram")
            except Trouble as trouble:
                self._patience = 0  # what is lost meanwhile is asked for again: the sooner we know, the better
                what = "somebody else asks for the same bot" if trouble.status == CONFLICT else str(trouble)
                _log.warning("Telegram cannot be asked: %s", what)
                if trouble.status == CONFLICT:
                    await self._forget_webhook()
            await self._sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _forget_webhook(self) -> None:
        with suppress(Trouble):  # it is tried again with the next question
            await self._without_webhook()


def _after(updates: Sequence[dict[str, Any]]) -> int | None:
    """What confirms these and no others: Telegram hands them out in its own order, so the last of them counts."""
    numbers = [number for update in updates if isinstance(number := update.get("update_id"), int)]
    return numbers[-1] + 1 if numbers else None
