"""Options that are shown, steps that are repeated, and dialogues that are run in place."""

from __future__ import annotations

import pytest

from dialogues import engine
from dialogues.engine import Skip
from dialogues.events import Answered, Asked, Closed, Said
from dialogues.loader import load
from dialogues.session import Answer, Outcome
from tests.dialogues.held import Held, picked
from tests.dialogues.steps import steps

GROUPED = steps("""
  hard:
    ask: What was hard?
    answer: any of
    options:
      work: At work
      home: At home
      nothing: Nothing
    alone: nothing
    own words: yes
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
    own words: yes
""")


def shown(held: Held) -> list[str]:
    return [option.name for option in engine.options_shown(held.ask, held.session)]


@pytest.mark.parametrize(
    ("chosen", "options"),
    [(("work",), ["noise", "boss"]), (("home",), ["sleep"]), (("home", "work"), ["noise", "boss", "sleep"])],
)
def test_only_the_groups_that_were_chosen_are_shown_in_the_order_of_the_script(
    chosen: tuple[str, ...], options: list[str]
) -> None:
    held = Held.begin(GROUPED)
    held.send(picked(*chosen))
    assert shown(held) == options


@pytest.mark.parametrize("given", [picked("nothing"), picked(words="Elsewhere"), Skip()], ids=str)
def test_a_grouped_question_without_a_group_is_passed_over(given: engine.Input) -> None:
    held = Held.begin(GROUPED)
    assert held.send(given)[-1] == Closed()


REPEATED = steps("""
  hard:
    ask: What was hard?
    answer: any of
    options:
      work: At work
      home: At home
      way: The way
    own words: yes
  how:
    for each: hard
    ask: How hard was it ({each})?
    answer: scale 1 to 3
  noted:
    for each: hard
    say: I have {each}.
""")


def test_a_step_is_repeated_for_each_chosen_option_in_the_order_of_choosing() -> None:
    held = Held.begin(REPEATED)
    assert held.send(picked("way", "work"))[-1] == Asked("whole/how:way", 2, 3)
    assert held.send(Answer(number=1))[-1] == Asked("whole/how:work", 3, 3)
    assert held.send(Answer(number=3))[-3:] == (Said("whole/noted:way"), Said("whole/noted:work"), Closed())
    assert (held.answer("how:way"), held.answer("how:work")) == (Answer(number=1), Answer(number=3))


def test_a_step_is_repeated_for_a_persons_own_words_too() -> None:
    held = Held.begin(REPEATED)
    held.send(picked("work", words="The stairs"))
    assert held.waiting == "how:work"
    held.send(Skip())
    assert held.waiting == "how:own_words"


def test_a_step_for_each_of_nothing_is_passed_over() -> None:
    held = Held.begin(REPEATED)
    assert held.send(Skip()) == (Answered("whole/hard", Outcome.SKIPPED), Closed())


# Other dialogues ------------------------------------------------------------------------------------------------------

INNER = steps(
    """
  first:
    ask: First?
    answer: yes or no
  second:
    when: first is yes
    ask: Second?
    answer: text
""",
    dialogue="inner",
)
OUTER = steps("""
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


def test_the_steps_of_another_dialogue_are_played_in_place_under_their_own_names() -> None:
    script = load(OUTER, {"inner": INNER})
    held = Held.begin(script)
    assert held.send(picked("yes"))[-1] == Asked("inner/first", 2, 3)
    assert held.send(picked("yes"))[-1] == Asked("inner/second", 3, 4)
    assert held.send(Answer(words="x"))[-1] == Asked("whole/end", 4, 4)
    assert held.answers["inner/first"] == picked("yes")


def test_a_dialogue_that_is_not_run_is_passed_over_whole() -> None:
    held = Held.begin(load(OUTER, {"inner": INNER}))
    assert held.send(picked("no"))[-1] == Asked("whole/end", 2, 2)


def test_both_conditions_count_in_a_dialogue_that_is_run() -> None:
    held = Held.begin(load(OUTER, {"inner": INNER}))
    assert held.send(picked("yes"), picked("no"))[-1] == Asked("whole/end", 3, 3)
