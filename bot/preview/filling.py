"""Filling: made-up answers for what is left of a conversation, the same each time."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from bot.messages import Outbound
from bot.preview.acts import MOST_ACTS, Act
from bot.preview.course import Course
from bot.preview.worded import waiting


def answered_to_the_end(course: Course) -> Iterator[Act]:
    """Answer everything that is left: the next to last point of a scale, the first of other answers, and no words of
    one's own. All that can be shared is. The course is at its end afterwards."""
    for _ in range(MOST_ACTS):
        asked = waiting(course, course.language) if course.is_open else None
        act = _answer(asked) if asked else None
        if act is None or not course.take(act):
            return
        yield act


def _answer(asked: Outbound) -> Act | None:
    if asked.kind == "offered" and asked.pick == "many":
        return Act(
            msgspec.structs.replace(asked.buttons[0].tap, choices=tuple(b.tap.choices[0] for b in asked.buttons))
        )
    if asked.buttons:
        place = -2 if asked.scale and len(asked.buttons) > 1 else 0
        return Act(asked.buttons[place].tap)
    return next((Act(button.tap) for button in asked.controls if button.tap.action == "skip"), None)
