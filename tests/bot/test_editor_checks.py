"""What the editor says of a text: problems, their mending, what changes; and how two texts are laid together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editor import checking
from bot.editor.changing import apply
from bot.editor.differences import Reworded, Rule, differences
from bot.editor.edits import Replace
from bot.editor.merging import merged
from dialogues.loader import load
from tests.bot.staff_world import CHECKIN

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  d"]), max_size=8).map("\n".join)


def test_a_problem_that_knows_the_word_mends_itself() -> None:
    for wrong, right in (("offer: [wek,", "week"), ("alone: nothin\n", "nothing"), ("anwser: any of", "answer")):
        place = {"week": "offer: [week,", "nothing": "alone: nothing\n", "answer": "answer: any of"}[right]
        text = CHECKIN.replace(place, wrong, 1)
        found = checking.review(text, "checkin", {})
        mends = [fix for problem in found.problems if (fix := checking.fix(problem, text)) is not None]
        assert isinstance(mends[0], Replace)
        assert apply(text, mends[0]) == CHECKIN


def test_a_problem_without_a_word_has_no_mending() -> None:
    text = CHECKIN.replace("language: en", "language: xx")
    [problem] = checking.review(text, "checkin", {}).problems
    assert checking.fix(problem, text) is None


def test_size_and_level_are_told() -> None:
    size = checking.review(CHECKIN, "checkin", {}).size
    assert size is not None
    assert (size.questions, size.longest, size.minutes) == (5, 5, 1)
    assert size.common > 80
    assert checking.review("dialogue: checkin\n", "checkin", {}).size is None


def test_every_change_of_a_rule_is_told() -> None:
    before = load(CHECKIN)
    now = (
        CHECKIN.replace("    label: Week\n", "    label: Week\n    private: yes\n")
        .replace("offer: [week, sure, hard, help, good]", "offer: [week, sure, hard, help]")
        .replace("    alone: nothing\n", "    most: 2\n")
        .replace("      rested: Rest\n", "      rested: Rest\n      friends: Friends\n")
        .replace("title: A short check-in\n", "title: Short\nclose after: 2 days\n")
        .replace("    tags: [balance]\n", "    picture: {rested: cup}\n")
    )
    found = differences(before, load(now))
    assert found.words == (
        Reworded("checkin.title", "A short check-in", "Short"),
        Reworded("checkin/good/friends", "", "Friends"),
    )
    assert set(found.sharing) == {
        Rule("week", "private", "", "yes"),
        Rule("sharing", "offer", "week, sure, hard, help, good", "week, sure, hard, help"),
    }
    assert set(found.rules) == {
        Rule("", "close", "", "2 days"),
        Rule("hard", "alone", "nothing", ""),
        Rule("hard", "most", "", "2"),
        Rule("good", "options", "rested", "friends, rested"),
        Rule("good", "tags", "balance", ""),
        Rule("good", "picture", "", "rested: cup"),
    }
    assert not differences(before, before)
    assert {rule.about for rule in differences(None, before).rules} == {"added"}


def test_what_two_changed_in_different_places_is_laid_together() -> None:
    base = "a\nb\nc\nd\n"
    both = merged(base, "A\nb\nc\nd\n", "a\nb\nc\nd\ne\n")
    assert (both.conflicts, both.text()) == ((), "A\nb\nc\nd\ne\n")
    assert merged(base, "", base).text() == ""


def test_what_both_changed_is_for_somebody_to_choose() -> None:
    both = merged("a\nb\nc", "a\nmine\nc", "a\ntheirs\nc")
    [conflict] = both.conflicts
    assert (conflict.base, conflict.mine, conflict.theirs, conflict.line) == (("b",), ("mine",), ("theirs",), 2)
    assert both.text({0: "mine"}) == "a\nmine\nc"
    assert both.text({0: "theirs"}) == "a\ntheirs\nc"
    assert both.text({0: "both"}) == both.text() == "a\nmine\ntheirs\nc"


@given(LINES, LINES, LINES)
def test_a_merge_loses_no_line_that_somebody_wrote(base: str, mine: str, theirs: str) -> None:
    both = merged(base, mine, theirs)
    assert merged(base, mine, mine).text() == mine
    assert merged(base, mine, base).text() == mine
    assert merged(base, base, theirs).text() == theirs
    known, kept = set(base.split("\n")), set(both.text().split("\n"))
    assert (set(mine.split("\n")) - known) | (set(theirs.split("\n")) - known) <= kept


@pytest.mark.parametrize("text", ["", "x", "dialogue: [", "\t", "a" * 300_000])
def test_any_text_can_be_checked(text: str) -> None:
    found = checking.review(text, "checkin", {})
    assert found.problems
    assert found.outline.cards == ()
