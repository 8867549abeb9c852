"""Pulling: translations that were written in the console are entered into the catalogue files, so that they are not
lost to whoever works with the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.catalogs import po, states
from bot.catalogs.files import languages_in
from bot.catalogs.po import FUZZY, Entry
from bot.catalogs.states import Mark, State
from bot.catalogs.variants import read_open, write_open
from storage.script_texts import ScriptText


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came of one language. ``waiting`` are contexts whose source is worded in another way in the files."""

    code: str
    entered: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"{self.code}: {len(self.entered)} texts entered"
        if not self.waiting:
            return said
        some = ", ".join(self.waiting[:3]) + (" …" if len(self.waiting) > 3 else "")
        return (
            f"{said}, {len(self.waiting)} wait ({some}): the scripts of the folder have other words there. "
            "Put the scripts of the console into the folder, then run extract and update."
        )


def pull(locales_folder: Path, written: Iterable[ScriptText], names: Mapping[int, str]) -> list[Pulled]:
    """Enter translations by context, each where the file has the wording that it was made for. Raises PoBroken."""
    by_language: dict[str, list[ScriptText]] = {}
    for one in written:
        by_language.setdefault(one.language, []).append(one)
    known = set(languages_in(locales_folder))
    return [_pull(locales_folder, code, by_language[code], names) for code in sorted(by_language) if code in known]


def _pull(locales_folder: Path, code: str, written: list[ScriptText], names: Mapping[int, str]) -> Pulled:
    file = read_open(locales_folder, code)
    given = {(one.context, one.source): one for one in written}
    entries = tuple(_entered(entry, given, names) for entry in file.entries)
    changed = [new.context for old, new in zip(file.entries, entries, strict=True) if old != new]
    if changed:
        write_open(locales_folder, code, replace(file, entries=entries))
    there = {(entry.context, "\n".join(entry.source)) for entry in file.live}
    newest = {one.context: one for one in written}
    waiting = [context for context, one in newest.items() if (context, one.source) not in there]
    return Pulled(code, tuple(changed), tuple(waiting))


def _entered(entry: Entry, given: Mapping[tuple[str, str], ScriptText], names: Mapping[int, str]) -> Entry:
    """A plural is written with one form on a line."""
    one = None if entry.obsolete else given.get((entry.context, "\n".join(entry.source)))
    texts = () if one is None else tuple(one.text.split("\n")) if len(entry.source) > 1 else (one.text,)
    if one is None or not all(map(str.strip, texts)) or len(texts) != len(entry.texts):
        return entry
    mark = states.mark_of(entry)
    if mark is not None and mark.day > one.at.date() and FUZZY not in entry.flags:
        return entry  # Somebody worked on the file after that.
    new = replace(entry, texts=texts, flags=po.without(entry.flags, FUZZY), previous=())
    by = names.get(one.staff_id, "") or "Medvind"
    return states.marked(new, Mark(State(one.state), by, one.at.date()))
