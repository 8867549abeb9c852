"""When a condition holds, and how its sentence is taken apart."""

from __future__ import annotations

import pytest

from dialogues.conditions import WITHOUT_VALUE, Sentence, Unclear, Word, holds, met, parse
from dialogues.model import Condition, Guard
from dialogues.model import Test as Comparison
from dialogues.session import Answer, Outcome, Record, Session

WORK = Answer(choices=("work",))
BOTH = Answer(choices=("work", "outside"))
WORDS = Answer(words="Something else")
TWO = Answer(number=2)
SKIPPED = Outcome.SKIPPED


@pytest.mark.parametrize(
    ("test", "value", "true_of", "false_of"),
    [
        (Comparison.IS, "work", [WORK], [Answer(choices=("outside",)), WORDS, SKIPPED, None]),
        (Comparison.IS_NOT, "work", [Answer(choices=("outside",)), WORDS], [WORK, SKIPPED, Outcome.DOES_NOT_FIT, None]),
        (Comparison.INCLUDES, "outside", [BOTH], [WORK, WORDS, SKIPPED, None]),
        (Comparison.DOES_NOT_INCLUDE, "outside", [WORK, WORDS], [BOTH, SKIPPED, None]),
        (Comparison.IS, 2.0, [TWO], [Answer(number=3), Answer(number=0), SKIPPED, None]),
        (Comparison.IS_NOT, 2.0, [Answer(number=3), Answer(number=0)], [TWO, SKIPPED, None]),
        (
            Comparison.AT_LEAST,
            2.0,
            [TWO, Answer(number=2.5)],
            [Answer(number=1), SKIPPED, Outcome.DOES_NOT_FIT, None, WORDS],
        ),
        (Comparison.AT_MOST, 2.0, [TWO, Answer(number=0)], [Answer(number=3), SKIPPED, None, WORDS]),
        (Comparison.WAS_ANSWERED, "", [WORK, WORDS, TWO], [SKIPPED, Outcome.DOES_NOT_FIT, None]),
        (Comparison.WAS_NOT_ANSWERED, "", [SKIPPED, Outcome.DOES_NOT_FIT, None], [WORK, WORDS, TWO]),
        (Comparison.WAS_SKIPPED, "", [SKIPPED, Outcome.DOES_NOT_FIT], [WORK, WORDS, None]),
        (Comparison.WAS_ASKED, "", [WORK, SKIPPED, Outcome.DOES_NOT_FIT], [None]),
        (Comparison.WAS_NOT_ASKED, "", [None], [WORK, SKIPPED]),
    ],
)
def test_a_condition_is_true_of_these_endings_and_false_of_those(
    test: Comparison, value: str | float, true_of: list[Record | None], false_of: list[Record | None]
) -> None:
    condition = Condition("evening/hard", test, value)
    assert [record for record in true_of if not met(condition, record)] == []
    assert [record for record in false_of if met(condition, record)] == []


def test_every_test_has_a_row_above() -> None:
    marks = test_a_condition_is_true_of_these_endings_and_false_of_those.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in marks[0].args[1]} == set(Comparison)


def test_without_an_answer_only_questions_about_the_ending_can_be_true() -> None:
    for test in set(Comparison) - WITHOUT_VALUE:
        assert not any(met(Condition("x", test, value), record) for value in ("a", 1.0) for record in (None, SKIPPED))


HARD_AT_WORK = Condition("evening/hard", Comparison.INCLUDES, "work")
HARD_OUTSIDE = Condition("evening/hard", Comparison.INCLUDES, "outside")
SURE = Condition("evening/sure", Comparison.AT_LEAST, 3.0)


@pytest.mark.parametrize(
    ("guards", "expected"),
    [
        ((), True),
        ((Guard(),), True),
        ((Guard(every=(HARD_AT_WORK,)),), True),
        ((Guard(every=(HARD_AT_WORK, SURE)),), False),
        ((Guard(any=(HARD_OUTSIDE, HARD_AT_WORK)),), True),
        ((Guard(any=(HARD_OUTSIDE, SURE)),), False),
        ((Guard(every=(HARD_AT_WORK,), any=(HARD_OUTSIDE, SURE)),), False),
        ((Guard(every=(HARD_AT_WORK,)), Guard(every=(SURE,))), False),
        ((Guard(every=(HARD_AT_WORK,)), Guard(any=(SURE, HARD_AT_WORK))), True),
    ],
)
def test_all_guards_have_to_hold_and_of_when_any_one_condition(guards: tuple[Guard, ...], expected: bool) -> None:
    session = Session(done={"evening/hard": WORK, "evening/sure": SKIPPED})
    assert holds(guards, session) is expected


def test_what_is_remembered_is_looked_up_by_its_local_name() -> None:
    guards = (Guard(every=(Condition("last_step", Comparison.WAS_ANSWERED),)),)
    assert not holds(guards, Session())
    assert holds(guards, Session(remembered={"last_step": WORDS}))
    assert not holds(guards, Session(done={"evening/last_step": WORDS}))


def test_an_answer_of_now_counts_before_a_remembered_one() -> None:
    guards = (Guard(every=(Condition("step", Comparison.WAS_SKIPPED),)),)
    assert holds(guards, Session(done={"step": SKIPPED}, remembered={"step": WORDS}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hard is work", Sentence(Word("hard", 0), Comparison.IS, Word("work", 8))),
        ("hard is not work", Sentence(Word("hard", 0), Comparison.IS_NOT, Word("work", 12))),
        ("hard includes work", Sentence(Word("hard", 0), Comparison.INCLUDES, Word("work", 14))),
        ("hard does not include work", Sentence(Word("hard", 0), Comparison.DOES_NOT_INCLUDE, Word("work", 22))),
        ("sure is at least 3", Sentence(Word("sure", 0), Comparison.AT_LEAST, Word("3", 17))),
        ("sure is at most 3", Sentence(Word("sure", 0), Comparison.AT_MOST, Word("3", 16))),
        ("hard was answered", Sentence(Word("hard", 0), Comparison.WAS_ANSWERED, None)),
        ("hard was not answered", Sentence(Word("hard", 0), Comparison.WAS_NOT_ANSWERED, None)),
        ("hard was skipped", Sentence(Word("hard", 0), Comparison.WAS_SKIPPED, None)),
        ("hard was asked", Sentence(Word("hard", 0), Comparison.WAS_ASKED, None)),
        ("  hard   was  not asked ", Sentence(Word("hard", 2), Comparison.WAS_NOT_ASKED, None)),
        ("hard is is", Sentence(Word("hard", 0), Comparison.IS, Word("is", 8))),
        ("hard", Unclear(Word("", 4))),
        ("hard is", Unclear(Word("is", 5))),
        ("hard is at least", Unclear(Word("is at least", 5))),
        ("hard was answered yes", Unclear(Word("was answered yes", 5))),
        ("hard includes work or rest", Unclear(Word("includes work or rest", 5))),
        ("hard == work", Unclear(Word("== work", 5))),
        ("Hard IS work", Unclear(Word("IS work", 5))),
        ("", Unclear(Word("", 0))),
    ],
)
def test_a_sentence_is_a_name_a_test_and_perhaps_a_value(text: str, expected: Sentence | Unclear) -> None:
    assert parse(text) == expected
