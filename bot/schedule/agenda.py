"""Agenda: what a person chose, what came already, how they stand, and the steps that can follow from it.

All times are aware and in UTC; days are local dates, ISO.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

Rhythm = Literal["weekly", "fortnightly", "monthly", "on_request"]


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the person chose. The defaults are what holds until they do."""

    rhythm: Rhythm = "weekly"
    day: int = 2
    """ISO weekday. Tuesday: whoever reads has three working days of that week left."""
    at: str = "12:30"
    """Local ``HH:MM``. People answer most often around noon, and least often early in the morning."""
    reminders: bool = True
    days_off: str = ""
    """ISO weekdays without contact, like ``57``."""
    quiet: tuple[str, ...] = ()
    """Names of further quiet times, of ``bot.schedule.quiet.QUIET``. An unknown one is no quiet time."""
    holidays: tuple[str, ...] = ("public",)
    """Calendars whose days are without contact, of ``bot.calendars.CHOICES``."""


ErrandKind = Literal["reply", "agreed", "emergency", "agreement", "agreement_day", "handover", "start"]


class Errand(msgspec.Struct, frozen=True):
    """Something that a person is to be told or asked because somebody else did something, or a day has come."""

    kind: ErrandKind
    about: str
    """Which reply (``conversation|step|line``), agreement (its number) or emergency (``staff|moment``); "" for a
    handover. For the start of something new its first day, a local date."""
    at: datetime
    """Not before."""


class Promise(msgspec.Struct, frozen=True):
    """What the person asked Medvind to tell their specialist once they have been quiet for so long. They saw and shared
    these very lines beforehand."""

    weeks: int
    conversation: int
    step: str
    dialogue: str
    version: int
    language: str
    lines: str
    """As a card holds them (``bot.lines``)."""
    kept_at: datetime | None = None
    """When it was told. The next sign of the person makes it stand again."""


class Agenda(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where it stands. JSON by msgspec; the caller seals it with the person's key."""

    plan: Plan = Plan()
    takes_part: bool = False
    """Whether the person agreed to check-ins. Kept here for the caller; the rules go by ``Standing``."""
    since: datetime | None = None
    """When the person last decided when check-ins come. Earlier times were not meant."""
    last_day: str = ""
    """Local date of the last check-in, whoever began it."""
    unanswered: int = 0
    """Check-ins in a row that Medvind began and nobody reacted to."""
    contacts: tuple[datetime, ...] = ()
    """When Medvind wrote of its own accord, of the last seven days."""
    reminded: int = 0
    """Number of the conversation that was reminded of."""
    offered: bool = False
    """Since the last reaction, something less was offered."""
    quiet_since: datetime | None = None
    """Since then it writes nothing: the quiet mode."""
    noted: bool = False
    """The one gentle note of the quiet mode was sent."""
    closed: int = 0
    """Number of the check-in that ran out and was not spoken of since."""
    choices: dict[str, tuple[str, ...]] = {}
    """What else the person chose: the tag of the question (``choice:...``) and the options. It decides what is asked
    and how, and no page shows it to staff."""
    errands: tuple[Errand, ...] = ()
    """What waits to be told, in the order in which it came."""
    seen_at: datetime | None = None
    """When the person last wrote or pressed something."""
    promise: Promise | None = None
    pulse_until: datetime | None = None
    """Until then a few short questions come between check-ins."""
    pulses_alone: int = 0
    """Of these, how many in a row nobody reacted to."""
    told_of_translation: bool = False
    """Before sharing, the person read that a program translates their own words."""


class Open(NamedTuple):
    """The open conversation."""

    number: int
    started_at: datetime
    remind_at: datetime | None
    closes_at: datetime | None
    counts: bool
    """A check-in: neither the first dialogue nor a small one."""
    reacted: bool
    """The person wrote or pressed anything in it."""
    is_pulse: bool = False


class Standing(NamedTuple):
    """How the person stands at this moment."""

    state: str
    """``active``, ``paused`` or ``stopped``."""
    paused_until: datetime | None
    """The end of a break. When it has come, the person counts as active whatever the state still says."""
    zone: str
    """IANA. An unknown one counts as UTC."""
    takes_part: bool
    reachable: bool
    open: Open | None


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a check-in. An open conversation that did not hold it up ends."""

    welcome_back: bool
    """It is the first after a break."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind of the open check-in, once."""


@dataclass(frozen=True, slots=True)
class Expire:
    """Close the open conversation, without a word."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Offer something less: rarer, another time or language, a break, or nothing more."""


@dataclass(frozen=True, slots=True)
class Note:
    """The one gentle note of the quiet mode."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A check-in's time passed while Medvind was away. Nothing is sent and nothing made up for; it is counted."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell what waits to be told: replies to what the person asked for."""

    errands: tuple[Errand, ...]


@dataclass(frozen=True, slots=True)
class Bring:
    """Begin the conversation that an errand is about."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class Pulse:
    """Ask the few questions that the person wanted between check-ins."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Tell the specialist that the person has been quiet, as the person asked beforehand."""

    promise: Promise


Step = Start | Remind | Expire | Offer | Note | Missed | Tell | Bring | Pulse | Speak
