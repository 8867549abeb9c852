"""Sharing: what is offered, what leaves, and what becomes of it when an answer changes afterwards."""

from __future__ import annotations

import pytest

from dialogues import engine
from dialogues.engine import Back, ChooseLines, Correct, Keep, ShareAll, ShareLines, Skip
from dialogues.events import Asked, Closed, Corrected, Line, Offered, Shared
from dialogues.loader import load
from dialogues.model import Ask, Share
from dialogues.session import Answer, Sharing
from tests.dialogues.held import Held, picked
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
  not_offered:
    ask: Not offered?
    answer: text
  sharing:
    share: Share?
    offer:
      - three
      - one
      - two
  end:
    ask: End?
    answer: text
""")


def offered(*answers: engine.Input) -> Held:
    held = Held.begin(SHARING)
    held.send(*(answers or (A, B, C)), Answer(words="mine"))
    return held


def test_what_was_answered_is_offered_in_the_order_of_the_offer() -> None:
    held = offered()
    assert held.last[-1] == Offered(
        "whole/sharing", (Line("whole/three"), Line("whole/one"), Line("whole/two", private=True))
    )


def test_what_was_skipped_is_not_offered() -> None:
    assert offered(A, Skip(), Skip()).lines == ("one",)


def test_a_share_step_with_nothing_to_offer_is_passed_over() -> None:
    assert offered(Skip(), Skip(), Skip()).waiting == "end"


def test_share_all_leaves_out_what_is_private() -> None:
    held = offered()
    assert held.send(ShareAll())[0] == Shared("whole/sharing", (Line("whole/three"), Line("whole/one")))
    assert held.session.done["whole/sharing"] == Sharing(("whole/three", "whole/one"))


def test_share_all_of_private_lines_shares_nothing() -> None:
    held = offered(Skip(), B, Skip())
    assert held.send(ShareAll())[0] == Shared("whole/sharing", ())


def test_a_private_line_leaves_when_it_is_chosen() -> None:
    held = offered()
    assert held.send(ChooseLines()) == (Offered("whole/sharing", held.told[-1].lines, choosing=True),)  # type: ignore[union-attr]
    held.send(ShareLines(("whole/two",)))
    assert held.shared("sharing") == ("two",)


def test_lines_leave_in_the_order_of_the_offer_each_once() -> None:
    held = offered()
    held.send(ShareLines(("whole/one", "whole/three", "whole/one")))
    assert held.shared("sharing") == ("three", "one")


@pytest.mark.parametrize("ids", [("whole/not_offered",), ("nonsense", ""), ("whole/one|",), ("whole/sharing",)])
def test_what_is_not_offered_cannot_leave(ids: tuple[str, ...]) -> None:
    held = offered()
    held.send(ShareLines(ids))
    assert held.shared("sharing") == ()


@pytest.mark.parametrize("keep", [ShareLines(), Skip(), Skip(does_not_fit=True)], ids=str)
def test_keeping_shares_nothing(keep: engine.Input) -> None:
    held = offered()
    assert held.send(keep) == (Shared("whole/sharing", ()), Asked("whole/end", 5, 5))
    assert held.session.done["whole/sharing"] == Sharing()


def test_nothing_has_left_before_the_person_has_chosen() -> None:
    held = offered()
    held.send(ChooseLines(), engine.Again())
    assert not any(isinstance(event, Shared) for event in held.told)


def test_back_from_choosing_is_the_offer_again() -> None:
    held = offered()
    first = held.last[-1:]
    assert held.send(ChooseLines(), Back()) == first
    assert held.send(Back())[-1] == Asked("whole/not_offered", 4, 5, before=Answer(words="mine"))


def test_correcting_while_choosing_comes_back_to_the_offer_and_not_to_the_choosing() -> None:
    held = offered()
    held.send(ChooseLines(), Correct("whole/one"), C)
    assert held.last[-1] == Offered("whole/sharing", held.last[-1].lines)  # type: ignore[union-attr]
    assert not held.session.choosing


def test_a_line_for_each_option_group_with_an_answer_and_for_the_own_words() -> None:
    held = Held.begin(
        steps("""
      hard:
        ask: Hard?
        answer: any of
        options:
          work: Work
          home: Home
          search: Search
      what:
        ask: What?
        answer: any of
        groups of: hard
        options:
          work:
            noise: Noise
            boss: Boss
          search:
            cv: CV
          home:
            sleep: Sleep
        own words: yes
        private: home
        label:
          work: At work
          search: Searching
          home: At home
          own words: Own
      sharing:
        share: Share?
        offer: what
    """)
    )
    held.send(picked("work", "home", "search"), picked("sleep", "boss", "noise", words="The stairs"))
    assert held.last[-1] == Offered(
        "whole/sharing",
        (
            Line("whole/what", "work"),
            Line("whole/what", "home", private=True),
            Line("whole/what", "own_words", private=True),
        ),
    )
    step = held.script.by_key["whole/what"]
    answer = held.session.done["whole/what"]
    assert isinstance(step, Ask)
    assert isinstance(answer, Answer)
    assert engine.part(step, answer, "work") == picked("boss", "noise")
    assert engine.part(step, answer, "search") == Answer()
    assert engine.part(step, answer, "own_words") == Answer(words="The stairs")
    assert engine.part(step, answer, "") == answer
    held.send(ShareAll())
    assert held.shared("sharing") == ("what|work",)


def test_own_words_are_not_private_where_no_private_group_was_shown() -> None:
    held = Held.begin(
        steps("""
      hard:
        ask: Hard?
        answer: any of
        options:
          work: Work
          home: Home
      what:
        ask: What?
        answer: any of
        groups of: hard
        options:
          work:
            noise: Noise
          home:
            sleep: Sleep
        own words: yes
        private: home
        label:
          work: At work
          home: At home
          own words: Own
      sharing:
        share: Share?
        offer: what
    """)
    )
    held.send(picked("work"), picked(words="The stairs"))
    assert held.last[-1] == Offered("whole/sharing", (Line("whole/what", "own_words"),))


def test_a_repeated_question_is_a_line_for_each_answer() -> None:
    held = Held.begin(
        steps("""
      hard:
        ask: Hard?
        answer: any of
        options:
          work: Work
          home: Home
      how:
        for each: hard
        ask: How {each}?
        answer: scale 1 to 3
        label: How hard {each}
        private: yes
      sharing:
        share: Share?
        offer: how
    """)
    )
    held.send(picked("home", "work"), Answer(number=1), Skip())
    assert held.last[-1] == Offered("whole/sharing", (Line("whole/how:home", private=True),))


def test_two_share_steps_each_have_their_own_lines() -> None:
    held = Held.begin(
        steps("""
      one:
        ask: One?
        answer: text
        label: One
      first:
        share: Share this?
        offer: one
      two:
        ask: Two?
        answer: text
        label: Two
      second:
        share: Share these?
        offer:
          - one
          - two
    """)
    )
    held.send(A, ShareLines(), B)
    assert held.lines == ("one", "two")
    held.send(ShareAll())
    assert (held.shared("first"), held.shared("second")) == ((), ("one", "two"))


# When an answer changes after it was shared --------------------------------------------------------------------------


def shared() -> Held:
    """Lines three, one and two have left; the last question waits."""
    held = offered()
    held.send(ShareLines(("whole/one", "whole/two", "whole/three")))
    return held


def test_a_line_whose_answer_changed_leaves_the_card_and_the_share_is_asked_anew() -> None:
    held = shared()
    events = held.send(Correct("whole/one"), C)
    assert events[:2] == (
        Corrected("whole/one", A, C),
        Shared("whole/sharing", (Line("whole/three"), Line("whole/two", private=True))),
    )
    assert isinstance(events[2], Offered)
    assert held.lines == ("three", "one", "two")
    held.send(ShareAll())
    assert held.shared("sharing") == ("three", "one")
    assert held.waiting == "end"


def test_a_line_whose_answer_was_withdrawn_leaves_the_card() -> None:
    held = shared()
    events = held.send(Correct("whole/one"), Skip())
    assert Shared("whole/sharing", (Line("whole/three"), Line("whole/two", private=True))) in events
    assert held.lines == ("three", "two")


def test_keeping_the_answer_keeps_the_card() -> None:
    held = shared()
    assert held.send(Correct("whole/one"), Keep()) == (Asked("whole/end", 5, 5),)
    assert held.shared("sharing") == ("three", "one", "two")


def test_a_change_in_what_was_kept_changes_no_card() -> None:
    held = offered()
    held.send(ShareLines(("whole/one",)))
    assert held.send(Correct("whole/three"), B) == (Corrected("whole/three", C, B), Asked("whole/end", 5, 5))
    assert held.shared("sharing") == ("one",)


def test_leaving_after_a_correction_leaves_only_what_still_is_as_it_was_agreed() -> None:
    """The share step waits to be asked anew; before that, a second answer changes."""
    held = shared()
    held.send(Correct("whole/one"), C)
    assert held.waiting == "sharing"
    held.send(Correct("whole/three"), A)
    assert set(held.shared("sharing")) <= {"two"}


def test_a_correction_that_opens_a_question_takes_the_old_line_off_the_card_at_once() -> None:
    held = Held.begin(
        steps("""
      sure:
        ask: Sure?
        answer: yes or no
        label: Sure
      why:
        when: sure is no
        ask: Why?
        answer: text
        label: Why
      good:
        ask: Good?
        answer: text
        label: Good
      sharing:
        share: Share?
        offer:
          - sure
          - why
          - good
      end:
        ask: End?
        answer: text
    """)
    )
    held.send(picked("yes"), A, ShareAll(), Correct("whole/sure"), picked("no"))
    assert held.waiting == "why"
    assert held.shared("sharing") == ("good",)
    held.send(Correct("whole/good"), B)
    assert held.shared("sharing") == (), "the share step was not reached yet, and the old answer is gone all the same"
    held.send(C)
    assert held.lines == ("sure", "why", "good")
    held.send(ShareAll())
    assert held.shared("sharing") == ("sure", "why", "good")


def test_a_follow_up_that_is_taken_back_takes_its_line_along() -> None:
    held = Held.begin(
        steps("""
      hard:
        ask: Hard?
        answer: any of
        options:
          work: Work
          home: Home
      how:
        for each: hard
        ask: How {each}?
        answer: scale 1 to 3
        label: How hard {each}
      sharing:
        share: Share?
        offer: how
      end:
        ask: End?
        answer: text
    """)
    )
    held.send(picked("home", "work"), Answer(number=1), Answer(number=2), ShareAll())
    assert held.shared("sharing") == ("how:home", "how:work")
    held.send(Correct("whole/hard"), picked("work"))
    assert held.shared("sharing") == ("how:work",)
    assert held.lines == ("how:work",)


def test_going_back_over_a_share_step_can_change_what_was_shared() -> None:
    held = shared()
    assert isinstance(held.send(Back())[-1], Offered)
    assert held.waiting == "sharing"
    held.send(ShareLines(("whole/two",)))
    assert held.shared("sharing") == ("two",)
    assert held.waiting == "end"


def test_going_back_over_a_share_step_and_keeping_leaves_it_as_it_was() -> None:
    held = shared()
    held.send(Back())
    assert held.send(Keep()) == (Asked("whole/end", 5, 5),)
    assert held.shared("sharing") == ("three", "one", "two")


def test_a_share_step_can_be_returned_to_by_its_name() -> None:
    held = shared()
    held.send(Correct("whole/sharing"), ShareLines())
    assert held.shared("sharing") == ()


def test_nobody_is_led_back_to_a_share_step_that_has_nothing_left_to_offer() -> None:
    held = offered(A, Skip(), Skip())
    held.send(ShareLines(), Correct("whole/one"), Skip())
    assert held.waiting == "end"
    assert held.send(Back())[-1] == Asked("whole/not_offered", 4, 5, before=Answer(words="mine"))
    assert held.send(Keep(), Correct("whole/sharing"))[-1] == Asked("whole/end", 5, 5)


def test_the_end_comes_once_however_often_was_shared() -> None:
    held = shared()
    held.send(Correct("whole/one"), C, ShareAll(), A)
    assert held.told.count(Closed()) == 1
    assert held.session.closed


def test_lines_can_be_asked_for_at_any_time() -> None:
    script = load(SHARING)
    step = script.by_key["whole/sharing"]
    assert isinstance(step, Share)
    session, _ = engine.start(script)
    assert engine.lines_offered(script, step, session) == ()
    session, _ = engine.play(script, session, A)
    assert engine.lines_offered(script, step, session) == (Line("whole/one"),)
