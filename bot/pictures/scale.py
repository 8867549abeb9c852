"""Scale: the points of a scale below one another, each with its face before its words."""

from __future__ import annotations

from bot.pictures.faces import EYES, FACES, MIDDLE, RADIUS, SIDE, Stroke
from bot.pictures.model import ScalePicture
from bot.pictures.sheet import WIDTH, Sheet

_EDGE, _GAP = 12.0, 14.0
_FACE = 44.0
_WORDS = 19.0
_INDENT = _EDGE + _FACE + 16
_ZOOM = _FACE / SIDE


def draw(picture: ScalePicture, sheet: Sheet) -> float:
    """Draw it, and say how high it is."""
    y = _EDGE
    for strokes, point in zip(FACES, picture.points, strict=True):
        _face(strokes, sheet, y)
        words = sheet.text(_INDENT, y + (_FACE - 1.45 * _WORDS) / 2, point, _WORDS, WIDTH - _INDENT - _EDGE)
        y = max(y + _FACE, words) + _GAP
    return y - _GAP + _EDGE


def _face(strokes: tuple[Stroke, ...], sheet: Sheet, y: float) -> None:
    sheet.circle(_EDGE + MIDDLE * _ZOOM, y + MIDDLE * _ZOOM, RADIUS * _ZOOM, filled=False)
    for across, down in EYES:
        sheet.circle(_EDGE + across * _ZOOM, y + down * _ZOOM, 1, filled=True)
    for stroke in strokes:
        sheet.line(tuple((_EDGE + across * _ZOOM, y + down * _ZOOM) for across, down in stroke))
