"""Help lines: the numbers of a programme: whom people can call, when, in which languages, and who called it last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.programme import words
from bot.section import Section

FRESH = timedelta(days=180)
"""How long a help line counts as checked."""

FEWEST_LINES = 2
"""Lines are often busy, so there is always a next one to try."""

ABOUT = ("talk", "doctor", "violence", "work")
COSTS = ("free", "normal", "extra")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_HOURS = re.compile(r"(?P<first>\w{3})(?:-(?P<last>\w{3}))? (?P<start>\d{1,2}:\d\d)-(?P<end>\d{1,2}:\d\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d|24:00")


@dataclass(frozen=True, slots=True)
class Hours:
    """When a line is open, each week. ``days`` are ISO weekdays; start and end are ``HH:MM``, local time."""

    days: tuple[int, ...]
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Somebody to call. ``hours`` is None for a line that is always open; ``checked`` is the day somebody called it."""

    name: str
    about: str
    call: str
    text: str
    chat: str
    hours: Hours | None
    languages: tuple[str, ...]
    interpreter: bool
    cost: str
    checked: date | None

    def is_fresh(self, today: date) -> bool:
        """Whether somebody called it in the last 180 days."""
        return self.checked is not None and today - self.checked <= FRESH


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything below ``help``. ``police`` is empty where one number serves for both."""

    ambulance: str
    police: str
    lines: tuple[HelpLine, ...]


def read_numbers(section: Section | None, today: date) -> Numbers:
    """The numbers for danger, and the lines, those that are there for one place only at the end."""
    if section is None:
        return Numbers("", "", ())
    ambulance = section.parsed("ambulance", words.number, "")
    police = section.parsed("police", words.number, "", needed=False)
    lines = tuple(_line(each, today) for each in section.sections("lines"))
    if len(lines) < FEWEST_LINES:
        section.wrong(f'"lines" needs at least {FEWEST_LINES} help lines: when one does not answer, there is a next.')
    local = tuple(_line(each, today) for each in section.sections("local"))
    section.close()
    return Numbers(ambulance, police, (*lines, *local))


def _line(section: Section, today: date) -> HelpLine:
    checked = words.day_until(today, "Call the number, and write the day you did.")
    line = HelpLine(
        name=section.text("name"),
        about=section.one_of("about", ABOUT),
        call=section.parsed("call", words.number, ""),
        text=section.parsed("text", words.number, "", needed=False),
        chat=section.parsed("chat", words.address, "", needed=False),
        hours=section.parsed("hours", _hours, None),
        languages=section.parsed_list("languages", words.language),
        interpreter=section.yes("interpreter"),
        cost=section.one_of("cost", COSTS),
        checked=section.parsed("checked on", checked, None, needed=False),
    )
    if not line.languages:
        section.wrong('"languages" needs the languages that are spoken there, like [nb, en].')
    section.close()
    return line


def _hours(text: str) -> Hours | None:
    """``always``, or days and times. Raises ValueError for anything else."""
    if text == "always":
        return None
    found = _HOURS.fullmatch(text)
    if not found or not all(_CLOCK.fullmatch(found[name]) for name in ("start", "end")):
        raise ValueError(f'"{text}" cannot be read. Write "always", or like "Mon-Fri 08:00-15:30".')
    first, last = found["first"], found["last"] or found["first"]
    if first not in DAYS or last not in DAYS:
        raise ValueError(f"days are called {', '.join(DAYS)}.")
    start, end = DAYS.index(first), DAYS.index(last)
    days = range(start, end + 1) if start <= end else (*range(start, 7), *range(end + 1))
    return Hours(tuple(day + 1 for day in days), found["start"].zfill(5), found["end"].zfill(5))
