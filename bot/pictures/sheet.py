"""Sheet: what is drawn on, from the side where reading begins: 0 is the left edge in English and the right in Arabic.

Everything has the colour of the text around it, so a sheet is black on paper and light where a page is dark. There are
no styles in it: pages allow none that are written inside them.
"""

from __future__ import annotations

import unicodedata
from html import escape

from bot.pictures.letters import FAMILY
from bot.pictures.wrapping import wrapped

WIDTH = 360.0
"""As wide as a phone."""
_LINE = 1.45
"""From one line to the next, in units of the letters: Arabic and Ethiopic need more room than Latin."""
_MOST_LINES = 8
_FONTS = f"{FAMILY}, {FAMILY} Arabic, {FAMILY} Ethiopic, sans-serif"
_FROM_LEFT, _FROM_RIGHT, _END = "\u2066", "\u2067", "\u2069"


class Sheet:
    """Shapes in the order of drawing. Lengths are those of the SVG; ``y`` goes down from the top."""

    def __init__(self, *, from_right: bool) -> None:
        self._from_right = from_right
        self._shapes: list[str] = []

    def text(self, x: float, y: float, text: str, size: float, room: float, *, own: bool = False) -> float:
        """At most eight lines that begin at ``x``, the first of them below ``y``; where they end. Somebody's ``own``
        words have the direction of their first letter, everything else that of the sheet."""
        from_right = _begins_at_the_right(text, self._from_right) if own else self._from_right
        for line in wrapped(_clean(text), room, size, _MOST_LINES):
            y += size * _LINE
            self._line(x, y - size * (_LINE - 1), line, size, from_right)
        return y

    def circle(self, x: float, y: float, radius: float, *, filled: bool) -> None:
        """Filled or not is a difference that needs no colour."""
        fill = "currentColor" if filled else "none"
        self._shapes.append(
            f'<circle cx="{self._x(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="currentColor"/>'
        )

    def box(self, x: float, y: float, wide: float, high: float) -> None:
        """A frame with round corners."""
        left = WIDTH - x - wide if self._from_right else x
        self._shapes.append(
            f'<rect x="{_n(left)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" rx="8" fill="none" '
            'stroke="currentColor"/>'
        )

    def line(self, points: tuple[tuple[float, float], ...], dashes: str = "") -> None:
        """A line through two points, or a curve by four: its ends and what pulls it."""
        start, *others = (f"{self._x(x)} {_n(y)}" for x, y in points)
        way = f"M{start}{'C' if len(others) > 1 else 'L'}{' '.join(others)}"
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._shapes.append(f'<path d="{way}" fill="none" stroke="currentColor" stroke-width="1.5"{dashed}/>')

    def svg(self, high: float, title: str, about: str, name: str) -> str:
        """The whole as SVG. ``name`` is the beginning of its ids, one of a kind on its page."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(WIDTH)} {_n(high)}" width="{_n(WIDTH)}" '
            f'height="{_n(high)}" direction="ltr" role="img" aria-labelledby="{name}-title {name}-about" '
            f'font-family="{_FONTS}" fill="currentColor">'
            f'<title id="{name}-title">{escape(_clean(title))}</title>'
            f'<desc id="{name}-about">{escape(_clean(about))}</desc>{"".join(self._shapes)}</svg>'
        )

    def _line(self, x: float, y: float, line: str, size: float, from_right: bool) -> None:
        """Where a text begins is said by its side and by signs within it: programs that draw SVG do not agree on what
        ``direction`` does to ``text-anchor``."""
        anchor = ' text-anchor="end"' if self._from_right else ""
        sign = _FROM_RIGHT if from_right else _FROM_LEFT
        self._shapes.append(
            f'<text x="{self._x(x)}" y="{_n(y)}" font-size="{_n(size)}"{anchor}>{sign}{escape(line)}{_END}</text>'
        )

    def _x(self, x: float) -> str:
        return _n(WIDTH - x if self._from_right else x)


def _begins_at_the_right(text: str, otherwise: bool) -> bool:
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), otherwise)


def _clean(text: str) -> str:
    """Without what XML cannot hold, and without signs of direction, that could end in another line than they begin.
    What joins letters stays."""
    return "".join(_seen(letter) for letter in text)


def _seen(letter: str) -> str:
    if letter in "\u200c\u200d" or letter.isprintable():
        return letter
    return " " if letter.isspace() or unicodedata.category(letter) == "Cc" else ""


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
