"""Figures: what a process counts while it works, as plain numbers that cost nothing. ``bot.metrics`` shows them.

None holds a name, an address or a participant's number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Bounds for the time of a turn: a person notices it from about the eighth on."""

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""Bounds for the messages of one transaction."""

CONTACTS = {
    "Start": "check_in",
    "Remind": "reminder",
    "Offer": "offer",
    "Note": "note",
    "Expire": "expired",
    "Missed": "missed",
    "Tell": "reply",
    "Bring": "agreement",
    "Pulse": "pulse",
    "Speak": "promise",
}
"""What Medvind does of its own accord: steps of ``bot.schedule``, and what they are called here. ``expired``,
``missed`` and ``promise`` write nothing to anybody."""

DIGESTS = ("sent", "held", "later")
"""What became of a mail to a specialist."""


class Spread:
    """How many values lay up to each of some bounds, which are in order."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        """Up to each bound and above the one before; the last holds what is above all of them."""
        self.total = 0.0

    def add(self, value: float, times: int = 1) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += times
        self.total += value * times


@dataclass(slots=True)
class TurnFigures:
    """How turns went. ``quarantined`` were kept though nobody could answer them; ``not_stored`` may come again."""

    seconds: Spread = field(default_factory=lambda: Spread(SECONDS))
    """From handing a message in to its commit, for every turn. Those of one batch count as the slowest of them."""
    sizes: Spread = field(default_factory=lambda: Spread(SIZES))
    quarantined: int = 0
    not_stored: int = 0

    def committed(self, since: float, messages: int) -> None:
        """A batch of so many messages is stored, of which the first came at ``since``, by ``perf_counter``."""
        self.seconds.add(perf_counter() - since, messages)
        self.sizes.add(messages)


@dataclass(slots=True)
class Figures:
    """What one process has done since its start."""

    turns: TurnFigures = field(default_factory=TurnFigures)
    contacts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CONTACTS.values(), 0))
    digests: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DIGESTS, 0))

    def contacted(self, steps: Mapping[str, int]) -> None:
        """So many of these steps of the schedule were taken, by the names of their types."""
        for step, times in steps.items():
            self.contacts[CONTACTS[step]] += times
