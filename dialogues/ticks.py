"""Ticks: what is ticked so far where several may be chosen one press at a time, and what one more press makes of it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from dialogues.model import AnswerKind, Ask, Share, Step
from dialogues.session import Answer, Session


def are_taken(step: Step, session: Session) -> bool:
    """Whether ``step``, which waits, is ended by ticking: an any-of question, or a share step that is choosing."""
    if isinstance(step, Share):
        return session.choosing
    return isinstance(step, Ask) and step.kind is AnswerKind.ANY_OF


def ticked(step: Step, session: Session) -> tuple[str, ...]:
    """What is ticked at ``step``, which waits: the names of options or the ids of lines.

    Before anything is pressed, these are the options of the answer that stands. Lines are only ticked beforehand for
    those who share so (``dialogues.meanings.TICKED``).
    """
    return _standing(step, session) if session.picked is None else session.picked


def pressed(step: Step, before: tuple[str, ...], shown: Sequence[str], choice: str, on: bool) -> tuple[str, ...]:
    """What is ticked after ``choice`` was turned ``on``, in the order of ``shown``, or off.

    ``before`` comes back as it is when the press changes nothing or ``choice`` is not shown. An option that stands
    alone puts out the others, and any other puts out those that stand alone. ``most`` is for the caller to look at.
    """
    if choice not in shown or (choice in before) == on:
        return before
    if not on:
        return tuple(each for each in before if each != choice)
    alone = step.alone if isinstance(step, Ask) else frozenset[str]()
    together = {choice} if choice in alone else {*before, choice} - alone
    return tuple(each for each in shown if each in together)


def with_ticks(step: Step, session: Session, ticks: tuple[str, ...]) -> Session:
    """The session with these ticks. Ticked like the answer that stands is as good as untouched: so taking back a slip
    leaves that answer whole, with the words that were written beside its options."""
    as_it_stands = {*ticks} == {*_standing(step, session)}
    return replace(session, picked=None if as_it_stands else ticks)


def _standing(step: Step, session: Session) -> tuple[str, ...]:
    record = session.done.get(session.waiting)
    return record.choices if isinstance(record, Answer) and are_taken(step, session) else ()
