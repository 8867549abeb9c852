"""Brevity: how long a digest may be, and how own words are shortened without being lost.

Two minutes hold about 400 words: an overview of 100 and four cards of 75. Whatever does not fit stays on the page
behind "more"; nothing is cut off.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.digest.beside import Beside, Writing

PAGE_WORDS = 400
OVERVIEW_WORDS = 100
OVERVIEW_LINES = 12
CARD_WORDS = 75
OPEN_CARDS = 4
"""With more cards than this in a day, each is folded to one line that opens by a tap."""

QUOTE_WORDS = 18
QUOTE_CHARACTERS = 110
"""A second bound, for scripts that do not put spaces between words."""


def count_words(text: str) -> int:
    """How many words a reader meets: marks that stand alone, such as a dash or a middle dot, are none."""
    return sum(any(character.isalnum() for character in part) for part in text.split())


@dataclass(frozen=True, slots=True)
class Quote:
    """A person's own words in the language they were written in. ``short`` is what stands on the card at first. Under
    them may stand a translation, ``beside``, and the form for ``writing`` one."""

    whole: str
    short: str
    language: str = ""
    beside: Beside | None = None
    writing: Writing | None = None

    @property
    def shortened(self) -> bool:
        """Whether there is more than stands on the card at first."""
        return self.short != self.whole

    @property
    def beside_short(self) -> str:
        """As much of the translation as of the words themselves: all of it, unless these are shortened."""
        if self.beside is None or not self.shortened:
            return self.beside.text if self.beside else ""
        return quote(self.beside.text, most=max(len(self.short.split()), 1)).short


def quote(words: str, language: str = "", *, most: int = QUOTE_WORDS) -> Quote:
    """Own words with a beginning of at most ``most`` words."""
    whole = words.strip()
    first = " ".join(whole.split()[:most])
    if len(first) > QUOTE_CHARACTERS:
        first = _cut(first)
    return Quote(whole, whole if first == " ".join(whole.split()) else f"{first}…", language)


def _cut(text: str) -> str:
    """The beginning, to the last space, or else to the last whole character with its marks."""
    head = text[:QUOTE_CHARACTERS]
    if " " in head:
        return head.rpartition(" ")[0]
    end = QUOTE_CHARACTERS
    while end > 1 and _continues(text[end]):
        end -= 1
    return text[:end]


def _continues(character: str) -> bool:
    """Whether a character belongs to the one before it: combining marks and joiners."""
    return unicodedata.category(character) in ("Mn", "Mc", "Me") or character in "\u200c\u200d"
