"""Limits: how much a channel takes, and the pace that keeps within it."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

_LATE = 0.02
"""Seconds by which one may leave late without those behind it being put off, so that slow wake-ups do not add up."""

_SECOND = 1.001
"""A thousandth more than a second, because the channel has a clock of its own."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``per_second`` of everything that is handed over; ``chat_interval`` seconds between two messages to one chat,
    and as many between two edits. What became of messages waits ``gather`` seconds for more of its kind before it is
    stored, unless somebody waits for it: each transaction is a wait for the disk that a turn could have had."""

    per_second: int = 25
    chat_interval: float = 1.0
    gather: float = 0.0


class Pace:
    """Spreads what leaves evenly, and lets no second hold more than ``per_second``, wherever that second begins."""

    def __init__(self, per_second: int) -> None:
        self._gap = 1 / per_second
        self._next = -math.inf
        self._last: deque[float] = deque(maxlen=per_second)

    def free_at(self) -> float:
        """When the next may leave, in monotonic seconds."""
        if len(self._last) == self._last.maxlen:
            return max(self._next, self._last[0] + _SECOND)
        return self._next

    def spend(self, now: float) -> None:
        """One leaves now."""
        on_time = self._next if now - self._next <= _LATE else now
        self._next = on_time + self._gap
        self._last.append(now)
