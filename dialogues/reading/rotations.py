"""Rotations: ``rotate``, the questions of which each conversation asks only so many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dialogues.conditions import Sentence, met, parse
from dialogues.model import Condition, Rotation
from dialogues.problems import Findings, Place
from dialogues.reading.grammar import ROTATION_KEYS
from dialogues.reading.nodes import Fields, Items, Scalar
from dialogues.reading.references import References
from dialogues.reading.sheet import Sheet

_NO_PLACE = ("for each", "groups of", "not again within")


@dataclass(frozen=True, slots=True)
class RotationDraft:
    """One item of ``rotate`` as it was read: how many, and of which steps by their names."""

    choose: int
    of: tuple[Scalar, ...]
    place: Place


def read_rotations(sheet: Sheet) -> Iterator[RotationDraft]:
    """What stands under ``rotate``."""
    node = sheet.node("rotate")
    if node is None:
        return
    items = node.items if isinstance(node, Items) else ()
    if not items:
        hint = 'Write a list: "- choose: 2", and under it "of:" with the questions.'
        sheet.findings.add("MV008", node.place, "The questions that take turns belong here.", hint)
    for item in items:
        if isinstance(item, Fields):
            yield from _item(Sheet(item, ROTATION_KEYS, sheet.findings))
        else:
            hint = 'Write "choose: 2", and on the next line "of:" with the questions.'
            sheet.findings.add("MV008", item.place, "This says how many of which questions are asked.", hint)


def _item(sheet: Sheet) -> Iterator[RotationDraft]:
    there = [sheet.needs(key, "Under rotate, each item") for key in ROTATION_KEYS]
    choose = sheet.whole("choose")
    of = tuple(sheet.words("of"))
    if all(there) and choose is not None and of:
        yield RotationDraft(choose, of, sheet.key_place("choose"))


def compare(drafts: Sequence[RotationDraft], references: References, after: int) -> Iterator[Rotation]:
    """The rotations of a dialogue with ``after`` steps, compared with its questions."""
    taken: dict[str, Scalar] = {}
    for draft in drafts:
        keys = [key for word in draft.of if (key := _turn(word, taken, references, after))]
        if not 1 <= draft.choose < len(draft.of):
            _all_or_none(draft, references.findings)
        yield Rotation(draft.choose, tuple(keys))


def _all_or_none(draft: RotationDraft, findings: Findings) -> None:
    if len(draft.of) == 1:
        findings.add("MV061", draft.of[0].place, "One question alone takes no turns.", "Name more questions.")
        return
    possible = "1" if len(draft.of) == 2 else f"from 1 to {len(draft.of) - 1}"
    message = f'"choose" can be {possible}, because there are {len(draft.of)} questions.'
    findings.add("MV061", draft.place, message, "Write another number, or name more questions.")


def _turn(word: Scalar, taken: dict[str, Scalar], references: References, after: int) -> str:
    """The key of a question that takes turns; "" when it cannot."""
    found = references.earlier(word, after)
    if found is None:
        return ""
    if word.value in taken:
        message = f'"{word.value}" takes turns already, on line {taken[word.value].place.line}.'
        references.findings.add("MV061", word.place, message, "Delete one of the lines.")
        return ""
    taken[word.value] = word
    sheet = references.sheet(word.value)
    for key in _hindrances(sheet, references):
        message = f'"{word.value}" takes turns, so "{key}" could pass it over again and again.'
        hint = 'Delete the line, or take the question out of "rotate".'
        references.findings.add("MV061", sheet.key_place(key), message, hint)
    return found.id


def _hindrances(sheet: Sheet, references: References) -> Iterator[str]:
    """The keys that may keep a question from ever being asked when its turn has come."""
    yield from (key for key in _NO_PLACE if key in sheet)
    for key, enough in (("when", all), ("when any", any)):
        read = [parse(word.value) for word in sheet.words(key)]
        sentences = [sentence for sentence in read if isinstance(sentence, Sentence)]
        if sentences and not enough(_is_no_hindrance(sentence, references) for sentence in sentences):
            yield key


def _is_no_hindrance(sentence: Sentence, references: References) -> bool:
    """Whether a condition is about what is remembered, which is known before the turns are given, or only makes way for
    a question that came ("was not asked")."""
    name = sentence.question.text
    return references.remembers(name) or met(Condition(name, sentence.test), None)
