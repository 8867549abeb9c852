"""Contact log: the days on which specialists were in contact with people, as they note it themselves. That there was
contact, and nothing about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, select

from storage.among import among
from storage.dialects import insert_new
from storage.schema import contact_log


def add(conn: Connection, participant_id: int, staff_id: int, day: date) -> bool:
    """Whether this day was not noted before. ``day`` is the specialist's local date."""
    row = {"participant_id": participant_id, "staff_id": staff_id, "day": day.isoformat()}
    stored = insert_new(conn, contact_log).returning(contact_log.c.day)
    return conn.execute(stored, row).first() is not None


def remove(conn: Connection, participant_id: int, staff_id: int, day: date) -> bool:
    """Whether there was such a note. It was a mistake, and is gone."""
    noted = and_(_of(participant_id, staff_id), contact_log.c.day == day.isoformat())
    return bool(conn.execute(delete(contact_log).where(noted)).rowcount)


def days(conn: Connection, participant_id: int, staff_id: int) -> list[date]:
    """What one specialist noted about one person, newest first."""
    asked = select(contact_log.c.day).where(_of(participant_id, staff_id)).order_by(contact_log.c.day.desc())
    return [date.fromisoformat(day) for day in conn.scalars(asked)]


def latest(conn: Connection, staff_id: int, ids: Iterable[int]) -> dict[int, date]:
    """The last day that a specialist noted, for each of these people of whom there is one."""
    rows = conn.execute(_LATEST, {"ids": list(ids), "staff": staff_id}).all()
    return {row.participant_id: date.fromisoformat(row.day) for row in rows}


_LATEST = (
    select(contact_log.c.participant_id, func.max(contact_log.c.day).label("day"))
    .where(among(contact_log.c.participant_id, "ids"), contact_log.c.staff_id == bindparam("staff"))
    .group_by(contact_log.c.participant_id)
)


def _of(participant_id: int, staff_id: int) -> ColumnElement[bool]:
    return and_(contact_log.c.participant_id == participant_id, contact_log.c.staff_id == staff_id)
