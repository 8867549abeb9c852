"""Questions: an ``ask`` step on its own, each kind of answer with what belongs to it.

What it says about other steps (conditions, ``for each``, ``groups of``) is looked at later, in ``references``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from dialogues import meanings
from dialogues.model import AnswerKind, Ask
from dialogues.problems import Place, nearest
from dialogues.reading import scales
from dialogues.reading.drawings import read_drawings, read_faces
from dialogues.reading.grammar import KEYS_OF_ANSWER
from dialogues.reading.labels import read_labels, read_private
from dialogues.reading.nodes import Scalar
from dialogues.reading.options import Options, among, enough, most, read_options
from dialogues.reading.sheet import Sheet
from dialogues.reading.tags import check_tags
from dialogues.reading.topics import read_topics

LONGEST_REST = timedelta(days=366)

_PLAIN = {kind.value: kind for kind in AnswerKind if kind is not AnswerKind.SCALE}
_CHOOSING = (AnswerKind.ONE_OF, AnswerKind.ANY_OF)


@dataclass(frozen=True, slots=True)
class Question:
    """An ``ask`` that has been read, and its option groups and topics as they stand in the file."""

    step: Ask
    groups: tuple[Scalar, ...] = ()
    topics: tuple[Scalar, ...] = ()


def read_question(sheet: Sheet, key: str, text: str, place: Place) -> Question | None:
    """The question that a sheet holds, or None when its kind of answer is not known. ``place`` is where its name
    stands."""
    answer = _answer(sheet, place)
    if answer is None:
        return None
    kind, ends = answer
    sheet.only(KEYS_OF_ANSWER[kind], f'a question with "answer: {kind.value}"')
    options = read_options(sheet, place) if kind in _CHOOSING else Options()
    own_words = sheet.yes("own words")
    if kind in _CHOOSING:
        enough(sheet, options, own_words)
    label, group_labels = read_labels(sheet, options, own_words)
    private, private_groups = read_private(sheet, options)
    topics = read_topics(sheet, options.names)
    scale = scales.read_scale(sheet, ends) if kind is AnswerKind.SCALE else None
    step = Ask(
        key=key,
        text=text,
        kind=kind,
        options=tuple(options.options),
        scale=scale,
        alone=among(sheet, "alone", options.names, "option"),
        most=most(sheet, len(options.options) + own_words),
        own_words=own_words,
        label=label,
        group_labels=group_labels,
        private=private,
        private_groups=private_groups,
        topics=tuple(word.value for word in topics.of_step),
        option_topics={option: word.value for option, word in topics.of_options},
        drawings=read_drawings(sheet, options.names) if kind in _CHOOSING else {},
        faces=scale is not None and read_faces(sheet, scale),
        rest=sheet.length("not again within", LONGEST_REST),
        tags=sheet.tags(),
        line=place.line,
    )
    check_tags(sheet, step, options.names)
    return Question(step, tuple(options.groups), (*topics.words, *_no_topics(step, options.names)))


def _no_topics(step: Ask, options: Sequence[Scalar]) -> Iterator[Scalar]:
    """The topics that a question lets people turn off."""
    if meanings.NO_TOPICS in step.tags:
        topics = meanings.named_topics(option.value for option in options)
        yield from (option for option in options if option.value in topics)


def _answer(sheet: Sheet, place: Place) -> tuple[AnswerKind, scales.Ends | None] | None:
    """The kind of answer, and the ends of the scale if it is one."""
    word = sheet.word("answer") if sheet.needs("answer", "A question", place) else None
    if word is None:
        return None
    if form := scales.FORM.fullmatch(word.value):
        return AnswerKind.SCALE, scales.ends_of(form, word, sheet.findings)
    if word.value in _PLAIN:
        return _PLAIN[word.value], None
    meant = _meant(word.value)
    hint = f'Did you mean "{meant}"?' if meant else f"Possible are: {', '.join(_PLAIN)}, scale 1 to 5."
    sheet.findings.add("MV019", word.place, f'"{word.value}" is not a kind of answer.', hint)
    return (_PLAIN[meant], None) if meant in _PLAIN else None


def _meant(written: str) -> str:
    """The kind of answer that was meant. For a scale, the numbers stay as they are."""
    low, high = ([*re.findall("[0-9]+", written), "1", "5"] if "sc" in written else ["1", "5"])[:2]
    return nearest(written, [*_PLAIN, f"scale {low} to {high}"])
