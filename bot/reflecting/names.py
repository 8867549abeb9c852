"""Names: whether words hold the name of somebody who is accompanied. Pure.

A courtesy to whoever writes about their work: it finds names as people type them, and no more. A name that is a word
too (Will, May) is found as that word as well; somebody who meant the word finds another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dialogues.answers import fold

SHORT = 2
"""Letters up to which a part of a name is too much like other words to be found in small letters."""
LONG = 5
"""Letters from which on endings are looked past: Samiras, Самірою."""
_GIVES_WAY = ("\u0430", "\u044f")
"""The а and я at the end of a Cyrillic name, in whose place an ending comes."""

_JOINED_ON = re.compile("[\u0648\u0641\u0628\u0643\u0644](?=...)")
"""What Arabic writes onto the beginning of a word: and, then, with, like, for."""


def holds_a_name(words: str, names: Iterable[str]) -> bool:
    """Whether one of ``names``, or a part of one, stands in ``words``. Pseudonyms like S.K. are names too."""
    heard = fold(words).split()
    heard += [_JOINED_ON.sub("", word, count=1) for word in heard]
    return any(_holds(words, heard, part) for name in names for part in _parts(name))


def _parts(name: str) -> Iterator[str]:
    """What to look for. Small words within a name (van, der, bint) are no names; initials count only together."""
    pieces = re.findall(r"[^\W_]+", name)
    if all(len(piece) <= SHORT for piece in pieces):
        yield "".join(pieces)
        return
    yield from (piece for piece in pieces if not piece.islower() or len(pieces) == 1)


def _holds(words: str, heard: list[str], part: str) -> bool:
    if len(part) <= SHORT:
        return len(part) > 1 and _as_written(part).search(words) is not None
    wanted = fold(part)
    if len(wanted) >= LONG:
        stem = wanted[:-1] if wanted.endswith(_GIVES_WAY) else wanted
        return any(word.startswith(stem) for word in heard)
    return wanted in heard or f"{wanted}s" in heard


def _as_written(letters: str) -> re.Pattern[str]:
    """Letters in their own case, with at most a point and a space after each: S.K., S. K., SK."""
    return re.compile(r"(?<!\w)" + r"\W{0,2}".join(map(re.escape, letters)) + r"(?!\w)")
