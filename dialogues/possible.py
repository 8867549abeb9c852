"""Possible answers: for what later steps ask about a question, the few ways it can end that differ in it.

A question with 19 options can end in half a million ways, but a script asks perhaps whether one option is among them.
So each question is reduced to *facts* that later steps depend on, and to the sets of facts that can be true together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from dialogues.conditions import met
from dialogues.model import AnswerKind, Ask, Condition, Test
from dialogues.session import Answer, Outcome, Record

MOST_NAMED = 8
"""Options of one question that are looked at in every combination; of more, only one by one."""
MOST_NUMBERS = 20
"""Numbers that answers of one question are compared with, of which as many are looked at."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The fact that at least ``count`` options were chosen, of a group of them or (with none) of all, own words
    included."""

    question: str
    among: frozenset[str] = frozenset()
    count: int = 1


Fact = Condition | Chosen


def true_of(fact: Fact, record: Record | None) -> bool:
    """Whether a fact is true of what became of its question; None when it was not asked."""
    if isinstance(fact, Condition):
        return met(fact, record)
    if not isinstance(record, Answer):
        return False
    if fact.among:
        return len(fact.among.intersection(record.choices)) >= fact.count
    return len(record.choices) + bool(record.words) >= fact.count


def all_looked_at(facts: Iterable[Fact]) -> bool:
    """Whether ``endings`` and ``remembered`` give every way of ending that differs in the facts, and not only some."""
    facts = tuple(facts)
    return len(_named(facts)) <= MOST_NAMED and len(_limits(facts)) <= MOST_NUMBERS


def endings(ask: Ask, facts: Iterable[Fact]) -> Iterator[Record]:
    """Ways in which a question that was asked can end: every one that differs in the facts."""
    facts = tuple(facts)
    if ask.kind is AnswerKind.OK:
        yield Answer(choices=("ok",))
        return
    yield Outcome.SKIPPED
    match ask.kind:
        case AnswerKind.ANY_OF:
            counted = any(isinstance(fact, Chosen) and not fact.among for fact in facts)
            yield from _several(ask, _named(facts), counted)
        case AnswerKind.ONE_OF:
            yield from (Answer(choices=(option.name,)) for option in ask.options)
        case AnswerKind.YES_OR_NO:
            yield from (Answer(choices=(choice,)) for choice in ("yes", "no"))
        case AnswerKind.SCALE if ask.scale is not None:
            yield from (Answer(number=point) for point in range(ask.scale.low, ask.scale.high + 1))
        case AnswerKind.NUMBER:
            yield from _numbers(facts)
    if ask.own_words or ask.kind in (AnswerKind.TEXT, AnswerKind.VOICE_OR_TEXT, AnswerKind.DATE):
        yield Answer(words="...")


def remembered(facts: Iterable[Fact]) -> Iterator[Record | None]:
    """Ways in which a question of an earlier conversation can have ended, as far as its conditions show its kind."""
    facts = tuple(facts)
    yield None
    yield Answer(words="...")
    if any(isinstance(fact, Condition) and fact.test in (Test.INCLUDES, Test.DOES_NOT_INCLUDE) for fact in facts):
        yield from (Answer(choices=some) for some in _subsets(_named(facts)))
    else:
        yield from (Answer(choices=(name,)) for name in _named(facts))
    yield from _numbers(facts)


def _named(facts: tuple[Fact, ...]) -> tuple[str, ...]:
    """The options that the facts speak of."""
    names: dict[str, None] = {}
    for fact in facts:
        if isinstance(fact, Chosen):
            names.update(dict.fromkeys(sorted(fact.among)))
        elif isinstance(fact.value, str) and fact.value:
            names[fact.value] = None
    return tuple(names)


def _several(ask: Ask, named: tuple[str, ...], counted: bool) -> Iterator[Answer]:
    """Choices that differ in the named options; where the number counts, each filled up with others to every one."""
    yield from (Answer(choices=(option.name,)) for option in ask.options if option.name in ask.alone)
    free = [option for option in ask.options if option.name not in ask.alone]
    fillers = [option.name for option in free if option.name not in named]
    room = ask.most or len(free) + ask.own_words
    for some in _subsets(tuple(option.name for option in free if option.name in named), room):
        for filled in range(len(fillers) + 1 if counted else min(len(fillers), not some) + 1):
            choices = (*some, *fillers[:filled])
            if 0 < len(choices) <= room:
                yield Answer(choices=choices)
            if ask.own_words and filled == len(fillers) and len(choices) < room:
                yield Answer(choices=choices, words="...")


def _subsets(names: tuple[str, ...], most: int | None = None) -> Iterator[tuple[str, ...]]:
    largest = len(names) if len(names) <= MOST_NAMED else 1
    for size in range(min(largest, most or largest) + 1):
        yield from combinations(names, size)


def _numbers(facts: tuple[Fact, ...]) -> Iterator[Answer]:
    """Each number that is compared with, and one on either side of it."""
    limits = _limits(facts)
    for limit in limits[:MOST_NUMBERS]:
        yield from (Answer(number=limit + step) for step in (-1, -0.5, 0, 0.5, 1))
    if not limits:
        yield Answer(number=0)


def _limits(facts: tuple[Fact, ...]) -> list[float]:
    """The numbers that the facts compare with."""
    values = {fact.value for fact in facts if isinstance(fact, Condition)}
    return sorted(value for value in values if not isinstance(value, str))
