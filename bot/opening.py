"""Opening: which conversation begins next, which is set aside for another one, and which goes on afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bot import breaks, proposing, remembering, showing, wishes
from bot.messages import Button, Inbound, Outbound, Tap
from bot.rendering import rendered
from bot.schedule import began
from bot.shelf import Published
from dialogues import engine, meanings
from dialogues.model import Ask
from dialogues.session import Answer
from storage.checkins import Held, Talk

if TYPE_CHECKING:
    from bot.conversing import Conversing

FIRST_AT_WORK = 6
"""So many check-ins about a workplace come before the usual one takes turns with them."""

EXTRA_BETWEEN = 6
"""Days after something that comes now and then before the next such thing."""


def start(one: Conversing, inbound: Inbound) -> list[Outbound]:
    """The next dialogue of the programme: the first one, then the check-in."""
    if one.state != "active":
        one.come_back(inbound.at)
    one.timetable.takes_part(remembering.agrees(one), inbound.at)
    dialogue = check_in(one) if one.timetable.agenda.takes_part else one.setting.programme.first
    return begin(one, dialogue, inbound, by_person=True) or [one.idle()]


def check_in(one: Conversing) -> str:
    """The check-in that is next: of people with a job or a work trial first the one about the workplace for some
    weeks, then both in turn."""
    programme = one.setting.programme
    if not programme.at_work or not remembering.is_at_work(one):
        return programme.check_in
    held = remembering.held(one)
    about_work, usual = held.get(programme.at_work), held.get(programme.check_in)
    if about_work is None or about_work.times < FIRST_AT_WORK:
        return programme.at_work
    return programme.at_work if usual is not None and about_work.last < usual.last else programme.check_in


def begin(
    one: Conversing,
    dialogue: str,
    inbound: Inbound,
    *,
    by_person: bool,
    about: Mapping[str, Answer] | None = None,
    resumes: int | None = None,
    opened: bool = False,
    suggested: Mapping[str, Answer] | None = None,
) -> list[Outbound]:
    """Begin a conversation; nothing where it has nothing to ask now. Who begins one reacts to it.

    ``about`` is what the conversation is about, by the names under which its script remembers it: then nothing of
    earlier conversations is, or a sign that was written once would stand beside what is agreed now. ``opened`` by the
    person out of the menu: maybe to ask for something, so that sharing is offered also to who keeps everything else.
    ``suggested`` are answers that can be taken as they are.
    What still waits has been forgotten, and makes room.
    """
    published = one.past.latest_script(dialogue)
    if published is None:
        return []
    remembered, resting = remembering.memory(one, published, inbound.at, opened=opened)
    topics = one.timetable.topics if one.setting.programme.topics else None
    sharing = meanings.ASK if opened and one.timetable.sharing == meanings.KEEP else one.timetable.sharing
    session, events = engine.start(
        published.script,
        remembered if about is None else about,
        resting,
        topics=topics,
        sharing=sharing,
        suggested=suggested,
    )
    if session.closed:
        return []
    if one.talk is not None:
        one.end("expired", inbound.at)
    closes = published.script.close_after
    one.talk = Talk(
        one.id,
        one.next_conversation,
        dialogue,
        published.version,
        "open",
        inbound.at,
        inbound.at + closes if closes else None,
        None,
        b"",
        reacted_at=inbound.at if by_person else None,
        resumes=resumes,
    )
    if one.setting.programme.is_check_in(dialogue):
        one.timetable.keep(began(one.timetable.agenda, one.timetable.zone, inbound.at))
    one.timetable.touched = True
    one.asked_seq = 0
    one.next_conversation += 1
    one.begun.append(one.talk)
    one.published, one.session, one.touched = published, session, True
    messages = showing.with_pictures(one, rendered(one.words(), session, events))
    return breaks.with_reader(one, published.script, messages, inbound.at)


# What a person opens ----------------------------------------------------------------------------------------------


def menu(one: Conversing) -> Outbound:
    """The small conversations that can be begun at any time, each by its title."""
    buttons = tuple(
        Button(title, Tap(0, "", "open", (dialogue,)))
        for dialogue in one.setting.programme.any_time
        if (title := _title(one, dialogue))
    )
    told = one.told("ui/menu.choose")
    return msgspec.structs.replace(told, buttons=buttons, pick="one", controls=(way_back(one),))


def before_start(one: Conversing) -> list[Outbound]:
    """What there is for the start of something new, for who told of one: nothing begins unless they open it."""
    dialogue = one.setting.programme.before_start
    title = _title(one, dialogue) if dialogue else ""
    if not title:
        return []
    told, way = one.told("ui/start.offer"), Button(title, Tap(0, "", "open", (dialogue,)))
    return [msgspec.structs.replace(told, buttons=(way,), pick="one", controls=(way_back(one),))]


def way_back(one: Conversing) -> Button:
    """Leaves what was only looked at: what waits is asked again."""
    return Button(one.told("ui/menu.nothing").text, Tap(0, "", "again"))


def _title(one: Conversing, dialogue: str) -> str:
    published = one.past.latest_script(dialogue)
    if published is None or not _is_for(one, published):
        return ""
    texts = published.worded(published.language_for(one.setting.telling.offered(one.language)), one.form)
    return texts.get(f"{dialogue}.title", "")


def _is_for(one: Conversing, published: Published) -> bool:
    """Words for women and men are asked about only in a language that has such words."""
    varies = one.setting.speaking.catalogs.varies(one.setting.telling.offered(one.language))
    return varies or not published.asks_only(meanings.FORM)


def open_(one: Conversing, dialogue: str, inbound: Inbound, seq: int) -> list[Outbound]:
    """Begin what the person chose in the menu. What was open waits, and goes on afterwards at the same place."""
    if dialogue not in one.setting.programme.opened_by_people:
        return [menu(one)]
    if one.talk is not None and one.talk.dialogue == dialogue:
        return one.play(engine.Again(), inbound, seq)
    if one.state == "paused":
        one.come_back(inbound.at)
    suggested = proposing.suggested(one, inbound.tap)
    aside = _set_aside(one, inbound.at)
    asked = begin(one, dialogue, inbound, by_person=True, resumes=aside, opened=True, suggested=suggested)
    if asked:
        return asked
    nothing = [one.told("ui/nothing_to_ask")]
    return [*nothing, *_resume(one, aside, inbound)] if aside else nothing


def _set_aside(one: Conversing, at: datetime) -> int | None:
    """The open conversation makes room: its number, or of what it made room for itself."""
    if one.talk is None:
        return None
    number, resumes = one.talk.number, one.talk.resumes
    keeps_its_place = resumes is None
    one.end("aside" if keeps_its_place else "expired", None if keeps_its_place else at, keep_aside=True)
    return number if keeps_its_place else resumes


def _resume(one: Conversing, number: int, inbound: Inbound) -> list[Outbound]:
    """Go on with what was set aside, unless its time is over."""
    talk = one.set_aside(number)
    if talk is None:
        return []
    if talk.closes_at is not None and inbound.at > talk.closes_at:
        one.ended.append(msgspec.structs.replace(talk, state="expired", ended_at=inbound.at))
        return []
    one.talk, one.session = msgspec.structs.replace(talk, state="open", ended_at=None), None
    one.asked_seq = talk.asked_seq
    one.resumed.add(talk.number)
    one.open()
    one.touched = one.timetable.touched = True
    return [one.words().note("ui/goes_on"), *one.play(engine.Again(), inbound, 0)]


# What follows when one is over ------------------------------------------------------------------------------------


def go_on(one: Conversing, messages: list[Outbound], inbound: Inbound) -> list[Outbound]:
    """After a conversation: what was set aside for it; or an agreement that could follow; or, after a check-in, at most
    one thing more."""
    assert one.talk is not None, "only an open conversation ends"
    ended, aside = one.talk.dialogue, one.talk.resumes
    script, session = one.open_session()
    wish, told = wishes.of(script, session), wishes.has_shared(session)
    offered = None if wish else proposing.offer(one)
    one.end("closed", inbound.at, keep_aside=True)
    messages = wishes.fulfil(one, wish, messages, inbound, told=told) or breaks.with_next(
        one, ended, messages, inbound.at
    )
    if ended == one.setting.programme.first:
        one.timetable.takes_part(remembering.agrees(one), inbound.at)
    if aside is not None and one.talk is None:
        return _after(messages, _resume(one, aside, inbound))
    if offered is not None:
        return _after(messages, [offered])
    if not one.setting.programme.is_check_in(ended):
        return messages
    more = _one_more(one, inbound)
    return _after(messages, [one.words().note("ui/one_more"), *more]) if more else messages


def _after(messages: list[Outbound], more: list[Outbound]) -> list[Outbound]:
    """What was the last word is not, when something follows."""
    if not more:
        return messages
    return [*messages[:-1], msgspec.structs.replace(messages[-1], kind="said"), *more]


def _one_more(one: Conversing, inbound: Inbound) -> list[Outbound]:
    """A small dialogue that was not held yet; else one whose turn it is again. One thing at a time."""
    held, programme = remembering.held(one), one.setting.programme
    for dialogue in programme.later:
        published = one.past.latest_script(dialogue) if dialogue not in held else None
        if published is None or not _is_for(one, published):
            continue
        if more := begin(one, dialogue, inbound, by_person=True):
            return more
    times = dict(programme.now_and_then)
    latest = max((held[dialogue].last for dialogue in times if dialogue in held), default=None)
    if latest is not None and (inbound.at - latest).days < EXTRA_BETWEEN:
        return []
    waited = sorted(times, key=lambda dialogue: _last(held, dialogue))
    for dialogue in waited:
        if dialogue in held and inbound.at - held[dialogue].last < times[dialogue]:
            continue
        if more := begin(one, dialogue, inbound, by_person=True):
            return more
    return []


def _last(held: Mapping[str, Held], dialogue: str) -> float:
    """When it was held last; what was never held comes first."""
    return held[dialogue].last.timestamp() if dialogue in held else 0.0


def situation_key(one: Conversing) -> str:
    """The question that says whether somebody has a job now, or ""."""
    published = one.past.latest_script(one.setting.programme.situation) if one.setting.programme.situation else None
    asked = published.script.steps if published else ()
    return next((step.key for step in asked if isinstance(step, Ask)), "")


def expire_aside(one: Conversing, number: int, at: datetime) -> None:
    """What was set aside for a conversation that was left does not go on either."""
    talk = one.set_aside(number)
    if talk is not None:
        one.ended.append(msgspec.structs.replace(talk, state="expired", ended_at=at))
