"""Waiting in tests for what happens by itself: in another task, another process, or a database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable

PATIENCE = 60.0
"""Seconds until a test gives up. Nothing that goes well takes so long, also where the machine is busy."""


async def until(seen: Callable[[], object | Awaitable[object]]) -> None:
    """Until something is so, looking again and again. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = seen()
            if await found if isawaitable(found) else found:
                return
            await asyncio.sleep(0.01)
