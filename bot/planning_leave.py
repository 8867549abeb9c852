"""Planning leave: when a specialist is away, and who reads meanwhile. What the command line and the pages share.

Every function takes an open transaction. ``by`` is "staff:7" or "command line".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from bot.digest.day import LONGEST_AWAY
from bot.slots import rhythm_of
from storage import audit, leave
from storage.leave import Leave
from storage.people import Staff

DAY = timedelta(days=1)


class NotPlanned(ValueError):
    """What cannot be planned. ``reason`` is "backwards", "past", "long", "self" (their own cover), "away" (the cover
    is on leave too: ``other``) or "reads" (they read for somebody then: ``other``)."""

    def __init__(self, reason: str, other: Leave | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.other = other


class Ended(NamedTuple):
    """What became of somebody's leave: all of it that remains, whether any ended, and from which day on."""

    remains: Sequence[Leave]
    had: bool
    back: date


Specialist = Callable[[int], Staff]
"""Finds a specialist who is here, or raises what the caller wants to say."""


def plan(
    conn: Connection, staff: Staff, asked: Leave, specialist: Specialist, by: str, now: datetime
) -> tuple[Staff | None, list[Leave]]:
    """Be away. Who reads meanwhile, and all leave as it is now. Raises NotPlanned, and what ``specialist`` raises."""
    today = rhythm_of(staff).today(now)
    if asked.last_day < asked.first_day:
        raise NotPlanned("backwards")
    if asked.first_day < today:
        raise NotPlanned("past")
    if (asked.last_day - asked.first_day).days >= LONGEST_AWAY // 2:
        raise NotPlanned("long")
    from_tomorrow = (max(asked.first_day, today + DAY), asked.last_day)
    cover = None if asked.cover_id is None else _cover(conn, staff, asked.cover_id, from_tomorrow, specialist)
    for other in leave.coming(conn, today):
        if other.cover_id == staff.id and other.meets(*from_tomorrow):
            raise NotPlanned("reads", other)
    planned = leave.put(conn, asked, today)
    details = {"staff": staff.id, "first": str(asked.first_day), "last": str(asked.last_day), "cover": asked.cover_id}
    audit.record(conn, at=now, actor=by, action="leave.planned", details=details)
    return cover, planned


def end(conn: Connection, staff: Staff, by: str, now: datetime) -> Ended:
    """Be back. Whoever comes back before the digest time gets a digest today. Later, leave lasts until midnight, so
    that the digest of tomorrow is the first and leaves nothing out."""
    rhythm = rhythm_of(staff)
    today = rhythm.today(now)
    back = today if now < rhythm.moment(today) else today + DAY
    had = any(one.last_day >= back for one in leave.leaves(conn, [staff.id]).get(staff.id, ()))
    remains = leave.end(conn, staff.id, back)
    if had:
        details = {"staff": staff.id, "back": str(back)}
        audit.record(conn, at=now, actor=by, action="leave.ended", details=details)
    return Ended(remains, had, back)


def _cover(conn: Connection, staff: Staff, number: int, days: tuple[date, date], specialist: Specialist) -> Staff:
    if number == staff.id:
        raise NotPlanned("self")
    cover = specialist(number)
    for own in leave.leaves(conn, [number]).get(number, ()):
        if own.meets(*days):
            raise NotPlanned("away", own)
    return cover
