"""Moments: local days and times of day as instants, in every time zone and over every change of its clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> tzinfo:
    """The time zone of a name; UTC for one that is not known."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


@lru_cache(maxsize=256)
def minute_of(at: str) -> int:
    """The minute of the day of an ``HH:MM``. Raises ValueError."""
    read = time.fromisoformat(at)
    return read.hour * 60 + read.minute


def local_moment(day: date, at: str, zone: str) -> datetime:
    """The instant, in UTC, at which clocks in ``zone`` show ``at`` on ``day``.

    A time that occurs twice means the first; one that is left out means the next that is not, even where that is on
    another day. Raises ValueError for a time that is none.
    """
    return moment(day, minute_of(at), zone)


@lru_cache(maxsize=16_384)
def moment(day: date, minute: int, zone: str) -> datetime:
    """``local_moment`` for a minute of the day, from 0 to 1440."""
    there = zone_of(zone)
    local = datetime.combine(day, time()) + minute * MINUTE
    while True:
        instant = local.replace(tzinfo=there).astimezone(UTC)
        if instant.astimezone(there).replace(tzinfo=None) == local:
            return instant
        local += MINUTE  # Clocks went forward over it.


def local(at: datetime, zone: str) -> datetime:
    """What a clock in ``zone`` shows at an instant."""
    return at.astimezone(zone_of(zone))
