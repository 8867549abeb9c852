"""StaffWords: the sentences of a digest in one language, filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.dates import date_text, short_date
from bot.lines import number_text
from dialogues.texts import fill

Day = date
"""The type: ``StaffWords`` has a method of its name."""


class Wordings(Protocol):
    """What the digest needs of the catalogues (``bot.catalogs``)."""

    languages: tuple[str, ...]
    staff_languages: tuple[str, ...]

    def ui(self, language: str) -> Mapping[str, str]:
        """Every text of one language by context."""

    def count(self, language: str, context: str, n: int) -> str:
        """The plural form of a text for ``n``, with ``{n}`` still in it."""


@dataclass(frozen=True, slots=True)
class StaffWords:
    """Texts of one language; dates in the reader's own time zone, with the year when it is not that of ``today``."""

    catalogs: Wordings
    language: str
    zone: str
    today: date

    @property
    def ui(self) -> Mapping[str, str]:
        """Every text of the language. A script may be written in one that has no catalogue: then the source's."""
        return self.catalogs.ui(self._spoken)

    @property
    def _spoken(self) -> str:
        return self.language if self.language in self.catalogs.staff_languages else self.catalogs.staff_languages[0]

    def say(self, text: str, /, **values: object) -> str:
        """A ``staff/`` text with its placeholders filled, each value isolated for direction."""
        return fill(self.ui[f"staff/{text}"], {key: str(value) for key, value in values.items()})

    def count(self, name: str, n: int) -> str:
        """A ``staff/`` text in its plural form for ``n``."""
        return fill(self.catalogs.count(self._spoken, f"staff/{name}", n), {"n": str(n)})

    def date(self, at: datetime) -> str:
        """``6 May``."""
        return short_date(at, zone=self.zone, today=self.today, language=self.language)

    def day(self, day: Day) -> str:
        """The same for a date that is local already."""
        return date_text(day, today=self.today, language=self.language)

    def number(self, number: float) -> str:
        """A number, with the comma or point of the language."""
        return number_text(number, self.language)

    def listed(self, parts: Iterable[str]) -> str:
        """Parts as one list, with the comma of the language."""
        return self.ui["ui/separator"].join(parts)

    def names(self, parts: Iterable[str]) -> str:
        """The same for names that may be written the other way round, each isolated for direction."""
        return self.listed(f"\u2068{part}\u2069" for part in parts)

    def in_language(self, language: str) -> StaffWords:
        """The same reader and day in another language."""
        return self if language == self.language else StaffWords(self.catalogs, language, self.zone, self.today)
