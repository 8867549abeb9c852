"""What is true of ticks, whatever is pressed, on any valid script. ``Ticked`` looks at it after every input; here is
what takes more than one input to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from random import Random

from dialogues import engine
from dialogues.engine import Input, Misunderstood
from dialogues.events import Answered, Asked, Corrected, NotUnderstood, Offered, Picked, Reason, Shared
from dialogues.model import Share
from dialogues.session import Answer
from tests.dialogues.answers_at_random import some_answer
from tests.dialogues.conversations_at_random import BLOCKS, CONVERSATIONS, begun, block
from tests.dialogues.held import Held
from tests.dialogues.moves_at_random import some_move, some_press


def test_after_any_presses_done_stores_exactly_what_was_shown_as_ticked_last() -> None:
    for dice, one, script in block(6):
        held = begun(dice, one, script)
        while not held.session.closed:
            name = held.session.waiting
            if isinstance(held.step, Share):
                held.send(engine.ChooseLines())
            elif not held.ticks.are_taken(held.session):
                held.send(some_answer(dice, held.ask, held.session))
                continue
            seen = last_seen(dice, held)
            told = held.send(engine.Done())[0]
            if isinstance(told, Shared):
                assert (told.name, tuple(line.id for line in told.lines)) == (name, seen)
            elif seen:
                assert told == Answered(name, Answer(choices=seen))
            else:
                assert told == NotUnderstood(name, Reason.EMPTY)
                held.send(engine.Skip())


def last_seen(dice: Random, held: Held) -> tuple[str, ...]:
    """What the last event showed as ticked, after presses with other things in between that leave ticks as they are."""
    seen = held.ticks.now
    for _ in range(dice.randint(0, 8)):
        events = held.send(dice.choice([some_press(dice, held)] * 3 + [engine.Again(), Misunderstood(Reason.EMPTY)]))
        seen = next((event.choices for event in events if isinstance(event, Picked)), seen)
    return seen


def test_every_answer_without_words_can_be_ticked_in_any_order() -> None:
    for dice, one, script in block(7):
        held = begun(dice, one, script)
        while not held.session.closed:
            if isinstance(held.step, Share):
                held.send(engine.ShareAll())
                continue
            answer = some_answer(dice, held.ask, held.session)
            if not held.ticks.are_taken(held.session) or answer.words:
                held.send(answer)
                continue
            name, shown = held.session.waiting, held.shown
            held.send(*(engine.Pick(choice, on=True) for choice in dice.sample(answer.choices, len(answer.choices))))
            in_order = tuple(sorted(answer.choices, key=shown.index))
            assert held.send(engine.Done())[0] == Answered(name, Answer(choices=in_order))


def test_the_presses_made_at_random_meet_everything_that_can_happen() -> None:
    """Else what is true of ticks in every conversation (``Ticked``) would be true because nothing is ever ticked."""
    met = Counter[str]()
    for dice, one, script in chain(*map(block, range(BLOCKS))):
        for _ in range(CONVERSATIONS):
            held = begun(dice, one, script)
            while not held.session.closed and len(held.told) < 200:
                ticked, taken, move = (
                    held.ticks.now,
                    held.ticks.are_taken(held.session),
                    some_move(dice, held, restless=0.2),
                )
                held.send(move)
                if taken:
                    met.update(happenings(ticked, move, held))
    at_a_question = {"ticked", "unticked", "nothing", "put out", "too many", "empty", "first", "other", "kept"}
    at_lines = {"line", "lines", "no lines", "ticked beforehand"}
    wanted = at_a_question | at_lines | {"begins with the answer", "asked again with ticks"}
    assert {happening for happening in wanted if met[happening] < 5} == set()


def happenings(ticked: tuple[str, ...], move: Input, held: Held) -> Iterator[str]:
    """What came of one move where ticks were taken; ``ticked`` is what was ticked before it."""
    if isinstance(last := held.last[-1], Offered) and last.choosing and not ticked and held.ticks.now:
        yield "ticked beforehand"
    for event in held.last[:1]:
        match move, event:
            case engine.Pick(_, on), Picked(_, choices):
                yield "nothing" if choices == ticked else "ticked" if on else "unticked"
                yield "put out" if on and {*ticked} - {*choices} else "line" if held.session.choosing else ""
            case engine.Pick(), NotUnderstood():
                yield "too many"
            case engine.Done(), NotUnderstood():
                yield "empty"
            case engine.Done(), Shared(_, lines):
                yield "lines" if lines else "no lines"
            case engine.Done(), Answered():
                yield "first"
            case engine.Done(), Corrected():
                yield "other"
            case engine.Done(), _:
                yield "kept"
            case ((engine.Back() | engine.Correct()), Asked()) if held.ticks.now:
                yield "begins with the answer"
            case ((engine.Again() | Misunderstood()), _) if ticked:
                yield "asked again with ticks"
