"""Contacting: what Medvind does for one person of its own accord when its time has come: a check-in begins, is reminded
of or runs out, something less is offered, and one last word stands at the beginning of a long silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from bot import bringing, opening, reading_aloud, remembering, schedule
from bot.messages import WEB, Inbound, Outbound
from bot.schedule import Bring, Expire, Missed, Note, Offer, Pulse, Remind, Speak, Start, Step, Tell
from dialogues import engine
from storage.addresses import ACTIVE
from storage.contacts import Reach

if TYPE_CHECKING:
    from bot.conversing import Conversing

MOST_STEPS = 4
"""One thing may lead to the next: what ran out makes room for what begins. Never many."""


@dataclass(slots=True)
class Contact:
    """What came of looking at one person: what was done, and what they are told in which channel."""

    done: list[Step] = field(default_factory=list)
    messages: list[tuple[str, int, int, Outbound]] = field(default_factory=list)
    """Channel, conversation, number, message."""


def contact(one: Conversing, reaches: list[Reach], now: datetime) -> Contact:
    """Do what is due for somebody, and plan when to look again."""
    channel, is_reachable = way_to(reaches)
    came = Contact()
    one.timetable.takes_part(remembering.agrees(one), now)
    one.timetable.touched, one.reachable = True, is_reachable
    for _ in range(MOST_STEPS):
        standing = one.timetable.standing(one.state, one.waits(), reachable=is_reachable)
        step = schedule.step(one.timetable.agenda, standing, one.timetable.calendar, now, one.timetable.due)
        if step is None:
            break
        _do(one, step, Inbound(channel, "", "", now), came)
        one.timetable.keep(schedule.done(one.timetable.agenda, step, standing, now))
        came.done.append(step)
    return came


def way_to(reaches: list[Reach]) -> tuple[str, bool]:
    """The channel in which somebody is written to, and whether they are there. Without a messenger it is the web chat,
    where what is new is found."""
    active = next((reach.channel for reach in reaches if reach.state == ACTIVE), None)
    return (active, True) if active else (WEB, not reaches)


def _do(one: Conversing, step: Step, inbound: Inbound, came: Contact) -> None:
    one.speak_in(inbound.channel)
    waited = one.waiting()
    match step:
        case Start(welcome_back):
            messages = _start(one, inbound, welcome_back)
        case Remind():
            messages = _remind(one, inbound)
        case Expire():
            _run_out(one, inbound, came)
            return
        case Offer():
            messages = opening.begin(one, one.setting.programme.too_much, inbound, by_person=False)
        case Note():
            messages = [one.told("ui/quiet", kind="closed")]
        case Tell(errands):
            messages = bringing.replies(one, errands, inbound)
        case Bring(errand):
            messages = bringing.conversation(one, errand, inbound)
        case Pulse():
            messages = opening.begin(one, one.setting.programme.pulse, inbound, by_person=False)
        case Speak(promise):
            bringing.promised(one, promise, now=inbound.at)
            return
        case Missed():
            return
        case _:
            assert_never(step)
    number = one.talk.number if one.talk else one.next_conversation - 1
    messages = reading_aloud.with_recordings(one, messages, asks_again=waited == one.waiting())
    numbered = [(one.seq(), message) for message in messages]
    one.asked(numbered, inbound, waited)
    came.messages += [(inbound.channel, number, seq, message) for seq, message in numbered]


def _start(one: Conversing, inbound: Inbound, welcome_back: bool) -> list[Outbound]:
    """A check-in. What waited until now and is none makes room. After a break the person is asked what they want."""
    if one.talk is not None:
        one.end("expired", inbound.at)
    if one.state != "active":
        one.come_back(inbound.at)
    if welcome_back and one.setting.programme.after_break:
        return opening.begin(one, one.setting.programme.after_break, inbound, by_person=False)
    welcome = [one.told("ui/welcome_back")] if welcome_back else []
    return [*welcome, *opening.begin(one, opening.check_in(one), inbound, by_person=False)]


def _remind(one: Conversing, inbound: Inbound) -> list[Outbound]:
    """How long it is open, and the question again, so that one tap answers it."""
    assert one.talk is not None, "only what is open is reminded of"
    asked = one.play(engine.Again(), inbound, 0)
    closes = one.talk.closes_at
    day = one.timetable.weekday(closes, one.words().language) if closes else ""
    return [one.words().note("ui/reminder", day=day), *asked] if day else asked


def _run_out(one: Conversing, inbound: Inbound, came: Contact) -> None:
    """Nobody is written to. Only whoever opens the page sees that it is closed, in place of the question."""
    assert one.talk is not None, "only what is open runs out"
    number = one.talk.number
    one.end("expired", inbound.at)
    came.messages.append((WEB, number, one.seq(), one.told("ui/expired", kind="closed")))
