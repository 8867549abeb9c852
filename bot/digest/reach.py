"""Reach: that messages do not get through to somebody. It comes from the messenger and from nothing that the person
answered or left unanswered, and it is said on one day only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.digest.day import Window
from bot.digest.words import StaffWords


@dataclass(frozen=True, slots=True)
class Unreached:
    """One person whom messages do not reach, in two sentences."""

    participant_id: int
    said: str
    why: str


def unreached(
    since: Iterable[tuple[int, datetime]], pseudonyms: Mapping[int, str], covered: Window, words: StaffWords
) -> list[Unreached]:
    """Those to whom messages stopped getting through in the time that this day covers. ``since`` says when that was."""
    return [
        Unreached(
            person,
            words.say("unreachable_person", pseudonym=pseudonyms[person]),
            words.say("why_unreachable", date=words.date(at)),
        )
        for person, at in since
        if covered.holds(at) and person in pseudonyms
    ]
