"""Topics: what somebody does not let us ask about is not there for them, in whatever way it is reached for."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from dialogues import engine, loader
from dialogues.answers import chosen
from dialogues.engine import Back, Misunderstood, Skip
from dialogues.events import Asked, Closed, Line, Offered, Reason, Said
from dialogues.model import AnswerKind, Ask, topics_of
from dialogues.session import Answer, Outcome
from tests.dialogues.answers_at_random import some_answer
from tests.dialogues.held import Held, picked, typed
from tests.dialogues.steps import steps

DAY = steps("""
  hello:
    topic: outside
    say: This is about home too.
  work:
    topic: work
    ask: How was work?
    answer: text
    label: Work
  home:
    topic: [outside, good]
    ask: What was good at home?
    answer: text
    label: Home
  sharing:
    topic: work
    share: Share?
    offer: [work, home]
  end:
    ask: End?
    answer: text
""")


def about(*topics: str, script: str = DAY) -> Held:
    return Held.begin(script, topics=frozenset(topics))


def test_without_a_choice_of_topics_everything_is_asked() -> None:
    held = Held.begin(DAY)
    assert held.last == (Said("whole/hello"), Asked("whole/work", 1, 3))


def test_a_step_whose_topic_is_off_is_passed_over_and_not_counted() -> None:
    assert about("work").last == (Asked("whole/work", 1, 2),)
    assert about().last == (Asked("whole/end", 1, 1),)


def test_of_several_topics_all_have_to_be_on() -> None:
    assert about("outside").last == (Said("whole/hello"), Asked("whole/end", 1, 1))
    assert about("outside", "good").waiting == "home"


def test_a_share_step_has_a_topic_too() -> None:
    held = about("outside", "good")
    assert held.send(Answer(words="The garden"))[-1] == Asked("whole/end", 2, 2)
    held = about("outside", "good", "work")
    held.send(Answer(words="Fine"), Answer(words="The garden"))
    assert held.last[-1] == Offered("whole/sharing", (Line("whole/work"), Line("whole/home")))


def test_a_topic_holds_for_the_whole_conversation_and_on_the_way_back() -> None:
    held = about("work")
    held.send(Answer(words="Fine"), Skip(), Back(), Back())
    assert held.waiting == "work"
    held.send(Answer(words="Not so fine"))
    assert "home" not in {name.partition("/")[2] for name in held.session.done}
    assert held.session.topics == {"work"}


HARD = steps("""
  hard:
    ask: What was hard?
    answer: any of
    options:
      noise: Noise
      sleep: Sleep
      money: Money
      rest: No rest
      nothing: Nothing
    alone: nothing
    topic:
      noise: work
      sleep: outside
      money: outside
  why:
    when: hard was asked
    ask: Why?
    answer: text
""")


def shown(held: Held) -> list[str]:
    return [option.name for option in engine.options_shown(held.ask, held.session)]


def test_options_are_hidden_while_their_topic_is_off() -> None:
    assert shown(Held.begin(HARD)) == ["noise", "sleep", "money", "rest", "nothing"]
    assert shown(about("work", script=HARD)) == ["noise", "rest", "nothing"]
    assert shown(about("outside", script=HARD)) == ["sleep", "money", "rest", "nothing"]


@pytest.mark.parametrize("text", ["Sleep", "sle", "noise and sleep", "4"])
def test_an_option_that_is_hidden_cannot_be_typed(text: str) -> None:
    held = about("work", script=HARD)
    held.send(typed(text))
    assert held.waiting == "hard"
    assert "whole/hard" not in held.session.done


def test_numbers_count_the_options_that_are_shown() -> None:
    held = about("work", script=HARD)
    held.send(typed("2"))
    assert held.answer("hard") == picked("rest")


@pytest.mark.parametrize("choices", [("sleep",), ("noise", "money")])
def test_an_option_that_is_hidden_cannot_be_tapped_or_ticked(choices: tuple[str, ...]) -> None:
    held = about("work", script=HARD)
    assert chosen(held.ask, held.session, choices) == Misunderstood(Reason.NOT_AN_OPTION)
    held.send(*(engine.Pick(choice, on=True) for choice in choices))
    assert "sleep" not in held.ticks.now
    assert "money" not in held.ticks.now


def test_a_question_with_nothing_left_but_what_stands_alone_is_passed_over() -> None:
    script = HARD.replace("      rest: No rest\n", "")
    assert about(script=script).last == (Closed(),)
    assert shown(about("work", script=script)) == ["noise", "nothing"]


def test_own_words_alone_are_no_reason_to_ask_what_nobody_may_ask_about() -> None:
    script = HARD.replace("      rest: No rest\n", "").replace("    alone:", "    own words: yes\n    alone:")
    assert about(script=script).last == (Closed(),)


def test_a_single_choice_is_passed_over_when_no_option_is_left() -> None:
    script = steps("""
      where:
        ask: Where was it?
        answer: one of
        options:
          work: At work
          home: At home
        topic:
          work: work
          home: outside
    """)
    assert about(script=script).last == (Closed(),)
    assert shown(about("outside", script=script)) == ["home"]


def test_options_in_groups_follow_the_option_that_was_hidden() -> None:
    """Nothing has to be said about them: a group is only shown when its option was chosen."""
    script = steps("""
      hard:
        ask: Where was it hard?
        answer: any of
        options:
          work: At work
          home: At home
        topic:
          home: outside
      what:
        ask: What was hard?
        answer: any of
        groups of: hard
        options:
          work:
            noise: Noise
          home:
            sleep: Sleep
    """)
    held = about(script=script)
    assert chosen(held.ask, held.session, ["home"]) == Misunderstood(Reason.NOT_AN_OPTION)
    held.send(picked("work"))
    assert shown(held) == ["noise"]


# The scripts that are in use ------------------------------------------------------------------------------------------

FOLDER = Path(engine.__file__).parent / "scripts"
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}


@pytest.mark.parametrize("name", SOURCES)
def test_every_question_of_a_shipped_script_can_be_skipped_whatever_topics_are_on(name: str) -> None:
    """With random answers on the way: at every question, skipping goes on, and is stored as nothing but that."""
    script = loader.load(SOURCES[name], SOURCES)
    known = sorted({topic for step in script.steps for topic in topics_of(step)})
    for number, on in enumerate(some for size in range(len(known) + 1) for some in combinations(known, size)):
        dice = Random(f"{name} {number}")
        held = Held.begin(script, topics=frozenset(on))
        while not held.session.closed:
            waiting = held.session.waiting
            if isinstance(held.step, Ask) and held.step.kind is not AnswerKind.OK:
                skipped, _ = engine.play(script, held.session, Skip())
                assert skipped.done[waiting] is Outcome.SKIPPED
                assert skipped.waiting != waiting
            held.send(some_answer(dice, held.ask, held.session) if isinstance(held.step, Ask) else Skip())


@pytest.mark.parametrize("name", SOURCES)
def test_who_lets_us_ask_about_nothing_is_asked_about_nothing(name: str) -> None:
    script = loader.load(SOURCES[name], SOURCES)
    held = Held.begin(script, topics=frozenset())
    while not held.session.closed:
        assert not held.step.topics
        held.send(Skip())
