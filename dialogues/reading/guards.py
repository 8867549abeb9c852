"""Guards: ``when`` and ``when any`` of a step, compared with the questions that they speak of."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from dialogues.conditions import WITHOUT_VALUE, Sentence, Unclear, Word, parse
from dialogues.model import AnswerKind, Ask, Condition, Guard, Test
from dialogues.problems import Place, did_you_mean, nearest
from dialogues.reading.grammar import TESTS_OF_ANSWER
from dialogues.reading.nodes import Scalar
from dialogues.reading.references import Found, References
from dialogues.reading.sheet import Sheet

_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_OTHER_WORDING = {
    (AnswerKind.ANY_OF, Test.IS): Test.INCLUDES,
    (AnswerKind.ANY_OF, Test.IS_NOT): Test.DOES_NOT_INCLUDE,
    (AnswerKind.ONE_OF, Test.INCLUDES): Test.IS,
    (AnswerKind.ONE_OF, Test.DOES_NOT_INCLUDE): Test.IS_NOT,
    (AnswerKind.YES_OR_NO, Test.INCLUDES): Test.IS,
    (AnswerKind.YES_OR_NO, Test.DOES_NOT_INCLUDE): Test.IS_NOT,
}
_OF_REMEMBERED = frozenset({Test.WAS_ANSWERED, Test.WAS_NOT_ANSWERED})


def read_guards(sheet: Sheet, references: References, here: int) -> tuple[Guard, ...]:
    """What has to hold for the step number ``here``: one guard, or none."""
    every = _conditions(sheet, "when", references, here)
    one = _conditions(sheet, "when any", references, here)
    return (Guard(every, one),) if every or one else ()


def _conditions(sheet: Sheet, key: str, references: References, here: int) -> tuple[Condition, ...]:
    found = [_condition(written, references, here) for written in sheet.words(key)]
    return tuple(condition for condition in found if condition is not None)


def _condition(written: Scalar, references: References, here: int) -> Condition | None:
    sentence = parse(written.value)
    if isinstance(sentence, Unclear):
        _unclear(written, sentence, references, here)
        return None
    name = sentence.question
    found = references.answer(name.text, written.at(name.offset), here)
    if found is None or not _fits(written, sentence, found, references):
        return None
    if sentence.value is None:
        return Condition(found.id, sentence.test)
    value = _value(sentence.value, written.at(sentence.value.offset), sentence, found, references)
    return None if value is None else Condition(found.id, sentence.test, value)


def _unclear(written: Scalar, unclear: Unclear, references: References, here: int) -> None:
    """Say what is wrong with the test, and with the question's name too if that can be seen."""
    name, phrase = written.value.split()[0], unclear.phrase
    if not references.knows(name) and nearest(name, references.names(here)):
        references.answer(name, written.at(0), here)
    place = written.at(phrase.offset)
    meant = _meant(phrase)
    if not phrase.text:
        references.findings.add(
            "MV022", place, "This condition is not complete.", f'Write it like "{name} was answered".'
        )
    elif meant is not None and " ".join(phrase.text.split()[: len(meant.split())]) == meant.value:
        _wrong_value(written, phrase, meant, references)
    else:
        hint = f'Did you mean "{meant.value}"?' if meant else f"Possible are: {', '.join(Test)}."
        references.findings.add("MV022", place, f'I do not understand "{phrase.text}".', hint)


def _wrong_value(written: Scalar, phrase: Word, test: Test, references: References) -> None:
    rest = " ".join(phrase.text.split()[len(test.split()) :])
    place = written.at(phrase.offset)
    if not rest:
        references.findings.add(
            "MV022", place, f'After "{test.value}" something is missing.', "Write what it is compared with."
        )
    elif test in WITHOUT_VALUE:
        references.findings.add("MV022", place, f'Nothing can stand after "{test.value}".', f'Delete "{rest}".')
    else:
        message = f'After "{test.value}" stands one word, not "{rest}".'
        references.findings.add("MV022", place, message, "Write the name of one option, or one number.")


def _meant(phrase: Word) -> Test | None:
    """The test that the beginning of a phrase is, or is most like."""
    words = phrase.text.split()
    heads = {test: " ".join(words[: len(test.split())]) for test in Test}
    exact = [test for test in Test if heads[test] == test.value]
    if exact:
        return max(exact, key=lambda test: len(test.split()))
    likely = [test for test in Test if nearest(heads[test], [test.value])]
    return max(likely, key=lambda test: SequenceMatcher(None, heads[test], test.value, False).ratio(), default=None)


def _fits(written: Scalar, sentence: Sentence, found: Found, references: References) -> bool:
    """Whether the test can be asked of that kind of answer."""
    test, name = sentence.test, sentence.question.text
    place = written.at(sentence.question.offset + len(name) + 1)
    if found.remembered and test in WITHOUT_VALUE - _OF_REMEMBERED:
        message = f'Of an earlier conversation only the answer is known, so "{name} {test.value}" cannot be told.'
        references.findings.add("MV023", place, message, 'Use "was answered" or "was not answered".')
        return False
    if found.ask is None or test in WITHOUT_VALUE:
        return True
    fitting = TESTS_OF_ANSWER.get(found.ask.kind, frozenset())
    if test not in fitting:
        likely = _OTHER_WORDING.get((found.ask.kind, test))
        possible = ", ".join(each.value for each in Test if each in fitting | WITHOUT_VALUE)
        hint = f'Did you mean "{likely.value}"?' if likely else f"Possible are: {possible}."
        message = f'"{test.value}" does not fit "{name}", which is answered with "{found.ask.kind.value}".'
        references.findings.add("MV023", place, message, hint)
    return test in fitting


def _value(word: Word, place: Place, sentence: Sentence, found: Found, references: References) -> str | float | None:
    """What the answer is compared with: an option's name, or a number."""
    if found.ask is None:
        return float(word.text) if _NUMBER.fullmatch(word.text) else word.text
    if found.ask.kind in (AnswerKind.SCALE, AnswerKind.NUMBER):
        return _number(word, place, sentence.question.text, found.ask, references)
    names = ["yes", "no"] if found.ask.kind is AnswerKind.YES_OR_NO else [option.name for option in found.ask.options]
    if word.text in names or not names:
        return word.text
    hint = did_you_mean(word.text, names, f"Possible are: {', '.join(names[:12])}.")
    references.findings.add("MV024", place, f'"{sentence.question.text}" has no option "{word.text}".', hint)
    return None


def _number(word: Word, place: Place, name: str, ask: Ask, references: References) -> float | None:
    if not _NUMBER.fullmatch(word.text):
        references.findings.add("MV025", place, f'"{word.text}" is not a number.', "Write it in digits, like 2.")
        return None
    value = float(word.text)
    if ask.scale is not None and not (value.is_integer() and ask.scale.low <= value <= ask.scale.high):
        message = f'"{word.text}" is not on the scale of "{name}".'
        references.findings.add("MV025", place, message, f"It goes from {ask.scale.low} to {ask.scale.high}.")
        return None
    return value
