"""Svg: a picture as SVG, for a page and for whatever turns it into something else."""

from __future__ import annotations

from typing import NamedTuple, assert_never

from bot.pictures import month, scale, web
from bot.pictures.model import MonthPicture, Picture, ScalePicture, WebPicture
from bot.pictures.sheet import Sheet


class Drawn(NamedTuple):
    """A picture as SVG, and how high it is."""

    svg: str
    high: float


def svg(picture: Picture, *, from_right: bool, name: str) -> str:
    """Text to be put into a page as it is: everything in it is escaped. ``from_right`` says that its language is read
    from the right, and ``name`` is the beginning of its ids, one of a kind on the page."""
    return drawn(picture, from_right=from_right, name=name).svg


def drawn(picture: Picture, *, from_right: bool, name: str = "picture") -> Drawn:
    """The same, for whoever needs its height."""
    sheet = Sheet(from_right=from_right)
    match picture:
        case MonthPicture():
            high = month.draw(picture, sheet)
        case WebPicture():
            high = web.draw(picture, sheet)
        case ScalePicture():
            high = scale.draw(picture, sheet)
        case _:
            assert_never(picture)
    return Drawn(sheet.svg(high, picture.title, picture.words, name), high)
