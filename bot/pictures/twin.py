"""Twin: a picture in words, one line for each week or point. Whoever cannot see the picture misses nothing."""

from __future__ import annotations

from typing import assert_never

from bot.pictures.model import MonthPicture, Picture, Said, ScalePicture, Thing, WebPicture, WeekSaid
from dialogues.texts import fill

_BETWEEN = " · "


def twin(picture: Picture) -> tuple[str, ...]:
    """The lines, each with its values isolated for direction."""
    match picture:
        case MonthPicture():
            return tuple(map(_week, picture.weeks))
        case WebPicture():
            return tuple(map(_thing, picture.things))
        case ScalePicture():
            return picture.points
        case _:
            assert_never(picture)


def said_beside(picture: Picture | None, text: str) -> tuple[str, ...]:
    """The lines that stand with a text and its picture: none where the text, like one with ``{month}`` in it, says
    them already."""
    said = twin(picture) if picture is not None else ()
    return () if all(_plain(line) in _plain(text) for line in said) else said


def _plain(text: str) -> str:
    """Without the signs that isolate what is filled in: a text that is filled into another gets some of its own."""
    return "".join(letter for letter in text if letter not in "\u2066\u2067\u2068\u2069")


def _week(week: WeekSaid) -> str:
    return f"{week.label}: {_BETWEEN.join(map(_said, week.said))}"


def _thing(thing: Thing) -> str:
    return _BETWEEN.join(
        filter(None, [f"{thing.number}. {_what(thing)}", *map(_said, thing.details), thing.harder_words])
    )


def _what(thing: Thing) -> str:
    return fill("“{what}”" if thing.own else "{what}", {"what": thing.what})


def _said(said: Said) -> str:
    value = fill("{value}", {"value": said.value}) if said.value else ""
    own = fill("“{own}”", {"own": said.own_words}) if said.own_words else ""
    return f"{said.label}: {' '.join(filter(None, [value, own]))}"
