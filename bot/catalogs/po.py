"""PoFile: a gettext catalogue as entries, read and written so that nothing a translator put there is lost.

Babel reads and writes these files too, but it turns ``#| msgid`` into an ordinary comment, breaks it when the
line is long, drops the flags of obsolete entries, and lets the later of two entries with one context win
silently. All four would lose translators' work here, so the format (GNU gettext manual, "The Format of PO
Files") is read and written by this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from sys import intern

FUZZY = "fuzzy"
_NOT_UTF_8 = "{}: not saved as UTF-8. Save it again with the encoding UTF-8."
_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])?\s*)?"([^"\\]*(?:\\.[^"\\]*)*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


class PoBroken(ValueError):
    """A catalogue file that cannot be read. The message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text with its translation. ``source`` is one text, or singular and plural; ``texts`` follow the
    plural classes of the language, or are one text."""

    context: str
    source: tuple[str, ...]
    texts: tuple[str, ...] = ("",)
    notes: tuple[str, ...] = ()
    """Translators' comments (``# ...``)."""
    hints: tuple[str, ...] = ()
    """Comments for translators from the source (``#. ...``)."""
    places: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    """The source that the texts were made for, when it has changed since."""
    obsolete: bool = False
    line: int = 0

    @property
    def filled(self) -> bool:
        """Whether every form has a text."""
        return all(text.strip() for text in self.texts)


@dataclass(frozen=True, slots=True)
class PoFile:
    """A catalogue: its header, the comments above the header, and its entries in file order."""

    header: Mapping[str, str]
    notes: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def live(self) -> Iterator[Entry]:
        """The entries that are in use."""
        return (entry for entry in self.entries if not entry.obsolete)


@dataclass(slots=True)
class _Draft:
    """An entry while its lines are being read."""

    parts: dict[str, list[str]] = field(default_factory=dict)
    part: list[str] | None = None
    notes: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    translated: bool = False
    """Whether a msgstr was met, after which anything but another form begins the next entry."""
    obsolete: bool = False
    line: int = 0

    def joined(self, *names: str) -> tuple[str, ...]:
        return tuple(["".join(self.parts[name]) for name in names if name in self.parts])

    def known(self, *names: str) -> tuple[str, ...]:
        """The same for what the catalogue of every language says once more: it is kept once."""
        return tuple(map(intern, self.joined(*names)))

    def entry(self) -> Entry:
        forms = sorted(key for key in self.parts if key.startswith("msgstr"))
        return Entry(
            context=intern("".join(self.parts.get("msgctxt", ()))),
            source=self.known("msgid", "msgid_plural"),
            texts=self.joined(*forms),
            notes=tuple(map(intern, self.notes)),
            hints=tuple(self.hints),
            places=tuple(self.places),
            flags=tuple(self.flags),
            previous=self.joined("|msgid", "|msgid_plural"),
            obsolete=self.obsolete,
            line=self.line,
        )


def without(flags: tuple[str, ...], flag: str) -> tuple[str, ...]:
    """The flags but one."""
    return tuple(each for each in flags if each != flag)


def read(path: Path, *, with_hints: bool = True) -> PoFile:
    """The catalogue in a file; ``with_hints`` or without the hints and places of its entries, which only translators
    read. Raises PoBroken, and OSError where there is no such file."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path), with_hints=with_hints)
    except UnicodeDecodeError as wrong:
        raise PoBroken(_NOT_UTF_8.format(path)) from wrong


def read_header(path: Path) -> Mapping[str, str]:
    """The header alone, which ends at the first empty line. Raises as ``read`` does."""
    try:
        with path.open(encoding="utf-8") as file:
            return parse("".join(takewhile(str.strip, file)), str(path)).header
    except UnicodeDecodeError as wrong:
        raise PoBroken(_NOT_UTF_8.format(path)) from wrong


def parse(text: str, file: str = "catalogue", *, with_hints: bool = True) -> PoFile:
    """The catalogue in a text; ``file`` names it in the message of PoBroken."""
    entries = [draft.entry() for draft in _drafts(text, file, with_hints)]
    first = entries[0] if entries and entries[0].source == ("",) and not entries[0].context else None
    if first is None:
        return PoFile({}, (), tuple(entries))
    fields = (line.partition(":") for line in first.texts[0].splitlines())
    header = {name.strip(): value.strip() for name, colon, value in fields if colon}
    return PoFile(header, first.notes, tuple(entries[1:]))


def _drafts(text: str, file: str, with_hints: bool) -> Iterator[_Draft]:
    draft, passed_over = _Draft(), () if with_hints else ("#.", "#:")
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = raw.strip()
        if not line or line.startswith(passed_over):
            continue
        mark, rest = _parted(line)
        if draft.translated and (mark not in ("", "~") or rest.startswith(("msgctxt", "msgid"))):
            yield _whole(draft, file)
            draft = _Draft()
        if mark in ("", "~", "|"):
            _take_text(draft, mark, rest, f"{file}:{number}", number)
        else:
            _take_comment(draft, mark, rest)
    if draft.parts:
        yield _whole(draft, file)


def _whole(draft: _Draft, file: str) -> _Draft:
    for name, here in (("msgid", "msgid" in draft.parts), ("msgstr", draft.translated)):
        if not here:
            raise PoBroken(f'{file}:{draft.line}: this entry has no {name}. Add the line {name} "".')
    return draft


def _parted(line: str) -> tuple[str, str]:
    """The mark of a line ("" for text, "~" obsolete, "|" previous source, "#" note, or ".", ":", ",")."""
    if not line.startswith("#"):
        return "", line
    if line.startswith(("#~|", "#~ |")):
        return "|", line.partition("|")[2].lstrip()
    mark = line[1:2]
    return (mark, line[2:].strip()) if mark and mark in "~|.:," else ("#", line[1:].strip())


def _take_comment(draft: _Draft, mark: str, rest: str) -> None:
    match mark:
        case ".":
            draft.hints.append(rest)
        case ":":
            draft.places.extend(rest.split())
        case ",":
            draft.flags.extend(flag.strip() for flag in rest.split(",") if flag.strip())
        case _:
            draft.notes.append(rest)


def _take_text(draft: _Draft, mark: str, rest: str, place: str, line: int) -> None:
    found = _LINE.fullmatch(rest)
    if found is None:
        raise PoBroken(
            f"{place}: cannot be read: {rest[:60]!r}. Each line is msgctxt, msgid, msgid_plural or "
            'msgstr and a text in "quotes", or a comment that begins with #.'
        )
    keyword, form, quoted = found.groups()
    if keyword:
        name = ("|" if mark == "|" else "") + keyword + (f"[{form}]" if form else "")
        if name in draft.parts:
            raise PoBroken(f"{place}: {keyword} is here twice in one entry. Remove one of them.")
        draft.part = draft.parts[name] = []
        draft.line = draft.line or line
        draft.translated = keyword == "msgstr"
    if draft.part is None:
        raise PoBroken(f"{place}: a text in quotes without msgid or msgstr before it. Remove it or add the word.")
    if mark == "~":
        draft.obsolete = True
    draft.part.append(_unquoted(quoted))


def _unquoted(quoted: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), quoted) if "\\" in quoted else quoted


def dump(file: PoFile) -> str:
    """The catalogue as text: the same entries give the same bytes. Lines are broken at line ends only, so that
    one changed word is one changed line."""
    header = "".join(f"{name}: {value}\n" for name, value in file.header.items())
    blocks = [Entry("", ("",), (header,), file.notes), *file.entries]
    return "\n".join("".join(f"{line}\n" for line in _lines(entry)) for entry in blocks)


def _lines(entry: Entry) -> Iterator[str]:
    yield from (f"# {note}".rstrip() for note in entry.notes)
    yield from (f"#. {hint}" for hint in entry.hints)
    if entry.places:
        yield "#: " + " ".join(entry.places)
    if entry.flags:
        yield "#, " + ", ".join(entry.flags)
    mark = "#~ " if entry.obsolete else ""
    names = ("msgid", "msgid_plural")
    for name, text in zip(names, entry.previous, strict=False):
        yield from _quoted("#~| " if entry.obsolete else "#| ", name, text)
    if entry.context:
        yield from _quoted(mark, "msgctxt", entry.context)
    for name, text in zip(names, entry.source, strict=False):
        yield from _quoted(mark, name, text)
    plural = len(entry.source) > 1
    for form, text in enumerate(entry.texts):
        yield from _quoted(mark, f"msgstr[{form}]" if plural else "msgstr", text)


def _quoted(mark: str, keyword: str, text: str) -> Iterable[str]:
    pieces = [piece + "\n" for piece in text.split("\n")]
    pieces[-1] = pieces[-1][:-1]
    if not pieces[-1]:
        pieces.pop()
    quoted = [f'"{_escaped(piece)}"' for piece in pieces] or ['""']
    if len(quoted) == 1:
        return [f"{mark}{keyword} {quoted[0]}"]
    return [f'{mark}{keyword} ""', *(f"{mark}{piece}" for piece in quoted)]


def _escaped(text: str) -> str:
    for sign, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(sign, escape)
    return text
