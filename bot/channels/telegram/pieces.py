"""Pieces: a long text as several messages, each as long as Telegram takes and none cut inside a letter. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MOST_UNITS = 4000
"""UTF-16 units of one message, the strictest way to count. Telegram takes 4096."""

_INITIATORS, _END = "\u2066\u2067\u2068", "\u2069"
_UNSEEN = f" \n\t\u200e\u200f{_INITIATORS}{_END}"
_MOST_OPEN = 16
"""Isolates inside one another that go on in the next piece. Nobody writes more of them on purpose."""

_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?؟۔।。！？…])[\"'»”’)\u2069]*\s+"),
    re.compile(r"\s+"),
)
"""Where a text is cut: rather between paragraphs than lines, sentences, words."""

_JOINERS = "\u200c\u200d"
_VIRAMA = 9
_PICTURES = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u0e33\u0eb3]")
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+$")


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text) + sum(letter > "\uffff" for letter in text)


def pieces(text: str, most: int = MOST_UNITS) -> list[str]:
    """A text in pieces of at most ``most`` units each (100 or more). Nothing is lost but blanks at the cuts.

    An isolate (UAX 9) that a cut goes through is closed before it and opened again after it.
    """
    return [piece for piece in map(str.strip, _cut(text.strip(), most)) if piece.strip(_UNSEEN)]


def _cut(text: str, most: int) -> Iterator[str]:
    while len(text) * 2 > most and units(text) > most:
        fitting = _fitting(text, most - _MOST_OPEN)
        here, there = _place(text, fitting)
        line = text[text.rfind("\n", 0, here) + 1 : here]
        goes_on = "\n" not in text[here:there]
        still_open = _open(line)[:_MOST_OPEN] if goes_on else ""
        yield text[:here] + _END * len(still_open)
        text = still_open + text[there:]
    yield text


def _fitting(text: str, most: int) -> int:
    """How many characters from the beginning fit."""
    left = most
    for count, letter in enumerate(text):
        left -= 2 if letter > "\uffff" else 1
        if left < 0:
            return count
    return len(text)


def _place(text: str, fitting: int) -> tuple[int, int]:
    """Where this piece ends and the next begins: a coarse break in the second half, else a finer one."""
    window = text[: fitting + 1]
    for kind in _BREAKS:
        found = [match for match in kind.finditer(window, fitting // 2) if match.start() <= fitting]
        if found:
            return _sides(found[-1])
    at = next((at for at in range(fitting, fitting // 2, -1) if is_between_letters(text, at)), fitting)
    return at, at


def _sides(found: re.Match[str]) -> tuple[int, int]:
    """A closing sign after the full stop stays with its sentence."""
    blank = found[0].lstrip("\"'»”’)\u2069")
    return found.end() - len(blank), found.end()


def is_between_letters(text: str, at: int) -> bool:
    """Whether a reader sees two letters on the two sides of a place, and not one that is written with several
    characters: marks, joined emoji, flags, conjuncts of Indic scripts, syllables of Hangul (after UAX 29)."""
    before, after = text[at - 1], text[at]
    if unicodedata.category(after)[0] == "M" or after in _JOINERS or before == "\u200d" or _PICTURES.match(after):
        return False
    if _FLAGS.match(after):
        run = _FLAGS.search(text[:at])
        return run is None or len(run[0]) % 2 == 0
    return unicodedata.combining(before) != _VIRAMA and not _is_syllable(before, after)


def _is_syllable(before: str, after: str) -> bool:
    """Letters of Hangul that are written one by one and read as one block."""
    return "\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff"


def _open(line: str) -> str:
    """The isolates that are open at the end of a line, outermost first."""
    found: list[str] = []
    for letter in line:
        if letter in _INITIATORS:
            found.append(letter)
        elif letter == _END and found:
            found.pop()
    return "".join(found)
