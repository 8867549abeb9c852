"""Clock: the stand-in's own time, which a test turns forward instead of waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970. It runs like ``source`` and can be turned forward; what waits by it is woken then."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._ahead = 0.0
        self._alarms: dict[asyncio.Future[None], tuple[float, asyncio.TimerHandle]] = {}

    def now(self) -> float:
        """The time by this clock."""
        return self._source() + self._ahead

    @property
    def alarms(self) -> int:
        """How many wait by this clock."""
        return len(self._alarms)

    def forward(self, seconds: float) -> None:
        """Let this many seconds pass at once."""
        self._ahead += seconds
        for alarm in list(self._alarms):
            self._ring(alarm)

    def alarm(self, seconds: float) -> asyncio.Future[None]:
        """Done when this many seconds have passed. Cancel it when it is needed no more."""
        loop = asyncio.get_running_loop()
        made: asyncio.Future[None] = loop.create_future()
        handle = loop.call_later(seconds, self._ring, made)
        self._alarms[made] = (self.now() + seconds, handle)
        made.add_done_callback(self._forget)
        return made

    async def sleep(self, seconds: float) -> None:
        """Wait until this many seconds have passed."""
        if seconds <= 0:
            return
        alarm = self.alarm(seconds)
        try:
            await alarm
        finally:
            alarm.cancel()

    def _ring(self, alarm: asyncio.Future[None]) -> None:
        if alarm.done() or alarm not in self._alarms:
            return
        due, handle = self._alarms[alarm]
        handle.cancel()
        left = due - self.now()
        if left <= 0:
            alarm.set_result(None)
        else:
            self._alarms[alarm] = (due, asyncio.get_running_loop().call_later(left, self._ring, alarm))

    def _forget(self, alarm: asyncio.Future[None]) -> None:
        self._alarms.pop(alarm)[1].cancel()
