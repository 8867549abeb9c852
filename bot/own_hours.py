"""Own hours: when a specialist works, gets the overview and answers: what a change of it means, and what is refused.

A page and a command change them, both through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from bot.digest.day import IsHoliday, Rhythm
from bot.slots import rhythm_of
from storage import audit, digests, hours, leave
from storage.hours import Answering, Hours
from storage.leave import Leave
from storage.people import Staff

MOST_OPEN = 99
"""The largest number of open requests that somebody can call enough."""


class Gap(NamedTuple):
    """What is shared between these instants comes in no message: it lies between the last one of the old hours and the
    first one of the new. It is on the page of ``page``."""

    start: datetime
    end: datetime
    page: date


class Covered(Exception):
    """Days of leave are local. In another zone they would be other hours than those of which people were told, so the
    zone stays while somebody reads on them."""


def keeps(staff: Staff) -> Hours:
    """The hours that somebody keeps."""
    return Hours(*(getattr(staff, name) for name in Hours._fields))


def answers(staff: Staff) -> Answering:
    """What they said of answering."""
    return Answering(staff.answers_within, staff.most_open)


def ends_after_it_begins(kept: Hours) -> bool:
    """Whether a day of work is one. Who has said nothing of it works all day."""
    return kept.hours_from is None or kept.hours_to is None or kept.hours_from < kept.hours_to


def is_at_work(kept: Hours) -> bool:
    """Whether the overview comes while somebody works."""
    return (kept.hours_from or "00:00") <= kept.digest_at < (kept.hours_to or "24:00")


def change(
    conn: Connection,
    staff: Staff,
    after: Hours,
    answering: Answering,
    *,
    actor: str,
    now: datetime,
    is_holiday: IsHoliday,
) -> Gap | None:
    """Keep these hours from now on, and answer so. Raises Covered, and nothing was changed."""
    before, own = keeps(staff), leave.leaves(conn, [staff.id]).get(staff.id, [])
    if after.time_zone != before.time_zone:
        if _is_covered(before, own, now):
            raise Covered
        leave.forget_covers(conn, staff.id)
    hours.set_hours(conn, staff.id, after, answering)
    details = {"staff": staff.id, **after._asdict(), **answering._asdict()}
    audit.record(conn, at=now, actor=actor, action="hours.changed", details=details)
    old, new = rhythm_of(before, own, is_holiday), rhythm_of(after, own, is_holiday)
    return _gap(old, new, now, had=_had(conn, staff.id, new.today(now)))


def next_overview(conn: Connection, staff: Staff, now: datetime, is_holiday: IsHoliday) -> datetime | None:
    """When the next message that the overview is ready can come; None when not for a very long time. There is one a
    day."""
    rhythm = rhythm_of(staff, leave.leaves(conn, [staff.id]).get(staff.id, ()), is_holiday)
    day = rhythm.next_after(now)
    if day is not None and day == rhythm.today(now) and _had(conn, staff.id, day):
        day = rhythm.working_day_after(day)
    return rhythm.moment(day) if day else None


def _is_covered(before: Hours, own: Sequence[Leave], now: datetime) -> bool:
    today = rhythm_of(before).today(now)
    return any(one.cover_id is not None and one.last_day >= today for one in own)


def _had(conn: Connection, staff_id: int, day: date) -> bool:
    """Whether the message of this day was made already."""
    return bool(digests.claimed(conn, [staff_id], str(day)))


def _gap(old: Rhythm, new: Rhythm, now: datetime, *, had: bool) -> Gap | None:
    day, today = old.today(now), new.today(now)
    ended = old.moment(day if old.works_on(day) and old.moment(day) <= now else old.working_day_before(day))
    is_still_to_come = not had and new.works_on(today) and new.moment(today) > now
    coming = today if is_still_to_come else new.working_day_after(today)
    page = new.working_day_before(coming or today)
    begins = new.moment(page)
    return None if coming is None or begins <= ended else Gap(ended, begins, page)
