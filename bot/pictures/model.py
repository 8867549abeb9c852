"""Picture: what is drawn, in the words of one language. It is data, kept in messages, and drawn anew wherever it is
shown."""

from __future__ import annotations

from typing import Literal

import msgspec

Half = Literal["work", "away", "several"]


class Said(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One answer: what it is called, the answer, and the person's own words in it, as written."""

    label: str
    value: str = ""
    own_words: str = ""
    point: int = 0
    """Which point of a scale it is, counted from 1 in reading order; 0 where it is none."""
    points: int = 0
    """How many points that scale has."""


class WeekSaid(msgspec.Struct, frozen=True, gc=False):
    """One week: what it is called, and what was answered in it."""

    label: str
    said: tuple[Said, ...]


class MonthPicture(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="month"):
    """Weeks that have answers, oldest first. ``words`` says that all of it stands there in words as well."""

    title: str
    words: str
    weeks: tuple[WeekSaid, ...]


class Thing(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One point of a web, with a number by which the words name it. ``what`` is as written where it is ``own``."""

    number: int
    what: str
    half: Half
    own: bool = False
    details: tuple[Said, ...] = ()
    harder: tuple[int, ...] = ()
    """Numbers of the points that it makes harder."""
    harder_words: str = ""
    """The same in words."""


class WebPicture(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="web"):
    """Points in the order in which they were named. ``work``, ``away`` and ``several`` are what the parts are called,
    ``lines`` says what a line means."""

    title: str
    words: str
    work: str
    away: str
    several: str
    lines: str
    things: tuple[Thing, ...]


class ScalePicture(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="scale"):
    """Five points in words, from the lowest to the highest: each is drawn with its face."""

    points: tuple[str, ...]
    words: str = ""

    @property
    def title(self) -> str:
        """The points: what is asked may be too long to stand below a picture."""
        return "\n".join(self.points)


Picture = MonthPicture | WebPicture | ScalePicture
