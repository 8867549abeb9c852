"""Screen: a message as lines of a terminal, and what somebody who reads it there means by what they type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.messages import Button, Outbound, ShareLine, Tap
from bot.pictures.twin import said_beside
from dialogues.answers import fold

_FROM_THE_RIGHT, _END = "\u2067", "\u2069"
_ISOLATED = re.compile("\u2068([^\u2066-\u2069]*)\u2069")


@dataclass(frozen=True, slots=True)
class Screen:
    """Shows messages of one language: its wording, and the direction it is written in."""

    ui: Mapping[str, str]
    direction: Literal["ltr", "rtl"]

    def shown(self, message: Outbound) -> list[str]:
        """A message as lines of text: options with their numbers, the ways on by their words, and a blank line."""
        return [*self._said(message), *self._lines(message), *self._buttons(message), *self._controls(message), ""]

    def line(self, line: ShareLine) -> str:
        """One line as the specialist would see it."""
        return self.directed(self._worded(line))

    def directed(self, text: str) -> str:
        """Text as terminals show it in the right order, though they take every line for one that begins at the left.

        Signs that set a direction stay only where two directions meet: they are in the way of whoever copies a text.
        """
        if self.direction == "rtl":
            return "\n".join(f"{_FROM_THE_RIGHT}{line}{_END}" if line else "" for line in text.split("\n"))
        return _ISOLATED.sub(lambda found: found[0] if _from_the_right(found[1]) else found[1], text)

    def _said(self, message: Outbound) -> Iterator[str]:
        progress = f"({message.number}/{message.total}) " if message.number else ""
        yield progress + self.directed(message.text.strip())
        for line in said_beside(message.picture, message.text):
            yield "    " + self.directed(line)

    def _lines(self, message: Outbound) -> Iterator[str]:
        for line in message.lines if message.pick != "many" else ():
            yield "    " + self.line(line)

    def _buttons(self, message: Outbound) -> Iterator[str]:
        heading = ""
        for number, button in enumerate(message.buttons, 1):
            if button.group != heading:
                heading = button.group
                yield f"  {self.directed(heading + ':')}"
            sign = button.tap.choices[0] if message.scale else str(number)
            yield f"  {sign}  {self.directed(self._label(message, button))}"

    def _label(self, message: Outbound, button: Button) -> str:
        found = [line for line in message.lines if message.pick == "many" and (line.id,) == button.tap.choices]
        return self._worded(found[0]) if found else button.label

    def _controls(self, message: Outbound) -> Iterator[str]:
        if message.controls:
            yield f"  [{self.directed(' · '.join(button.label for button in message.controls))}]"

    def _worded(self, line: ShareLine) -> str:
        own = f"“\u2068{line.own_words}\u2069”" if line.own_words else ""
        said = " ".join(filter(None, [line.value, own]))
        private = f"  ({self.ui['ui/share_page.private']})" if line.private else ""
        return f"{line.label}: {said}{private}"


def tapped(waiting: Outbound, typed: str) -> Tap | None:
    """The button that somebody means who typed its words, or, where an answer could mean nothing else, its number.

    Enter alone presses a button that is the only one, as OK is.
    """
    if not typed.strip() and len(waiting.buttons) == 1:
        return waiting.buttons[0].tap
    picks = waiting.buttons if waiting.pick == "one" and waiting.kind != "asked" else ()
    plain = fold(typed)
    for number, button in enumerate(picks, 1):
        if plain in (str(number), fold(button.label)):
            return button.tap
    return next((button.tap for button in waiting.controls if plain == fold(button.label)), None)


def _from_the_right(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
