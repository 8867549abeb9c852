"""Agreed: one agreement as a specialist reads it: what stands, what can be done, and what happened. The words are the
same whoever owns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.agreements import OWNERS, Course
from bot.agreements.history import Step, history
from bot.digest.agreed import owner_name
from bot.digest.beside import NOTHING, Under
from bot.digest.brevity import Quote
from bot.digest.words import StaffWords
from bot.translating.words import words_of
from storage.agreements import Agreement, Owner


@dataclass(frozen=True, slots=True)
class Parties:
    """What those are called whom an agreement can name: the person, and the staff by id. ``reader`` is the specialist
    who looks at it."""

    pseudonym: str
    reader: int
    staff: Mapping[int, str]
    under: Under = NOTHING
    """What stands under the person's own words."""

    def owner(self, owner: Owner, staff_id: int | None, words: StaffWords) -> str:
        """Who does it. A specialist is the one who was there when it was said."""
        return owner_name(owner, self.pseudonym, self._specialist(staff_id), words)

    def owners(self, words: StaffWords) -> dict[Owner, str]:
        """Everybody who can be chosen now."""
        return {owner: self.owner(owner, self.reader, words) for owner in OWNERS}

    def maker(self, made: Agreement) -> str:
        """Who made a revision."""
        return self.pseudonym if made.made_by == "participant" else self._specialist(made.staff_id)

    def _specialist(self, staff_id: int | None) -> str:
        return self.staff[self.reader if staff_id is None else staff_id]


@dataclass(frozen=True, slots=True)
class Says:
    """What one revision says. ``what`` and ``sign`` are somebody's words in ``language``."""

    what: str
    sign: str
    language: str
    who: str
    due: str
    under: Mapping[str, Quote] = field(default_factory=dict)
    """The same two with what stands under them."""


@dataclass(frozen=True, slots=True)
class Event:
    """One act, in a sentence with its day. ``says`` is there where it said something new."""

    told: str
    date: str
    says: Says | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement. ``standing`` says how it is, ``before`` what counts while a change is proposed. ``may`` are the
    names of what this specialist can do. ``owner`` and ``day`` are what a form begins with."""

    number: int
    revision: int
    says: Says
    standing: str
    before: Says | None
    may: frozenset[str]
    is_over: bool
    owner: Owner
    day: str
    events: tuple[Event, ...]


def in_words(course: Course, parties: Parties, words: StaffWords) -> Agreed:
    """An agreement for the page of its person."""
    now = course.now
    earlier = course.in_force if now.state == "proposed" else None
    return Agreed(
        number=now.number,
        revision=now.revision,
        says=_says(now, parties, words),
        standing=standing(course, parties, words),
        before=_says(earlier, parties, words) if earlier else None,
        may=frozenset(act.value for act in course.may("specialist")),
        is_over=course.is_over,
        owner=now.owner,
        day=now.due.isoformat() if now.due else "",
        events=tuple(_event(step, parties, words) for step in history(course)),
    )


def standing(course: Course, parties: Parties, words: StaffWords) -> str:
    """How it stands, in one sentence."""
    now = course.now
    if course.waits_for("specialist"):
        return words.say("agreement_waits_words" if course.waits_for("participant") else "agreement_waits_you")
    if now.state == "proposed":
        return words.say("agreement_waits_other", pseudonym=parties.pseudonym)
    if now.state == "active" and now.due is not None:
        return planned(now.due, words)
    return words.say(f"agreement_{now.state}")


def planned(due: date, words: StaffWords) -> str:
    """The day of what both agreed. It reads the same whoever is to do it."""
    name = "agreement_planned" if words.today < due else "agreement_still_open"
    return words.say(name, date=words.day(due))


def _says(one: Agreement, parties: Parties, words: StaffWords) -> Says:
    who = parties.owner(one.owner, one.staff_id, words)
    due = words.day(one.due) if one.due else ""
    under = {name: _quoted(one, name, parties, words) for name in ("what", "sign")}
    return Says(one.what, one.sign, one.language, who, due, under)


def _quoted(one: Agreement, name: str, parties: Parties, words: StaffWords) -> Quote:
    text, under = str(getattr(one, name)), parties.under
    beside = under.beside(words_of(text, one.language), words)
    return Quote(text, text, one.language, beside, under.forms.get(f"{one.number}|{name}"))


def _event(step: Step, parties: Parties, words: StaffWords) -> Event:
    told = words.say(f"history_{step.kind}", name=parties.maker(step.made))
    is_new = step.kind in ("proposed", "changed", "change_let_go")
    return Event(told, words.date(step.made.at), _says(step.made, parties, words) if is_new else None)
