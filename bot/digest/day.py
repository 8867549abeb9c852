"""Day: which shared cards belong to a specialist's digest of one day.

A digest comes once on each working day, at the specialist's own time. The digest of a day holds what was shared
after the digest time of the working day before it; what is shared later waits for the next working day. Holidays and
leave are no working days, so the first digest afterwards holds all that was shared meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

IsHoliday = Callable[[date], bool]
"""Whether a day is a public holiday where the service is."""

LONGEST_AWAY = 800
"""How many days back the working day before is looked for: more than two years of leave."""

_DAY = timedelta(days=1)


def no_holiday(day: date) -> bool:
    """Every day is like the others."""
    return False


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When one specialist gets a digest: ISO weekdays such as ``"12345"``, a local ``HH:MM`` and a time zone.

    ``leave`` are first and last days, local dates, on which and between which they are away. ``ends_at`` is the local
    ``HH:MM`` at which work ends, None where nobody has said.
    """

    working_days: str
    digest_at: str
    time_zone: str
    leave: tuple[tuple[date, date], ...] = ()
    is_holiday: IsHoliday = no_holiday
    ends_at: str | None = None

    def today(self, now: datetime) -> date:
        """The specialist's own date at ``now``."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def works_on(self, day: date) -> bool:
        """Whether a digest may be delivered on ``day``."""
        if str(day.isoweekday()) not in self.working_days:
            return False
        return not any(first <= day <= last for first, last in self.leave) and not self.is_holiday(day)

    def moment(self, day: date) -> datetime:
        """The instant of the digest on ``day``. An hour that occurs twice when clocks go back means the first."""
        return self._instant(day, self.digest_at)

    def end(self, day: date) -> datetime | None:
        """The instant at which work ends on ``day``; None where nobody has said."""
        return self._instant(day, self.ends_at) if self.ends_at else None

    def next_after(self, now: datetime) -> date | None:
        """The day whose digest is still to come; None when there is none for a very long time."""
        today = self.today(now)
        return today if self.works_on(today) and now <= self.moment(today) else self.working_day_after(today)

    def working_day_before(self, day: date) -> date:
        """The last working day before ``day``; the same weekday a week earlier for somebody who never works."""
        if not self.working_days:
            return day - 7 * _DAY
        earlier = (day - back * _DAY for back in range(1, LONGEST_AWAY))
        return next((candidate for candidate in earlier if self.works_on(candidate)), day - LONGEST_AWAY * _DAY)

    def working_day_after(self, day: date) -> date | None:
        """The next working day after ``day``; None when there is none for a very long time."""
        later = (day + ahead * _DAY for ahead in range(1, LONGEST_AWAY))
        return next((candidate for candidate in later if self.works_on(candidate)), None)

    def _instant(self, day: date, at: str) -> datetime:
        hour, minute = at.split(":")
        local = datetime.combine(day, time(int(hour), int(minute)), tzinfo=ZoneInfo(self.time_zone))
        return local.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """What one digest covers: shared after ``since``, up to and with ``until``."""

    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether something shared at this instant belongs to the digest."""
        return self.since < at <= self.until


def window(rhythm: Rhythm, day: date, now: datetime) -> Window:
    """The digest of ``day`` as it reads at ``now``: today's grows until now, an earlier one ended at its own time."""
    since = rhythm.moment(rhythm.working_day_before(day))
    return Window(since, now if day >= rhythm.today(now) else max(since, rhythm.moment(day)))


def mail_window(rhythm: Rhythm, day: date) -> Window:
    """What the mail of ``day`` may speak of: nothing that came after the digest time, however late it is sent."""
    return Window(rhythm.moment(rhythm.working_day_before(day)), rhythm.moment(day))
