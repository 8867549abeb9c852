"""Telling: what is said beside the conversation: sentences of the wording, help, languages, and what is kept."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.catalogs import Catalogs
from bot.help_card import help_card
from bot.messages import Button, Outbound, Tap
from bot.own_data import NO_PAGE, Page, Shared, own_data
from bot.programme import Programme
from dialogues.texts import fill

Kind = Literal["note", "closed"]


class Telling:
    """Words the things that a person can be told at any time. A language that is not offered becomes the first."""

    def __init__(self, catalogs: Catalogs, programme: Programme) -> None:
        self._catalogs = catalogs
        self._programme = programme

    def in_form(self, form: str) -> Telling:
        """The same in the words for women, for men, or for anybody."""
        catalogs = self._catalogs.in_form(form)
        return self if catalogs is self._catalogs else Telling(catalogs, self._programme)

    def told(self, language: str, context: str, kind: Kind = "note", **values: str) -> Outbound:
        """One text, with the values in it."""
        language = self.offered(language)
        text = self._catalogs.ui(language)[context]
        return Outbound(kind, language, fill(text, values) if values else text)

    def help(self, language: str) -> Outbound:
        """The numbers in words; the pages have them as links, one tap from everywhere."""
        language = self.offered(language)
        return Outbound("note", language, help_card(self._programme, self._catalogs.ui(language)))

    def own_data(self, language: str, specialist: str, shared: Shared, page: Page = NO_PAGE) -> Outbound:
        """What is kept of somebody, and when something was shared."""
        language = self.offered(language)
        ui = self._catalogs.ui(language)
        names = {"specialist": specialist or ui["ui/specialist"]}
        text = own_data(ui, self._catalogs, language, names, self._programme.time_zone, shared, page)
        return Outbound("note", language, text)

    def languages(self, language: str, conversation: int, step: str) -> Outbound:
        """The languages to choose from, each by its own name, at a place in a conversation."""
        buttons = tuple(
            Button(self._catalogs.name(code), Tap(conversation, step, "language", (code,)))
            for code in self._catalogs.languages
        )
        told = self.told(language, "ui/language.choose")
        return msgspec.structs.replace(told, buttons=buttons, pick="one")

    def offered(self, language: str) -> str:
        """The language, or the first where it is not offered."""
        return language if language in self._catalogs.languages else self._catalogs.languages[0]
