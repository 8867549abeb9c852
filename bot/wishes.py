"""Wishes: answers that change when check-ins come, and what somebody wants to happen when a conversation is over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bot import breaks
from bot.commands import Command
from bot.messages import Inbound, Outbound
from bot.timetable import PAUSES
from dialogues import timing
from dialogues.events import Answered, Corrected, Event
from dialogues.model import Ask, Script
from dialogues.session import Answer, Session

if TYPE_CHECKING:
    from bot.conversing import Conversing

_STOP, _LANGUAGE = "stop", "other_language"


def plan(one: Conversing, event: Event, now: datetime) -> None:
    """Keep to an answer at once, also when the rest of its conversation is never finished."""
    match event:
        case Answered(name, Answer() as answer) | Corrected(name, _, Answer() as answer):
            script, _ = one.open_session()
            for tag in script.step(name).tags:
                if tag.startswith(timing.PREFIX):
                    one.timetable.chosen(tag, answer, now)
        case _:
            pass


def of(script: Script, session: Session) -> str:
    """What somebody wants to happen now that the conversation is over; "" for nothing. A break goes before."""
    found = {
        tag: answer.choices[0]
        for step in script.steps
        if isinstance(step, Ask)
        for tag in step.tags
        if tag in (timing.PAUSE, timing.WISH)
        and isinstance(answer := session.done.get(step.key), Answer)
        and answer.choices
    }
    wish = found.get(timing.PAUSE, found.get(timing.WISH, ""))
    return wish if wish in (*PAUSES, _STOP, _LANGUAGE) else ""


def fulfil(one: Conversing, wish: str, messages: list[Outbound], inbound: Inbound) -> list[Outbound]:
    """What the person is told instead of ``messages``, when a wish comes true; else nothing."""
    match wish:
        case "":
            return []
        case "stop":
            return breaks.leave(one, Command.STOP, inbound)
        case "other_language":
            last = msgspec.structs.replace(messages[-1], kind="said")
            return [*messages[:-1], last, one.choose_language()]
        case _:
            breaks.leave(one, Command.PAUSE, inbound)
            return [breaks.take(one, wish, inbound.at)]
