"""Snoozes: requests that a specialist wants to see again on a later day. Each is for that specialist's eyes alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, insert, select

from storage.among import among
from storage.replies import LineKey
from storage.schema import assignment, card, reply, snooze

_LINE = ("participant_id", "conversation", "step", "line")


def put(conn: Connection, line: LineKey, staff_id: int, until: date) -> None:
    """Show it to this specialist again on that day, a local date of theirs. A later wish replaces an earlier one."""
    remove(conn, line, staff_id)
    row = {**dict(zip(_LINE, line, strict=True)), "staff_id": staff_id, "until": until.isoformat()}
    conn.execute(insert(snooze), row)


def remove(conn: Connection, line: LineKey, staff_id: int) -> None:
    """Show it again at once. What was not put off stays as it is."""
    here = [snooze.c[name] == value for name, value in zip(_LINE, line, strict=True)]
    conn.execute(delete(snooze).where(and_(*here), snooze.c.staff_id == staff_id))


def forget(conn: Connection, participant_id: int, conversation: int, line: str) -> None:
    """What a person asked in a line of a conversation is taken back, whoever put it off."""
    its = and_(snooze.c.participant_id == participant_id, snooze.c.conversation == conversation, snooze.c.line == line)
    conn.execute(delete(snooze).where(its))


def of_staff(conn: Connection, staff_id: int, ids: Iterable[int]) -> dict[LineKey, date]:
    """The requests of these people that one specialist put off, and until when, which may have come."""
    rows = conn.execute(_MINE, {"ids": list(ids), "staff": staff_id}).all()
    return {(row.participant_id, row.conversation, row.step, row.line): date.fromisoformat(row.until) for row in rows}


def with_day(conn: Connection, readers: Iterable[int], after: date, until: date) -> set[int]:
    """Those of these specialists who wanted to see a request again on a day after ``after`` and no later than
    ``until``, of somebody who is assigned to them now, that is shared still and has no answer. Nothing is decrypted."""
    days = {"after": after.isoformat(), "until": until.isoformat()}
    return set(conn.scalars(_WITH_DAY, {"readers": list(readers), **days}))


def days_ahead(conn: Connection, after: date) -> list[date]:
    """The days after ``after`` on which anybody wants to see a request again."""
    return [date.fromisoformat(day) for day in conn.scalars(_DAYS_AHEAD, {"after": after.isoformat()})]


def _answered() -> ColumnElement[bool]:
    return exists().where(*(reply.c[name] == snooze.c[name] for name in _LINE))


_MINE = select(snooze).where(among(snooze.c.participant_id, "ids"), snooze.c.staff_id == bindparam("staff"))
_WITH_DAY = (
    select(snooze.c.staff_id)
    .join(
        assignment,
        and_(
            assignment.c.participant_id == snooze.c.participant_id,
            assignment.c.staff_id == snooze.c.staff_id,
            assignment.c.until.is_(None),
        ),
    )
    .join(card, and_(*(card.c[name] == snooze.c[name] for name in _LINE[:3])))
    .where(
        among(snooze.c.staff_id, "readers"),
        snooze.c.until > bindparam("after"),
        snooze.c.until <= bindparam("until"),
        ~_answered(),
    )
    .distinct()
)
_DAYS_AHEAD = (
    select(snooze.c.until).where(snooze.c.until > bindparam("after"), ~_answered()).distinct().order_by(snooze.c.until)
)
