"""The way back: to look, to correct, and to go on where one was."""

from __future__ import annotations

from dialogues import engine
from dialogues.engine import Back, Keep, Skip
from dialogues.events import Asked
from dialogues.session import Answer, Outcome
from tests.dialogues.held import Held, picked, typed
from tests.dialogues.steps import steps

THREE = steps("""
  one:
    ask: One?
    answer: text
  between:
    say: Between.
  two:
    ask: Two?
    answer: text
  three:
    ask: Three?
    answer: text
""")
A, B, C = Answer(words="a"), Answer(words="b"), Answer(words="c")


def test_back_at_the_first_question_asks_it_again() -> None:
    held = Held.begin(THREE)
    assert held.send(Back()) == (Asked("whole/one", 1, 3),)
    assert engine.question_before(held.script, held.session) == ""


def test_back_shows_the_answer_that_stands_and_says_nothing_twice() -> None:
    held = Held.begin(THREE)
    assert held.send(A, Back()) == (Asked("whole/one", 1, 3, before=A),)
    assert held.send(Keep()) == (Asked("whole/two", 2, 3),)


def test_back_goes_on_to_the_first_question() -> None:
    held = Held.begin(THREE)
    assert held.send(A, B, Back())[-1] == Asked("whole/two", 2, 3, before=B)
    assert held.send(Back())[-1] == Asked("whole/one", 1, 3, before=A)
    assert held.send(Back())[-1] == Asked("whole/one", 1, 3, before=A)


def test_after_a_step_back_it_goes_on_where_it_was() -> None:
    held = Held.begin(THREE)
    held.send(A, B, Back(), Back())
    assert held.send(A)[-1] == Asked("whole/three", 3, 3)


def test_keep_says_nothing_of_a_question_that_has_no_answer_yet() -> None:
    held = Held.begin(THREE)
    assert held.send(Keep()) == (Asked("whole/one", 1, 3),)


def test_back_returns_to_a_question_that_was_skipped() -> None:
    held = Held.begin(THREE)
    assert held.send(Skip(), Back())[-1] == Asked("whole/one", 1, 3, before=Outcome.SKIPPED)
    assert held.send(A)[-1] == Asked("whole/two", 2, 3)
    assert held.answer("one") == A


def test_back_returns_to_an_ok() -> None:
    held = Held.begin(
        steps("""
      read:
        ask: Read.
        answer: ok
      one:
        ask: One?
        answer: text
    """)
    )
    assert held.send(Skip(), Back())[-1] == Asked("whole/read", 0, 0, before=picked("ok"))
    assert held.send(typed("yes"))[-1] == Asked("whole/one", 1, 1)
