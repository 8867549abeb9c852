"""Tally: counts what was shared in one month, card by card. Pure. Who is who is forgotten with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.aggregates.rules import Behind

_Key = TypeVar("_Key", bound=Hashable)
_Sets = defaultdict[_Key, set[tuple[int, int | None]]]


@dataclass(slots=True)
class Tally:
    """Each person counts once for each thing, however often it was shared."""

    _languages: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    _topics: _Sets[str] = field(default_factory=lambda: defaultdict(set))
    _changes: _Sets[str] = field(default_factory=lambda: defaultdict(set))

    def add(
        self, person: int, specialist: int | None, language: str, topics: Iterable[str], changes: Iterable[str]
    ) -> None:
        """One card, later ones after earlier ones. The last card of a month says which language somebody uses."""
        self._languages[person] = language, specialist
        for topic in topics:
            self._topics[topic].add((person, specialist))
        for change in changes:
            self._changes[change].add((person, specialist))

    @property
    def languages(self) -> Mapping[str, Behind]:
        """By the language in which they shared it."""
        found: _Sets[str] = defaultdict(set)
        for person, (language, specialist) in self._languages.items():
            found[language].add((person, specialist))
        return _counted(found)

    @property
    def topics(self) -> Mapping[str, Behind]:
        """By what they want help with."""
        return _counted(self._topics)

    @property
    def changes(self) -> Mapping[str, Behind]:
        """By what could change at the workplace."""
        return _counted(self._changes)

    @property
    def topics_by_language(self) -> Mapping[tuple[str, str], Behind]:
        """By topic and language."""
        found: _Sets[tuple[str, str]] = defaultdict(set)
        for topic, everybody in self._topics.items():
            for person, specialist in everybody:
                found[topic, self._languages[person][0]].add((person, specialist))
        return _counted(found)


def _counted(found: Mapping[_Key, set[tuple[int, int | None]]]) -> dict[_Key, Behind]:
    return {key: _behind(everybody) for key, everybody in found.items()}


def _behind(everybody: Iterable[tuple[int, int | None]]) -> Behind:
    pairs = list(everybody)
    specialists = {specialist for _, specialist in pairs if specialist is not None}
    return Behind(len({person for person, _ in pairs}), len(specialists))
