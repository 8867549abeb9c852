"""TurnedClock: the time of a demo or of a trial run. It can be turned forward, never back: what was done stays done."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from storage.refusal import StartRefused


class ClockUnreadable(StartRefused):
    """The file that says how far a clock was turned says something else."""


class TurnedClock:
    """Another clock, and how far this one is ahead of it.

    With a ``file`` that is kept there and found again by the next process. Raises ClockUnreadable.
    """

    def __init__(self, real: Callable[[], datetime], file: Path | None = None) -> None:
        self._real = real
        self._file = file
        self._turned = _read(file) if file is not None and file.exists() else timedelta(0)

    @property
    def turned(self) -> timedelta:
        """How far it is ahead."""
        return self._turned

    def now(self) -> datetime:
        """What it shows."""
        return self._real() + self._turned

    def turn_to(self, moment: datetime) -> None:
        """Show this moment, and go on from there. A moment that has passed changes nothing."""
        ahead = moment - self.now()
        if ahead <= timedelta(0):
            return
        self._turned += ahead
        if self._file is not None:
            half = self._file.with_name(f".{self._file.name}.half")
            half.write_text(str(self._turned.total_seconds()), encoding="ascii")
            os.replace(half, self._file)


def _read(file: Path) -> timedelta:
    try:
        return timedelta(seconds=float(file.read_text(encoding="ascii")))
    except (ValueError, OSError, OverflowError):
        raise ClockUnreadable(f"{file} does not say how far the clock was turned. Delete it to start over.") from None
