"""Wrapping: a text in lines that are no wider than there is room for."""

from __future__ import annotations

from collections.abc import Iterator

from bot.channels.telegram.pieces import is_between_letters
from bot.pictures.letters import width

_MORE = "…"


def wrapped(text: str, room: float, size: float, most: int) -> list[str]:
    """At most ``most`` lines. A word that is too wide by itself is cut between two letters; what does not fit into the
    last line ends in "…", because all of it stands in words beside the picture."""
    lines = list(_lines(text.split(), room, size))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _shortened(lines[most - 1], room, size)]


def _lines(words: list[str], room: float, size: float) -> Iterator[str]:
    line = ""
    for piece in (piece for word in words for piece in _fitting(word, room, size)):
        longer = f"{line} {piece}" if line else piece
        if line and width(longer, size) > room:
            yield line
            longer = piece
        line = longer
    if line:
        yield line


def _fitting(word: str, room: float, size: float) -> Iterator[str]:
    """A word in pieces that fit, each at least one letter long."""
    while width(word, size) > room and (cut := _cut(word, room, size)):
        yield word[:cut]
        word = word[cut:]
    yield word


def _cut(word: str, room: float, size: float) -> int:
    """The last place between two letters before which it fits, or else the first such place; 0 where there is none."""
    places = [at for at in range(1, len(word)) if is_between_letters(word, at)]
    return next((at for at in reversed(places) if width(word[:at], size) <= room), places[0] if places else 0)


def _shortened(line: str, room: float, size: float) -> str:
    while width(line + _MORE, size) > room and (cut := _cut(line, room - width(_MORE, size), size)) < len(line) and cut:
        line = line[:cut]
    return line.rstrip() + _MORE
