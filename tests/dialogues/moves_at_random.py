"""Moves at random: what people may send at any moment of a conversation, sensible or not."""

from __future__ import annotations

from random import Random

from dialogues import engine
from dialogues.answers import chosen, understand
from dialogues.engine import Input
from dialogues.events import Reason
from dialogues.model import Ask
from dialogues.session import Answer
from tests.dialogues.answers_at_random import some_answer
from tests.dialogues.held import Held, vocabulary_of

TYPED = ("", " ", "1", "٣", "1, 2", "२ 3", "no", "Work", "31.1.2026", "2.5", "-1", "Yes and no", "\0", "a" * 4001, "🙂")
NONSENSE = ("", "x", "whole", "whole/none", ":", "|", "whole/week_0:", "whole/week_0:own_words", "whole/week_0|a")


def some_move(dice: Random, held: Held, restless: float = 0.5) -> Input:
    """Anything that can be sent now. ``restless`` is how much of it is something else than an answer."""
    if dice.random() >= restless:
        return _forward(dice, held)
    return dice.choice([_sideways, _sideways, _wrong])(dice, held)


def wander(dice: Random, held: Held, moves: int) -> int:
    """Send so many moves, then skip to the end. Returns how many inputs it took. Every way has to have an end."""
    restless = dice.choice([0.2, 0.5, 0.8])
    sent = 0
    while not held.session.closed and sent < moves:
        held.send(some_move(dice, held, restless))
        sent += 1
    # Each skip ends one step, or opens one that comes later; so few are needed that a circle is told from a long way.
    for _ in range(10 * len(held.script.steps)):
        if held.session.closed:
            return sent
        held.send(engine.Skip())
        sent += 1
    raise AssertionError("skipping does not come to an end")


def some_press(dice: Random, held: Held) -> engine.Pick:
    """A press on what can be ticked or is ticked; now and then one that changes nothing, or on what is not there."""
    choices = dice.choice([held.shown] * 7 + [list(held.ticks.now)] * 2 + [[*NONSENSE, held.session.waiting]])
    choice = dice.choice(choices or ["x"])
    return engine.Pick(choice, on=(choice in held.ticks.now) == (dice.random() < 0.15))


def _forward(dice: Random, held: Held) -> Input:
    step, session = held.step, held.session
    if held.ticks.are_taken(session) and dice.random() < 0.8:
        return some_press(dice, held) if dice.random() < 0.85 else engine.Done()
    if isinstance(step, Ask):
        return dice.choice([some_answer(dice, step, session)] * 4 + [engine.Skip(), engine.Skip(does_not_fit=True)])
    return dice.choice([engine.ShareAll(), engine.ChooseLines(), engine.Skip(), _some_lines(dice, held)])


def _sideways(dice: Random, held: Held) -> Input:
    names = [*held.script.by_key, *NONSENSE]
    earlier = list(held.answers) or names
    correct = [engine.Correct(dice.choice(earlier)) for _ in range(5)]
    return dice.choice([engine.Back(), engine.Keep(), engine.Again(), engine.Correct(dice.choice(names)), *correct])


def _wrong(dice: Random, held: Held) -> Input:
    step, session = held.step, held.session
    if dice.random() < 0.2:
        return dice.choice([some_press(dice, held), engine.Done()])
    if not isinstance(step, Ask):
        return dice.choice([Answer(words="x"), Answer(choices=("a",)), engine.ShareLines(NONSENSE)])
    text = dice.choice([*TYPED, *(option.text[: dice.randint(1, 30)] for option in step.options)])
    names = [*NONSENSE, *(option.name for option in step.options), "1", "99"]
    return dice.choice(
        [
            understand(step, session, text, vocabulary_of(step)),
            chosen(step, session, dice.sample(names, dice.randint(0, 3)), dice.choice(["", "words"])),
            _misunderstood(dice, step),
            dice.choice([engine.ShareAll(), engine.ChooseLines(), engine.ShareLines(("x",))]),
        ]
    )


def _misunderstood(dice: Random, ask: Ask) -> Input:
    """Some reason, with the details that belong to it."""
    reason = dice.choice(list(Reason))
    if reason not in (Reason.SEVERAL_MATCH, Reason.ALONE):
        return engine.Misunderstood(reason, ("1", "2"))
    names = [str(ask.scale.high)] if ask.scale else [option.name for option in ask.options]
    return engine.Misunderstood(reason, tuple(names[:2])) if names else engine.Again()


def _some_lines(dice: Random, held: Held) -> Input:
    ids = held.shown
    return engine.ShareLines(tuple(dice.sample(ids, dice.randint(0, len(ids)))))
