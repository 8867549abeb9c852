"""History: what each revision of an agreement was, so that both sides can read what happened."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, NamedTuple

from bot.agreements.course import SIDES, Course, is_confirmed_by, wording
from storage.agreements import Agreement

Kind = Literal["proposed", "confirmed", "changed", "change_asked", "change_let_go", "declined", "done", "dropped"]


class Step(NamedTuple):
    """One act: what it was, and the revision it made."""

    kind: Kind
    made: Agreement


def history(course: Course) -> list[Step]:
    """Every act, oldest first."""
    first, *_ = course.revisions
    return [Step("proposed", first), *(Step(_kind(*both), both[1]) for both in pairwise(course.revisions))]


def _kind(before: Agreement, made: Agreement) -> Kind:
    if made.state == "done" or made.state == "dropped" or made.state == "declined":
        return made.state
    if not any(is_confirmed_by(made, side) for side in SIDES):
        return "change_asked"
    if not _confirms(made):
        return "change_let_go"
    return "changed" if wording(made) != wording(before) else "confirmed"


def _confirms(made: Agreement) -> bool:
    """Whether it is a yes of whoever made it, and not what was agreed before."""
    by_participant = made.made_by == "participant"
    return made.at == (made.confirmed_by_participant_at if by_participant else made.confirmed_by_specialist_at)
