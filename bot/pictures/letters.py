"""Letters: the fonts that pictures are drawn with, which letters they have, and how wide a text is.

Three files of Noto Sans lie beside this module, for the scripts of the languages that are offered: Latin, Cyrillic and
Greek; Arabic; Ethiopic. So a picture looks the same on every machine, and none has to have fonts. They are read when
the first picture is drawn.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

FAMILY = "Noto Sans"
_FOLDER = Path(__file__).parent / "fonts"
FILES = tuple(_FOLDER / f"NotoSans{script}-Regular.ttf" for script in ("", "Arabic", "Ethiopic"))

_UNKNOWN = 0.7
"""How wide a letter is taken for that none of them has, and a browser may have; in units of its size."""
_ROOM = 1.06
"""Browsers draw with their own fonts, of which some are a little wider."""


def width(text: str, size: float) -> float:
    """How wide a text is at most, in the unit of ``size``. Letters that join take no more room than those that do not,
    so they are counted one by one."""
    known = _widths()
    return _ROOM * size * sum(known.get(ord(letter), _width_of_unknown(letter)) for letter in text)


def is_drawable(text: str) -> bool:
    """Whether every letter of a text is in the fonts. Emoji and signs do not count: ``without_signs`` drops them."""
    return all(ord(letter) in _widths() for letter in text if unicodedata.category(letter)[0] in "LMN")


def without_signs(text: str) -> str:
    """A text without what is in no font and is no letter either, such as emoji."""
    known = _widths()
    return "".join(letter for letter in text if ord(letter) in known or letter.isspace() or _is_unseen(letter))


def _width_of_unknown(letter: str) -> float:
    if _is_unseen(letter) or unicodedata.combining(letter):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(letter) in "WF" else _UNKNOWN


def _is_unseen(letter: str) -> bool:
    """Signs that join letters or set their direction."""
    return unicodedata.category(letter) == "Cf"


@lru_cache(maxsize=1)
def _widths() -> Mapping[int, float]:
    """The width of every letter, in units of its size. Where two fonts have a letter, the first one counts."""
    found: dict[int, float] = {}
    for file in reversed(FILES):
        found |= _Font(file.read_bytes()).widths()
    return found


class _Font:
    """A TrueType file, of which only the widths are read (OpenType 1.9: the tables cmap, head, hhea and hmtx)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        count = self._short(4)
        records = (struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(count))
        self._tables = {tag.decode(): offset for tag, _, offset, _ in records}

    def widths(self) -> dict[int, float]:
        """By code point."""
        unit = self._short(self._tables["head"] + 18)
        last = self._short(self._tables["hhea"] + 34) - 1
        start = self._tables["hmtx"]
        return {code: self._short(start + 4 * min(glyph, last)) / unit for code, glyph in self._glyphs() if glyph}

    def _glyphs(self) -> Iterator[tuple[int, int]]:
        """Every code point with its glyph: by segments of 16 bits, which every font has for Windows."""
        at = self._unicode_map()
        count = self._short(at + 6) // 2
        ends, starts = at + 14, at + 16 + 2 * count
        deltas, ranges = starts + 2 * count, starts + 4 * count
        for n in range(count):
            first, end = self._short(starts + 2 * n), self._short(ends + 2 * n)
            delta, offset = self._short(deltas + 2 * n), self._short(ranges + 2 * n)
            for code in range(first, min(end, 0xFFFE) + 1):
                place = ranges + 2 * n + offset + 2 * (code - first)
                glyph = self._short(place) if offset else code
                yield code, (glyph + delta) % 0x10000 if glyph or not offset else 0

    def _unicode_map(self) -> int:
        cmap = self._tables["cmap"]
        for n in range(self._short(cmap + 2)):
            platform, encoding, offset = struct.unpack_from(">HHI", self._data, cmap + 4 + 8 * n)
            if (platform, encoding) == (3, 1) and self._short(cmap + offset) == 4:
                return int(cmap + offset)
        raise ValueError("the font has no table of letters for Windows")

    def _short(self, at: int) -> int:
        return int.from_bytes(self._data[at : at + 2])
