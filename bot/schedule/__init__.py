"""Schedule: what comes when for one participant: check-ins, the reminder, the offer of less, and the quiet mode.

Pure rules. What was chosen and what came already (``Agenda``), how the person stands (``Standing``), a calendar and
the time go in. ``step`` says what is to be done at this moment, ``done`` what the agenda is afterwards, ``next_due``
when to look again. Whoever carries them out asks ``step`` until there is nothing left, and stores all of it together.

docs/schedule.md has the rules in plain words, with the reason for each default.
"""

from __future__ import annotations

from bot.schedule.after import (
    agreed,
    began,
    done,
    planned,
    promised,
    pulsing,
    reacted,
    resumed,
    start_day,
    starting,
    with_errand,
    without,
)
from bot.schedule.agenda import (
    Agenda,
    Bring,
    Errand,
    ErrandKind,
    Expire,
    Missed,
    Note,
    Offer,
    Open,
    Plan,
    Promise,
    Pulse,
    Remind,
    Rhythm,
    Speak,
    Standing,
    Start,
    Step,
    Tell,
)
from bot.schedule.moments import local_moment, zone_of
from bot.schedule.quiet import is_daytime
from bot.schedule.rules import next_check_in, next_due, step

__all__ = [
    "Agenda",
    "Bring",
    "Errand",
    "ErrandKind",
    "Expire",
    "Missed",
    "Note",
    "Offer",
    "Open",
    "Plan",
    "Promise",
    "Pulse",
    "Remind",
    "Rhythm",
    "Speak",
    "Standing",
    "Start",
    "Step",
    "Tell",
    "agreed",
    "began",
    "done",
    "is_daytime",
    "local_moment",
    "next_check_in",
    "next_due",
    "planned",
    "promised",
    "pulsing",
    "reacted",
    "resumed",
    "start_day",
    "starting",
    "step",
    "with_errand",
    "without",
    "zone_of",
]
