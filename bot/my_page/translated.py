"""Translated: what a person sees of the translations that stand beside their own words: word for word, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.catalogs.language import language as known_language
from bot.my_page.words import OwnWords
from bot.translating.reading import Translated, of_one
from bot.translating.words import Words
from storage.people import Participant
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Beside:
    """One translation, and who made it and when, in the words of the page. It may be in a language that is offered to
    nobody who takes part."""

    text: str
    language: str
    made: str

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        try:
            return known_language(self.language).direction
        except ValueError:
            return "ltr"


BesideWords = Callable[[Words], tuple[Beside, ...]]
"""The translations of some words."""


def none(_: Words) -> tuple[Beside, ...]:
    """Nothing is translated."""
    return ()


def beside_words(conn: Connection, vault: Vault, person: Participant, words: OwnWords) -> BesideWords:
    """Those of one person's words."""
    found = of_one(conn, vault, person.cipher, person.id)
    if not found:
        return none
    return lambda of: tuple(_worded(one, words) for one in found.get(of.mark(person.cipher), ()))


def _worded(one: Translated, words: OwnWords) -> Beside:
    date = words.day(one.at)
    if one.by is None:
        return Beside(one.text, one.language, words.say("translated.machine", date=date))
    who = one.name or words.say("somebody_of_staff")
    return Beside(one.text, one.language, words.say("translated.person", person=who, date=date))
