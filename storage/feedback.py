"""Feedback: what participants think of a question, so that coordinators can mend it. Nobody can tell who said it: there
is a day and no time, and nothing leads back to a person or a conversation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from storage.schema import feedback

REASONS = ("not_good", "not_clear", "translation")


class Opinions(NamedTuple):
    """How often a question was found wanting for one reason. ``step`` is its key."""

    dialogue: str
    step: str
    reason: str
    language: str
    n: int


def add(conn: Connection, *, dialogue: str, step: str, version: int, language: str, reason: str, at: datetime) -> None:
    """Keep one opinion. ``step`` is the key of the question, ``version`` and ``language`` the words it was asked in. Of
    ``at`` only the day is kept, in UTC. Raises ValueError for an unknown reason."""
    if reason not in REASONS:
        raise ValueError(f"{reason!r} is none of {', '.join(REASONS)}")
    row = {"day": at.astimezone(UTC).date().isoformat(), "dialogue": dialogue, "step": step, "version": version}
    conn.execute(insert(feedback), {**row, "language": language, "reason": reason})


def opinions(conn: Connection, since: str = "", until: str = "9999-12-31") -> list[Opinions]:
    """How often each question was found wanting, for each reason and language, from the day ``since`` to before the day
    ``until`` (ISO)."""
    columns = feedback.c
    of = (columns.dialogue, columns.step, columns.reason, columns.language)
    asked = select(*of, func.count()).where(columns.day >= since, columns.day < until).group_by(*of).order_by(*of)
    return [Opinions(*row) for row in conn.execute(asked)]
