"""Meaning: the tags by which a question of an own check-in does something. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from dialogues.model import AnswerKind, Ask, Script
from dialogues.session import Answer, Session

TEAM = "team"
"""A question of yes or no: may these answers be added to the count of the team?"""
COUNTED = "team:count"
"""A question whose answer is added then."""
HEAVY = "own:heavy"
"""How heavy work is. ``TOO_HEAVY`` among the answers shows where staff find support."""
TOO_HEAVY = "too_heavy"
COLLEAGUE = "own:colleague"
"""A question of yes or no: do I want to talk this over with a colleague?"""

_ONE_CHOICE = (AnswerKind.ONE_OF, AnswerKind.YES_OR_NO, AnswerKind.SCALE)


def added_to_team(script: Script, session: Session) -> Mapping[str, str]:
    """What a check-in adds to the count of the team, question -> option: nothing without a yes to that."""
    if not _chose(script, session, TEAM, "yes"):
        return {}
    answers = {ask.key: session.done.get(ask.key) for ask in counted_questions(script)}
    return {key: _choice(answer) for key, answer in answers.items() if isinstance(answer, Answer) and _choice(answer)}


def counted_questions(script: Script) -> tuple[Ask, ...]:
    """The questions that can be counted: those with one answer out of a few."""
    return tuple(ask for ask in _tagged(script, COUNTED) if ask.kind in _ONE_CHOICE and not ask.for_each)


def is_too_heavy(script: Script, session: Session) -> bool:
    """Whether somebody says that it is."""
    return _chose(script, session, HEAVY, TOO_HEAVY)


def wants_a_colleague(script: Script, session: Session) -> bool:
    """Whether somebody wants to talk it over."""
    return _chose(script, session, COLLEAGUE, "yes")


def _chose(script: Script, session: Session, tag: str, option: str) -> bool:
    records = (session.done.get(ask.key) for ask in _tagged(script, tag))
    return any(isinstance(record, Answer) and option in record.choices for record in records)


def _tagged(script: Script, tag: str) -> tuple[Ask, ...]:
    return tuple(step for step in script.steps if isinstance(step, Ask) and tag in step.tags)


def _choice(answer: Answer) -> str:
    return str(answer.number) if answer.number is not None else next(iter(answer.choices), "")
