"""OwnWords: the texts of a participant's language, with the names and the time zone that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.catalogs.forms import NEUTRAL
from bot.dates import day_and_time, day_text
from bot.shelf import Published
from dialogues.texts import fill


class Wordings(Protocol):
    """What is needed of the catalogues (``bot.catalogs``)."""

    languages: tuple[str, ...]

    def ui(self, language: str) -> Mapping[str, str]:
        """Every text of one language by context."""


class Names(dict[str, str]):
    """What stands between the braces of a text when it is read again. What nobody knows any more is left out."""

    def __missing__(self, _: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Tongue:
    """The texts of one script version in one language, and those around them."""

    language: str
    texts: Mapping[str, str]
    ui: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """``language`` is one that is offered; ``zone`` an IANA name. ``specialist`` may be "". ``catalogs`` have the
    words of the ``form`` that the person chose."""

    catalogs: Wordings
    language: str
    zone: str
    name: str
    specialist: str
    form: str = NEUTRAL

    @property
    def ui(self) -> Mapping[str, str]:
        """Every text of the language."""
        return self.catalogs.ui(self.language)

    def say(self, text: str, /, **values: object) -> str:
        """A ``ui/me.`` text with its placeholders filled."""
        return fill(self.ui[f"ui/me.{text}"], self.names({key: str(value) for key, value in values.items()}))

    def names(self, values: Mapping[str, str] | None = None) -> Names:
        """The names of the person and of the specialist, and these values."""
        specialist = self.specialist or self.ui["ui/specialist"]
        return Names({"name": self.name, "specialist": specialist, **(values or {})})

    def listed(self, parts: Iterable[str]) -> str:
        """Parts as one list, with the comma of the language."""
        return self.ui["ui/separator"].join(parts)

    def day(self, at: datetime) -> str:
        """The day of an instant, where the person is."""
        return day_text(self._local(at).date().isoformat(), self.language)

    def moment(self, at: datetime) -> str:
        """The same with the time of day."""
        return day_and_time(self._local(at), self.language)

    def tongue(self, published: Published, wished: str = "") -> Tongue:
        """How a script version is worded here, or in the ``wished`` language: all of it in one."""
        code = published.language_for(wished or self.language)
        ui = self.catalogs.ui(code if code in self.catalogs.languages else self.catalogs.languages[0])
        return Tongue(code, published.worded(code, self.form), ui)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))
