"""Agreeing: what a person proposes and says to agreements in a conversation, and what the other side did meanwhile.

A proposal is made with the card that shows it. What is said to one counts when its conversation is over, so that going
back and choosing otherwise is possible until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from bot import agreements, errands
from bot.agreements import Act, Agreement, Course, Hand, NotWritten, Wording
from dialogues.events import Line
from dialogues.session import Answer

if TYPE_CHECKING:
    from bot.conversing import Conversing

ABOUT = "agreement"
"""Under this name a session remembers which agreement it is about."""


def about(agreement: Agreement) -> Mapping[str, Answer]:
    """What the scripts remember of an agreement: its number, and what it says, in the names of the dialogue in which
    agreements are proposed."""
    return {ABOUT: Answer(number=agreement.number), **agreements.remembered(agreement)}


def proposed(one: Conversing, lines: Iterable[Line], now: datetime) -> None:
    """What was shared proposes an agreement, if it says what is agreed. When the same conversation shares anew, what it
    proposed before is changed or taken back, as long as it waits."""
    script, session = one.open_session()
    if not agreements.proposes(script):
        return
    shared = {line.name for line in lines}
    said = agreements.given(script, ((name, record) for name, record in session.done.items() if name in shared))
    says, hand = agreements.proposal(said, one.words().language), _hand(one, now)
    number = one.past.next_agreement(one.id, (made.number for made in one.kept.agreements))
    before = _proposed_here(one, number - 1)
    if before is not None:
        _keep_if(one, _anew(before, says, hand), now)
    elif says is not None:
        _keep(one, agreements.propose(one.id, number, says, hand), now)


def settle(one: Conversing, now: datetime) -> None:
    """What the person said to the agreement that the open conversation was about."""
    script, session = one.open_session()
    number = session.remembered.get(ABOUT)
    if number is None or number.number is None:
        return
    revisions = one.past.agreement(one.id, one.cipher, int(number.number))
    if not revisions:
        return
    said, language = agreements.given(script, session.done.items()), one.words().language
    hand = _hand(one, now)
    _keep_if(one, agreements.answered(Course(tuple(revisions)), session.remembered, said, hand, language), now)


def _proposed_here(one: Conversing, number: int) -> Course | None:
    """The agreement with this number, if the open conversation proposed it and the specialist has not answered."""
    assert one.talk is not None, "a conversation is open"
    made = (revision for revision in one.kept.agreements if revision.number == number)
    revisions = (*one.past.agreement(one.id, one.cipher, number), *made)
    if not revisions or revisions[0].at < one.talk.started_at:
        return None
    waits = revisions[-1].state == "proposed" and {revision.made_by for revision in revisions} == {"participant"}
    return Course(revisions) if waits else None


def _anew(course: Course, says: Wording | None, hand: Hand) -> Agreement | None:
    if says is None:
        return course.drop(hand) if Act.DROP in course.may(hand.side) else None
    try:
        return course.change(says, hand)
    except NotWritten:
        return None


def _keep_if(one: Conversing, made: Agreement | None, now: datetime) -> None:
    if made is not None:
        _keep(one, made, now)


def _keep(one: Conversing, made: Agreement, now: datetime) -> None:
    """Store a revision, and plan what it asks of the person next."""
    one.kept.agreements.append(made)
    timetable = one.timetable
    timetable.keep(errands.with_agreement(timetable.agenda, made, timetable.zone, now))


def _hand(one: Conversing, now: datetime) -> Hand:
    return Hand("participant", one.past.specialist_id(one.id), now)
