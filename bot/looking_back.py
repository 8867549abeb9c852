"""Looking back: the last four weeks of somebody's answers, week by week, and the same in words. No answer is compared
with another, nothing is averaged or counted, and a week without answers is not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.past_answers import PastAnswer
from bot.pictures.twin import twin
from bot.pictures.worded import Reader, month_picture
from dialogues import meanings

WEEKS = 4
TAGS = (meanings.MONTH_WEEK, meanings.MONTH_SURE, meanings.MONTH_HARD, meanings.MONTH_GOOD)
"""What a month shows of a week, in this order."""

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Week:
    """One week that has answers. ``monday`` is its first day; the answers are in the order of ``TAGS``."""

    monday: date
    answers: tuple[PastAnswer, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks that have answers, oldest first: at most four."""

    weeks: tuple[Week, ...]


def since(now: datetime) -> datetime:
    """From when on conversations can begin that a month may show, in whatever zone: some days too many do no harm."""
    return now - (WEEKS + 2) * _WEEK


def month_of(answers: Iterable[PastAnswer], now: datetime, zone: str) -> Month:
    """The last four weeks: those up to this one, or, as long as this one has no answers, up to the last one.

    Of a question that was answered twice in a week the later answer stands. ``answers`` are in the order of
    ``bot.past_answers``; ``zone`` says on which day of the calendar something was answered.
    """
    weeks: dict[date, dict[tuple[str, str], PastAnswer]] = {}
    for one in answers:
        if any(one.has(tag) for tag in TAGS):
            weeks.setdefault(_monday(one.at, zone), {})[one.name, one.group] = one
    this = _monday(now, zone)
    last = this if this in weeks else this - _WEEK
    shown = sorted(monday for monday in weeks if last - WEEKS * _WEEK < monday <= last)
    return Month(tuple(Week(monday, _in_order(weeks[monday].values())) for monday in shown))


def month_text(month: Month, reader: Reader) -> str:
    """A month in words, one line a week: what stands where a script says ``{month}``."""
    picture = month_picture(month, reader)
    return "\n".join(twin(picture)) if picture else reader.wording("month_empty")


def _monday(at: datetime, zone: str) -> date:
    day = at.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def _in_order(answers: Iterable[PastAnswer]) -> tuple[PastAnswer, ...]:
    """By tag, and within one as they were given."""
    return tuple(sorted(answers, key=lambda one: next(n for n, tag in enumerate(TAGS) if one.has(tag))))
