"""Month: the last weeks as a strip, from the top to the bottom. An answer on a scale is one filled circle among as many
as the scale has points, in reading order, with its words beside it."""

from __future__ import annotations

from itertools import pairwise

from bot.pictures.model import MonthPicture, Said, WeekSaid
from bot.pictures.sheet import WIDTH, Sheet

_EDGE, _INDENT = 12.0, 34.0
_MIDDLE, _SMALL = 15.0, 14.0
_ROOM = WIDTH - _INDENT - _EDGE
_MARK, _NEXT_MARK = 5.0, 17.0


def draw(picture: MonthPicture, sheet: Sheet) -> float:
    """Draw it, and say how high it is."""
    y = 0.0
    knots: list[float] = []
    for week in picture.weeks:
        y += _EDGE
        knots.append(y + 0.8 * _MIDDLE)
        y = _week(week, sheet, y)
    for y_of_one, y_of_next in pairwise(knots):
        sheet.line(((_EDGE + 6, y_of_one + 6), (_EDGE + 6, y_of_next - 6)))
    for knot in knots:
        sheet.circle(_EDGE + 6, knot, 6, filled=False)
    return y + _EDGE


def _week(week: WeekSaid, sheet: Sheet, y: float) -> float:
    y = sheet.text(_INDENT, y, week.label, _MIDDLE, _ROOM)
    for said in week.said:
        y = _answer(said, sheet, y)
    return y


def _answer(said: Said, sheet: Sheet, y: float) -> float:
    y = sheet.text(_INDENT, y, f"{said.label}: {said.value}" if said.value else f"{said.label}:", _SMALL, _ROOM)
    if said.own_words:
        y = sheet.text(_INDENT, y, f"“{said.own_words}”", _SMALL, _ROOM, own=True)
    return _marks(said, sheet, y) if said.points else y


def _marks(said: Said, sheet: Sheet, y: float) -> float:
    for point in range(1, said.points + 1):
        x = _INDENT + _MARK + 1 + (point - 1) * _NEXT_MARK
        sheet.circle(x, y + _MARK + 3, _MARK, filled=point == said.point)
    return y + 2 * _MARK + 9
