"""State: how far a translation has come, who brought it there, and when. It stands in a translators' comment."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from bot.catalogs.po import FUZZY, Entry


class State(StrEnum):
    """How far the translation of one text has come."""

    MISSING = "missing"
    MACHINE_DRAFT = "machine draft"
    HUMAN_DRAFT = "human draft"
    REVIEWED = "reviewed"
    OUTDATED = "outdated"


WRITTEN = (State.MACHINE_DRAFT, State.HUMAN_DRAFT, State.REVIEWED)
"""The states that somebody gives a text. The others follow from the entry: empty is missing, fuzzy is outdated."""

FORM = "# state: machine draft, by NAME, 2026-01-31"
_MARK = re.compile(
    r"state: (machine draft|human draft|reviewed), by (\S.*?), (\d{4}-\d{2}-\d{2})(?:, seal ([0-9a-f]{8}))?"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The state comment of an entry. ``seal`` is a fingerprint of what a reviewer read, so that a text that was
    changed afterwards does not pass as reviewed."""

    state: State
    by: str
    day: date
    seal: str = ""

    def note(self) -> str:
        """The comment without its ``#``."""
        seal = f", seal {self.seal}" if self.seal else ""
        return f"state: {self.state}, by {self.by}, {self.day.isoformat()}{seal}"


def is_state_note(note: str) -> bool:
    """Whether a comment means to be a state, well formed or not."""
    return note.lower().startswith("state:")


def mark_of(entry: Entry) -> Mark | None:
    """The state comment of an entry, or None where there is none, more than one, or one in another form."""
    notes = [note for note in entry.notes if is_state_note(note)]
    return _read(notes[0]) if len(notes) == 1 else None


@lru_cache(maxsize=512)
def _read(note: str) -> Mark | None:
    """Thousands of texts share a few comments."""
    found = _MARK.fullmatch(note)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[3])
    except ValueError:
        return None
    return Mark(State(found[1]), found[2], day, found[4] or "")


def state_of(entry: Entry) -> State:
    """How far an entry has come. A text that nobody put a state on counts as a machine draft, the most careful
    reading; one that was changed after its review counts as a human draft."""
    if not entry.filled:
        return State.MISSING
    if FUZZY in entry.flags:
        return State.OUTDATED
    mark = mark_of(entry)
    if mark is None:
        return State.MACHINE_DRAFT
    return State.HUMAN_DRAFT if is_unsealed(entry, mark) else mark.state


def is_machine_made(entry: Entry) -> bool:
    """Whether the words are a machine's, up to date or not."""
    mark = mark_of(entry)
    return entry.filled and (mark is None or mark.state is State.MACHINE_DRAFT)


def is_unsealed(entry: Entry, mark: Mark) -> bool:
    """Whether the text is another than the one that was reviewed."""
    return mark.state is State.REVIEWED and bool(mark.seal) and mark.seal != seal_of(entry)


def seal_of(entry: Entry) -> str:
    """A short fingerprint of a text and its translation."""
    return hashlib.sha256("\0".join((*entry.source, *entry.texts)).encode()).hexdigest()[:8]


def marked(entry: Entry, mark: Mark) -> Entry:
    """The entry with its state comment replaced; a review is sealed."""
    if mark.state is State.REVIEWED:
        mark = replace(mark, seal=seal_of(entry))
    others = tuple(note for note in entry.notes if not is_state_note(note))
    return replace(entry, notes=(mark.note(), *others))
