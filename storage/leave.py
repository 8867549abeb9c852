"""Leave: when a specialist is away, and who reads meanwhile what their people share. Without a cover nobody does.

Participants are told at the beginning of a check-in who will read it. So a cover begins tomorrow at the earliest, and
who covers a day is never changed once that day has begun: what stands here of a day was so all through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, and_, bindparam, delete, select, update

from storage.among import among
from storage.bulk import insert_rows
from storage.schema import assignment, staff, staff_leave

_DAY = timedelta(days=1)


class Leave(NamedTuple):
    """Days on which somebody is away, the last one too: local dates of theirs. ``cover_id`` None: nobody reads."""

    staff_id: int
    first_day: date
    last_day: date
    cover_id: int | None = None

    def meets(self, first_day: date, last_day: date) -> bool:
        """Whether any day of it lies between these two, or is one of them."""
        return self.first_day <= last_day and first_day <= self.last_day


class Covering(NamedTuple):
    """One specialist reads for another, from an instant until just before another one."""

    reader: int
    absent: int
    start: datetime
    end: datetime

    def told(self, began: datetime, shared: datetime) -> bool:
        """Whether somebody who began a check-in and shared of it at these instants was told that ``reader`` will read
        it, and did both while that was so."""
        return self.start <= began <= shared < self.end


@dataclass(frozen=True, slots=True)
class Absence:
    """A participant's specialist is away today. ``last_day`` is the last of all the days on end, whoever covers them.

    ``cover`` is who reads what is begun today: a row with their ``id`` for ``people.staff_name``, or None for nobody.
    """

    staff_id: int
    last_day: date
    cover: Row[Any] | None


_absent, _cover = staff.alias("absent"), staff.alias("cover")
_COVERS = and_(_cover.c.id == staff_leave.c.cover_id, _cover.c.active, _cover.c.role == "specialist")
_KEPT = select(*(staff_leave.c[name] for name in Leave._fields)).order_by(
    staff_leave.c.staff_id, staff_leave.c.first_day
)
_OF = _KEPT.where(among(staff_leave.c.staff_id, "ids"))
_COMING = _KEPT.where(staff_leave.c.last_day >= bindparam("earliest"))
_COVERING = (
    select(*_KEPT.selected_columns, _absent.c.time_zone)
    .join(_absent, _absent.c.id == staff_leave.c.staff_id)
    .join(_cover, _COVERS)
    .where(among(staff_leave.c.cover_id, "ids"))
)
_AWAY = (
    select(assignment.c.participant_id, *_KEPT.selected_columns, _absent.c.time_zone)
    .add_columns(*(_cover.c[name] for name in ("id", "data_key", "sealed_name")))
    .join(staff_leave, staff_leave.c.staff_id == assignment.c.staff_id)
    .join(_absent, _absent.c.id == staff_leave.c.staff_id)
    .outerjoin(_cover, _COVERS)
    .where(
        among(assignment.c.participant_id, "ids"),
        assignment.c.until.is_(None),
        staff_leave.c.last_day >= bindparam("earliest"),
    )
    .order_by(assignment.c.participant_id, staff_leave.c.first_day)
)


# Reading --------------------------------------------------------------------------------------------------------------


def leaves(conn: Connection, ids: Iterable[int]) -> dict[int, list[Leave]]:
    """All leave that these people ever had or will have, in order. Who has none is left out."""
    found: dict[int, list[Leave]] = {}
    for row in conn.execute(_OF, {"ids": list(ids)}).all():
        found.setdefault(row.staff_id, []).append(_leave(row))
    return found


def coming(conn: Connection, earliest: date) -> list[Leave]:
    """Everybody's leave that is not over before this day, in order of staff and day."""
    return [_leave(row) for row in conn.execute(_COMING, {"earliest": earliest.isoformat()}).all()]


def covering(conn: Connection, readers: Iterable[int]) -> list[Covering]:
    """For whom these specialists read, read or will read, and when. Who has left reads for nobody."""
    rows: Sequence[Any] = conn.execute(_COVERING, {"ids": list(readers)}).all()
    return [covering_of(_leave(row), row.cover_id, row.time_zone) for row in rows]


def covering_of(one: Leave, reader: int, time_zone: str) -> Covering:
    """That somebody reads on the days of a leave, which are local to a time zone."""
    start, end = _midnight(one.first_day, time_zone), _midnight(one.last_day + _DAY, time_zone)
    return Covering(reader, one.staff_id, start, end)


def cover_now(conn: Connection, participant_ids: Iterable[int], now: datetime) -> dict[int, Absence]:
    """For each of these participants whose specialist is away: until when, and who reads meanwhile. One statement."""
    earliest = (now.astimezone(UTC) - _DAY).date().isoformat()
    rows = conn.execute(_AWAY, {"ids": list(participant_ids), "earliest": earliest}).all()
    found = {}
    for participant_id, theirs in groupby(rows, key=lambda row: row.participant_id):
        absence = _absence(list(theirs), now)
        if absence is not None:
            found[participant_id] = absence
    return found


def _absence(rows: Sequence[Row[Any]], now: datetime) -> Absence | None:
    today = now.astimezone(ZoneInfo(rows[0].time_zone)).date()
    at = next((place for place, row in enumerate(rows) if _leave(row).meets(today, today)), None)
    if at is None:
        return None
    last_day = _leave(rows[at]).last_day
    for row in rows[at + 1 :]:
        if _leave(row).first_day == last_day + _DAY:
            last_day = _leave(row).last_day
    return Absence(rows[at].staff_id, last_day, rows[at] if rows[at].id is not None else None)


# Changing -------------------------------------------------------------------------------------------------------------


def put(conn: Connection, leave: Leave, today: date) -> list[Leave]:
    """Be away on these days, in place of what was said of them before. All leave of theirs, as it is now.

    ``today`` is the date where they are. A cover of today is not changed by it: see above. Raises ValueError for days
    in the past or the wrong way round, and KeyError.
    """
    if not today <= leave.first_day <= leave.last_day:
        raise ValueError("leave begins today or later, and does not end before it begins")
    kept = _locked(conn, leave.staff_id)
    parts = [*_without(kept, leave.first_day, leave.last_day)]
    if leave.first_day == today:
        cover_of_today = next((one.cover_id for one in kept if one.meets(today, today)), None)
        parts.append(Leave(leave.staff_id, today, today, cover_of_today))
        leave = leave._replace(first_day=today + _DAY)
    return _write(conn, leave.staff_id, [*parts, leave])


def end(conn: Connection, staff_id: int, first_day: date) -> list[Leave]:
    """Be back on this day: no leave from then on. All leave of theirs, as it is now. Raises KeyError."""
    return _write(conn, staff_id, _without(_locked(conn, staff_id), first_day, date.max - _DAY))


def forget_covers(conn: Connection, staff_id: int) -> None:
    """Nobody has read for this specialist: whoever did no longer sees what was shared then."""
    conn.execute(update(staff_leave).where(staff_leave.c.staff_id == staff_id).values(cover_id=None))


def _without(kept: Sequence[Leave], first_day: date, last_day: date) -> list[Leave]:
    """What remains of leave when these days are taken out of it. A part may be empty: it ends before it begins."""
    before = (one._replace(last_day=min(one.last_day, first_day - _DAY)) for one in kept)
    after = (one._replace(first_day=max(one.first_day, last_day + _DAY)) for one in kept)
    return [*before, *after]


def _write(conn: Connection, staff_id: int, parts: Sequence[Leave]) -> list[Leave]:
    """Days on end with the same cover are one leave, however it was made up."""
    whole: list[Leave] = []
    for part in sorted((one for one in parts if one.first_day <= one.last_day), key=lambda one: one.first_day):
        if whole and (whole[-1].last_day + _DAY, whole[-1].cover_id) == (part.first_day, part.cover_id):
            whole[-1] = whole[-1]._replace(last_day=part.last_day)
        else:
            whole.append(part)
    conn.execute(delete(staff_leave).where(staff_leave.c.staff_id == staff_id))
    rows = [(staff_id, one.first_day.isoformat(), one.last_day.isoformat(), one.cover_id) for one in whole]
    insert_rows(conn, staff_leave, Leave._fields, rows)
    return whole


def _locked(conn: Connection, staff_id: int) -> list[Leave]:
    """The leave of somebody, which nobody else changes until the transaction ends. Raises KeyError."""
    if conn.scalar(select(staff.c.id).where(staff.c.id == staff_id).with_for_update()) is None:
        raise KeyError(f"staff:{staff_id}")
    return leaves(conn, [staff_id]).get(staff_id, [])


def _leave(row: Row[Any]) -> Leave:
    return Leave(row.staff_id, date.fromisoformat(row.first_day), date.fromisoformat(row.last_day), row.cover_id)


def _midnight(day: date, time_zone: str) -> datetime:
    """The instant at which a day begins somewhere."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
