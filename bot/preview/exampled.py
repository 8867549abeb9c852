"""Exampled: what was answered in a preview, as an example that is played before each publication."""

from __future__ import annotations

from bot.editor.examples import ALL, KEEP
from bot.preview.course import Course
from dialogues import engine
from dialogues.model import Script, Share
from dialogues.session import Answer, Record, Session, Sharing

LONGEST_WORDS = 300
"""Letters of own words that an example repeats."""


def example(course: Course) -> dict[str, str]:
    """Step -> answer, of the first conversation that is over; empty for any other. What was skipped stays out, and so
    does what a repeated question was answered."""
    if course.is_open or course.number != 1:
        return {}
    script, session = course.draft.script, course.session
    told = {name: _told(script, session, name, record) for name, record in session.done.items() if ":" not in name}
    return {name.removeprefix(f"{script.dialogue}/"): answer for name, answer in told.items() if answer}


def _told(script: Script, session: Session, name: str, record: Record) -> str:
    match record:
        case Sharing(lines):
            step = script.step(name)
            assert isinstance(step, Share), "only a share step ends in a sharing"
            at_once = tuple(line.id for line in engine.lines_offered(script, step, session) if not line.private)
            short = ", ".join(line.removeprefix(f"{script.dialogue}/") for line in lines)
            return ALL if lines and lines == at_once else short or KEEP
        case Answer(number=float() | int() as number):
            return f"{number:g}"
        case Answer(choices=("ok",)):
            return ""
        case Answer() as answer if answer.choices:
            own = [f"={_line(answer.words)}"] if answer.words else []
            return ", ".join([*answer.choices, *own])
        case Answer(day=day, words=words):
            return day or _line(words)
        case _:
            return ""


def _line(words: str) -> str:
    return " ".join(words.split())[:LONGEST_WORDS]
