"""Variants: a language of one region that holds only what differs from the language it belongs to, as Dari does from
Persian.

A code with a suffix (``fa_AF``) belongs to the bare one (``fa``) where that has a catalogue, is written in the same
letters and counts alike. Anything else would mix scripts or plural forms, so it stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bot.catalogs import po
from bot.catalogs.files import catalogue_path, write
from bot.catalogs.language import described
from bot.catalogs.po import FUZZY, Entry, PoFile


def parent_of(locales_folder: Path, code: str) -> str:
    """The language that this one is a variant of, or "". Raises PoBroken, OSError, and ValueError for an
    unknown code."""
    bare = code.replace("-", "_").partition("_")[0]
    if bare == code or not catalogue_path(locales_folder, bare).exists():
        return ""
    one, other = (described(each, _header(locales_folder, each)) for each in (code, bare))
    return bare if (one.letters, one.plural_forms) == (other.letters, other.plural_forms) else ""


def _header(locales_folder: Path, code: str) -> Mapping[str, str]:
    path = catalogue_path(locales_folder, code)
    return po.read_header(path) if path.exists() else {}


def read_whole(locales_folder: Path, code: str, *, with_hints: bool = True) -> PoFile:
    """The catalogue of a language; that of a variant with everything it takes over. ``with_hints`` is as in
    ``po.read``. Raises PoBroken, OSError, and ValueError for an unknown code."""
    file, parent = po.read(catalogue_path(locales_folder, code), with_hints=with_hints), parent_of(locales_folder, code)
    if not parent:
        return file
    own = {entry.context: entry for entry in file.live}
    theirs = po.read(catalogue_path(locales_folder, parent), with_hints=with_hints)
    return replace(file, entries=tuple(_chosen(own.get(entry.context), entry) for entry in theirs.live))


def _chosen(own: Entry | None, theirs: Entry) -> Entry:
    """A text of the variant's own; one that is outdated gives way to a text that is up to date."""
    if own is None or not own.filled or (FUZZY in own.flags and theirs.filled and FUZZY not in theirs.flags):
        return theirs
    return own


def read_open(locales_folder: Path, code: str) -> PoFile:
    """The catalogue with a place for every text, so that any can be entered: empty where a variant has none of its
    own. Raises as ``read_whole`` does."""
    file, parent = po.read(catalogue_path(locales_folder, code)), parent_of(locales_folder, code)
    if not parent:
        return file
    own = {entry.context: entry for entry in file.entries}
    theirs = po.read(catalogue_path(locales_folder, parent))
    places = [_place(own.pop(entry.context, None), entry) for entry in theirs.live]
    return replace(file, entries=(*places, *own.values()))


def _place(own: Entry | None, theirs: Entry) -> Entry:
    if own is not None and not own.obsolete:
        return own
    return replace(theirs, texts=("",) * len(theirs.texts), notes=(), flags=(), previous=(), line=0)


def write_open(locales_folder: Path, code: str, file: PoFile) -> None:
    """Write what was read by ``read_open``: a variant keeps no empty places."""
    if parent_of(locales_folder, code):
        file = replace(file, entries=tuple(entry for entry in file.entries if any(map(str.strip, entry.texts))))
    write(catalogue_path(locales_folder, code), file)


def needless(own: PoFile, theirs: PoFile) -> Iterator[Entry]:
    """Texts of a variant that read as they do in the language it belongs to."""
    known = {entry.context: entry for entry in theirs.live}
    for entry in own.live:
        other = known.get(entry.context)
        if other is not None and entry.filled and entry.texts == other.texts:
            yield entry
