"""The check-in that everybody holds in a measurement: it is begun, and twelve questions get the same twelve answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dialogues.answers import Vocabulary, chosen, understand
from dialogues.engine import Input
from dialogues.loader import load
from dialogues.model import AnswerKind, Ask, Script
from dialogues.session import Session

DIALOGUE = "measured_checkin"
PEOPLE = 1_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person sends to one question: a tap on options, or typed text."""

    step: str
    choices: tuple[str, ...] = ()
    text: str = ""


REPLIES = (
    Reply("week", ("mixed",)),
    Reply("confidence", ("3",)),
    Reply("did", ("looked", "learned")),
    Reply("best", text="I talked with a man at the bakery, and he remembered me."),
    Reply("met_somebody", ("yes",)),
    Reply("where", ("near",)),
    Reply("energy", ("6",)),
    Reply("hard_things", ("search",)),
    Reply("next_step", text="Write to the bakery on Monday and ask for a day to try."),
    Reply("hours", text="12"),
    Reply("who_helps", ("specialist",)),
    Reply("sure_of_step", ("4",)),
)
TURNS = 1 + len(REPLIES)
"""Beginning a check-in is a turn like any other: a message comes in and a question goes out."""


@cache
def source() -> str:
    """The script as text."""
    return (Path(__file__).parent / "checkin.yaml").read_text(encoding="utf-8")


@cache
def script() -> Script:
    """The script, read and checked."""
    return load(source())


def given(reply: Reply, session: Session) -> Input:
    """What the engine is given for ``reply`` in a session that waits for it."""
    step = script().step(session.waiting)
    assert isinstance(step, Ask), "every step of this script is a question"
    assert step.key == f"{DIALOGUE}/{reply.step}", "the replies follow the script"
    if reply.choices:
        return chosen(step, session, reply.choices)
    return understand(step, session, reply.text, Vocabulary())


def asked(reply: Reply) -> Ask:
    """The question of a reply."""
    step = script().step(f"{DIALOGUE}/{reply.step}")
    assert isinstance(step, Ask), "every step of this script is a question"
    return step


def is_ticked(reply: Reply) -> bool:
    """Whether the question may have several answers."""
    return asked(reply).kind is AnswerKind.ANY_OF


def labels(reply: Reply) -> tuple[str, ...]:
    """The options of a reply as the person sees them."""
    return tuple(option.text for option in asked(reply).options if option.name in reply.choices)
