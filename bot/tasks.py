"""Task: one kind of background work, and how quick background work is."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of background work. Doing it twice for the same thing must do no harm."""

    name: str
    """Three or more small letters, digits or underscores."""
    cron: str
    """When it is time: minute, hour, day of the month, month, day of the week; UTC. It may be ten seconds late. Seconds
    may stand before them."""
    do: Callable[[Sequence[int]], Awaitable[None]]
    """Gets a group of ids, or none where there is nothing to find."""
    find: Callable[[], Awaitable[Sequence[Sequence[int]]]] | None = None
    """The groups that wait: each is a job of its own. They are stored as they are, so they must be ids."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{2,39}", self.name) or len(self.cron.split()) not in (5, 6):
            raise ValueError(f"{self.name!r} at {self.cron!r} is no task")


@dataclass(frozen=True, slots=True)
class Pace:
    """How quick everything is, in seconds."""

    poll: float = 1.0
    """Between two looks for jobs that wait."""
    beat: float = 2.0
    """Between two signs of life."""
    silence: float = 6.0
    """Who gives no sign for longer is dead."""
    look: float = 30.0
    """Between two looks for jobs that nobody does, besides those when somebody has gone."""
    again: float = 60.0
    """Between two ticks while the machine's clock shows a time that it has shown before."""
    pauses: tuple[float, ...] = (1.0, 5.0, 25.0)
    """Before each further try of what broke."""
    longest: float = 600.0
    """One try of one job."""
    stop: float = 5.0
    """For what is under way when the process is to stop."""
