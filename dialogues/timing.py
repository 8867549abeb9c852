"""Timing: questions whose answer decides when check-ins come. Their tag says what it decides, and the names of their
options mean the same in every script and every language."""

from __future__ import annotations

import re
from collections.abc import Mapping

PREFIX = "schedule:"
DAY, TIME, RHYTHM = "schedule:day", "schedule:time", "schedule:rhythm"
REMINDERS, DAYS_OFF, QUIET, HOLIDAYS = (
    "schedule:reminders",
    "schedule:days_off",
    "schedule:quiet",
    "schedule:holidays",
)
PAUSE, WISH = "schedule:pause", "schedule:wish"

AS_IT_IS = "as_it_is"
"""An option of any of them that changes nothing."""

NONE = "none"
"""An option that takes away what was chosen before."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_TIME, LAST_TIME = "09:00", "20:00"
"""Between these times people are written to, never before and never from the last one on."""

OPTIONS: Mapping[str, tuple[str, ...]] = {
    DAY: WEEKDAYS,
    TIME: (),
    RHYTHM: ("weekly", "fortnightly", "monthly", "on_request"),
    REMINDERS: ("yes", "no"),
    DAYS_OFF: (*WEEKDAYS, NONE),
    QUIET: ("friday_noon", "sabbath", "ramadan_evenings", NONE),
    HOLIDAYS: ("public", "islamic", "orthodox", "tewahedo", "catholic", "jewish", "nowruz", NONE),
    PAUSE: ("one_week", "two_weeks", "four_weeks", "until_back"),
    WISH: ("less_often", "other_time", "other_language", "pause", "stop"),
}
"""The options that each kind understands. Those of ``schedule:time`` are times, like ``at_1230``."""

_TIME = re.compile(r"at_([01][0-9]|2[0-3])([0-5][0-9])")


def is_understood(tag: str, option: str) -> bool:
    """Whether an option of a question with this tag means something."""
    return option == AS_IT_IS or option in OPTIONS[tag] or (tag == TIME and bool(time_of(option)))


def time_of(option: str) -> str:
    """The time of day of an option like ``at_1230``, as ``12:30``; "" where it is none at which people are written
    to."""
    found = _TIME.fullmatch(option)
    time = f"{found[1]}:{found[2]}" if found else ""
    return time if FIRST_TIME <= time < LAST_TIME else ""
