"""Tags: whether the answers to a question are what its tags promise. ``dialogues.meanings`` says what that is."""

from __future__ import annotations

from collections.abc import Sequence

from dialogues import meanings, timing
from dialogues.model import AnswerKind, Ask
from dialogues.problems import did_you_mean
from dialogues.reading.nodes import Scalar
from dialogues.reading.sheet import Sheet

_OPTIONS = (AnswerKind.ONE_OF, AnswerKind.ANY_OF)


def check_tags(sheet: Sheet, step: Ask, options: Sequence[Scalar]) -> None:
    """Report tags that are not known, answers that say nothing to them, and options that they do not understand."""
    for tag in (tag for tag in step.tags if tag.startswith(meanings.FAMILIES)):
        if tag not in meanings.MEANINGS:
            family = [known for known in meanings.MEANINGS if known.partition(":")[0] == tag.partition(":")[0]]
            hint = did_you_mean(tag, family, f"There are: {', '.join(family)}.")
            sheet.findings.add(_code(tag), sheet.key_place("tags"), f'There is no tag "{tag}".', hint)
            continue
        _kind(sheet, step, tag)
        for option in options:
            if not meanings.is_understood(tag, option.value):
                message = f'"{tag}" knows no option "{option.value}".'
                sheet.findings.add(_code(tag), option.place, message, _possible(tag, option.value))
    if step.rest is not None and meanings.is_in_the_plan(step.tags):
        message = "Such an answer is kept in the person's own plan, so nobody can look up when it was given."
        hint = 'Delete "not again within".'
        sheet.findings.add("MV059", sheet.key_place("not again within"), message, hint)


def _kind(sheet: Sheet, step: Ask, tag: str) -> None:
    kinds = meanings.MEANINGS[tag].kinds
    if step.kind not in kinds:
        form = "scale 1 to 5" if kinds[0] is AnswerKind.SCALE else kinds[0].value
        hint = f'Use "answer: {form}"{" with its options" if kinds[0] in _OPTIONS else ""}.'
        message = f'Answers of this kind say nothing to "{tag}".'
        sheet.findings.add(_code(tag), sheet.key_place("tags"), message, hint)


def _possible(tag: str, option: str) -> str:
    known = meanings.MEANINGS[tag].options
    named = "like at_1230, from at_0900 to at_1959" if tag == timing.TIME else ", ".join(known)
    as_it_is = ", and as_it_is" if tag.startswith(meanings.IN_THE_PLAN) else ""
    return did_you_mean(option, known, f"Possible are: {named}{as_it_is}.")


def _code(tag: str) -> str:
    return "MV058" if tag.startswith(timing.PREFIX) else "MV059"
