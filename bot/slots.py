"""Slots: at which times a specialist's digest may be mailed, and whose time has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.digest.day import IsHoliday, Rhythm, Window, mail_window, no_holiday
from storage import digests, hours, leave, sight
from storage.hours import Hours
from storage.leave import Leave
from storage.people import Staff

LATEST = timedelta(hours=4)
"""How long after the digest time a mail may still leave, when Medvind or the mail server was away. Later would be
outside the hours the specialist chose; the page has it all."""

GROUP = 100
"""Specialists in one group: a piece of background work."""

LOOKED_AT = 1000
"""Specialists in one look at the cards, so that none takes long."""


def due_digests(conn: Connection, now: datetime, is_holiday: IsHoliday) -> list[list[int]]:
    """Specialists who have news, whose digest time has come on a day on which they work, and whose mail of that day was
    not claimed yet: their ids, in groups. Nothing is decrypted, and cards are looked for only for those."""
    waiting: dict[date, dict[int, Hours]] = {}
    for kept, ids in hours.all_hours(conn).items():
        day = due_day(rhythm_of(kept, (), is_holiday), now)
        if day is not None:
            waiting.setdefault(day, {}).update(dict.fromkeys(ids, kept))
    found: list[int] = []
    for day, keeping in waiting.items():
        for staff_id in digests.claimed(conn, keeping, str(day)):
            del keeping[staff_id]
        for covered, ids in _windows(conn, day, keeping, now, is_holiday).items():
            for some in _parts(ids, LOOKED_AT):
                found += sight.with_news(conn, some, covered.since, covered.until)
    return _parts(sorted(found), GROUP)


def _parts(ids: list[int], size: int) -> list[list[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def _windows(
    conn: Connection, day: date, keeping: Mapping[int, Hours], now: datetime, is_holiday: IsHoliday
) -> dict[Window, list[int]]:
    """What the mails of ``day`` speak of, by those who share a window. Who is away is in none."""
    away = leave.leaves(conn, keeping)
    alike: dict[Rhythm, list[int]] = {}
    for staff_id, kept in keeping.items():
        alike.setdefault(rhythm_of(kept, away.get(staff_id, ()), is_holiday), []).append(staff_id)
    windows: dict[Window, list[int]] = {}
    for rhythm, ids in alike.items():
        if due_day(rhythm, now) == day:
            windows.setdefault(mail_window(rhythm, day), []).extend(ids)
    return windows


def rhythm_of(keeping: Staff | Hours, away: Iterable[Leave] = (), is_holiday: IsHoliday = no_holiday) -> Rhythm:
    """When somebody who keeps these hours gets a digest, with all ``storage.leave.leaves`` of theirs."""
    days = tuple((one.first_day, one.last_day) for one in away)
    return Rhythm(keeping.working_days, keeping.digest_at, keeping.time_zone, days, is_holiday)


def due_day(rhythm: Rhythm, now: datetime) -> date | None:
    """The day whose mail may leave at ``now``, or None: not a working day, too early, or too late."""
    today = rhythm.today(now)
    if not rhythm.works_on(today):
        return None
    return today if rhythm.moment(today) <= now <= rhythm.moment(today) + LATEST else None
