"""Conditions: the sentences of a ``when`` ("hard includes work"): how they are read, and whether they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogues.model import Condition, Guard, Test
from dialogues.session import Answer, Outcome, Record, Session

WITHOUT_VALUE = frozenset(
    {Test.WAS_ANSWERED, Test.WAS_NOT_ANSWERED, Test.WAS_SKIPPED, Test.WAS_ASKED, Test.WAS_NOT_ASKED}
)
"""Tests that ask how a question ended, not what was answered."""

_LONGEST_FIRST = sorted(Test, key=lambda test: -len(test.value.split()))


def holds(guards: tuple[Guard, ...], session: Session) -> bool:
    """Whether a step with these guards is played now."""
    for guard in guards:  # loops, because a person waits: this is asked of every step on every turn
        for condition in guard.every:
            if not _true(condition, session):
                return False
        if guard.any and not any(_true(condition, session) for condition in guard.any):
            return False
    return True


def _true(condition: Condition, session: Session) -> bool:
    record = session.done.get(condition.question)
    if record is None:
        record = session.remembered.get(condition.question)
    return met(condition, record)


def met(condition: Condition, record: Record | None) -> bool:
    """Whether a condition is true of what became of its question; None when it was not asked.

    Without an answer, only the tests of ``WITHOUT_VALUE`` can be true: "is not" says something about an answer.
    """
    test = condition.test
    if test in WITHOUT_VALUE:
        return _ended(test, record)
    if not isinstance(record, Answer):
        return False
    value = condition.value
    match test:
        case Test.INCLUDES:
            return value in record.choices
        case Test.DOES_NOT_INCLUDE:
            return value not in record.choices
        case Test.IS:
            return _is(record, value)
        case Test.IS_NOT:
            return not _is(record, value)
    if record.number is None or isinstance(value, str):
        return False
    return record.number >= value if test is Test.AT_LEAST else record.number <= value


def _is(answer: Answer, value: str | float) -> bool:
    return value in answer.choices if isinstance(value, str) else answer.number == value


def _ended(test: Test, record: Record | None) -> bool:
    match test:
        case Test.WAS_ANSWERED:
            return isinstance(record, Answer)
        case Test.WAS_NOT_ANSWERED:
            return not isinstance(record, Answer)
        case Test.WAS_SKIPPED:
            return isinstance(record, Outcome)
        case Test.WAS_ASKED:
            return record is not None
        case _:
            return record is None


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a condition and how many characters stand before it."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A condition as it was written: not yet compared with any question."""

    question: Word
    test: Test
    value: Word | None


@dataclass(frozen=True, slots=True)
class Unclear:
    """A condition that could not be read. ``phrase`` is what stands where one of the tests is expected."""

    phrase: Word


def parse(text: str) -> Sentence | Unclear:
    """Take "hard includes work" apart. Anything but a name, one of the tests and, where it needs one, a value is
    unclear."""
    words = [Word(found.group(), found.start()) for found in re.finditer(r"\S+", text)]
    for test in _LONGEST_FIRST:
        length = 1 + len(test.value.split())
        wanted = length + (test not in WITHOUT_VALUE)
        if len(words) == wanted and " ".join(word.text for word in words[1:length]) == test.value:
            return Sentence(words[0], test, words[length] if wanted > length else None)
    return Unclear(_phrase(text, words))


def _phrase(text: str, words: list[Word]) -> Word:
    """What follows the question's name, or the end of the text when nothing does."""
    if len(words) < 2:
        return Word("", len(text.rstrip()))
    return Word(" ".join(word.text for word in words[1:]), words[1].offset)
