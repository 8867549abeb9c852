"""Transcript: what was asked and answered so far in an own check-in, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.rendering import Voice, answer_text, step_text
from dialogues.model import Ask, Say
from dialogues.session import Answer, Session


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was said or asked; ``answer`` is what was answered, empty where nothing was."""

    text: str
    answer: str = ""
    is_question: bool = False


def transcript(voice: Voice, session: Session) -> Iterator[Turn]:
    """Everything before the question that waits, in the order in which it was done."""
    for name, record in session.done.items():
        if name == session.waiting:
            return
        step = voice.script.step(name)
        if isinstance(step, Say):
            yield Turn(step_text(voice, session, name))
        elif isinstance(step, Ask):
            answer = answer_text(voice, name, record) if isinstance(record, Answer) else ""
            yield Turn(step_text(voice, session, name), answer, is_question=True)
