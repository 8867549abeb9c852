"""Conversations at random: many scripts and the dice for conversations with them, from numbered seeds.

Thousands of whole conversations find more than the few hundred that a shrinking generator has time for. A failure
names its seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from random import Random

from dialogues import loader
from dialogues.meanings import ASK, KEEP, TICKED
from dialogues.model import Ask, Script
from dialogues.rotation import resting_by_rotation
from dialogues.session import Answer
from tests.dialogues.answers_at_random import all_shown, some_answer
from tests.dialogues.held import Held
from tests.dialogues.scripts_at_random import TOPICS, Made, made

SCRIPTS = 400
CONVERSATIONS = 4
"""With each script. Together 20,000 inputs."""
BLOCKS = 10


@cache
def written(seed: int) -> tuple[Made, Script]:
    """The script of a seed."""
    one = made(Random(seed))
    return one, loader.load(one.library["whole"], one.library)


def block(number: int) -> Iterator[tuple[Random, Made, Script]]:
    """A tenth of the scripts, each with dice for its conversations."""
    for seed in range(number, SCRIPTS, BLOCKS):
        try:
            yield Random(f"conversations {seed}"), *written(seed)
        except BaseException as failure:
            failure.add_note(f"seed {seed}")
            raise


def begun(dice: Random, made: Made, script: Script) -> Held:
    """A conversation that begins with something remembered and something resting, or not, for somebody who lets us ask
    about everything or not, and who shares in one way or another."""
    rests = [step.key for step in script.steps if isinstance(step, Ask) and step.rest]
    resting = frozenset(key for key in rests if dice.random() < 0.5)
    topics = dice.choice([None, frozenset(topic for topic in TOPICS if dice.random() < 0.5)])
    known, asked = known_before(dice, made), asked_before(dice, script)
    resting |= resting_by_rotation(script, asked, known, topics)
    return Held.begin(script, known, resting, topics, dice.choice([ASK, ASK, TICKED, TICKED, KEEP]))


def asked_before(dice: Random, script: Script) -> dict[str, datetime]:
    """When the questions that take turns were asked last, if ever."""
    turns = [key for rotation in script.rotations for key in rotation.of]
    return {key: datetime(2024, 1, dice.randint(1, 28), tzinfo=UTC) for key in turns if dice.random() < 0.7}


def known_before(dice: Random, made: Made) -> dict[str, Answer]:
    """Answers that earlier conversations may have left."""
    known = {local: ask for local, ask in made.remembered.items() if dice.random() < 0.6}
    return {local: some_answer(dice, ask, all_shown(ask)) for local, ask in known.items()}
