"""An answer that is suggested: taken as it is, written anew or passed over, and never taken without the person."""

from __future__ import annotations

import pytest

from dialogues.engine import Back, Keep, Skip
from dialogues.events import Answered, Asked, Corrected
from dialogues.session import Answer, Outcome
from tests.dialogues.held import Held
from tests.dialogues.steps import steps

SCRIPT = steps("""
  start:
    ask: How is it?
    answer: yes or no
  what:
    ask: What do you want to agree on?
    answer: text
    label: Agreement
  more:
    when: what was answered
    ask: By which day?
    answer: date
    label: By
  sharing:
    share: Do you want to share this?
    offer: [what, more]
""")
WORDS = Answer(words="A written list")


@pytest.fixture
def held() -> Held:
    """In front of the question, with words for it."""
    held = Held.begin(SCRIPT, suggested={"whole/what": WORDS})
    held.send(Skip())
    return held


def test_the_question_comes_with_the_words_and_nothing_is_answered_yet(held: Held) -> None:
    assert held.last[-1] == Asked("whole/what", 2, 2, suggested=WORDS)
    assert "whole/what" not in held.session.done


def test_taken_as_it_is_it_is_an_answer_like_any_other(held: Held) -> None:
    assert held.send(Keep())[0] == Answered("whole/what", WORDS)
    assert held.waiting == "more"
    assert held.session.suggested == {}


@pytest.mark.parametrize("given", [Answer(words="Other words"), Skip()], ids=["other words", "skipped"])
def test_other_words_and_a_skip_leave_nothing_of_it(held: Held, given: Answer | Skip) -> None:
    held.send(given)
    assert "A written list" not in held.session.to_json().decode()


def test_who_comes_back_finds_what_they_answered_and_no_suggestion(held: Held) -> None:
    held.send(Answer(words="Other words"))
    assert held.send(Back())[-1] == Asked("whole/what", 2, 3, before=Answer(words="Other words"))
    assert held.send(Keep())[0] == Asked("whole/more", 3, 3)


def test_going_back_before_it_was_taken_takes_nothing(held: Held) -> None:
    held.send(Back())
    assert held.send(Answer(choices=("yes",)))[0] == Corrected("whole/start", Outcome.SKIPPED, Answer(choices=("yes",)))
    assert held.last[-1] == Asked("whole/what", 2, 2, suggested=WORDS)


def test_where_nothing_is_suggested_there_is_nothing_to_take() -> None:
    held = Held.begin(SCRIPT, suggested={"whole/more": Answer(day="2026-05-09")})
    assert held.send(Keep())[-1] == Asked("whole/start", 1, 2)
    assert "whole/start" not in held.session.done
