"""Files: where the template and the catalogues are in the folder of locales, and how they are replaced."""

from __future__ import annotations

from pathlib import Path

from bot.catalogs import po
from bot.catalogs.po import PoFile

TEMPLATE = "messages.pot"


def catalogue_path(locales_folder: Path, code: str) -> Path:
    """Where the catalogue of a language is."""
    return locales_folder / code / "LC_MESSAGES" / "messages.po"


def languages_in(locales_folder: Path) -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in locales_folder.glob("*/LC_MESSAGES/messages.po"))


def template_in(locales_folder: Path) -> PoFile:
    """The template, or an empty one where none was extracted yet. Raises PoBroken."""
    path = locales_folder / TEMPLATE
    return po.read(path) if path.exists() else PoFile({})


def write(path: Path, file: PoFile) -> None:
    """Writes by replacing, so that a stopped command leaves the old file and never half of a new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_text(po.dump(file), encoding="utf-8", newline="\n")
    beside.replace(path)
