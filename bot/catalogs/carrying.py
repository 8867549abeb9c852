"""Carrying: the texts of a language out to a table and back. What comes back is looked at before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.catalogs import po, states
from bot.catalogs.colliding import collisions, confusable
from bot.catalogs.comparing import of_entry
from bot.catalogs.entering import change
from bot.catalogs.files import languages_in
from bot.catalogs.finding import Finding
from bot.catalogs.language import Language, language
from bot.catalogs.lengths import too_long
from bot.catalogs.po import FUZZY, Entry
from bot.catalogs.report import Report
from bot.catalogs.states import Mark, State
from bot.catalogs.table import Row, read, write
from bot.catalogs.variants import read_whole


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a table. With ``findings`` nothing was written. ``behind`` are contexts whose English is another by
    now, ``unknown`` those that are gone, ``unsigned`` those said to be reviewed when nobody was named as reviewer."""

    report: Report
    findings: tuple[Finding, ...] = ()
    behind: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = [*map(str, self.findings)]
        said.append(f"{self.report.name}: nothing was written." if self.findings else str(self.report))
        for contexts, what in (
            (self.behind, "left out: their English was reworded since. Export again"),
            (self.unknown, "left out: there is no such text"),
            (self.unsigned, "taken as human drafts: say --reviewer to record a review"),
        ):
            if contexts:
                said.append(f"{len(contexts)} {what} ({', '.join(contexts[:3])}{' …' if len(contexts) > 3 else ''}).")
        return "\n".join(said)


def carry_out(locales_folder: Path, code: str, path: Path) -> int:
    """Write the texts of a language to a table: how many. Raises PoBroken, OSError, TableRefused and ValueError."""
    rows = [
        Row(entry.context, entry.source, entry.texts, states.state_of(entry), " ".join(entry.hints), entry.previous)
        for entry in read_whole(locales_folder, code).live
    ]
    write(path, rows, language(code).classes)
    return len(rows)


def carry_in(locales_folder: Path, code: str, path: Path, *, by: str, reviewer: str, day: date) -> Brought:
    """Enter what a table changes. A text that was changed is a human draft by whoever brought it; where its state says
    "reviewed" and a ``reviewer`` is named, it is reviewed by them, changed or not. A blank never erases a text.

    Raises PoBroken, OSError, TableRefused and ValueError."""
    tongue = language(code)
    known = {entry.context: entry for entry in read_whole(locales_folder, code).live}
    rows = read(path, tongue.classes)
    there = [row for row in rows if row.context in known]
    behind = [row.context for row in there if not _is_same(row.source, known[row.context].source)]
    usable = [row for row in there if row.context not in behind]
    new = {entry.context: entry for row in usable if (entry := _entered(row, known[row.context], by, reviewer, day))}
    findings = tuple(_findings(locales_folder, known, new, tongue))
    report = Report(code, total=len(known)) if findings else change(locales_folder, code, new)
    return Brought(
        report,
        findings,
        tuple(behind),
        tuple(row.context for row in rows if row.context not in known),
        tuple(row.context for row in usable if not reviewer and _claims_review(row, known[row.context])),
    )


def _is_same(given: Sequence[str], source: Sequence[str]) -> bool:
    return [text.strip() for text in given] == [text.strip() for text in source]


def _claims_review(row: Row, known: Entry) -> bool:
    return row.state == State.REVIEWED and states.state_of(known) is not State.REVIEWED


def _entered(row: Row, known: Entry, by: str, reviewer: str, day: date) -> Entry | None:
    """The entry as the row has it, or None where it changes nothing."""
    if not any(row.texts):
        return None
    texts = tuple(_edged(text, known.source[-1]) for text in row.texts)
    signed = bool(reviewer) and _claims_review(row, known)
    if texts == known.texts and not signed:
        return None
    mark = Mark(State.REVIEWED, reviewer, day) if signed else Mark(State.HUMAN_DRAFT, reviewer or by, day)
    return states.marked(replace(known, texts=texts, flags=po.without(known.flags, FUZZY), previous=()), mark)


def _edged(text: str, source: str) -> str:
    """A text with the spaces and lines around it that its source has, which a table does not keep."""
    before = source[: len(source) - len(source.lstrip())]
    after = source[len(source.rstrip()) :] if source.strip() else ""
    return f"{before}{text}{after}" if text else text


def _findings(
    locales_folder: Path, known: Mapping[str, Entry], new: Mapping[str, Entry], tongue: Language
) -> Iterator[Finding]:
    """What is wrong with the texts that come in, alone and beside the others."""
    for entry in new.values():
        for what, remedy in (*of_entry(entry, tongue), *too_long(entry)):
            yield Finding(tongue.code, entry.context, what, remedy)
    others = {code: _texts(locales_folder, code) for code in languages_in(locales_folder) if code != tongue.code}
    before = set(_clashes(tongue.code, {**others, tongue.code: known}))
    yield from (each for each in _clashes(tongue.code, {**others, tongue.code: {**known, **new}}) if each not in before)


def _texts(locales_folder: Path, code: str) -> Mapping[str, Entry]:
    return {entry.context: entry for entry in read_whole(locales_folder, code).live}


def _clashes(code: str, texts: Mapping[str, Mapping[str, Entry]]) -> Iterator[Finding]:
    yield from collisions(code, texts)
    yield from confusable(code, texts[code])
