"""Played: what was done in a preview, done once more with the draft as it is now."""

from __future__ import annotations

from bot.preview.acts import Act, Acts
from bot.preview.course import Course
from bot.preview.gaps import Tried
from bot.programme import Programme
from bot.speaking import Speaking


def played(draft: Tried, programme: Programme, speaking: Speaking, language: str, acts: Acts) -> tuple[Course, Acts]:
    """The course, and those of the acts that still fit: a question that is gone cannot be answered."""
    course = Course(draft, programme, speaking, language, acts.began)
    fitting: list[Act] = [act for act in acts.acts if course.take(act)]
    return course, Acts(acts.began, tuple(fitting))
