"""Ticking one by one: what a press does, how long ticks last, and what is stored when it is done."""

from __future__ import annotations

import pytest

from dialogues import engine, ticks
from dialogues.engine import Again, Back, ChooseLines, Correct, Done, Keep, Misunderstood, Pick, ShareAll, Skip
from dialogues.events import Answered, Asked, Closed, Corrected, NotUnderstood, Offered, Picked, Reason, Shared
from dialogues.session import Answer, Outcome, Session, Sharing
from tests.dialogues.held import Held, picked
from tests.dialogues.steps import steps

HARD = steps("""
  first:
    ask: First?
    answer: text
  hard:
    ask: What was hard?
    answer: any of
    most: 2
    options:
      work: At work
      home: At home
      way: The way
      nothing: Nothing
      unsure: I don't know
    own words: yes
    alone:
      - nothing
      - unsure
  last:
    ask: Last?
    answer: any of
    options:
      a: A
      b: B
""")
TOO_MANY = NotUnderstood("whole/hard", Reason.TOO_MANY, ("2",))


def asked(*presses: engine.Input) -> Held:
    """A conversation that waits at the question with ``most`` and ``alone``, and these inputs."""
    held = Held.begin(HARD)
    held.send(Answer(words="x"), *presses)
    return held


def on(*choices: str) -> list[Pick]:
    return [Pick(choice, on=True) for choice in choices]


def off(*choices: str) -> list[Pick]:
    return [Pick(choice, on=False) for choice in choices]


def ticked(held: Held) -> tuple[str, ...]:
    return ticks.ticked(held.step, held.session)


# One press ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("presses", "shown"),
    [
        (on("work"), ("work",)),
        (on("way", "work"), ("work", "way")),
        (on("work", "work"), ("work",)),
        ([*on("way", "work"), *off("way")], ("work",)),
        ([*on("work"), *off("work")], ()),
        ([*on("work"), *off("work", "work")], ()),
        (off("work"), ()),
        (on("work", "nothing"), ("nothing",)),
        (on("work", "home", "nothing"), ("nothing",)),
        (on("nothing", "unsure"), ("unsure",)),
        (on("nothing", "way"), ("way",)),
        ([*on("nothing"), *off("nothing")], ()),
        ([*on("work"), *off("nothing")], ("work",)),
    ],
)
def test_a_press_ticks_or_unticks_and_tells_all_that_is_ticked(presses: list[Pick], shown: tuple[str, ...]) -> None:
    held = asked(*presses)
    assert held.last == (Picked("whole/hard", shown),)
    assert held.waiting == "hard"
    assert held.send(Done())[0] == (Answered("whole/hard", picked(*shown)) if shown else empty())


def empty() -> NotUnderstood:
    return NotUnderstood("whole/hard", Reason.EMPTY)


@pytest.mark.parametrize("press", [*on("x", "", "a", "own_words", "whole/hard"), *off("x")], ids=str)
@pytest.mark.parametrize("before", ["home", "nothing"])
def test_what_is_not_shown_changes_nothing(press: Pick, before: str) -> None:
    assert asked(*on(before), press).last == (Picked("whole/hard", (before,)),)


def test_one_too_many_changes_nothing_and_asks_nothing_again() -> None:
    held = asked(*on("work", "home"))
    before = held.session
    assert held.send(*on("way")) == (TOO_MANY,)
    assert held.session == before
    assert ticked(held) == ("work", "home")
    assert held.send(*off("home"), *on("way")) == (Picked("whole/hard", ("work", "way")),)


def test_at_the_most_an_option_that_stands_alone_can_still_be_ticked() -> None:
    assert asked(*on("work", "home", "nothing")).last == (Picked("whole/hard", ("nothing",)),)


GROUPED = steps("""
  hard:
    ask: What was hard?
    answer: any of
    options:
      work: At work
      home: At home
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
""")


def test_only_options_of_the_groups_that_were_chosen_can_be_ticked() -> None:
    held = Held.begin(GROUPED)
    held.send(picked("work"), *on("sleep", "noise"))
    assert ticked(held) == ("noise",)


def test_each_repeat_of_a_question_has_ticks_of_its_own() -> None:
    held = Held.begin(
        steps("""
      hard:
        ask: Hard?
        answer: any of
        options:
          work: At work
          home: At home
      why:
        for each: hard
        ask: Why ({each})?
        answer: any of
        options:
          new: It is new
          loud: It is loud
    """)
    )
    held.send(*on("home", "work"), Done(), *on("loud"))
    assert held.send(Done())[0] == Answered("whole/why:work", picked("loud"))
    assert ticked(held) == ()
    held.send(*on("loud", "new"))
    assert held.send(Done()) == (Answered("whole/why:home", picked("new", "loud")), Closed())


# How long ticks last --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("between", [Again(), Misunderstood(Reason.NOT_AN_OPTION), Keep(), ShareAll()], ids=str)
def test_ticks_are_there_when_what_waits_is_asked_again(between: engine.Input) -> None:
    held = asked(*on("home"), between)
    assert isinstance(held.last[-1], Asked)
    assert held.send(*on("work")) == (Picked("whole/hard", ("work", "home")),)


@pytest.mark.parametrize("way", [Skip(), picked("way"), Answer(words="The stairs"), Done()], ids=str)
def test_ticks_are_forgotten_when_the_question_has_ended(way: engine.Input) -> None:
    held = asked(*on("home"), way)
    assert held.waiting == "last"
    assert held.session.picked is None
    assert held.send(*on("b")) == (Picked("whole/last", ("b",)),)


@pytest.mark.parametrize("way", [Back(), Correct("whole/first")], ids=str)
def test_ticks_are_forgotten_when_the_question_is_left(way: engine.Input) -> None:
    held = asked(*on("home"), way)
    assert held.session.picked is None
    held.send(Keep())
    assert held.waiting == "hard"
    assert ticked(held) == ()


def test_ticks_survive_in_what_is_stored() -> None:
    held = asked(*on("way", "home"))
    again = Held(held.script, Session.from_json(held.session.to_json()))
    assert ticked(again) == ("home", "way")
    assert b'"picked":["home","way"]' in held.session.to_json()


def test_a_conversation_without_ticks_is_stored_as_before() -> None:
    held = asked()
    assert b"picked" not in held.session.to_json()
    held.send(*on("work"), *off("work"))
    assert b"picked" not in held.session.to_json()
    held.send(*on("work"), Done())
    assert b"picked" not in held.session.to_json()


# The answer that stands -----------------------------------------------------------------------------------------------

STANDS = Answer(choices=("way",), words="The stairs")


def returned(stands: engine.Input = STANDS) -> Held:
    """A conversation that came back to the question, where this answer stands."""
    return asked(stands, Correct("whole/hard"))


def test_ticks_begin_with_the_answer_that_stands() -> None:
    held = asked(picked("work", "home"), Back())
    assert ticked(held) == ("work", "home")
    assert held.send(*off("work")) == (Picked("whole/hard", ("home",)),)
    assert held.send(Done())[0] == Corrected("whole/hard", picked("work", "home"), picked("home"))


def test_nothing_is_ticked_where_the_question_was_skipped() -> None:
    held = returned(Skip())
    assert ticked(held) == ()
    assert held.send(Done()) == (empty(), Asked("whole/hard", 2, 3, before=Outcome.SKIPPED))
    assert held.send(*on("way"), Done())[0] == Corrected("whole/hard", Outcome.SKIPPED, picked("way"))


@pytest.mark.parametrize(
    "presses",
    [[], on("way"), off("work"), on("x"), [*on("work"), *off("work")], [*off("way"), *on("way")], on("nothing", "way")],
    ids=str,
)
def test_ticks_that_are_as_they_were_leave_the_answer_as_it_stands(presses: list[Pick]) -> None:
    """A slip that is taken back costs nobody the words beside the options."""
    held = returned()
    assert held.send(*presses, Done()) == (Asked("whole/last", 3, 3),)
    assert held.answer("hard") == STANDS


def test_other_ticks_are_the_whole_answer() -> None:
    assert returned().send(*on("work"), Done())[0] == Corrected("whole/hard", STANDS, picked("work", "way"))


def test_unticking_everything_is_no_answer_and_the_one_before_stands() -> None:
    held = returned()
    assert held.send(*off("way"), Done()) == (empty(), Asked("whole/hard", 2, 3, before=STANDS))
    assert ticked(held) == ()
    assert held.send(Keep()) == (Asked("whole/last", 3, 3),)
    assert held.answer("hard") == STANDS


def test_returning_to_the_question_that_waits_begins_its_ticks_anew() -> None:
    held = returned()
    held.send(*on("work"), Correct("whole/hard"))
    assert ticked(held) == ("way",)


def test_words_alone_are_no_tick() -> None:
    held = returned(Answer(words="The stairs"))
    assert held.send(Done()) == (empty(), Asked("whole/hard", 2, 3, before=Answer(words="The stairs")))


# Lines to share -------------------------------------------------------------------------------------------------------

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
  sharing:
    share: Share?
    offer:
      - two
      - one
""")


def choosing(*inputs: engine.Input) -> Held:
    """A conversation in which the lines to share are picked."""
    held = Held.begin(SHARING)
    held.send(Answer(words="a"), Answer(words="b"), ChooseLines(), *inputs)
    return held


def test_no_line_is_ticked_beforehand() -> None:
    held = choosing()
    assert ticked(held) == ()
    assert held.send(Done()) == (Shared("whole/sharing", ()), Closed())
    assert held.session.done["whole/sharing"] == Sharing()


@pytest.mark.parametrize(
    ("presses", "lines"),
    [
        (on("whole/one", "whole/two"), ("whole/two", "whole/one")),
        (on("whole/one", "whole/one", "x", "one", ""), ("whole/one",)),
        ([*on("whole/one", "whole/two"), *off("whole/one")], ("whole/two",)),
        ([*on("whole/one"), *off("whole/one")], ()),
    ],
)
def test_exactly_the_lines_that_are_ticked_are_shared(presses: list[Pick], lines: tuple[str, ...]) -> None:
    held = choosing(*presses)
    assert held.last == (Picked("whole/sharing", lines),)
    assert not any(isinstance(event, Shared) for event in held.told)
    held.send(Done())
    assert held.session.done["whole/sharing"] == Sharing(lines)


@pytest.mark.parametrize("between", [Again(), Misunderstood(Reason.NOT_AN_OPTION), ChooseLines()], ids=str)
def test_ticked_lines_are_there_when_the_list_is_shown_again(between: engine.Input) -> None:
    held = choosing(*on("whole/one"), between)
    assert isinstance(held.last[-1], Offered)
    assert ticked(held) == ("whole/one",)


def test_back_to_the_offer_forgets_the_ticked_lines() -> None:
    held = choosing(*on("whole/one"), Back())
    assert held.session.picked is None
    held.send(ChooseLines())
    assert ticked(held) == ()


def test_correcting_forgets_the_ticked_lines() -> None:
    held = choosing(*on("whole/one"), Correct("whole/one"), Answer(words="other"), ChooseLines())
    assert ticked(held) == ()


def test_lines_that_were_shared_before_are_not_ticked_when_the_list_comes_back() -> None:
    source = SHARING + "  end:\n    ask: End?\n    answer: text\n"
    held = Held.begin(source)
    held.send(Answer(words="a"), Answer(words="b"), ShareAll(), Back(), ChooseLines())
    assert held.waiting == "sharing"
    assert ticked(held) == ()


# Elsewhere ------------------------------------------------------------------------------------------------------------

OTHERS = steps("""
  read:
    ask: Read.
    answer: ok
  one:
    ask: One?
    answer: one of
    options:
      a: A
      b: B
  sure:
    ask: Sure?
    answer: yes or no
  much:
    ask: How much?
    answer: scale 1 to 5
  words:
    ask: Words?
    answer: text
    label: Words
  sharing:
    share: Share?
    offer: words
""")


@pytest.mark.parametrize("given", [*on("a", "ok", "yes", "1", "whole/words"), *off("a"), Done()], ids=str)
@pytest.mark.parametrize("place", range(6))
def test_where_nothing_is_ticked_a_press_asks_again_what_waits(given: engine.Input, place: int) -> None:
    answers = [picked("ok"), picked("a"), picked("yes"), Answer(number=2), Answer(words="x")]
    held = Held.begin(OTHERS)
    held.send(Again(), *answers[:place])
    before, prompt = held.session, held.last[-1]
    assert held.send(given) == (prompt,)
    assert held.session == before


def test_a_single_choice_that_stands_is_no_tick() -> None:
    held = Held.begin(OTHERS)
    held.send(picked("ok"), picked("a"), Back())
    assert ticked(held) == ()


@pytest.mark.parametrize("given", [*on("a"), Done()], ids=str)
def test_a_conversation_that_is_over_takes_no_ticks(given: engine.Input) -> None:
    held = choosing(Done())
    assert held.send(given) == ()
