"""Surroundings: what is around the database: the programme, its languages, and the disk that a SQLite file lies on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bot.catalogs import Catalogs
from bot.config import Settings
from bot.doctor.findings import Finding, found
from bot.programme import FRESH, Programme, ProgrammeRefused, load_programme
from bot.programme.guarded import changed, needs_two
from bot.programme.versions import readable
from bot.wording.enrolling import ENROLLING

CHECK_SOON = timedelta(days=30)
"""Time enough to call somebody."""

LEAST_ROOM = 500 * 1024 * 1024
LARGEST_LOG = 200 * 1024 * 1024
"""Bytes. The log is cut to a third of it whenever nobody reads."""


def read(settings: Settings, today: date, agreed: str = "") -> tuple[Programme | None, list[Finding]]:
    """The programme, if it can be used, and everything that can be said of it. ``agreed`` is the text of the version
    that is in force, "" before there is one: then the file is the programme."""
    try:
        written = load_programme(settings.programme, today)
    except ProgrammeRefused as refused:
        number, first = len(refused.mistakes), str(refused).partition("\n")[0]
        more = f" There are {number - 1} more." if number > 1 else ""
        return None, [found("MD023", f"{first}{more}")]
    programme = _agreed(agreed) or written
    stale = [*help_lines(programme, today), *enrolling(programme, today), *waiting(programme, written)]
    return programme, [*stale, *languages(programme, settings.locales)]


def _agreed(text: str) -> Programme | None:
    try:
        return readable(text) if text else None
    except ProgrammeRefused:
        return None


def waiting(agreed: Programme, written: Programme) -> Iterator[Finding]:
    """What the file says that two people have not agreed to."""
    if needs_two(agreed, written):
        yield found("MD028", f"The programme file says something else about: {', '.join(changed(agreed, written))}.")


def help_lines(programme: Programme, today: date) -> Iterator[Finding]:
    """Those whose day is near. In an example nobody has to have checked them."""
    for line in () if programme.example else programme.lines:
        if line.checked is not None and line.is_fresh(today) and (rest := line.checked + FRESH - today) <= CHECK_SOON:
            yield found("MD022", f"{line.name} was checked on {line.checked}, which counts for {rest.days} more days.")


def enrolling(programme: Programme, today: date) -> Iterator[Finding]:
    """What keeps new people out."""
    texts = {context: text for context, text in ENROLLING.items() if isinstance(text, str)}
    for missing in programme.missing(today):
        yield found("MD027", missing.sentence(texts, isolate=False))


def languages(programme: Programme, locales: Path) -> Iterator[Finding]:
    """Those that the programme names and nobody can choose."""
    catalogs = Catalogs.load(locales, allow_drafts=programme.machine_drafts, only=programme.languages)
    for language, why in catalogs.refused.items():
        yield found("MD024", f"{language} is not offered: {why}")


def disk(database: Path) -> Iterator[Finding]:
    """The room that a SQLite database has, and what its write-ahead log takes of it. Without a folder nothing."""
    if not database.parent.is_dir():
        return
    log = database.with_name(f"{database.name}-wal")
    size = log.stat().st_size if log.exists() else 0
    yield from room(shutil.disk_usage(database.parent).free, size, database)


def room(free: int, log: int, database: Path) -> Iterator[Finding]:
    """The same for so many bytes that are free, and so many of the log."""
    if free < LEAST_ROOM:
        yield found("MD025", f"{_megabytes(free)} are free on the disk of {database}.")
    if log > LARGEST_LOG:
        yield found("MD026", f"The write-ahead log of {database} has {_megabytes(log)}.")


def _megabytes(size: int) -> str:
    return f"{size // (1024 * 1024)} MB"
