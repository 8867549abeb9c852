"""The parts of a turn that need no database, alone on one core."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from benchmarks.checkin import REPLIES, given, script
from dialogues.engine import play, start
from dialogues.session import Session

ROUNDS = 5


def seconds_each(work: Callable[[], object], pieces: int, *, least: float = 0.3) -> float:
    """Processor seconds for one of the ``pieces`` that ``work`` does; the median of five rounds."""
    work()
    return statistics.median(_round(work, pieces, least) for _ in range(ROUNDS))


def engine_step() -> float:
    """Seconds for one step of the dialogue, from the session as JSON to the next session as JSON."""
    begun = start(script())[0].to_json()

    def checkin() -> None:
        text = begun
        for reply in REPLIES:
            session = Session.from_json(text)
            session, _ = play(script(), session, given(reply, session))
            text = session.to_json()

    return seconds_each(checkin, len(REPLIES))


def _round(work: Callable[[], object], pieces: int, least: float) -> float:
    began, times = time.process_time(), 0
    while (took := time.process_time() - began) < least:
        work()
        times += 1
    return took / times / pieces
