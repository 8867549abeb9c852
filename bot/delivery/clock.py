"""Clock: what time it is, and waiting. A parameter, so that tests turn it and never sleep."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Two times: the one of the calendar, which may be put back, and seconds that only ever grow."""

    def now(self) -> datetime:
        """The time of day, for what is stored."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment, for everything that is waited for."""
        ...

    async def wait(self, event: asyncio.Event, until: float) -> None:
        """Until the event is set or that many monotonic seconds are reached. The event is cleared then."""
        ...


class SystemClock:
    """The clock of the machine. Made where an event loop runs, or before."""

    def now(self) -> datetime:
        """In UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """The event loop's own time."""
        return asyncio.get_running_loop().time()

    async def wait(self, event: asyncio.Event, until: float) -> None:
        """Lets others run at least once."""
        loop = asyncio.get_running_loop()
        if until <= loop.time():
            await asyncio.sleep(0)
        elif math.isinf(until):
            await event.wait()
        else:
            alarm = loop.call_at(until, event.set)
            try:
                await event.wait()
            finally:
                alarm.cancel()
        event.clear()
