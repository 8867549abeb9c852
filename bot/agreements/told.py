"""Told: what a person is told in a chat when the specialist has acted on an agreement and nothing is asked.

It names no words of the agreement: in a messenger others may read along. They stand on the person's own page.
"""

from __future__ import annotations

from bot.agreements.course import Course
from bot.agreements.history import history

_SENTENCES = ("confirmed", "declined", "done", "dropped", "change_let_go")


def told(course: Course) -> str:
    """The context of the sentence, which has ``{specialist}`` in it; "" when there is nothing to tell: the last act was
    the person's own, or it asks for an answer."""
    last = history(course)[-1]
    if last.made.made_by == "participant" or course.waits_for("participant") or last.kind not in _SENTENCES:
        return ""
    return f"ui/agreed.{last.kind}"
