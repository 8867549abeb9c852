"""Staff notices: what members of staff have to hear at once, stored with the act that it is about, and sent afterwards.

A notice may leave twice after a crash, and is never lost. It holds numbers of staff and times, and nothing of anybody
else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from storage.among import among
from storage.schema import staff, staff_notice

QUEUED, SENT, GIVEN_UP = "queued", "sent", "given_up"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice for one member of staff. ``attempts`` counts this one."""

    id: int
    staff_id: int
    kind: str
    details: Mapping[str, Any]
    created_at: datetime
    attempts: int


def put(conn: Connection, staff_ids: Iterable[int], kind: str, details: Mapping[str, Any], now: datetime) -> None:
    """Let these members of staff hear of it."""
    rows = [
        {
            "staff_id": staff_id,
            "kind": kind,
            "details": dict(details),
            "state": QUEUED,
            "created_at": now,
            "not_before": now,
            "attempts": 0,
        }
        for staff_id in staff_ids
    ]
    if rows:
        conn.execute(insert(staff_notice), rows)


def due(conn: Connection, now: datetime) -> list[int]:
    """The ids of those that may leave now, the oldest first."""
    waits = (staff_notice.c.state == QUEUED, staff_notice.c.not_before <= now)
    return list(conn.scalars(select(staff_notice.c.id).where(*waits).order_by(staff_notice.c.id)))


def claim(conn: Connection, ids: Iterable[int], now: datetime, until: datetime, stale: datetime) -> list[Notice]:
    """Those of them that are still due. Nobody else sends them before ``until``. What is from before ``stale``, or for
    somebody who has left meanwhile, is given up."""
    gone = select(staff.c.id).where(~staff.c.active)
    waits = (among(staff_notice.c.id, "ids"), staff_notice.c.state == QUEUED, staff_notice.c.not_before <= now)
    given = {"ids": list(ids)}
    late = or_(staff_notice.c.staff_id.in_(gone), staff_notice.c.created_at < stale)
    conn.execute(update(staff_notice).where(*waits, late).values(state=GIVEN_UP), given)
    mine = (
        update(staff_notice)
        .where(*waits)
        .values(not_before=until, attempts=staff_notice.c.attempts + 1)
        .returning(*(staff_notice.c[name] for name in Notice.__slots__))
    )
    rows = conn.execute(mine, given).all()
    return sorted((Notice(*row) for row in rows), key=lambda one: one.id)


def sent(conn: Connection, notice_id: int, now: datetime) -> None:
    """It was taken."""
    _set(conn, notice_id, {"state": SENT, "sent_at": now})


def later(conn: Connection, notice_id: int, at: datetime) -> None:
    """It surely did not leave, and may be tried again from then on."""
    _set(conn, notice_id, {"not_before": at})


def give_up(conn: Connection, notice_id: int) -> None:
    """Nobody takes it."""
    _set(conn, notice_id, {"state": GIVEN_UP})


def forget(conn: Connection, before: datetime) -> None:
    """Delete those from before then that wait for nothing any more."""
    over = (staff_notice.c.state != QUEUED, staff_notice.c.created_at < before)
    conn.execute(delete(staff_notice).where(*over))


def _set(conn: Connection, notice_id: int, values: dict[str, Any]) -> None:
    conn.execute(update(staff_notice).where(staff_notice.c.id == notice_id).values(values))
