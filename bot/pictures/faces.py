"""Faces: five of them, from the lowest point of a scale to the highest, as lines. The eyes are all the same: what
differs is the mouth, and the brows of the first. There is no colour in them."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]
Stroke = tuple[Point, ...]
"""Two points are a line; four are a curve: its ends, and what pulls it between them."""

SIDE = 24.0
"""Faces lie in a square with sides of this length."""
MIDDLE, RADIUS = 12.0, 9.5

EYES: tuple[Point, ...] = ((9.0, 10.0), (15.0, 10.0))
_BROWS: tuple[Stroke, ...] = (((6.9, 8.2), (9.3, 6.9)), ((14.7, 6.9), (17.1, 8.2)))


def _mouth(ends: float, pull: float) -> Stroke:
    return (7.8, ends), (9.6, pull), (14.4, pull), (16.2, ends)


FACES: Sequence[tuple[Stroke, ...]] = (
    (*_BROWS, _mouth(17.0, 12.4)),
    (_mouth(16.2, 13.9),),
    (((8.2, 15.3), (15.8, 15.3)),),
    (_mouth(14.4, 17.1),),
    (_mouth(13.6, 20.0), ((7.8, 13.6), (16.2, 13.6))),
)
"""The strokes of each within its circle, beside the eyes."""


def path(strokes: Sequence[Stroke]) -> str:
    """Strokes as the ``d`` of an SVG path."""
    return "".join(map(_stroke, strokes))


def _stroke(stroke: Stroke) -> str:
    start, *others = (f"{x:g} {y:g}" for x, y in stroke)
    return f"M{start}{'C' if len(others) > 1 else 'L'}{' '.join(others)}"
