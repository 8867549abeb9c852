"""Month: a calendar month, by UTC so that nobody's settings move what belongs to it. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple


class Month(NamedTuple):
    """``str(month)`` is as it is kept and as it stands in an address: 2026-03."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> Month:
        """The month in which a moment lies."""
        there = moment.astimezone(UTC)
        return cls(there.year, there.month)

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime(self.year + self.number // 12, self.number % 12 + 1, 1, tzinfo=UTC)

    def before(self, months: int = 1) -> Month:
        """So many months earlier."""
        whole = self.year * 12 + self.number - 1 - months
        return Month(whole // 12, whole % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


def closed(now: datetime, months: int) -> list[Month]:
    """The last months that are over, newest first. The one that goes on is never among them."""
    return [Month.of(now).before(n) for n in range(1, months + 1)]
