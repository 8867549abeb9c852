"""Feedback: opinions about questions are counted, and nothing in the table could tell whose they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select

from storage import feedback, schema
from storage.database import Database
from storage.feedback import Opinions

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def hard(conn: Connection, reason: str, language: str = "en", at: datetime = NOON) -> None:
    feedback.add(
        conn, dialogue="weekly_checkin", step="weekly_checkin/hard", version=3, language=language, reason=reason, at=at
    )


async def test_opinions_are_counted_by_question_reason_and_language(database: Database) -> None:
    def add(conn: Connection) -> None:
        hard(conn, "not_clear")
        hard(conn, "not_clear")
        hard(conn, "translation", "ar")

    await database.write(add)
    assert await database.read(feedback.opinions) == [
        Opinions("weekly_checkin", "weekly_checkin/hard", "not_clear", "en", 2),
        Opinions("weekly_checkin", "weekly_checkin/hard", "translation", "ar", 1),
    ]


async def test_a_month_can_be_looked_at_alone(database: Database) -> None:
    def add(conn: Connection) -> None:
        for day in (datetime(2026, 2, 28, 23, 59, tzinfo=UTC), NOON, datetime(2026, 4, 1, tzinfo=UTC)):
            hard(conn, "not_good", at=day)

    await database.write(add)
    found = await database.read(lambda conn: feedback.opinions(conn, "2026-03-01", "2026-04-01"))
    assert [one.n for one in found] == [1]


async def test_an_unknown_reason_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="silly"):
        await database.write(lambda conn: hard(conn, "silly"))
    assert await database.read(feedback.opinions) == []


async def test_nothing_could_tell_who_said_it(database: Database) -> None:
    await database.write(lambda conn: hard(conn, "not_good"))
    row = await database.read(lambda conn: conn.execute(select(schema.feedback)).one())
    assert set(row._fields) == {"id", "day", "dialogue", "step", "version", "language", "reason"}
    assert row.day == "2026-03-02"
