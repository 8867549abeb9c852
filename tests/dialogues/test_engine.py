"""How a conversation goes on: each kind of step, what is asked and what is passed over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dialogues import engine
from dialogues.engine import Again, Back, Keep, Skip
from dialogues.events import Answered, Asked, Closed, NotUnderstood, Offered, Reason, Said
from dialogues.loader import check, load
from dialogues.model import AnswerKind, Ask
from dialogues.session import Answer, Outcome, Session
from tests.dialogues.held import Held, picked, typed
from tests.dialogues.steps import steps

OPTIONS = """
        options:
          work: Work
          home: Home
          nothing: Nothing
"""
ANSWERS = {
    AnswerKind.OK: ("ok", picked("ok")),
    AnswerKind.TEXT: ("text", Answer(words="Slowly")),
    AnswerKind.VOICE_OR_TEXT: ("voice or text", Answer(voice="file:1")),
    AnswerKind.ONE_OF: (f"one of{OPTIONS}", picked("home")),
    AnswerKind.ANY_OF: (f"any of{OPTIONS}", picked("work", "home")),
    AnswerKind.YES_OR_NO: ("yes or no", picked("no")),
    AnswerKind.SCALE: ("scale 0 to 10", Answer(number=0)),
    AnswerKind.NUMBER: ("number", Answer(number=-2.5)),
    AnswerKind.DATE: ("date", Answer(day="2026-02-28")),
}


def one_question(answer: str) -> str:
    return steps(f"""
      question:
        ask: |
          What?
        answer: {answer}
    """)


def test_what_is_said_is_said_on_the_way_to_the_next_question() -> None:
    held = Held.begin(
        steps("""
      hello:
        say: Hello.
      more:
        say: More.
      question:
        ask: What?
        answer: text
      goodbye:
        say: Bye.
    """)
    )
    assert held.last == (Said("whole/hello"), Said("whole/more"), Asked("whole/question", 1, 1))
    answer = Answer(words="This")
    assert held.send(answer) == (Answered("whole/question", answer), Said("whole/goodbye"), Closed())
    assert held.session.closed


@pytest.mark.parametrize("kind", AnswerKind, ids=lambda kind: kind.value)
def test_a_question_of_every_kind_keeps_its_answer(kind: AnswerKind) -> None:
    text, answer = ANSWERS[kind]
    held = Held.begin(one_question(text))
    assert held.send(answer) == (Answered("whole/question", answer), Closed())
    assert held.answer("question") == answer


@pytest.mark.parametrize("kind", AnswerKind, ids=lambda kind: kind.value)
def test_a_question_of_every_kind_can_be_skipped(kind: AnswerKind) -> None:
    held = Held.begin(one_question(ANSWERS[kind][0]))
    held.send(Skip())
    assert held.answer("question") == (picked("ok") if kind is AnswerKind.OK else Outcome.SKIPPED)


@pytest.mark.parametrize("kind", AnswerKind, ids=lambda kind: kind.value)
def test_only_a_scale_can_be_unfitting(kind: AnswerKind) -> None:
    held = Held.begin(one_question(ANSWERS[kind][0]))
    held.send(Skip(does_not_fit=True))
    expected = {AnswerKind.SCALE: Outcome.DOES_NOT_FIT, AnswerKind.OK: picked("ok")}
    assert held.answer("question") == expected.get(kind, Outcome.SKIPPED)


def test_what_is_not_understood_changes_nothing_and_the_question_comes_again() -> None:
    held = Held.begin(one_question("scale 1 to 5"))
    before = held.session
    assert held.send(typed("9")) == (
        NotUnderstood("whole/question", Reason.OUT_OF_RANGE, ("1", "5")),
        Asked("whole/question", 1, 1),
    )
    assert held.session == before
    assert held.send(typed("4"))[-1] == Closed()


def test_an_ok_is_not_counted() -> None:
    held = Held.begin(
        steps("""
      read:
        ask: Read this.
        answer: ok
      one:
        ask: One?
        answer: text
      read_more:
        ask: And this.
        answer: ok
      two:
        ask: Two?
        answer: text
    """)
    )
    assert held.last[-1] == Asked("whole/read", 0, 0)
    assert held.send(typed("whatever"))[-1] == Asked("whole/one", 1, 2)
    assert held.send(Skip())[-1] == Asked("whole/read_more", 0, 0)
    assert held.send(Skip())[-1] == Asked("whole/two", 2, 2)


def test_a_script_that_asks_nothing_ends_at_once() -> None:
    held = Held.begin(
        steps("""
      hello:
        say: Hello.
    """)
    )
    assert held.last == (Said("whole/hello"), Closed())
    assert held.send(Answer(words="Still here"), Back(), Again()) == ()


def test_a_script_of_which_nothing_is_left_to_ask_ends_at_once() -> None:
    script = load(one_question("text").replace("answer: text", "answer: text\n    not again within: 1 day"))
    held = Held.begin(script, resting=frozenset({"whole/question"}))
    assert held.last == (Closed(),)


def test_after_the_end_nothing_changes_any_more() -> None:
    held = Held.begin(one_question("text"))
    held.send(Answer(words="First"))
    assert held.send(Answer(words="Second"), Skip(), Back(), Again(), engine.Correct("whole/question")) == ()
    assert held.answer("question") == Answer(words="First")


def test_being_asked_again_is_the_same_question() -> None:
    held = Held.begin(one_question("text"))
    first = held.last
    assert held.send(Again()) == first


# When a step is passed over -------------------------------------------------------------------------------------------

FOLLOW_UPS = steps("""
  sure:
    ask: How sure?
    answer: scale 1 to 5
  why:
    when: sure is at most 2
    ask: Why?
    answer: text
  skipped:
    when: sure was skipped
    say: You skipped.
  both:
    when:
      - sure is at least 2
      - why was answered
    say: Both.
  any_of_them:
    when any:
      - sure is 5
      - why was answered
    say: One.
""")


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ((Answer(number=1), Answer(words="x")), ["any_of_them"]),
        ((Answer(number=2), Answer(words="x")), ["both", "any_of_them"]),
        ((Answer(number=2), Skip()), []),
        ((Answer(number=3),), []),
        ((Answer(number=5),), ["any_of_them"]),
        ((Skip(),), ["skipped"]),
        ((Skip(does_not_fit=True),), ["skipped"]),
    ],
)
def test_a_step_is_played_when_its_conditions_hold(inputs: tuple[engine.Input, ...], said: list[str]) -> None:
    held = Held.begin(FOLLOW_UPS)
    held.send(*inputs)
    assert held.session.closed
    assert [event.name for event in held.told if isinstance(event, Said)] == [f"whole/{name}" for name in said]


def test_the_total_grows_when_an_answer_opens_a_question() -> None:
    held = Held.begin(FOLLOW_UPS)
    assert held.last[-1] == Asked("whole/sure", 1, 1)
    assert held.send(Answer(number=1))[-1] == Asked("whole/why", 2, 2)


def test_a_question_that_rests_is_passed_over_and_was_not_asked() -> None:
    script = load(
        steps("""
      often:
        ask: Often?
        answer: text
        not again within: 13 days
      instead:
        when: often was not asked
        ask: Instead?
        answer: text
    """)
    )
    often = script.by_key["whole/often"]
    assert isinstance(often, Ask)
    assert often.rest == timedelta(days=13)
    assert Held.begin(script).waiting == "often"
    assert Held.begin(script, resting=frozenset({"whole/often"})).last == (Asked("whole/instead", 1, 1),)


REMEMBERING = """
dialogue: whole
language: en
remember:
  last_step: whole/step
steps:
  step:
    when: last_step was not answered
    ask: Which step?
    answer: text
  same:
    when: last_step was answered
    ask: |
      Still {last_step}?
    answer: yes or no
"""


def test_what_is_remembered_decides_what_is_asked() -> None:
    assert Held.begin(REMEMBERING).waiting == "step"
    held = Held.begin(REMEMBERING, {"last_step": Answer(words="Call")})
    assert held.waiting == "same"
    assert held.session.remembered == {"last_step": Answer(words="Call")}
    assert held.send(picked("yes")) == (Answered("whole/same", picked("yes")), Closed())


def test_back_passes_over_what_was_not_asked() -> None:
    held = Held.begin(FOLLOW_UPS.replace("answer: text", "answer: text\n  last:\n    ask: Last?\n    answer: text", 1))
    assert held.send(Answer(number=4))[-1] == Asked("whole/last", 2, 2)
    assert held.send(Back())[-1] == Asked("whole/sure", 1, 2, before=Answer(number=4))


# What does not fit the step that waits --------------------------------------------------------------------------------

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


@pytest.mark.parametrize("given", [engine.ShareAll(), engine.ChooseLines(), engine.ShareLines(("whole/one",))], ids=str)
def test_sharing_when_a_question_waits_asks_the_question_again(given: engine.Input) -> None:
    held = Held.begin(THREE)
    assert held.send(given) == (Asked("whole/one", 1, 3),)


@pytest.mark.parametrize("given", [A, picked("yes"), engine.Misunderstood(Reason.EMPTY), Keep()], ids=str)
def test_an_answer_when_a_share_step_waits_shows_the_offer_again(given: engine.Input) -> None:
    held = Held.begin(
        steps("""
      one:
        ask: One?
        answer: text
        label: One
      sharing:
        share: Share?
        offer: one
    """)
    )
    held.send(A)
    assert isinstance(held.send(given)[-1], Offered)
    assert held.waiting == "sharing"


def test_a_session_is_never_changed_in_place() -> None:
    script = load(THREE)
    first, _ = engine.start(script)
    kept = Session.from_json(first.to_json())
    engine.play(script, first, A)
    assert first == kept


@pytest.mark.parametrize(
    "path", sorted((Path(engine.__file__).parent / "scripts").glob("*.yaml")), ids=lambda p: p.stem
)
def test_a_shipped_script_is_held_to_its_end_by_skipping(path: Path) -> None:
    library = {each.stem: each.read_text(encoding="utf-8") for each in path.parent.glob("*.yaml")}
    script = check(library[path.stem], file=path.name, library=library).script
    assert script is not None
    held = Held.begin(script)
    for _ in script.steps:
        held.send(Skip())
    assert held.session.closed
