"""Web: what makes things harder in two halves, at work and away from work, and the lines that the person drew. Lines
run between the halves, where no box is, so that none seems to belong to a box that it only passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle

from bot.pictures.model import Thing, WebPicture
from bot.pictures.sheet import WIDTH, Sheet

_EDGE, _GUTTER = 6.0, 66.0
_WIDE = (WIDTH - 2 * _EDGE - _GUTTER) / 2
_PADDING, _BETWEEN = 8.0, 12.0
_SIZE = 14.0
_DASHES = ("", "7 4", "2 4")
_PULLS = (30.0, 54.0, 42.0, 66.0)
"""Lines that would lie close together can be told apart: they differ in form, and in how far they reach out."""


@dataclass(slots=True)
class _Box:
    """Where a thing stands: in the half where reading begins or in the other, from ``top`` to ``bottom``. ``knots`` are
    the lines that begin or end at it."""

    is_first: bool
    top: float
    bottom: float
    knots: list[tuple[int, int]] = field(default_factory=list)

    @property
    def side(self) -> float:
        """The x of its inner side."""
        return _EDGE + _WIDE if self.is_first else _EDGE + _WIDE + _GUTTER

    def at(self, line: tuple[int, int]) -> tuple[float, float]:
        """Where a line meets it: each has a place of its own."""
        step = (self.bottom - self.top) / (len(self.knots) + 1)
        return self.side, self.top + step * (self.knots.index(line) + 1)


def draw(picture: WebPicture, sheet: Sheet) -> float:
    """Draw it, and say how high it is."""
    boxes: dict[int, _Box] = {}
    y = _two_halves(picture, sheet, _EDGE, boxes)
    if any(thing.half == "several" for thing in picture.things):
        y = _several(picture, sheet, y, boxes)
    _lines(picture, sheet, boxes)
    if any(thing.harder for thing in picture.things):
        y = sheet.text(_EDGE, y, picture.lines, _SIZE, WIDTH - 2 * _EDGE)
    return y + _BETWEEN


def _two_halves(picture: WebPicture, sheet: Sheet, y: float, boxes: dict[int, _Box]) -> float:
    ends = []
    for half, heading in (("work", picture.work), ("away", picture.away)):
        is_first = half == "work"
        end = _heading(heading, sheet, _x(is_first), y, _WIDE)
        for thing in picture.things:
            if thing.half == half:
                end = _box(thing, sheet, is_first, end, boxes)
        ends.append(end)
    return max(ends)


def _several(picture: WebPicture, sheet: Sheet, y: float, boxes: dict[int, _Box]) -> float:
    """Those that belong to no half stand below, on whichever side there is more room. Their heading leaves the middle
    free for lines."""
    end = _heading(picture.several, sheet, _x(is_first=True), y, _WIDE)
    ends = {True: end, False: end}
    for thing in picture.things:
        if thing.half == "several":
            is_first = ends[True] <= ends[False]
            ends[is_first] = _box(thing, sheet, is_first, ends[is_first], boxes)
    return max(ends.values())


def _heading(heading: str, sheet: Sheet, x: float, y: float, room: float) -> float:
    y = sheet.text(x, y, heading, _SIZE, room) + 6
    sheet.line(((x, y), (x + room, y)))
    return y + _BETWEEN


def _box(thing: Thing, sheet: Sheet, is_first: bool, y: float, boxes: dict[int, _Box]) -> float:
    x, room = _x(is_first) + _PADDING, _WIDE - 2 * _PADDING
    what = f"“{thing.what}”" if thing.own else thing.what
    end = sheet.text(x, y + 3, f"{thing.number}.", _SIZE, room)
    end = sheet.text(x, end, what, _SIZE, room, own=thing.own) + _PADDING
    sheet.box(_x(is_first), y, _WIDE, end - y)
    boxes[thing.number] = _Box(is_first, y, end)
    return end + _BETWEEN


def _lines(picture: WebPicture, sheet: Sheet, boxes: Mapping[int, _Box]) -> None:
    lines = [(thing.number, other) for thing in picture.things for other in thing.harder]
    for line in lines:
        for number in line:
            boxes[number].knots.append(line)
    for line, dashes, pull in zip(lines, cycle(_DASHES), cycle(_PULLS), strict=False):
        start, end = (boxes[number].at(line) for number in line)
        sheet.line(tuple(_curve(start, end, pull)), dashes)
        sheet.circle(*end, 4, filled=True)


def _curve(start: tuple[float, float], end: tuple[float, float], pull: float) -> Iterator[tuple[float, float]]:
    """From one inner side to the other, or out into the middle and back."""
    yield start
    for x, y in (start, end):
        yield x + (pull if x < WIDTH / 2 else -pull), y
    yield end


def _x(is_first: bool) -> float:
    return _EDGE if is_first else _EDGE + _WIDE + _GUTTER
