"""Meanings: which answers a tag understands, where they are kept, and which names options get from it."""

from __future__ import annotations

import pytest

from dialogues import loader, meanings, timing
from dialogues.model import AnswerKind
from tests.dialogues.steps import steps


@pytest.mark.parametrize(
    ("tag", "option", "understood"),
    [
        (timing.DAY, "monday", True),
        (timing.TIME, "at_1230", True),
        (timing.TIME, "at_2130", False),
        (meanings.SHARING, "ticked", True),
        (meanings.SHARING, "all", False),
        (meanings.SHARING, timing.AS_IT_IS, True),
        (meanings.GOAL_STILL, timing.AS_IT_IS, False),
        (meanings.TOPICS, "anything", True),
        (meanings.NEED_WHO, "unknown", True),
        (meanings.NEED_WHO, "nobody", False),
    ],
)
def test_a_tag_understands_its_own_options(tag: str, option: str, understood: bool) -> None:
    assert meanings.is_understood(tag, option) is understood


def test_every_meaning_belongs_to_a_family_and_every_family_has_one() -> None:
    found = {next(family for family in meanings.FAMILIES if tag.startswith(family)) for tag in meanings.MEANINGS}
    assert found == {*meanings.FAMILIES}


def test_options_are_named_where_there_is_something_to_choose() -> None:
    choosing = {AnswerKind.ONE_OF, AnswerKind.ANY_OF}
    own = {meanings.TOPICS, meanings.NO_TOPICS, meanings.AGREEMENT_OFFER, timing.TIME}
    for tag, meaning in meanings.MEANINGS.items():
        assert bool(meaning.options) == (bool(choosing & {*meaning.kinds}) and tag not in own), tag


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        (["choice:topics"], True),
        (["month:week", "schedule:pause"], True),
        (["goal:new", "asks:help"], False),
        (["my_choice:x"], False),
        ([], False),
    ],
)
def test_choices_and_times_are_kept_in_the_plan_and_nothing_else(tags: list[str], kept: bool) -> None:
    assert meanings.is_in_the_plan(tags) is kept


def test_no_topic_and_as_it_is_are_no_topics() -> None:
    assert meanings.named_topics(["work", "none", "as_it_is", "help"]) == {"work", "help"}


SHARING = steps("""
  way:
    ask: What becomes of your answers?
    answer: one of
    options:
      ask: Ask me
      keep: Keep them
    tags: choice:sharing
""")


def test_an_option_may_be_called_like_a_key_where_its_tag_asks_for_that() -> None:
    assert loader.check(SHARING).problems == ()
    elsewhere = loader.check(SHARING.replace("choice:sharing", "weekly")).problems
    assert [(problem.code, problem.line) for problem in elsewhere] == [("MV017", 9)]
    other = loader.check(SHARING.replace("keep:", "share:")).problems
    assert {problem.code for problem in other} == {"MV017", "MV059"}


# Topics of the folder -------------------------------------------------------------------------------------------------

HELLO = steps("""
  hello:
    topic: wrok
    say: Hello.
""")
MAY_ASK = steps(
    """
  may_ask:
    ask: What may I ask about?
    answer: any of
    options:
      work: Work
      home: Home
    tags: choice:topics
""",
    "may_ask",
)


def test_where_nobody_is_asked_every_word_can_be_a_topic() -> None:
    assert loader.check(HELLO, library={"other": steps("hello:\n  say: Hello.", "other")}).problems == ()


def test_a_topic_is_looked_for_in_the_whole_folder() -> None:
    (found,) = loader.check(HELLO, library={"may_ask": MAY_ASK}).problems
    assert (found.code, found.hint) == ("MV060", 'Did you mean "work"?')
    assert loader.check(HELLO.replace("wrok", "work"), library={"may_ask": MAY_ASK}).problems == ()


def test_several_questions_may_offer_topics() -> None:
    more = MAY_ASK.replace("work: Work", "wrok: Work").replace("may_ask", "more")
    assert loader.check(HELLO, library={"may_ask": MAY_ASK, "more": more}).problems == ()


def test_a_script_that_is_changed_stands_in_for_its_older_text() -> None:
    """Whoever adds a topic and its question in one go is not told that the topic does not exist."""
    added = (
        MAY_ASK.replace("      home:", "      money: Money\n      home:") + "  hello:\n    topic: money\n    say: Hi.\n"
    )
    assert loader.check(added, library={"may_ask": MAY_ASK}).problems == ()


def test_a_version_that_was_published_plays_on_when_its_topic_is_gone() -> None:
    script = loader.load_bundle({"whole": HELLO, "may_ask": MAY_ASK}, "whole")
    assert script.steps[0].topics == ("wrok",)
