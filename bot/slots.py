"""Slots: at which times a specialist's digest may be mailed, and whose time has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from bot.digest.day import IsHoliday, Rhythm, Window, mail_window, no_holiday
from storage import agreements, digests, hours, leave, sight, snoozes
from storage.hours import Hours
from storage.leave import Leave
from storage.people import Staff

LATEST = timedelta(hours=4)
"""How long after the digest time a mail may still leave, when Medvind or the mail server was away, and never after the
end of work. Later would be outside the hours the specialist chose; the page has it all."""

GROUP = 100
"""Specialists in one group: a piece of background work."""

LOOKED_AT = 1000
"""Specialists in one look at the cards, so that none takes long."""


class Period(NamedTuple):
    """What the message of one day speaks of: what was shared in ``covered``, and agreements and snoozed requests whose
    day came after ``before`` and is ``day`` at the latest."""

    covered: Window
    before: date
    day: date


def period(rhythm: Rhythm, day: date) -> Period:
    """That of ``day``. It begins where the one of the working day before ended."""
    return Period(mail_window(rhythm, day), rhythm.working_day_before(day), day)


def with_something(conn: Connection, periods: Mapping[Period, list[int]]) -> set[int]:
    """Those of these specialists who have something new in their overview. A request that only waits is nothing new:
    nobody is told of it a second time, but for a specialist who put it off until this day."""
    found: set[int] = set()
    for one, ids in periods.items():
        for some in _parts(ids, LOOKED_AT):
            found |= sight.with_news(conn, some, one.covered.since, one.covered.until)
            found |= agreements.with_day(conn, some, one.before, one.day)
            found |= snoozes.with_day(conn, some, one.before, one.day)
    return found


def due_digests(conn: Connection, now: datetime, is_holiday: IsHoliday) -> list[list[int]]:
    """Specialists who have something new, whose digest time has come on a day on which they work, and whose message of
    that day was not claimed yet: their ids, in groups. Nothing is decrypted, and it is looked for only for those."""
    waiting: dict[date, dict[int, Hours]] = {}
    for kept, ids in hours.all_hours(conn).items():
        day = due_day(rhythm_of(kept, (), is_holiday), now)
        if day is not None:
            waiting.setdefault(day, {}).update(dict.fromkeys(ids, kept))
    found: list[int] = []
    for day, keeping in waiting.items():
        for staff_id in digests.claimed(conn, keeping, str(day)):
            del keeping[staff_id]
        found += with_something(conn, _periods(conn, day, keeping, now, is_holiday))
    return _parts(sorted(found), GROUP)


def _parts(ids: list[int], size: int) -> list[list[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def _periods(
    conn: Connection, day: date, keeping: Mapping[int, Hours], now: datetime, is_holiday: IsHoliday
) -> dict[Period, list[int]]:
    """What the messages of ``day`` speak of, by those who share a period. Who is away is in none."""
    away = leave.leaves(conn, keeping)
    alike: dict[Rhythm, list[int]] = {}
    for staff_id, kept in keeping.items():
        alike.setdefault(rhythm_of(kept, away.get(staff_id, ()), is_holiday), []).append(staff_id)
    periods: dict[Period, list[int]] = {}
    for rhythm, ids in alike.items():
        if due_day(rhythm, now) == day:
            periods.setdefault(period(rhythm, day), []).extend(ids)
    return periods


def rhythm_of(keeping: Staff | Hours, away: Iterable[Leave] = (), is_holiday: IsHoliday = no_holiday) -> Rhythm:
    """When somebody who keeps these hours gets a digest, with all ``storage.leave.leaves`` of theirs."""
    days = tuple((one.first_day, one.last_day) for one in away)
    return Rhythm(keeping.working_days, keeping.digest_at, keeping.time_zone, days, is_holiday, keeping.hours_to)


def due_day(rhythm: Rhythm, now: datetime) -> date | None:
    """The day whose mail may leave at ``now``, or None: not a working day, too early, or too late."""
    today = rhythm.today(now)
    if not rhythm.works_on(today):
        return None
    latest, end = rhythm.moment(today) + LATEST, rhythm.end(today)
    return today if rhythm.moment(today) <= now <= (min(latest, end) if end else latest) else None
