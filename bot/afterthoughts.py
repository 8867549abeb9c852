"""Afterthoughts: what came out of its time: words from before a question was seen, messages that were changed, and
answers that are taken back. They change an earlier answer, never the question that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import amending
from bot.commands import Command
from bot.messages import Inbound, Outbound
from dialogues import answers, engine
from dialogues.model import AnswerKind, Ask
from dialogues.session import Answer, Record

if TYPE_CHECKING:
    from bot.conversing import Conversing

AT_ANY_TIME = (Command.STOP, Command.PAUSE, Command.HELP)
"""What counts whenever it is said, also by changing an earlier message."""


def is_early(one: Conversing, inbound: Inbound) -> bool:
    """Whether something typed was written before the question that waits was on the screen."""
    if not inbound.place or one.talk is None or not one.asked_seq:
        return False
    asked = one.past.handed_over(one.id, one.asked_seq)
    if asked is None or asked.channel != inbound.channel:
        return asked is None
    return asked.channel_id.isdecimal() and inbound.place < int(asked.channel_id)


def take_early(one: Conversing, inbound: Inbound, seq: int) -> list[Outbound]:
    """It goes on with what was written just before, or the person is asked: never does it answer a question that they
    had not seen."""
    script, session = one.open_session()
    words = answers.clean(inbound.text)
    if not words:
        return []
    name = amending.last_said(script, session)
    before = session.done.get(name)
    more = amending.with_more(before, words) if isinstance(before, Answer) else None
    told = "ui/messenger.early" if more is None else "ui/messenger.added"
    messages = [one.words().note(told)] if more is None else _amend(one, name, more, told, inbound, seq)
    messages, one.told_early = messages[1:] if told == one.told_early else messages, told
    return messages


def edited(one: Conversing, inbound: Inbound, seq: int) -> list[Outbound]:
    """A changed message changes the answer that it gave, as long as its conversation is open."""
    command = one.setting.commands.find(inbound.text)
    if command in AT_ANY_TIME:
        return one.obey(command, inbound, seq)
    row = one.past.given_by(one.id, inbound.channel, inbound.of)
    late = [one.told("ui/messenger.edit_late")]
    if row is None and _was_about_what_waits(one, inbound):
        return one.hear_out(inbound, seq)
    if row is None or one.talk is None or row.conversation != one.talk.number:
        return late
    script, session = one.open_session()
    name = f"{row.question}:{row.each}" if row.each else row.question
    step = script.step(name)
    if name not in session.done or not isinstance(step, Ask):
        return late
    given = _changed(one, session.done[name], inbound)
    if given is None:
        before = amending.reopened(script, session, name)
        given = answers.understand(step, before, inbound.text, one.vocabulary(step))
    return _amend(one, name, given, "ui/corrected", inbound, seq) if isinstance(given, Answer) else late


def take_back(one: Conversing, inbound: Inbound, seq: int) -> list[Outbound]:
    """The last answer is taken back, and nothing of it is kept."""
    script, session = one.open_session()
    for name in reversed(tuple(session.done)):
        step, record = script.step(name), session.done[name]
        if isinstance(record, Answer) and isinstance(step, Ask) and step.kind is not AnswerKind.OK:
            one.kept.withdraw(name, one.occasion(inbound, seq))
            return _amend(one, name, engine.Skip(), "ui/delete.done", inbound, seq)
    return [one.told("ui/delete.none")]


def _was_about_what_waits(one: Conversing, inbound: Inbound) -> bool:
    """Whether the message that was changed was written to the question that waits: a slip that gave no answer."""
    asked = one.past.handed_over(one.id, one.asked_seq) if one.talk else None
    place = inbound.of.removeprefix("m")
    if asked is None or asked.channel != inbound.channel or not (asked.channel_id + place).isdecimal():
        return False
    return int(place or 0) > int(asked.channel_id or 0) > 0


def _changed(one: Conversing, record: Record, inbound: Inbound) -> engine.Input | None:
    """An answer that several messages gave, after one of them was changed; None for any other answer."""
    if not isinstance(record, Answer) or not record.words:
        return None
    before = one.past.said_before(one.id, one.cipher, inbound)
    return amending.with_change(record, answers.clean(before), answers.clean(inbound.text))


def _amend(one: Conversing, name: str, given: engine.Input, context: str, inbound: Inbound, seq: int) -> list[Outbound]:
    """Give an earlier question another answer; the person is told with ``context`` what became of it."""
    told, corrected = one.words().note(context), one.words().ui["ui/corrected"]
    messages = one.after(amending.amended(*one.open_session(), name, given), inbound, seq)
    return [told, *(message for message in messages if message.text != corrected)]
