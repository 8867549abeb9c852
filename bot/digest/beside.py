"""Beside: what stands under a person's own words: a translation of them, and the form in which somebody writes one.

The words themselves always come first, as they were written. What stands here is not counted as words of the card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.digest.words import StaffWords
from bot.translating.reading import Found, Translated
from bot.translating.words import Words


@dataclass(frozen=True, slots=True)
class Beside:
    """One translation. ``mark`` says who made it, in the language of what stands around it."""

    mark: str
    mark_language: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Writing:
    """A form for a translation of some words into a language. ``key`` stands for the words; ``text`` is what it begins
    with, ``trouble`` why that could not be used. ``removable``: somebody of the staff wrote one."""

    action: str
    key: str
    language: str
    text: str = ""
    trouble: str = ""
    removable: bool = False

    @property
    def place(self) -> str:
        """The id of the form on the page."""
        return f"t-{self.key[:12]}"


@dataclass(frozen=True, slots=True)
class Under:
    """What stands under the words of one person."""

    translated: Found = field(default_factory=dict)
    forms: Mapping[str, Writing] = field(default_factory=dict)
    """By the line of a card, or by the number of an agreement and the name of its part: ``3|what``."""

    def beside(self, words: Words, said: StaffWords) -> Beside | None:
        """The translation of these words, if there is one."""
        found = self.translated.get(words)
        return _worded(found, said) if found else None


def _worded(one: Translated, said: StaffWords) -> Beside:
    if one.by is None:
        mark = said.say("translated_machine")
    elif one.name:
        mark = said.say("translated_person", name=one.name, date=said.date(one.at))
    else:
        mark = said.say("translated_somebody", date=said.date(one.at))
    return Beside(mark, said.language, one.text, one.language)


NOTHING = Under()
"""No translation and no form."""
