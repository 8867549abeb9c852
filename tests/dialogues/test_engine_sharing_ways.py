"""Ways to share: what a share step does for somebody who shares unless they say otherwise, or who keeps everything."""

from __future__ import annotations

import pytest

from dialogues import engine
from dialogues.engine import Back, ChooseLines, Correct, Done, Keep, Pick, ShareAll, ShareLines, Skip
from dialogues.events import Asked, Closed, Line, Offered, Picked, Shared
from dialogues.meanings import KEEP, TICKED
from dialogues.session import Answer
from tests.dialogues.held import Held
from tests.dialogues.steps import steps

A, B, C = Answer(words="a"), Answer(words="b"), Answer(words="c")
SHARING = steps("""
  one:
    ask: One?
    answer: text
    label: One
  two:
    ask: Two?
    answer: text
    label: Two
    private: yes
  three:
    ask: Three?
    answer: text
    label: Three
  sharing:
    share: Share?
    offer: [one, two, three]
  end:
    ask: End?
    answer: text
""")
LINES = (Line("whole/one"), Line("whole/two", private=True), Line("whole/three"))


def offered(*answers: engine.Input) -> Held:
    held = Held.begin(SHARING, sharing=TICKED)
    held.send(*(answers or (A, B, C)))
    return held


def test_the_share_step_begins_with_every_line_ticked_that_is_not_private() -> None:
    held = offered()
    assert held.last[-1] == Offered("whole/sharing", LINES, choosing=True)
    assert held.ticks.now == ("whole/one", "whole/three")
    assert held.cards == {}, "nothing has left yet"


def test_what_is_ticked_leaves_when_the_person_says_so() -> None:
    held = offered()
    assert held.send(Done())[0] == Shared("whole/sharing", (LINES[0], LINES[2]))


def test_ticks_can_be_taken_away_and_given() -> None:
    held = offered()
    assert held.send(Pick("whole/one", on=False)) == (Picked("whole/sharing", ("whole/three",)),)
    held.send(Pick("whole/two", on=True), Done())
    assert held.shared("sharing") == ("two", "three")


@pytest.mark.parametrize(
    "keep", [[Skip()], [ShareLines()], [Pick("whole/one", on=False), Pick("whole/three", on=False), Done()]]
)
def test_everything_can_still_be_kept(keep: list[engine.Input]) -> None:
    held = offered()
    held.send(*keep)
    assert held.shared("sharing") == ()
    assert held.waiting == "end"


def test_where_everything_is_private_nothing_is_ticked() -> None:
    held = offered(Skip(), B, Skip())
    assert held.last[-1] == Offered("whole/sharing", LINES[1:2], choosing=True)
    assert held.ticks.now == ()
    assert held.send(Done())[0] == Shared("whole/sharing", ())


def test_back_leads_to_the_usual_offer_and_then_to_the_question_before() -> None:
    held = offered()
    assert held.send(Back()) == (Offered("whole/sharing", LINES),)
    assert held.send(Back())[-1] == Asked("whole/three", 3, 4, before=C)


def test_whoever_then_chooses_begins_with_nothing_ticked() -> None:
    """What was unticked must not come back by itself."""
    held = offered()
    held.send(Pick("whole/one", on=False), Back(), ChooseLines())
    assert held.ticks.now == ()


def test_who_was_away_finds_the_ticks_as_they_were() -> None:
    held = offered()
    held.send(Pick("whole/one", on=False))
    assert held.send(engine.Again()) == (Offered("whole/sharing", LINES, choosing=True),)
    assert held.ticks.now == ("whole/three",)


def test_who_goes_back_before_deciding_finds_the_lines_as_they_are_then() -> None:
    held = offered()
    held.send(Correct("whole/one"), Skip())
    assert held.last[-1] == Offered("whole/sharing", LINES[1:], choosing=True)
    assert held.ticks.now == ("whole/three",)


def test_after_a_decision_a_correction_asks_in_the_usual_way() -> None:
    """The person decided once. What is asked anew is not decided for them."""
    held = offered()
    held.send(Pick("whole/one", on=False), Done(), Correct("whole/three"), A)
    assert held.last[-1] == Offered("whole/sharing", LINES)
    assert held.shared("sharing") == ()
    held.send(ShareAll())
    assert held.shared("sharing") == ("one", "three")


def test_a_second_share_step_begins_ticked_too() -> None:
    held = Held.begin(SHARING.replace("  end:", "  again:\n    share: Again?\n    offer: one\n  end:"), sharing=TICKED)
    held.send(A, Skip(), Skip(), Done())
    assert held.last[-1] == Offered("whole/again", LINES[:1], choosing=True)
    assert held.ticks.now == ("whole/one",)


def test_leaving_at_the_ticks_keeps_everything() -> None:
    held = offered()
    assert not held.session.closed
    assert held.cards == {}


def test_who_keeps_everything_is_never_offered_anything() -> None:
    held = Held.begin(SHARING, sharing=KEEP)
    assert held.send(A, B, C) == (*held.last[:-1], Asked("whole/end", 4, 4))
    assert held.send(ShareAll(), Keep(), Skip())[-1] == Closed()
    assert held.cards == {}
    assert not any(isinstance(event, Offered) for event in held.told)
