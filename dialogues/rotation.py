"""Rotation: whose turn it is among the questions of which each conversation asks only so many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from dialogues import meanings, scene
from dialogues.model import Ask, Guard, Rotation, Script, Step
from dialogues.session import Answer, Session

COVERED = (meanings.CLEAR, meanings.MANAGEABLE, meanings.MEANINGFUL)
"""Whether work is comprehensible, manageable and meaningful: three sides of one thing, so none may be forgotten."""
COVERED_WITHIN = 2
"""Conversations in a row within which each of them is asked about: as many about work as four weeks hold, once they
come in turn with other check-ins."""
COVERED_BY = 2
"""Questions that ask about each of them in these, at least."""
LOOKED_AT = 24
"""Conversations that are looked ahead: by then every list of turns has gone round more than once."""


def resting_by_rotation(
    script: Script,
    last_asked: Mapping[str, datetime],
    remembered: Mapping[str, Answer] | None = None,
    topics: frozenset[str] | None = None,
) -> frozenset[str]:
    """The keys of questions whose turn it is not in a conversation that begins now.

    ``last_asked`` says when questions were asked last, by key; those that are not in it never were. They come first, in
    the order of ``rotate``; then the one that was not asked for the longest time, and those that follow it in the list,
    round and round. (By age alone, what stands first among those that were asked together would come every time.) What
    this person is not asked takes nobody's turn: because of ``topics`` (None: everything) or of what is ``remembered``
    (None: not known).
    """
    known = Session(remembered=dict(remembered or {}), topics=topics)
    return frozenset(
        key for each in script.rotations for key in _resting(script, each, last_asked, known, remembered is not None)
    )


def _resting(
    script: Script, rotation: Rotation, last_asked: Mapping[str, datetime], known: Session, remembers: bool
) -> list[str]:
    possible = [key for key in rotation.of if _may_be_asked(script, script.by_key[key], known, remembers)]
    never = [key for key in possible if key not in last_asked]
    asked = [key for key in possible if key in last_asked]
    oldest = asked.index(min(asked, key=last_asked.__getitem__)) if asked else 0
    return [*never, *asked[oldest:], *asked[:oldest]][rotation.choose :]


def _may_be_asked(script: Script, step: Step, known: Session, remembers: bool) -> bool:
    """Whether a question can come to this person when its turn has come. What it asks of the same conversation is left
    out, because nobody knows that yet."""
    guards = tuple(map(_looking_back, step.guards)) if remembers else ()
    return scene.applies(script, replace(step, guards=guards), known)


def _looking_back(guard: Guard) -> Guard:
    """What a guard asks of earlier conversations: what is remembered has a name without a dialogue."""
    every, one = ([each for each in some if "/" not in each.question] for some in (guard.every, guard.any))
    return Guard(tuple(every), tuple(one) if len(one) == len(guard.any) else ())


def hardly_asked(script: Script) -> dict[str, int]:
    """The tags of ``COVERED`` that fewer than ``COVERED_BY`` questions ask about in some ``COVERED_WITHIN``
    conversations in a row, each with how many do. Only those count that come to somebody who skips all others."""
    held = list(_certainly_asked(script))
    rows = [held[first : first + COVERED_WITHIN] for first in range(len(held) - COVERED_WITHIN + 1)]
    found = {tag: min(_asking(tag, row) for row in rows) for tag in COVERED}
    return {tag: count for tag, count in found.items() if count < COVERED_BY}


def _asking(tag: str, row: list[list[Ask]]) -> int:
    """How many different questions with a tag these conversations ask."""
    return len({ask.key for asked in row for ask in asked if tag in ask.tags})


def _certainly_asked(script: Script) -> Iterator[list[Ask]]:
    """What one conversation after the other asks."""
    last_asked: dict[str, datetime] = {}
    asks = [step for step in script.steps if isinstance(step, Ask) and not step.for_each]
    asks = [ask for ask in asks if scene.applies(script, ask, Session())]
    for conversation in range(LOOKED_AT):
        resting = resting_by_rotation(script, last_asked)
        asked = [ask for ask in asks if ask.key not in resting]
        last_asked |= dict.fromkeys((ask.key for ask in asked), datetime(2000, 1, 1 + conversation, tzinfo=UTC))
        yield asked
