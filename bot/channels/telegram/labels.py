"""Labels: what stands on a key, and how much of it a phone shows. Pure."""

from __future__ import annotations

import unicodedata
from itertools import accumulate

from bot.channels.telegram.pieces import is_between_letters

LONGEST = 60
"""Letters of a label. What is longer is cut at a word."""
WIDEST_KEY = 36
"""Letters that a small phone shows on a key as wide as the screen: it cuts longer ones where nobody can read them."""
WIDEST_OF_TWO = 14
"""Letters that it shows on each of two keys in one row."""

_ISOLATES = dict.fromkeys(range(0x2066, 0x206A))


class _Rooms(dict[str, int]):
    """How wide each letter is that was ever seen: looking it up in the tables of Unicode takes ten times as long."""

    def __missing__(self, letter: str) -> int:
        self[letter] = found = _room(letter)
        return found


_rooms = _Rooms()


def width(text: str) -> int:
    """How many letters wide a text is: marks take no room, and letters of East Asia take twice as much."""
    return len(text) if text.isascii() else sum(map(_rooms.__getitem__, text))


def shortened(label: str) -> str:
    """A label as it stands on a key: one line, cut at a word where it is too long for any key."""
    label = " ".join(label.split())
    if width(label) <= LONGEST:
        return label
    plain = label.translate(_ISOLATES)
    widths = accumulate(map(_rooms.__getitem__, plain))
    fitting = [at for at, so_far in enumerate(widths, 1) if so_far < LONGEST and is_between_letters(plain, at)]
    at_words = [at for at in fitting if plain[at] == " " and at > LONGEST // 2]
    return plain[: (at_words or fitting or [LONGEST])[-1]] + "…"


def _room(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
