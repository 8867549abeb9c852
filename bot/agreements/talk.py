"""Talk: what a person's answers in a chat make of an agreement. Which answers those are is said by the tags of their
questions (``dialogues.meanings``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from bot.agreements.course import OWNERS, Act, Course, Hand, Wording, wording
from dialogues import meanings
from dialogues.model import Ask, Script
from dialogues.session import Answer
from storage.agreements import Agreement, Owner

Given = Mapping[str, Answer]
"""Answers by the tag of their question, such as ``agreement:what``."""

_FAMILY = "agreement:"
_NOTHING = Answer()


def remembered(of: Agreement) -> dict[str, Answer]:
    """What a script about one agreement remembers of it: ``what``, ``who``, ``by`` and ``sign``, where there is one."""
    about = {"what": Answer(words=of.what), "who": Answer(choices=(of.owner,))}
    if of.due:
        about["by"] = Answer(day=of.due.isoformat())
    if of.sign:
        about["sign"] = Answer(words=of.sign)
    return about


def given(script: Script, answers: Iterable[tuple[str, object]]) -> dict[str, Answer]:
    """The answers about agreements among those of a conversation or of a card, each with the name of its question."""
    return {
        tag: answer
        for name, answer in answers
        if isinstance(answer, Answer)
        for tag in script.step(name).tags
        if tag.startswith(_FAMILY)
    }


def proposes(script: Script) -> bool:
    """Whether a script asks what is to be agreed on."""
    return any(isinstance(step, Ask) and meanings.AGREEMENT_WHAT in step.tags for step in script.steps)


def proposal(said: Given, language: str) -> Wording | None:
    """What these shared answers propose; None when none of them says what. Nobody is put in charge who was not named:
    without an owner, both do it."""
    if not said.get(meanings.AGREEMENT_WHAT, _NOTHING).words.strip():
        return None
    return _written(said, Wording("", "", language, "together", None), language)


def answered(course: Course, about: Mapping[str, Answer], said: Given, hand: Hand, language: str) -> Agreement | None:
    """The revision that an answer to a proposal, or on the day of an agreement, makes.

    ``about`` is what ``remembered`` had when the person was asked. None where it stays as it is: after no answer, after
    "not yet" without another day, and when something else stands by now, because nobody says yes to what they have not
    read. The other side's act has then brought a question of its own.
    """
    stands = remembered(course.now)
    if any(about.get(name) != stands.get(name) for name in ("what", "who", "by", "sign")):
        return None
    may = course.may(hand.side)
    match _choice(said, meanings.AGREEMENT_ANSWER), _choice(said, meanings.AGREEMENT_REVIEW):
        case "yes", _ if Act.CONFIRM in may:
            return course.confirm(hand)
        case "no", _ if Act.DECLINE in may:
            return course.decline(hand)
        case ("change", _) | (_, "changed") if Act.CHANGE in may:
            return _changed(course, said, hand, language)
        case _, "done" if Act.DONE in may:
            return course.done(hand)
        case _, "drop" if Act.DROP in may:
            return course.drop(hand)
        case _, "not_yet" if Act.NOT_YET in may and _day(said) not in (None, course.now.due):
            return course.change(replace(wording(course.now), due=_day(said)), hand)
        case _:
            return None


def _changed(course: Course, said: Given, hand: Hand, language: str) -> Agreement | None:
    """As it was written anew; where nothing was, the wish that it be changed, unless that is known already."""
    stands = wording(course.now)
    written = _written(said, stands, language).checked()
    if written != replace(stands, language=written.language):
        return course.change(written, hand)
    return course.ask_change(hand) if Act.ASK_CHANGE in course.may(hand.side) else None


def _written(said: Given, before: Wording, language: str) -> Wording:
    """``before`` with everything in it that was said anew."""
    what = said.get(meanings.AGREEMENT_WHAT, _NOTHING).words
    sign = said.get(meanings.AGREEMENT_SIGN, _NOTHING).words
    return Wording(
        what=what or before.what,
        sign=sign or before.sign,
        language=language if what or sign else before.language,
        owner=_owner(_choice(said, meanings.AGREEMENT_WHO)) or before.owner,
        due=_day(said) or before.due,
    )


def _owner(chosen: str) -> Owner | None:
    return next((owner for owner in OWNERS if owner == chosen), None)


def _day(said: Given) -> date | None:
    day = (said.get(meanings.AGREEMENT_NEW_DAY) or said.get(meanings.AGREEMENT_BY) or _NOTHING).day
    return date.fromisoformat(day) if day else None


def _choice(said: Given, tag: str) -> str:
    choices = said.get(tag, _NOTHING).choices
    return choices[0] if choices else ""
