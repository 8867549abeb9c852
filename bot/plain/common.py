"""Common: English words that somebody knows who has learned English for a year or two, and words of working life.

The list is our own, in ``common_en.txt``: base forms, one line a field of life. Regular endings are taken off before a
word is looked up, so that "asks", "asked" and "asking" are known with "ask".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from bot.plain.measures import words

_FILE = Path(__file__).parent / "common_en.txt"
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "r", "est", "st", "ly", "n't")
_CLITICS = ("'s", "'m", "'re", "'ve", "'ll", "'d", "s'")


@cache
def known() -> frozenset[str]:
    """The base forms."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def is_common(word: str) -> bool:
    """Whether a word of a text is among them. A single letter is, and whatever has a digit in it."""
    plain = word.lower().replace("’", "'")
    if len(plain) == 1 or any(letter.isdigit() for letter in plain):
        return True
    return any(form in known() for form in _forms(plain)) or _parts_are_common(plain)


def uncommon(texts: Iterable[str]) -> Sequence[str]:
    """The words that are not, each once, in the order in which they come."""
    return tuple(dict.fromkeys(word.lower() for text in texts for word in words(text) if not is_common(word)))


def share(texts: Sequence[str]) -> float:
    """How many of all words are common, of 0 to 1; 1 for no words."""
    every = [word for text in texts for word in words(text)]
    return sum(map(is_common, every)) / len(every) if every else 1.0


def _parts_are_common(word: str) -> bool:
    parts = word.split("-")
    return len(parts) > 1 and all(map(is_common, parts))


def _forms(word: str) -> Iterator[str]:
    """The word, and what it may be a form of."""
    for clitic in _CLITICS:
        word = word.removesuffix(clitic)
    yield word
    for ending in _ENDINGS:
        if not word.endswith(ending):
            continue
        stem = word.removesuffix(ending)
        yield stem
        yield f"{stem}e"
        if stem.endswith("i"):
            yield f"{stem[:-1]}y"
        if len(stem) > 2 and stem[-1] == stem[-2]:
            yield stem[:-1]
