"""The border: text as it is let in. What only breaks things stays outside; every letter comes in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 16_384
"""Characters of one message that are looked at."""
MOST_MARKS = 8
"""Combining marks that stay on one letter. Languages need up to five; taller towers break the pages they stand on."""

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile("\r\n?")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """A text that can be stored, compared and shown. Every language and every emoji comes through unharmed.

    Control characters go (databases and spreadsheets refuse them), halves of a character become U+FFFD, and letters
    get the one spelling that Unicode prefers (NFC). Marks that turn the direction of writing stay: whoever shows a
    text isolates it.
    """
    text = text[:LONGEST]
    if text.isascii():
        return _lines(text)
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    # Marks are counted before they are put in order: ordering a tower of thousands takes very long.
    ordered = unicodedata.normalize("NFC", _without_towers(_lines(text)))
    return _without_towers(ordered)[:LONGEST]


def _lines(text: str) -> str:
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _without_towers(text: str) -> str:
    return "".join(_low(text))


def _low(text: str) -> Iterator[str]:
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter)[0] == "M" else 0
        if marks <= MOST_MARKS:
            yield letter
