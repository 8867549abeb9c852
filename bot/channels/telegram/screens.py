"""Screens: messages to one person -> what stands in the chat. Pure.

A phone buzzes for every message, so what is said together is sent together. Nothing is marked up: what people wrote
is never read as formatting, and links stay plain text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal, Protocol

from bot.channels.telegram.keyboards import fitting_keys, has_words, keyboard, listed, ticks_lines
from bot.channels.telegram.pieces import MOST_UNITS, pieces, units
from bot.delivery.outcomes import Key, Part, Pictured, Voiced
from bot.messages import Button, Outbound, ShareLine
from bot.pictures.model import Picture, ScalePicture
from bot.pictures.twin import said_beside
from dialogues.texts import fill

MOST_CAPTION_UNITS = 1000
"""UTF-16 units of what stands below a picture or a recording. Telegram takes 1024."""

_RIGHT_TO_LEFT = "\u200f"
_HINTS = {
    "text": "ui/messenger.write",
    "number": "ui/messenger.write_number",
    "date": "ui/messenger.write_date",
}


class Wording(Protocol):
    """What screens need of the catalogues."""

    def ui(self, language: str) -> Mapping[str, str]:
        """The wording of a language."""

    def count(self, language: str, context: str, n: int) -> str:
        """The form of a plural text for ``n``."""

    def direction(self, language: str) -> Literal["ltr", "rtl"]:
        """The direction in which a language is written."""


class Handout(Part, frozen=True):
    """A part that is there to be copied and passed on: numbers to call. All others cannot be forwarded."""


def parts(messages: Sequence[Outbound], wording: Wording, most: int = MOST_UNITS) -> list[Part]:
    """What messages of one chat become, in order: as few parts as fit, each at most ``most`` UTF-16 units long.

    Only the last part of a message holds its keys, so that everything is seen before it can be answered.
    """
    found: list[Part] = []
    for part in (part for message in messages for part in _of_one(message, wording, most)):
        joined = _joined(found[-1], part, most) if found else None
        if joined is None:
            found.append(part)
        else:
            found[-1] = joined
    return found


def _joined(first: Part, second: Part, most: int) -> Part | None:
    """Two parts as one, where nothing has to be pressed between them and it fits."""
    apart = first.keyboard or first.edits or second.edits or type(first) is not Part or type(second) is not Part
    text = f"{first.text}\n\n{second.text}"
    return None if apart or units(text) > most else Part(text, second.keyboard)


def _of_one(message: Outbound, wording: Wording, most: int) -> list[Part]:
    ui, from_the_right = wording.ui(message.language), wording.direction(message.language) == "rtl"
    rows = keyboard(message, ui, from_the_right=from_the_right)
    if message.kind == "redrawn":
        return [Part("", rows, message.edits)]
    text = "\n\n".join(filter(None, _paragraphs(message, ui, wording)))
    directed = _from_the_right if from_the_right else str
    if picture := message.picture or _faces(message):
        shown = _pictured(picture, directed(text), rows, directed, from_the_right=from_the_right, most=most)
        return [*_voices(message, directed), *shown]
    found = [directed(piece) for piece in pieces(directed(text), most - 1)] or (["…"] if rows else [])
    kind = Handout if message.kind == "note" and text.startswith(ui["ui/help.alone"]) else Part
    worded = [*map(kind, found[:-1]), *(kind(piece, rows) for piece in found[-1:])]
    return _voiced(message, worded, directed) if message.recording else [*_voices(message, directed), *worded]


def _faces(message: Outbound) -> Picture | None:
    """The points of a scale with their faces: keys hold words only, so a photo has both."""
    if not message.scale or not all(button.drawing for button in message.buttons):
        return None
    return ScalePicture(tuple(map(_point, message.buttons)))


def _pictured(
    picture: Picture,
    text: str,
    rows: tuple[tuple[Key, ...], ...],
    directed: Callable[[str], str],
    *,
    from_the_right: bool,
    most: int,
) -> list[Part]:
    """A picture with its text as the caption; where that is too long, with its title, and the text behind it."""
    if units(text) <= MOST_CAPTION_UNITS:
        return [Pictured(text, rows, picture=picture, from_right=from_the_right)]
    found = [directed(piece) for piece in pieces(text, most - 1)]
    first = Pictured(directed(picture.title), picture=picture, from_right=from_the_right)
    return [first, *map(Part, found[:-1]), Part(found[-1], rows)]


def _voiced(message: Outbound, worded: list[Part], directed: Callable[[str], str]) -> list[Part]:
    """A text that is read out: one message where nothing else of it is, else the recordings and then the words, so
    that the keys stand below everything."""
    voices = _voices(message, directed)
    if len(voices) > 1 or len(worded) != 1 or units(worded[0].text) > MOST_CAPTION_UNITS:
        return [*voices, *worded]
    return [Voiced(worded[0].text, worded[0].keyboard, language=message.language, recording=message.recording)]


def _voices(message: Outbound, directed: Callable[[str], str]) -> list[Part]:
    """The recordings of the text and of each option, in this order. Under that of an option stands the option."""
    language, numbers = message.language, {button: number for number, button in listed(message)}
    found: list[Part] = []
    if message.recording:
        found.append(Voiced("", language=language, recording=message.recording, quiet=True))
    for button in message.buttons:
        if button.recording:
            text = directed(pieces(_caption(message, button, numbers.get(button)), MOST_CAPTION_UNITS - 1)[0])
            found.append(Voiced(text, language=language, recording=button.recording, quiet=True))
    return found


def _caption(message: Outbound, button: Button, number: int | None) -> str:
    """An option as it stands in the words of its message."""
    if has_words(message):
        return _point(button)
    return f"{number}. {button.label}" if number else button.label


def _from_the_right(text: str) -> str:
    """A text of a language that reads from the right. A line that begins with a number or a name would be laid out from
    the left: phones go by its first letter."""
    return "\n".join(line if _begins_at_the_right(line) else _RIGHT_TO_LEFT + line for line in text.split("\n"))


def _begins_at_the_right(line: str) -> bool:
    return not line.strip() or unicodedata.bidirectional(line[0]) in ("R", "AL")


# What a message says ------------------------------------------------------------------------------------------------


def _paragraphs(message: Outbound, ui: Mapping[str, str], wording: Wording) -> Iterator[str]:
    if message.total > 1:
        yield fill(ui["ui/page.progress"], {"number": str(message.number), "total": str(message.total)}, isolate=False)
    yield message.text.strip()
    yield "\n".join(said_beside(message.picture, message.text))
    yield "\n".join(_legend(message) if message.scale else _listed(message, ui))
    yield from _lines(message, ui)
    yield " ".join(_hints(message, ui, wording))


def _legend(message: Outbound) -> Iterator[str]:
    """What the points of a scale mean, where the keys have room for their numbers only."""
    for button in message.buttons if has_words(message) else ():
        point = _point(button)
        if point != button.tap.choices[0]:
            yield point


def _point(button: Button) -> str:
    number = button.tap.choices[0]
    return f"{number}  {button.label.removeprefix(number).strip()}".strip()


def _listed(message: Outbound, ui: Mapping[str, str]) -> Iterator[str]:
    """Options in words, where keys cannot show them: those that are too long, and those that stand in groups."""
    for heading, members in groupby(message.buttons, lambda button: button.group):
        if heading:
            yield f"{heading}: {ui['ui/separator'].join(button.label for button in members)}"
    yield from (f"{number}. {button.label}" for number, button in listed(message))


def _lines(message: Outbound, ui: Mapping[str, str]) -> Iterator[str]:
    """Every line as the specialist would see it, whole; what is private stands under its own sentence."""
    signs = [f"{number}. " if ticks_lines(message) else "" for number in range(1, len(message.lines) + 1)]
    shown = [(line.private, sign + _worded(line)) for sign, line in zip(signs, message.lines, strict=True)]
    yield "\n".join(text for private, text in shown if not private)
    if any(private for private, _ in shown):
        yield "\n".join([ui["ui/share_page.private"], *(text for private, text in shown if private)])


def _worded(line: ShareLine) -> str:
    said = [fill("{value}", {"value": line.value})] if line.value else []
    own = [f"“{fill('{own}', {'own': line.own_words})}”"] if line.own_words else []
    return f"{line.label}: {' '.join([*said, *own])}"


def _hints(message: Outbound, ui: Mapping[str, str], wording: Wording) -> Iterator[str]:
    """How it can be answered, beside the keys."""
    if message.pick == "many" and not ticks_lines(message):
        count = wording.count(message.language, "ui/page.choose_most", message.most) if message.most else ""
        yield fill(count, {"n": str(message.most)}, isolate=False) or ui["ui/page.choose_any"]
    if len(message.buttons) > fitting_keys(message):
        yield ui["ui/messenger.write_number"]
    if message.typed:
        yield ui["ui/messenger.or_write" if message.buttons else _HINTS[message.typed]]
    if message.placeholder:
        yield message.placeholder
