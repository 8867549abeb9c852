"""Entering: translations and reviews that come from elsewhere than an editor of catalogue files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.catalogs import po, states
from bot.catalogs.language import language
from bot.catalogs.po import FUZZY, Entry
from bot.catalogs.report import Report
from bot.catalogs.states import Mark, State
from bot.catalogs.variants import read_open, read_whole, write_open


def put(locales_folder: Path, code: str, translations: Mapping[str, str | Sequence[str]], mark: Mark) -> Report:
    """Enter translations by context, with who made them and when. A blank never erases a text. A plural is given
    as its forms in the order of the language's classes. What a variant takes over as it is, is not entered twice.
    Raises ValueError for a context that the catalogue does not have or a wrong number of forms, and then enters
    nothing."""
    taken_over = {entry.context: entry.texts for entry in read_whole(locales_folder, code).live}

    def translated(entry: Entry) -> Entry:
        given = translations[entry.context]
        forms = (given,) if isinstance(given, str) else tuple(given)
        if len(forms) != len(entry.texts):
            needed = f"{len(entry.texts)} forms ({', '.join(language(code).classes)})"
            raise ValueError(f"{code}, {entry.context}: has {len(forms)} forms and needs {needed}.")
        if not all(form.strip() for form in forms) or (not entry.filled and forms == taken_over.get(entry.context)):
            return entry
        new = replace(entry, texts=forms, flags=po.without(entry.flags, FUZZY), previous=())
        return states.marked(new, mark)

    return _change(locales_folder, code, set(translations), translated)


def review(locales_folder: Path, code: str, contexts: Iterable[str], by: str, day: date) -> Report:
    """Mark texts as reviewed as they stand. Missing and outdated ones are passed over: there is nothing, or not
    the right thing, to approve. Raises ValueError for a context that the catalogue does not have."""

    def reviewed(entry: Entry) -> Entry:
        if states.state_of(entry) in (State.MISSING, State.OUTDATED):
            return entry
        return states.marked(entry, Mark(State.REVIEWED, by, day))

    return _change(locales_folder, code, set(contexts), reviewed)


def _change(locales_folder: Path, code: str, contexts: set[str], change: Callable[[Entry], Entry]) -> Report:
    file = read_open(locales_folder, code)
    if unknown := contexts - {entry.context for entry in file.live}:
        raise ValueError(f"{code} has no text {', '.join(sorted(unknown))}. Run extract and update first.")
    entries = tuple(
        change(entry) if entry.context in contexts and not entry.obsolete else entry for entry in file.entries
    )
    write_open(locales_folder, code, replace(file, entries=entries))
    changed = [new.context for old, new in zip(file.entries, entries, strict=True) if old != new]
    return Report(code, total=len(list(file.live)), changed=tuple(changed))


def change(locales_folder: Path, code: str, new: Mapping[str, Entry]) -> Report:
    """Put these entries in the place of those with their contexts. Raises as ``review`` does."""
    return _change(locales_folder, code, set(new), lambda entry: replace(new[entry.context], line=entry.line))
