"""Drafts: the catalogues of a folder as they are, offered or not, for whoever reads over them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from bot.catalogs import po
from bot.catalogs.files import catalogue_path, languages_in
from bot.catalogs.language import Language, described
from bot.catalogs.po import Entry, PoBroken
from bot.catalogs.variants import parent_of

_ROOM = 3
"""Languages that are kept in memory: more are seldom read over at the same time."""
_STAFF_PAGES = "staff/"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the catalogue of one language itself holds but the texts of staff pages, by context."""

    language: Language
    parent: str
    """The language that this one is a variant of, or ""."""
    entries: Mapping[str, Entry]


class Drafts:
    """A folder of catalogues. One that was changed is read again. May be used from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[int, Draft]] = OrderedDict()

    @property
    def languages(self) -> list[str]:
        """The languages that have a catalogue."""
        return languages_in(self._folder)

    def of(self, code: str) -> Draft | None:
        """One of them, None where there is none that can be read. Takes a moment the first time."""
        if code not in self._kept and code not in self.languages:
            return None
        try:
            changed = catalogue_path(self._folder, code).stat().st_mtime_ns
            with self._lock:
                kept = self._kept.get(code)
                if kept is None or kept[0] != changed:
                    kept = changed, _read(self._folder, code)
                    self._kept[code] = kept
                self._kept.move_to_end(code)
                while len(self._kept) > _ROOM:
                    self._kept.popitem(last=False)
        except (OSError, ValueError, PoBroken):
            return None
        return kept[1]


def _read(folder: Path, code: str) -> Draft:
    file = po.read(catalogue_path(folder, code))
    live = (entry for entry in file.live if not entry.context.startswith(_STAFF_PAGES))
    entries = {entry.context: replace(entry, hints=(), places=()) for entry in live}
    return Draft(described(code, file.header), parent_of(folder, code), entries)
