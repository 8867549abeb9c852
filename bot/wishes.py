"""Wishes: answers that change when check-ins come, and what somebody wants to happen when a conversation is over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bot import breaks
from bot.commands import Command
from bot.keeping import Occasion
from bot.lines import encode_lines
from bot.messages import Inbound, Outbound
from bot.rendering import card_line
from bot.schedule import Promise, promised
from bot.timetable import PAUSES
from dialogues import meanings, timing
from dialogues.events import Answered, Corrected, Event, Shared
from dialogues.model import Ask, Script, Share
from dialogues.session import Answer, Session, Sharing

if TYPE_CHECKING:
    from bot.conversing import Conversing

_WEEKS = {"weeks_4": 4, "weeks_8": 8}
_STOP, _LANGUAGE, _BREAK = "stop", "other_language", "pause"


def plan(one: Conversing, event: Event, now: datetime) -> None:
    """Keep to an answer at once, also when the rest of its conversation is never finished."""
    if not isinstance(event, (Answered, Corrected)):
        return
    script, _ = one.open_session()
    tags, answer = script.step(event.name).tags, event.answer
    if not isinstance(answer, Answer):
        if isinstance(event, Corrected) and meanings.START_DAY in tags:
            one.timetable.starts("", now)
        return
    for tag in tags:
        if tag.startswith(timing.PREFIX):
            one.timetable.chosen(tag, answer, now)
        elif tag.startswith(meanings.CHOICE):
            one.timetable.chose(tag, answer, now)
        if tag == meanings.FORM:
            one.voice = None  # From now on in these words.
        if tag == meanings.TRANSLATION and answer.choices == ("no",):
            one.kept.untranslated = True
        if tag == meanings.HANDOVER:
            one.kept.handover = answer.choices == ("everything",)
        if tag == meanings.IF_QUIET and answer.choices == ("never",):
            one.timetable.keep(promised(one.timetable.agenda, None, now))


def promises(script: Script, event: Shared) -> bool:
    """Whether what was shared is for later: the words that the specialist sees once the person has been quiet."""
    share = script.step(event.name)
    return isinstance(share, Share) and any(meanings.IF_QUIET in script.by_key[key].tags for key in share.offer)


def promise(one: Conversing, event: Shared, on: Occasion) -> Outbound:
    """Keep it for then; what the person is told. Who kept it for themselves has no such promise any more."""
    lines = [card_line(on.script, on.session, line) for line in event.lines]
    weeks = max((_WEEKS.get(choice, 0) for line in lines for choice in line.answer.choices), default=0)
    talk = on.talk
    made = Promise(
        weeks, talk.number, event.name, talk.dialogue, talk.version, on.language, encode_lines(lines).decode()
    )
    one.timetable.keep(promised(one.timetable.agenda, made if weeks else None, on.at))
    return one.words().note("ui/share.later" if weeks else "ui/share.kept")


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
    if wish == _BREAK:
        return "until_back"  # They want a break and did not say how long.
    return wish if wish in (*PAUSES, _STOP, _LANGUAGE) else ""


def has_shared(session: Session) -> bool:
    """Whether anything of a conversation was shared."""
    return any(isinstance(record, Sharing) and record.lines for record in session.done.values())


def fulfil(
    one: Conversing, wish: str, messages: list[Outbound], inbound: Inbound, *, told: bool = False
) -> list[Outbound]:
    """What the person is told instead of ``messages``, when a wish comes true; else nothing. ``told`` where something
    of the conversation was shared."""
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
            return [breaks.take(one, wish, inbound.at, told=told)]
