"""Schedule: what comes when for one participant: check-ins, the reminder, the offer of less, and the quiet mode.

Pure rules. What was chosen and what came already (``Agenda``), how the person stands (``Standing``), a calendar and
the time go in. ``step`` says what is to be done at this moment, ``done`` what the agenda is afterwards, ``next_due``
when to look again. Whoever carries them out asks ``step`` until there is nothing left, and stores all of it together.

docs/schedule.md has the rules in plain words, with the reason for each default.
"""

from __future__ import annotations

from bot.schedule.after import agreed, began, done, planned, reacted, resumed
from bot.schedule.agenda import (
    Agenda,
    Expire,
    Missed,
    Note,
    Offer,
    Open,
    Plan,
    Remind,
    Rhythm,
    Standing,
    Start,
    Step,
)
from bot.schedule.moments import local_moment, zone_of
from bot.schedule.quiet import is_daytime
from bot.schedule.rules import next_check_in, next_due, step

__all__ = [
    "Agenda",
    "Expire",
    "Missed",
    "Note",
    "Offer",
    "Open",
    "Plan",
    "Remind",
    "Rhythm",
    "Standing",
    "Start",
    "Step",
    "agreed",
    "began",
    "done",
    "is_daytime",
    "local_moment",
    "next_check_in",
    "next_due",
    "planned",
    "reacted",
    "resumed",
    "step",
    "zone_of",
]
