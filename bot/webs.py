"""Webs: what makes work or daily life harder for somebody, and which of it makes something else harder.

Derived from answers by the tags of their questions (``web:what`` and the others). Only the person draws a line between
two points, by saying that one makes the other harder; nothing is ever inferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from bot.past_answers import PastAnswer
from dialogues import meanings
from dialogues.model import AnswerKind
from dialogues.session import Answer

Half = Literal["work", "away", "several"]
"""Where a point stands: at work, away from work, or in several places, on the way, or nowhere in particular."""

_HALVES: Mapping[str, Half] = {"work": "work", "search": "away", "outside": "away"}
"""By the option of ``web:where``; every other one is "several"."""

DETAILS = (meanings.WEB_WHERE, meanings.WEB_SIGN, meanings.WEB_HELPS, meanings.WEB_SAFER, meanings.WEB_WHO)
"""What can be known of a point: where it is, how it is noticed, what helps, a safer way, and who can help."""


@dataclass(slots=True)
class WebPoint:
    """One thing that is hard. ``what`` holds it alone; ``details`` by tag, each as it was answered last."""

    what: PastAnswer
    half: Half = "several"
    details: dict[str, PastAnswer] = field(default_factory=dict)
    harder: dict[str, PastAnswer] = field(default_factory=dict)
    """What it makes harder, by the same names as ``Web.points``."""


@dataclass(slots=True)
class Web:
    """Points by name, in the order in which they were first named: an option's name, or what somebody wrote."""

    points: dict[str, WebPoint] = field(default_factory=dict)


def web_of(answers: Iterable[PastAnswer]) -> Web:
    """What answers say of a web. ``answers`` are in the order of ``bot.past_answers``.

    A conversation is about one point. What was said of it in a later conversation stands instead of what was said
    before; what was not said again stays. Without the point itself, as on a card on which it was not shared, nothing
    that was said of it has a place here.
    """
    web = Web()
    tagged = (one for one in answers if any(tag.startswith("web:") for tag in one.ask.tags))
    for _, visit in groupby(tagged, key=lambda one: one.conversation):
        _visit(web, list(visit))
    return web


def _visit(web: Web, given: list[PastAnswer]) -> None:
    for what in given:
        if what.has(meanings.WEB_WHAT):
            for name, one in _each(what):
                _describe(web, _point(web, name, one), given)


def _describe(web: Web, point: WebPoint, given: list[PastAnswer]) -> None:
    for one in given:
        if one.has(meanings.WEB_ALSO):
            point.harder = {name: other for name, other in _each(one) if _point(web, name, other) is not point}
        if one.has(meanings.WEB_WHERE):
            point.half = next((_HALVES.get(choice, "several") for choice in one.answer.choices), "several")
        point.details |= {tag: one for tag in DETAILS if one.has(tag)}


def _point(web: Web, name: str, what: PastAnswer) -> WebPoint:
    return web.points.setdefault(name, WebPoint(what))


def _each(given: PastAnswer) -> Iterator[tuple[str, PastAnswer]]:
    """The things that are named in one answer, each by itself. Options that stand alone ("Nothing") name nothing."""
    ask, answer = given.ask, given.answer
    for choice in answer.choices:
        if choice not in ask.alone and ask.kind in (AnswerKind.ONE_OF, AnswerKind.ANY_OF):
            yield choice, _with(given, Answer(choices=(choice,)))
    if words := " ".join(answer.words.split()):
        yield words.casefold(), _with(given, Answer(words=words))


def _with(given: PastAnswer, answer: Answer) -> PastAnswer:
    return PastAnswer(given.published, given.conversation, given.name, given.group, answer, given.at)
