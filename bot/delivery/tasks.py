"""Tasks: work under way. Its end wakes whoever waits for it, and what it raises is not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """Some work of one kind. ``error`` is what one of them raised that should have raised nothing."""

    def __init__(self, wake: asyncio.Event) -> None:
        self.error: BaseException | None = None
        self._wake = wake
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin with this now."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._running)

    async def cancel(self) -> None:
        """End what is under way where it stands."""
        left = [*self._running]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            self.error = self.error or task.exception()
        self._wake.set()
