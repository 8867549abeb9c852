"""Gate: whether the channel as a whole takes anything at this moment, from what became of the last messages."""

from __future__ import annotations

import math
from collections import deque

from bot.delivery.outcomes import Failed, Gone, Later, Outcome, Refused, Sent, Shut, Unclear

FAILURES = 5
"""So many in a row, to anybody, and it is the channel that is away and not one chat."""

LONGEST_BACKOFF = 60.0
"""Seconds between two tries while the channel is away."""

SHUT_FOR = 60.0
"""Seconds between two tries while the channel takes nothing from us at all."""

CHATS, WITHIN = 3, 10.0
"""So many chats that are asked to wait within so many seconds, and the channel means all of them."""


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: 1, 2, 4 and so on."""
    return min(LONGEST_BACKOFF, 2.0 ** min(failures - 1, 10))


class Gate:
    """Open, paused for a time that the channel named, or closed because it is away. A closed gate lets one message
    through at a time, to see whether the channel is back. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.trouble = ""
        """Why it is closed; empty while it is not."""
        self.paused_until = -math.inf
        self._tries_at = -math.inf
        self._failed = 0
        self._laters: deque[tuple[float, int, float]] = deque(maxlen=50)

    def opens_at(self) -> float:
        """Before this nothing leaves."""
        return max(self.paused_until, self._tries_at if self.trouble else -math.inf)

    def admits(self, now: float, on_their_way: int) -> bool:
        """Whether one more may leave while so many have not come to an end yet."""
        return now >= self.opens_at() and not (self.trouble and on_their_way)

    def heard(self, participant_id: int, outcome: Outcome, now: float) -> bool:
        """Learn from what became of a message to somebody. True when the whole channel is paused from now on."""
        match outcome:
            case Failed(cause) | Unclear(cause):
                self._fell(cause, now)
            case Shut(cause):
                self.trouble, self._tries_at = cause or "shut", now + SHUT_FOR
            case Later(seconds):
                self._rose()
                return self._asked_to_wait(participant_id, seconds, now)
            case Sent():
                self._rose()
                self._laters.clear()
            case Gone() | Refused():
                self._rose()
        return False

    def _fell(self, cause: str, now: float) -> None:
        """What left before the gate closed says nothing new when it comes to its end."""
        if self.trouble and now < self._tries_at:
            return
        self._failed += 1
        if self._failed >= FAILURES or self.trouble:
            self.trouble = cause or "away"
            self._tries_at = now + backoff(max(1, self._failed - FAILURES + 1))

    def _rose(self) -> None:
        self.trouble, self._failed = "", 0

    def _asked_to_wait(self, participant_id: int, seconds: float, now: float) -> bool:
        self._laters.append((now, participant_id, seconds))
        recent = [later for later in self._laters if now - later[0] <= WITHIN]
        if len({person for _, person, _ in recent}) < CHATS:
            return False
        self.paused_until = max(self.paused_until, now + max(asked for *_, asked in recent))
        self._laters.clear()
        return True
