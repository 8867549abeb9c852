"""Breaks: when nothing comes for a person, and when something comes again: what they are told of it and can choose."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bot import opening
from bot.commands import Command
from bot.dates import weekday_and_date
from bot.messages import Button, Inbound, Outbound, Tap
from bot.timetable import PAUSES
from dialogues import engine
from dialogues.model import Script, Share
from storage import people

if TYPE_CHECKING:
    from bot.conversing import Conversing


def leave(one: Conversing, command: Command, inbound: Inbound) -> list[Outbound]:
    """Nothing more comes, for now or for good. A break without an end can get one."""
    one.state = "paused" if command is Command.PAUSE else "stopped"
    one.timetable.pause(0, inbound.at)
    one.left = True
    if one.talk is not None:
        one.end("stopped", inbound.at)
    done = one.told(f"ui/{command}.done", kind="closed")
    return [done if command is Command.STOP else _with_lengths(one, done)]


def take(one: Conversing, length: str, now: datetime, *, told: bool = False) -> Outbound:
    """A break of a length that was chosen. Who is not on one any more has gone on since. ``told`` where the person let
    their specialist know of it."""
    if one.state != "paused" or length not in PAUSES:
        return one.idle()
    one.timetable.pause(PAUSES[length], now)
    until = one.timetable.paused_until
    if until is None:
        return one.told("ui/pause.told" if told else "ui/pause.done", kind="closed")
    day = one.timetable.day(until, one.setting.telling.offered(one.language))
    return one.told("ui/pause.until", kind="closed", day=day)


def with_reader(one: Conversing, script: Script, messages: list[Outbound], now: datetime) -> list[Outbound]:
    """Where something can be shared, the person knows from the beginning who will read it: before the first question
    stands that the specialist is away, and who reads meanwhile."""
    if not any(isinstance(step, Share) for step in script.steps):
        return messages
    absence = one.past.absence(one.id, now)
    if absence is None:
        return messages
    words = one.words()
    day = weekday_and_date(absence.last_day, words.language)
    if absence.cover is None:
        note = words.note("ui/absent", day=day)
    else:
        note = words.note("ui/absent.cover", day=day, cover=people.staff_name(one.setting.vault, absence.cover))
    return [*messages[:-1], note, *messages[-1:]]


def with_next(one: Conversing, ended: str, messages: list[Outbound], now: datetime) -> list[Outbound]:
    """Before the last words stands when the next check-in comes, after a conversation that makes one think of it."""
    programme = one.setting.programme
    if not programme.is_check_in(ended) and ended != programme.time:
        return messages
    return [*messages[:-1], _next(one, now, messages[-1].language), *messages[-1:]]


def ask_time(one: Conversing, inbound: Inbound, seq: int) -> list[Outbound]:
    """When the next check-in comes; and what is a good time, unless something else waits."""
    if one.talk is not None:
        return [_next(one, inbound.at, one.words().language), *one.play(engine.Again(), inbound, seq)]
    asked = opening.begin(one, one.setting.programme.time, inbound, by_person=True)
    return [_next(one, inbound.at, asked[0].language if asked else one.language), *asked]


def _next(one: Conversing, now: datetime, language: str) -> Outbound:
    """In the language of what it stands beside."""
    telling, language = one.telling, one.telling.offered(language)
    moment = one.timetable.next_check_in(one.state, now, language)
    if not moment:
        return telling.told(language, "ui/no_check_in")
    return telling.told(language, "ui/next_check_in", moment=moment)


def _with_lengths(one: Conversing, done: Outbound) -> Outbound:
    """With how long it can be. Who chooses nothing comes back when they want."""
    ways = {f"ui/pause.{length}": Tap(0, "", "pause", (length,)) for length in PAUSES}
    buttons = tuple(Button(one.told(context).text, tap) for context, tap in ways.items())
    text = f"{done.text}\n{one.told('ui/pause.how_long').text}"
    return msgspec.structs.replace(done, text=text, buttons=buttons, pick="one")
