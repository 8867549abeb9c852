"""Earlier answers that change: what is kept of them, what they open, and what they take with them."""

from __future__ import annotations

import pytest

from dialogues import engine
from dialogues.engine import Back, Correct, Keep, Skip
from dialogues.events import Answered, Asked, Closed, Corrected, Said
from dialogues.loader import load
from dialogues.session import Answer, Outcome
from tests.dialogues.held import Held, picked
from tests.dialogues.steps import steps

ONE, FIVE = Answer(number=1), Answer(number=5)
WHY = Answer(words="Because")
SURE = steps("""
  sure:
    ask: How sure?
    answer: scale 1 to 5
  why:
    when: sure is at most 2
    ask: Why?
    answer: text
  because:
    when: why was answered
    say: |
      I see: {why}
  last:
    ask: Last?
    answer: text
  end:
    ask: End?
    answer: text
""")
SURE_AT = Correct("whole/sure")


def test_a_correction_tells_what_was_before_and_goes_on_where_it_was() -> None:
    held = Held.begin(SURE)
    held.send(FIVE, WHY)
    assert held.send(SURE_AT) == (Asked("whole/sure", 1, 3, before=FIVE),)
    four = Answer(number=4)
    assert held.send(four) == (Corrected("whole/sure", FIVE, four), Asked("whole/end", 3, 3))


def test_the_same_answer_again_is_no_correction() -> None:
    held = Held.begin(SURE)
    assert held.send(FIVE, SURE_AT, FIVE) == (Asked("whole/last", 2, 3),)


def test_a_correction_opens_a_follow_up_that_is_asked_next() -> None:
    held = Held.begin(SURE)
    held.send(FIVE, WHY, SURE_AT)
    assert held.send(ONE) == (Corrected("whole/sure", FIVE, ONE), Asked("whole/why", 2, 4))
    assert held.send(WHY) == (Answered("whole/why", WHY), Said("whole/because"), Asked("whole/end", 4, 4))


def test_a_correction_takes_back_what_it_closes() -> None:
    held = Held.begin(SURE)
    held.send(ONE, WHY, SURE_AT)
    events = held.send(FIVE)
    assert events[:2] == (Corrected("whole/sure", ONE, FIVE), Corrected("whole/why", WHY, None))
    assert held.waiting == "last"
    assert held.answer("why") is None


def test_what_was_taken_back_is_asked_anew_when_it_opens_again() -> None:
    held = Held.begin(SURE)
    held.send(ONE, WHY, SURE_AT, FIVE, SURE_AT)
    assert held.send(ONE)[-1] == Asked("whole/why", 2, 4, before=None)
    assert held.send(WHY)[1:] == (Said("whole/because"), Asked("whole/last", 3, 4))


def test_a_correction_to_nothing_closes_what_depended_on_the_answer() -> None:
    held = Held.begin(SURE)
    held.send(ONE, WHY, Back(), Back())
    assert held.waiting == "sure"
    assert held.send(Skip())[:2] == (
        Corrected("whole/sure", ONE, Outcome.SKIPPED),
        Corrected("whole/why", WHY, None),
    )


def test_a_skipped_follow_up_is_taken_back_too() -> None:
    held = Held.begin(SURE)
    held.send(ONE, Skip(), SURE_AT)
    assert Corrected("whole/why", Outcome.SKIPPED, None) in held.send(FIVE)


def test_keep_leaves_an_answer_as_it_stands() -> None:
    held = Held.begin(SURE)
    held.send(ONE, WHY, SURE_AT)
    assert held.send(Keep()) == (Asked("whole/last", 3, 4),)
    assert held.answer("sure") == ONE


def test_an_answer_can_be_corrected_many_times() -> None:
    held = Held.begin(SURE)
    held.send(FIVE)
    for number in (1, 2, 3, 4, 5, 1):
        held.send(SURE_AT, Answer(number=number))
        assert held.answer("sure") == Answer(number=number)
    history = [event.before for event in held.told if isinstance(event, Corrected) and event.name == "whole/sure"]
    assert [before.number for before in history if isinstance(before, Answer)] == [5, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", ["", "nonsense", "whole/nonsense", "whole/end", "whole/because", "whole/why:a", ":"])
def test_nothing_happens_to_what_cannot_be_corrected(name: str) -> None:
    """Not known, not asked yet, or no question."""
    held = Held.begin(SURE)
    held.send(ONE, WHY)
    assert held.send(Correct(name)) == (Asked("whole/last", 3, 4),)


def test_going_back_while_going_back_forgets_nothing() -> None:
    held = Held.begin(SURE)
    held.send(ONE, WHY, WHY, Back(), SURE_AT, Back(), Correct("whole/why"))
    assert held.last[-1] == Asked("whole/why", 2, 4, before=WHY)
    assert held.send(Keep())[-1] == Asked("whole/end", 4, 4)


TURNED = steps("""
  sure:
    ask: Sure?
    answer: yes or no
  more:
    when: sure is no
    ask: What would help?
    answer: text
  step:
    when: more was not asked
    ask: Which step?
    answer: text
  about_step:
    when: step was answered
    ask: How is it?
    answer: text
  end:
    ask: End?
    answer: text
""")


def test_a_follow_up_that_opens_late_closes_what_was_asked_in_its_place() -> None:
    """The condition of ``step`` turns false not with the correction, but with the answer to the follow-up."""
    held = Held.begin(TURNED)
    held.send(picked("yes"), WHY, WHY, Correct("whole/sure"), picked("no"))
    assert held.waiting == "more"
    assert held.answer("step") == WHY
    given = Answer(words="A talk")
    assert held.send(given) == (
        Answered("whole/more", given),
        Corrected("whole/step", WHY, None),
        Corrected("whole/about_step", WHY, None),
        Asked("whole/end", 3, 3),
    )


def test_a_follow_up_that_is_skipped_late_closes_it_too() -> None:
    held = Held.begin(TURNED)
    held.send(picked("yes"), WHY, Skip(), Correct("whole/sure"), picked("no"), Skip())
    assert held.waiting == "end"
    assert held.answer("step") is None


def test_the_very_next_step_is_closed_too() -> None:
    held = Held.begin(TURNED)
    held.send(picked("yes"), WHY, Correct("whole/sure"), picked("no"))
    assert held.send(WHY)[1:] == (Corrected("whole/step", WHY, None), Asked("whole/end", 3, 3))


# Repeated and grouped questions --------------------------------------------------------------------------------------

REPEATED = steps("""
  hard:
    ask: What was hard?
    answer: any of
    options:
      work: At work
      home: At home
    own words: yes
  how:
    for each: hard
    ask: How hard was it ({each})?
    answer: scale 1 to 3
  what:
    ask: What was it?
    answer: any of
    groups of: hard
    options:
      work:
        noise: Noise
        boss: The boss
      home:
        sleep: Sleep
        money: Money
  end:
    ask: End?
    answer: text
""")
HARD = Correct("whole/hard")
TWO = Answer(number=2)


def test_a_choice_that_is_taken_back_takes_its_repetition_along() -> None:
    held = Held.begin(REPEATED)
    held.send(picked("work", "home", words="x"), TWO, TWO, TWO, HARD)
    events = held.send(picked("home"))
    assert events[1:3] == (Corrected("whole/how:work", TWO, None), Corrected("whole/how:own_words", TWO, None))
    assert held.answer("how:home") == TWO
    assert held.waiting == "what"


def test_what_was_asked_about_own_words_is_asked_again_when_they_are_others() -> None:
    held = Held.begin(REPEATED)
    held.send(picked("work", words="The stairs"), TWO, TWO, HARD)
    events = held.send(picked("work", words="The noise"))
    assert Corrected("whole/how:own_words", TWO, None) in events
    assert held.answer("how:work") == TWO
    assert held.waiting == "how:own_words"


def test_a_choice_that_is_added_is_asked_about() -> None:
    held = Held.begin(REPEATED)
    held.send(picked("work"), TWO, HARD)
    assert held.send(picked("work", "home"))[-1] == Asked("whole/how:home", 3, 5)


def test_a_repetition_can_be_corrected_by_its_name() -> None:
    held = Held.begin(REPEATED)
    held.send(picked("work", "home"), TWO, TWO, Correct("whole/how:work"))
    three = Answer(number=3)
    assert held.send(three)[0] == Corrected("whole/how:work", TWO, three)
    assert (held.answer("how:work"), held.answer("how:home")) == (three, TWO)


def test_an_answer_from_a_group_that_closed_is_taken_back_and_asked_anew() -> None:
    held = Held.begin(REPEATED)
    held.send(picked("work", "home"), TWO, TWO, picked("noise", "sleep"), HARD)
    events = held.send(picked("home"))
    assert Corrected("whole/what", picked("noise", "sleep"), None) in events
    assert events[-1] == Asked("whole/what", 3, 4, before=None)
    assert [option.name for option in engine.options_shown(held.ask, held.session)] == ["sleep", "money"]


def test_an_answer_from_groups_that_stay_open_stands() -> None:
    held = Held.begin(REPEATED)
    held.send(picked("work", "home"), TWO, TWO, picked("sleep"), HARD)
    assert held.send(picked("home"))[-1] == Asked("whole/end", 4, 4)
    assert held.answer("what") == picked("sleep")


def test_a_grouped_question_goes_when_all_its_groups_do() -> None:
    held = Held.begin(REPEATED)
    held.send(picked("work"), TWO, picked("boss"), HARD)
    assert Corrected("whole/what", picked("boss"), None) in held.send(Skip())
    assert held.waiting == "end"


def test_a_correction_reaches_into_a_dialogue_that_is_run() -> None:
    inner = steps(
        """
      first:
        ask: First?
        answer: text
      more:
        when: first was answered
        ask: More?
        answer: text
    """,
        dialogue="inner",
    )
    outer = steps("""
      start:
        ask: Start?
        answer: yes or no
      part:
        when: start is yes
        run: inner
      end:
        ask: End?
        answer: text
    """)
    held = Held.begin(load(outer, {"inner": inner}))
    held.send(picked("yes"), WHY, WHY, Correct("whole/start"))
    events = held.send(picked("no"))
    assert events == (
        Corrected("whole/start", picked("yes"), picked("no")),
        Corrected("inner/first", WHY, None),
        Corrected("inner/more", WHY, None),
        Asked("whole/end", 2, 2),
    )


def test_the_last_question_ends_the_conversation_whatever_was_corrected_before() -> None:
    held = Held.begin(SURE)
    held.send(FIVE, WHY, SURE_AT, ONE, WHY)
    assert held.send(WHY)[-1] == Closed()
