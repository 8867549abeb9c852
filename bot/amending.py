"""Amending: an earlier answer is changed from where the conversation stands now, which then waits as it did. Pure."""

from __future__ import annotations

from dialogues import engine
from dialogues.answers import LONGEST_WORDS
from dialogues.events import Asked, Event, Offered
from dialogues.model import AnswerKind, Ask, Script
from dialogues.session import Answer, Session


def amended(script: Script, session: Session, name: str, given: engine.Input) -> engine.Played:
    """Give ``given`` to the earlier question ``name``.

    What waits is asked again only where it is another step now, because the earlier answer opened or closed one.
    """
    waiting = session.waiting
    reopened, _ = engine.play(script, session, engine.Correct(name))
    after, events = engine.play(script, reopened, given)
    if after.waiting != waiting:
        return after, events
    return after, tuple(event for event in events if not _is_prompt(event))


def reopened(script: Script, session: Session, name: str) -> Session:
    """The session as the earlier question would wait in it, to understand what is said to it."""
    return engine.play(script, session, engine.Correct(name))[0]


def last_said(script: Script, session: Session) -> str:
    """The question that was answered last, when that was in the person's own words and may be gone on with; else ""."""
    if session.choosing:
        return ""  # since then the person has said how to share
    for name in reversed(tuple(session.done)):
        step, record = script.step(name), session.done[name]
        if not isinstance(step, Ask) or name == session.waiting:
            continue
        free = step.own_words or step.kind in (AnswerKind.TEXT, AnswerKind.VOICE_OR_TEXT)
        return name if free and isinstance(record, Answer) and record.words else ""
    return ""


def with_more(before: Answer, words: str) -> Answer | None:
    """An answer with more words after its own, or None where there is no room for them."""
    joined = f"{before.words}\n{words}"
    if len(joined) > LONGEST_WORDS:
        return None
    return Answer(before.choices, before.number, before.day, joined, before.voice)


def with_change(record: Answer, before: str, after: str) -> Answer | None:
    """An answer of several messages, one of which said ``before`` and says ``after`` now. None where the answer is not
    such a one, or has no room for it."""
    lines = f"\n{record.words}\n"
    if not before or not after or record.words == before or f"\n{before}\n" not in lines:
        return None
    words = lines.replace(f"\n{before}\n", f"\n{after}\n", 1)[1:-1]
    return (
        None if len(words) > LONGEST_WORDS else Answer(record.choices, record.number, record.day, words, record.voice)
    )


def _is_prompt(event: Event) -> bool:
    return isinstance(event, (Asked, Offered))
