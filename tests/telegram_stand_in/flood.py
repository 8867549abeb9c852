"""Flood: how much a bot may send, and how long it has to wait after too much."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tests.telegram_stand_in.clock import Clock
from tests.telegram_stand_in.refusal import too_many

LONG = 500
"""A text with more signs counts double."""


@dataclass
class Limits:
    """Messages a second. A chat may have ``burst`` at once, and ``per_chat`` a second after that; changes of
    messages count on their own, since a keyboard under a finger changes faster than anybody reads."""

    per_second: float = 30
    per_chat: float = 1
    burst: float = 3
    edits_per_chat: float = 2
    edit_burst: float = 10
    per_group_minute: float = 20

    @classmethod
    def none(cls) -> Limits:
        """As much as the bot likes."""
        return cls(*[math.inf] * 6)

    def of(self, chat: int, edit: bool) -> tuple[float, float]:
        """How many a second, and at once, a chat may have. Groups, whose ids are negative, get few."""
        if chat < 0:
            return self.per_group_minute / 60, self.per_group_minute
        return (self.edits_per_chat, self.edit_burst) if edit else (self.per_chat, self.burst)


@dataclass
class Bucket:
    """What is left of a limit, and since when."""

    left: float
    at: float

    def wait(self, now: float, rate: float, most: float, cost: float) -> float:
        """Seconds until there is room for ``cost``; 0 if there is room now. Never more than a full bucket is asked."""
        self.left = min(most, self.left + max(0.0, now - self.at) * rate)
        self.at = now
        missing = min(cost, most) - self.left
        return missing / rate if missing > 1e-9 else 0.0


@dataclass
class Flood:
    """The account of one bot. ``refused`` counts what was too much."""

    clock: Clock
    limits: Limits
    refused: int = 0
    _overall: Bucket | None = None
    _chats: dict[tuple[int, bool], Bucket] = field(default_factory=dict)

    def take(self, chat: int, signs: int, *, edit: bool = False) -> None:
        """Count one message; 429 if it is too much, and then it does not count."""
        limits = self.limits
        if limits.per_second == math.inf and limits.per_chat == math.inf:
            return
        now = self.clock.now()
        rate, most = limits.of(chat, edit)
        if self._overall is None:
            self._overall = Bucket(limits.per_second, now)
        bucket = self._chats.get((chat, edit))
        if bucket is None:
            bucket = self._chats[chat, edit] = Bucket(most, now)
        cost = 2.0 if signs > LONG else 1.0
        waits = [
            target.wait(now, pace, full, cost)
            for target, pace, full in ((self._overall, limits.per_second, limits.per_second), (bucket, rate, most))
            if pace != math.inf
        ]
        if any(waits):
            self.refused += 1
            raise too_many(max(1, math.ceil(max(waits))))
        self._overall.left -= cost
        bucket.left -= cost
