"""Change: the one rule by which a digest may say that answers to a question have changed.

People vary. Saying "changed" whenever this week differs from last week would be untrue about one time in three. The
rule here asks for two answers in a row that both lie beyond every earlier answer of the last eight weeks, and says
nothing below six answers; then the sentence is untrue two to five times in a hundred (docs/digest.md has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

LOOK_BACK = timedelta(weeks=8)
FEWEST = 6


@dataclass(frozen=True, slots=True)
class Point:
    """One shared answer to an ordered question: its place in the order, and when it was shared."""

    at: datetime
    rank: float


@dataclass(frozen=True, slots=True)
class Change:
    """The last two answers lie on one side of all the ``before`` answers that came earlier."""

    direction: Literal["lower", "higher"]
    before: int


def strict_change(points: Sequence[Point]) -> Change | None:
    """What may be said about answers to one question, in any order of time. None: say nothing.

    The eight weeks end with the latest answer, so an old card reads the same whenever it is opened.
    """
    recent = _recent(points)
    if len(recent) < FEWEST:
        return None
    *before, last_but_one, last = (point.rank for point in recent)
    if max(last, last_but_one) < min(before):
        return Change("lower", len(before))
    if min(last, last_but_one) > max(before):
        return Change("higher", len(before))
    return None


def _recent(points: Sequence[Point]) -> list[Point]:
    ordered = sorted(points, key=lambda point: point.at)
    return [point for point in ordered if point.at > ordered[-1].at - LOOK_BACK]
