"""Programme: what one deployment decides: its name, languages, help lines, and which dialogues it holds.

It is read from a ``programme.yaml``. Without a number for danger and two checked help lines there is no programme: a
person who needs help has to find it, in their language, before anybody asks them a question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale

from bot.catalogs.language import language
from bot.section import Mistakes, Section, read_yaml

FRESH = timedelta(days=180)
"""How long a help line counts as checked."""

FEWEST_LINES = 2
"""Lines are often busy, so there is always a next one to try."""

ABOUT = ("talk", "doctor", "violence", "work")
COSTS = ("free", "normal", "extra")
READS = ("on working days", "twice a week", "once a week")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_LONGEST_FILE = 64 * 1024
_NUMBER = re.compile(r"\+?\d[\d ]{1,18}\d")
_HOURS = re.compile(r"(?P<first>\w{3})(?:-(?P<last>\w{3}))? (?P<start>\d{1,2}:\d\d)-(?P<end>\d{1,2}:\d\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d|24:00")
_DIALOGUE = re.compile(r"[a-z][a-z0-9_]{0,63}")


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


@dataclass(frozen=True, slots=True)
class Programme:
    """A deployment as its operator wrote it, complete and checked."""

    service: str
    """What participants see as its name. Neutral: others may see the phone."""
    country: str
    languages: tuple[str, ...]
    """Those that may be offered, in this order, when they are complete."""
    host_language: str
    """What people around speak: a sentence in it can be shown to someone near."""
    time_zone: str
    ambulance: str
    police: str
    """Empty where one number serves for both."""
    lines: tuple[HelpLine, ...]
    reads: str
    """How often what is shared is read: one of ``READS``."""
    machine_drafts: bool
    """Whether texts that a machine drafted may be shown, marked as such."""
    first: str
    check_in: str
    later: tuple[str, ...]
    """Dialogues asked one at a time after the first check-in."""
    time: str
    """The dialogue in which people choose when check-ins come; empty: they do not."""
    too_much: str
    """The dialogue that offers something less after two check-ins that were left alone; empty: none."""
    example: bool
    """Not for real people: shown as an example everywhere, and help lines may be unchecked."""

    @property
    def dialogues(self) -> tuple[str, ...]:
        """Every dialogue that it names, in the order of asking."""
        return tuple(filter(None, dict.fromkeys((self.first, self.check_in, *self.later, self.time, self.too_much))))


class ProgrammeRefused(Exception):
    """The programme cannot be used as it is written. ``mistakes`` are all that were found, each with its line."""

    def __init__(self, file: str, mistakes: Mistakes) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(f"{file}:{line}  {message}" for line, message in self.mistakes))


def load_programme(path: Path, today: date) -> Programme:
    """The programme of a file. Raises ProgrammeRefused, also when the file is not there."""
    try:
        text = path.read_bytes()[: _LONGEST_FILE + 1].decode("utf-8")
    except FileNotFoundError:
        raise ProgrammeRefused(str(path), [(1, "This file is not there.")]) from None
    except (OSError, UnicodeDecodeError):
        raise ProgrammeRefused(str(path), [(1, "This cannot be read. Is it a plain text file in UTF-8?")]) from None
    return read_programme(text, today, str(path))


def read_programme(text: str, today: date, file: str = "programme.yaml") -> Programme:
    """The programme of a text. Raises ProgrammeRefused with every mistake at once."""
    mistakes: Mistakes = []
    if len(text) > _LONGEST_FILE:
        raise ProgrammeRefused(file, [(1, "This file is too long to be a programme.")])
    top = read_yaml(text, mistakes)
    programme = _programme(top, today) if top else None
    if mistakes or programme is None:
        raise ProgrammeRefused(file, mistakes)
    return programme


def _programme(top: Section, today: date) -> Programme:
    example = top.yes("example")
    ambulance, police, lines = _help(top.section("help"), None if example else today)
    languages = top.parsed_list("languages", _language)
    if not languages:
        top.wrong('"languages" needs at least one language, like [en, nb].')
    programme = Programme(
        service=top.text("service"),
        country=top.parsed("country", _country, ""),
        languages=languages,
        host_language=top.parsed("host language", _language, ""),
        time_zone=top.parsed("time zone", _time_zone, ""),
        ambulance=ambulance,
        police=police,
        lines=lines,
        reads=top.one_of("specialist reads", READS),
        machine_drafts=top.yes("machine drafts"),
        first=top.parsed("first", _dialogue, ""),
        check_in=top.parsed("check-in", _dialogue, ""),
        later=top.parsed_list("later", _dialogue),
        time=top.parsed("time", _dialogue, "", needed=False),
        too_much=top.parsed("too much", _dialogue, "", needed=False),
        example=example,
    )
    top.close()
    return programme


def _help(section: Section | None, today: date | None) -> tuple[str, str, tuple[HelpLine, ...]]:
    """Numbers for danger, and the lines. ``today`` is None where nobody has to have checked them."""
    if section is None:
        return "", "", ()
    ambulance = section.parsed("ambulance", _number, "")
    police = section.parsed("police", _number, "", needed=False)
    lines = tuple(_line(each, today) for each in section.sections("lines"))
    if len(lines) < FEWEST_LINES:
        section.wrong(f'"lines" needs at least {FEWEST_LINES} help lines: when one does not answer, there is a next.')
    section.close()
    return ambulance, police, lines


def _line(section: Section, today: date | None) -> HelpLine:
    line = HelpLine(
        name=section.text("name"),
        about=section.one_of("about", ABOUT),
        call=section.parsed("call", _number, ""),
        text=section.parsed("text", _number, "", needed=False),
        chat=section.parsed("chat", _address, "", needed=False),
        hours=section.parsed("hours", _hours, None),
        languages=section.parsed_list("languages", _language),
        interpreter=section.yes("interpreter"),
        cost=section.one_of("cost", COSTS),
        checked=section.parsed("checked on", lambda day: _checked_on(day, today), None, needed=today is not None),
    )
    if not line.languages:
        section.wrong('"languages" needs the languages that are spoken there, like [nb, en].')
    section.close()
    return line


def _checked_on(text: str, today: date | None) -> date:
    """The day on which somebody called the line. Raises ValueError when that is in the future, or too long ago."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a date. Write it like 2026-01-31.') from None
    if today is not None and day > today:
        raise ValueError(f"{day} has not come yet. Call the number, and write the day you did.")
    if today is not None and today - day > FRESH:
        raise ValueError(f"{day} is more than {FRESH.days} days ago. Call the number again, and write today's date.")
    return day


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f'"{text}" is not a phone number. Write digits and spaces, like 116 123.')
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"https://[\w.-]+(/[^\s\"<>]*)?", text):
        raise ValueError(f'"{text}" is not an address. It begins with https:// and has no spaces.')
    return text


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


def _language(text: str) -> str:
    return language(text).code


def _country(text: str) -> str:
    if text not in Locale("en").territories or not re.fullmatch("[A-Z]{2}", text):
        raise ValueError(f'"{text}" is not a country code. Write two capital letters, like NO.')
    return text


def _time_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{text}" is not a time zone. Write it like Europe/Oslo.') from None


def _dialogue(text: str) -> str:
    if not _DIALOGUE.fullmatch(text):
        raise ValueError(f'"{text}" is not the name of a dialogue: small letters, digits and _.')
    return text
