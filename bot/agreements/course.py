"""Course: one agreement from its first proposal on, which acts there are now, and what each makes of it. Pure: the hand
that acts brings its own clock.

Each act is a new revision, so the history is the agreement itself. What both sides have to know:

* **Active** is only what both have confirmed: the same words, the same owner, the same day.
* **A change needs the other side's yes.** Until then it is proposed, and what was active before stays in force. When
  the change is declined or taken back, that is what stands again.
* **Done and dropped** are said by either side alone, and end it. Both see who said it. A new agreement can follow.
* **To ask for a change** needs no new words: then nobody has confirmed any more what stands, and either side writes it
  anew, confirms it as it is, or lets it go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import get_args

from storage.agreements import Agreement, Owner, Side, State

SIDES: tuple[Side, ...] = get_args(Side)
OWNERS: tuple[Owner, ...] = get_args(Owner)


class Act(StrEnum):
    """What a side can do to an agreement that is there."""

    CONFIRM = "confirm"
    CHANGE = "change"
    ASK_CHANGE = "ask_change"
    DECLINE = "decline"
    DONE = "done"
    NOT_YET = "not_yet"
    DROP = "drop"


class NotNow(Exception):
    """The act does not fit what stands: the other side was quicker, or it is over."""


class NotWritten(ValueError):
    """What was written cannot be agreed on. ``reason`` is "empty" when nothing says what, and "same" when a change
    changes nothing; whoever reads forms has further ones."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts, and when. ``staff_id`` is the specialist of that moment, whichever side acts; None: there is none."""

    side: Side
    staff_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Wording:
    """What has to be the same for both. ``sign`` is how both notice that it is done, or ""; ``language`` that of the
    words; ``due`` a local date."""

    what: str = field(repr=False)
    sign: str = field(repr=False)
    language: str
    owner: Owner
    due: date | None

    def checked(self) -> Wording:
        """The same without needless spaces. Raises NotWritten."""
        tidy = replace(self, what=" ".join(self.what.split()), sign=" ".join(self.sign.split()))
        if not tidy.what:
            raise NotWritten("empty")
        return tidy


def wording(of: Agreement) -> Wording:
    """What a revision says."""
    return Wording(of.what, of.sign, of.language, of.owner, of.due)


def is_confirmed_by(of: Agreement, side: Side) -> bool:
    """Whether this side has said yes to exactly this."""
    return (of.confirmed_by_participant_at if side == "participant" else of.confirmed_by_specialist_at) is not None


def propose(participant_id: int, number: int, says: Wording, hand: Hand) -> Agreement:
    """The first revision of a new agreement, which whoever proposes it has confirmed. Raises NotWritten."""
    says = says.checked()
    first = Agreement(
        participant_id=participant_id,
        number=number,
        revision=1,
        what=says.what,
        sign=says.sign,
        language=says.language,
        owner=says.owner,
        due=says.due,
        state="proposed",
        made_by=hand.side,
        staff_id=hand.staff_id,
        confirmed_by_participant_at=None,
        confirmed_by_specialist_at=None,
        at=hand.at,
    )
    return _confirmed(first, hand)


@dataclass(frozen=True, slots=True)
class Course:
    """Every revision of one agreement, oldest first. Each act gives the revision to store next, and raises NotNow when
    ``may`` does not have it."""

    revisions: tuple[Agreement, ...]

    @property
    def now(self) -> Agreement:
        """What stands."""
        return self.revisions[-1]

    @property
    def number(self) -> int:
        """Which of its person's agreements it is."""
        return self.now.number

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be done to it."""
        return self.now.state not in ("proposed", "active")

    @property
    def in_force(self) -> Agreement | None:
        """What both have confirmed and nobody has ended. It may be older than a change that is proposed."""
        return None if self.is_over else next((one for one in reversed(self.revisions) if one.state == "active"), None)

    def waits_for(self, side: Side) -> bool:
        """Whether this side's yes or no is missing."""
        return self.now.state == "proposed" and not is_confirmed_by(self.now, side)

    def may(self, side: Side) -> frozenset[Act]:
        """What this side can do now."""
        if self.is_over:
            return frozenset()
        if self.now.state == "active":
            return frozenset((Act.DONE, Act.NOT_YET, Act.CHANGE, Act.ASK_CHANGE, Act.DROP))
        if not self.waits_for(side):
            return frozenset((Act.CHANGE, Act.DROP))
        answers = frozenset((Act.CONFIRM, Act.CHANGE, Act.DECLINE))
        return answers | {Act.ASK_CHANGE} if any(is_confirmed_by(self.now, one) for one in SIDES) else answers

    def confirm(self, hand: Hand) -> Agreement:
        """Yes to exactly what stands. With the other side's yes it is active."""
        yes = _confirmed(self._next(Act.CONFIRM, hand), hand)
        return replace(yes, state="active") if all(is_confirmed_by(yes, side) for side in SIDES) else yes

    def change(self, says: Wording, hand: Hand) -> Agreement:
        """Other words, another owner or day, which the other side has to confirm. Raises NotWritten."""
        says, follows = says.checked(), self._next(Act.CHANGE, hand)
        if says == wording(self.now) and any(is_confirmed_by(self.now, side) for side in SIDES):
            raise NotWritten("same")
        changed = replace(
            _unconfirmed(follows),
            what=says.what,
            sign=says.sign,
            language=says.language,
            owner=says.owner,
            due=says.due,
        )
        return _confirmed(changed, hand)

    def ask_change(self, hand: Hand) -> Agreement:
        """It is not right as it stands, and nobody has said yet what would be."""
        return _unconfirmed(self._next(Act.ASK_CHANGE, hand))

    def not_yet(self, day: date, hand: Hand) -> Agreement:
        """It is for another day, which the other side has to confirm. Raises NotWritten for the same day."""
        self._next(Act.NOT_YET, hand)
        return self.change(replace(wording(self.now), due=day), hand)

    def done(self, hand: Hand) -> Agreement:
        """It is done, whoever did it."""
        return replace(self._next(Act.DONE, hand), state="done")

    def decline(self, hand: Hand) -> Agreement:
        """No to what is proposed. What was active before stands again."""
        return self._let_go(self._next(Act.DECLINE, hand), "declined")

    def drop(self, hand: Hand) -> Agreement:
        """Let it go. Of a change that waits for the other side, only the change."""
        return self._let_go(self._next(Act.DROP, hand), "dropped")

    def _let_go(self, follows: Agreement, state: State) -> Agreement:
        before = self.in_force
        if before is None or before is self.now:
            return replace(follows, state=state)
        made = follows.made_by, follows.staff_id, follows.at
        return replace(before, revision=follows.revision, made_by=made[0], staff_id=made[1], at=made[2])

    def _next(self, act: Act, hand: Hand) -> Agreement:
        """What stands, as the revision that the act is about to make of it."""
        if act not in self.may(hand.side):
            raise NotNow(f"{act} by the {hand.side} of what is {self.now.state}")
        follows = self.now.revision + 1
        return replace(self.now, revision=follows, made_by=hand.side, staff_id=hand.staff_id, at=hand.at)


def courses(revisions: Iterable[Agreement]) -> list[Course]:
    """Revisions as ``storage.agreements.of`` has them, each agreement by itself, by number."""
    return [Course(tuple(every)) for _, every in groupby(revisions, key=lambda one: one.number)]


def _confirmed(of: Agreement, hand: Hand) -> Agreement:
    if hand.side == "participant":
        return replace(of, confirmed_by_participant_at=hand.at)
    return replace(of, confirmed_by_specialist_at=hand.at)


def _unconfirmed(of: Agreement) -> Agreement:
    return replace(of, state="proposed", confirmed_by_participant_at=None, confirmed_by_specialist_at=None)
