"""Answering: on which day a specialist reads what somebody asks for, and by which day they answer it.

Both follow from the specialist's own calendar and from the moment of sharing, and from nothing else: the same for
everybody who asks, whoever it is and whatever it is about. Nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from bot.digest.attention import lifts
from bot.digest.day import Rhythm
from bot.digest.gathering import tags_of
from bot.lines import CardLine
from dialogues.meanings import REQUEST_HOW
from dialogues.model import Script

_NO_ANSWER = "none"
"""The option of a ``request:how`` question by which somebody wants no answer."""


class Days(NamedTuple):
    """Local dates of whoever reads."""

    reads_on: date
    answers_by: date


class Expected(NamedTuple):
    """Who reads it, by name, and when."""

    reader: str
    days: Days


def days(rhythm: Rhythm, within: int, shared: datetime) -> Days | None:
    """What is shared by the digest time of a working day is read on that day, and what comes later on the next one. It
    is answered ``within`` so many working days after that. None for somebody who does not work for a very long time."""
    answers_by = reads_on = rhythm.next_after(shared)
    for _ in range(within):
        answers_by = answers_by and rhythm.working_day_after(answers_by)
    return Days(reads_on, answers_by) if reads_on and answers_by else None


def asks(script: Script, lines: Iterable[CardLine]) -> list[CardLine]:
    """Those of the lines, all of one share step, that ask for an answer."""
    shared = list(lines)
    return [] if wants_no_answer(script, shared) else [line for line in shared if _waits(script, line)]


def wants_no_answer(script: Script, lines: Iterable[CardLine]) -> bool:
    """Whether somebody said that no answer is needed."""
    return any(_NO_ANSWER in line.answer.choices for line in lines if REQUEST_HOW in tags_of(script, line))


def _waits(script: Script, line: CardLine) -> bool:
    return any(lift.rule.leaves == "replied" for lift in lifts(script, line))
