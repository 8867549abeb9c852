"""Clocks: the time of the machines, which can be turned forward and back while they run."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


class TurnedClock:
    """The real time, moved by as many seconds as each of some files says. A file that is not there moves nothing."""

    def __init__(self, *files: Path) -> None:
        self._files = files

    def now(self) -> datetime:
        """What it shows."""
        return datetime.now(UTC) + sum(map(_read, self._files), timedelta(0))


def turn(file: Path, by: timedelta) -> None:
    """Move every clock that goes by this file, all at once: forward, or back."""
    half = file.with_suffix(".half")
    half.write_text(str((_read(file) + by).total_seconds()), encoding="ascii")
    os.replace(half, file)


def _read(file: Path) -> timedelta:
    return timedelta(seconds=float(file.read_text(encoding="ascii"))) if file.exists() else timedelta(0)
