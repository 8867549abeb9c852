"""Proposing: what somebody shared can become an agreement. They are asked once it was shared, and one tap begins one
with the same words, which they can change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten
from typing import TYPE_CHECKING

from bot.lines import CardLine, decode_lines
from bot.messages import Button, Outbound, ShareLine, Tap
from bot.rendering import Voice, answer_text, card_line, line_of
from dialogues import engine, meanings
from dialogues.answers import LONGEST_WORDS
from dialogues.events import Line
from dialogues.model import Ask, Script, Share
from dialogues.session import Answer, Session, Sharing
from dialogues.texts import fill

if TYPE_CHECKING:
    from bot.conversing import Conversing


def offer(one: Conversing) -> Outbound | None:
    """The question whether what was shared in the open conversation becomes an agreement; None where nothing of it
    could. It holds the lines that it is about."""
    script, session = one.open_session()
    dialogue = one.setting.programme.new_agreement
    found = _shared(script, session) if dialogue else []
    if not found:
        return None
    assert one.talk is not None, "a conversation is open"
    words = one.words()
    told = [line_of(words, session, line) for line in found]
    said = [_line(line, words.ui["ui/separator"]) for line in told]
    note = words.note("ui/agree.offer")
    way = Button(words.ui["ui/agree.make"], Tap(one.talk.number, "", "open", (dialogue,)))
    not_now = Button(words.ui["ui/menu.nothing"], Tap(0, "", "again"))
    text = "\n".join([*said, note.text])
    return Outbound("closed", words.language, text, buttons=(way,), pick="one", controls=(not_now,))


def _line(line: ShareLine, separator: str) -> str:
    """What was shared, as in the share list. Own words may be written in another direction."""
    return f"{line.label}: {fill('{said}', {'said': separator.join(filter(None, [line.value, line.own_words]))})}"


def suggested(one: Conversing, tap: Tap | None) -> Mapping[str, Answer]:
    """The words that an agreement begins with which was opened from such an offer, by the key of the question that asks
    for them: those that are shared at this moment, because some may have been taken back."""
    if tap is None or not tap.conversation or tap.choices != (one.setting.programme.new_agreement,):
        return {}
    published = one.past.latest_script(tap.choices[0])
    asks = published.script.steps if published else ()
    key = next((step.key for step in asks if isinstance(step, Ask) and meanings.AGREEMENT_WHAT in step.tags), "")
    words = _words(one, tap.conversation) if key else ""
    return {key: Answer(words=words)} if words else {}


def _words(one: Conversing, number: int) -> str:
    """What is shared of a conversation and can be agreed on, in the person's language."""
    talk = one.past.talk(one.id, number)
    if talk is None:
        return ""
    published = one.past.script(talk.dialogue, talk.version)
    voice = one.setting.speaking.voice(published, one.language, number, one.who, form=one.form)
    shares = [step.key for step in published.script.steps if isinstance(step, Share)]
    cards = filter(None, (one.past.card(one.id, one.cipher, number, key) for key in shares))
    lines = [line for card in cards for line in decode_lines(card.lines) if not line.withdrawn]
    return shorten(" – ".join(_worded(voice, lines)), LONGEST_WORDS, placeholder=" …")


def _worded(voice: Voice, lines: Iterable[CardLine]) -> Iterator[str]:
    return (answer_text(voice, line.name, line.answer) for line in lines if _can_be_agreed_on(voice.script, line))


def _shared(script: Script, session: Session) -> list[Line]:
    """The lines of the open conversation that were shared and can be agreed on."""
    found: list[Line] = []
    for name, record in session.done.items():
        step = script.step(name)
        if isinstance(record, Sharing) and isinstance(step, Share):
            found += [line for line in engine.lines_offered(script, step, session) if line.id in record.lines]
    return [line for line in found if _can_be_agreed_on(script, card_line(script, session, line))]


def _can_be_agreed_on(script: Script, line: CardLine) -> bool:
    """Whether the question is tagged for it and the answer is a wish: not "nothing now"."""
    ask = script.by_key.get(line.name.partition(":")[0])
    if not isinstance(ask, Ask) or meanings.AGREEMENT_OFFER not in ask.tags:
        return False
    return bool(line.answer.words) or bool({*line.answer.choices} - ask.alone)
