"""Agreed: the line of a card that names what is agreed and still open. Both sides are named in the same way."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digest.brevity import quote
from bot.digest.card import Agreed, AgreedLine
from bot.digest.words import StaffWords
from storage.agreements import Agreement

AGREED_WORDS = 20
"""How many words of a card agreements may take at first sight."""
WHAT_WORDS = 5
"""How many words of each are visible at first; all of it stands on the person's page."""


def agreed_line(agreements: Sequence[Agreement], pseudonym: str, reader: str, words: StaffWords) -> AgreedLine | None:
    """The line, or None when nothing is agreed. The day that comes first stands first."""
    every = tuple(_agreed(one, pseudonym, reader, words) for one in agreements)
    if not every:
        return None
    whole = AgreedLine(words.say("open_agreements"), words.language, every)
    for kept in range(len(every), 0, -1):
        hidden = every[kept:]
        label = words.count("more_agreements", len(hidden)) if hidden else ""
        line = AgreedLine(whole.label, words.language, every[:kept], hidden, label)
        if line.words <= AGREED_WORDS:
            return line
    return line


def owner_name(owner: str, pseudonym: str, reader: str, words: StaffWords) -> str:
    """Who does what was agreed, as a specialist reads it."""
    named = {
        "participant": pseudonym,
        "specialist": reader,
        "together": words.say("owner_together"),
        "someone_else": words.say("owner_someone_else"),
    }
    return named[owner]


def _agreed(one: Agreement, pseudonym: str, reader: str, words: StaffWords) -> Agreed:
    what = quote(one.what, one.language, most=WHAT_WORDS)
    return Agreed(owner_name(one.owner, pseudonym, reader, words), what, words.day(one.due) if one.due else "")
