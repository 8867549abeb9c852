"""Reading: the translations that stand beside people's words, for whoever is shown those words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.translating.words import Words
from storage import people, translations
from storage.translations import Translation
from storage.vault import Cipher, Erased, Vault


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation. ``by`` is the id of whoever of the staff wrote it, None for a program; ``name`` is "" where nobody
    knows it any more."""

    text: str = field(repr=False)
    language: str
    by: int | None
    name: str
    at: datetime


Found = Mapping[Words, Translated]


def for_reader(
    conn: Connection, vault: Vault, wanted: Mapping[int, Collection[Words]], language: str
) -> dict[int, Found]:
    """What there is of these people's words in one language; somebody's own translation goes before a program's."""
    ids = [person for person, words in wanted.items() if words]
    stored = translations.of_people(conn, vault, ids, language) if ids else {}
    names = _Names(conn, vault)
    found: dict[int, Found] = {}
    for person, (cipher, every) in stored.items():
        by_mark = {one.words: one for one in sorted(every, key=lambda one: one.kind == "human")}
        marks = {words: words.mark(cipher) for words in wanted[person]}
        found[person] = {words: names.named(by_mark[mark]) for words, mark in marks.items() if mark in by_mark}
    return found


def of_one(conn: Connection, vault: Vault, cipher: Cipher, person: int) -> dict[bytes, list[Translated]]:
    """All translations of one person's words in any language, by the mark of the words."""
    names, found = _Names(conn, vault), dict[bytes, list[Translated]]()
    for one in translations.of_person(conn, cipher, person):
        found.setdefault(one.words, []).append(names.named(one))
    return {mark: list(_shown(every)) for mark, every in found.items()}


def _shown(every: list[Translated]) -> Iterator[Translated]:
    """Those that a page shows: somebody's own hides a program's in the same language."""
    own = {one.language for one in every if one.by is not None}
    return (one for one in every if one.by is not None or one.language not in own)


class _Names:
    """What those of the staff are called who translated something, each read once."""

    def __init__(self, conn: Connection, vault: Vault) -> None:
        self._conn, self._vault = conn, vault
        self._known: dict[int, str] = {}

    def named(self, one: Translation) -> Translated:
        name = "" if one.staff_id is None else self._name(one.staff_id)
        return Translated(one.text, one.language, one.staff_id, name, one.at)

    def _name(self, staff_id: int) -> str:
        if staff_id not in self._known:
            try:
                self._known[staff_id] = people.staff(self._conn, self._vault, staff_id).name
            except (KeyError, Erased):
                self._known[staff_id] = ""
        return self._known[staff_id]
