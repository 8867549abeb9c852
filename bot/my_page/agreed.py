"""Agreed: a person's agreements with their specialist in words, as they stand and as they came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.agreements import Course, courses
from bot.dates import day_text
from bot.my_page.translated import Beside, BesideWords, none
from bot.my_page.words import OwnWords
from bot.translating.words import words_of
from storage.agreements import Agreement


@dataclass(frozen=True, slots=True)
class Shown:
    """One revision. ``what`` and ``sign`` are somebody's words in ``language``; the rest are sentences, "" where there
    is nothing to say."""

    what: str
    sign: str
    language: str
    who: str
    by: str
    standing: str
    made: str
    translations: tuple[Beside, ...] = ()
    """Of ``what`` and of ``sign``."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement: what stands, and what stood before, newest first."""

    number: int
    now: Shown
    before: tuple[Shown, ...]


def agreed(
    revisions: Iterable[Agreement], words: OwnWords, today: date, translated: BesideWords = none
) -> Iterator[Agreed]:
    """Those that are still open first, in each group the newest first."""
    for course in sorted(courses(revisions), key=lambda one: (one.is_over, -one.number)):
        *before, now = course.revisions
        standing = _standing(course, words, today)
        shown = replace(_shown(now, standing, words), translations=_translations(now, translated))
        yield Agreed(course.number, shown, tuple(_past(one, words) for one in reversed(before)))


def _translations(one: Agreement, translated: BesideWords) -> tuple[Beside, ...]:
    return tuple(beside for text in (one.what, one.sign) if text for beside in translated(words_of(text, one.language)))


def _past(one: Agreement, words: OwnWords) -> Shown:
    return _shown(one, words.say(f"agreement.{one.state}"), words)


def _shown(one: Agreement, standing: str, words: OwnWords) -> Shown:
    made = words.say(f"agreement.by.{one.made_by}", date=words.day(one.at))
    due = words.say("agreement.due", date=day_text(one.due.isoformat(), words.language)) if one.due else ""
    return Shown(one.what, one.sign, one.language, words.say(f"agreement.owner.{one.owner}"), due, standing, made)


def _standing(course: Course, words: OwnWords, today: date) -> str:
    """The same words whoever it waits for, and whoever owns it."""
    now = course.now
    if course.waits_for("participant"):
        return words.say("agreement.waits.participant")
    if course.waits_for("specialist"):
        return words.say("agreement.waits.specialist")
    if now.state == "active" and now.due is not None and now.due <= today:
        return words.say("agreement.still_open", date=day_text(now.due.isoformat(), words.language))
    return words.say(f"agreement.{now.state}")
