"""Checking: everything that a program can see to be wrong with the template and the catalogues of a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.catalogs import forms, po, states
from bot.catalogs.audience import is_for_staff
from bot.catalogs.colliding import collisions, confusable
from bot.catalogs.comparing import of_entry
from bot.catalogs.files import TEMPLATE, catalogue_path, languages_in, template_in
from bot.catalogs.finding import Finding
from bot.catalogs.language import SOURCE, Language, language
from bot.catalogs.lengths import too_long
from bot.catalogs.po import FUZZY, Entry, PoBroken, PoFile
from bot.catalogs.sources import Source, Wording, of_scripts, of_wording, scripts_in, written_in
from bot.catalogs.variants import needless, parent_of, read_whole
from bot.wording import WORDING

_LOST = "Take it back from version control: it is the lock on names. Or remove it and run extract."


def check(scripts_folder: Path, locales_folder: Path, *, wording: Wording = WORDING) -> list[Finding]:
    """Every finding, by language and place. An empty list means that what is shipped can be used as it is."""
    try:
        template = template_in(locales_folder)
    except PoBroken as broken:
        return [Finding("", TEMPLATE, str(broken), _LOST)]
    found, problems = of_scripts(scripts_in(scripts_folder))
    findings = [Finding("", "", str(problem), "Mend the script first.") for problem in problems]
    findings += _formed([*found, *of_wording(wording)])
    if not problems:
        findings += _template([*found, *of_wording(wording)], template)
    texts: dict[str, Mapping[str, Entry]] = {SOURCE: {entry.context: _as_text(entry) for entry in template.entries}}
    for code in languages_in(locales_folder):
        path = catalogue_path(locales_folder, code)
        try:
            tongue, file, parent = language(code), po.read(path), parent_of(locales_folder, code)
            whole = read_whole(locales_folder, code) if parent else file
        except (PoBroken, ValueError) as wrong:
            findings.append(Finding(code, "", str(wrong), "Nothing in this language can be used until then."))
            continue
        findings += _catalogue(file, template, tongue, path, parent)
        texts[code] = {**texts.get(code, {}), **{entry.context: entry for entry in whole.live}}
        if parent:
            findings += _needless(file, po.read(catalogue_path(locales_folder, parent)), parent, path, tongue)
    return findings + _clashes(texts, {code: parent_of(locales_folder, code) for code in texts})


def _clashes(texts: Mapping[str, Mapping[str, Entry]], parents: Mapping[str, str]) -> list[Finding]:
    """What could mean two things. What a variant takes over is said of the language that it comes from."""
    found = {code: [*collisions(code, texts), *confusable(code, texts[code])] for code in texts}
    said = {code: {(each.context, each.what) for each in findings} for code, findings in found.items()}
    return [
        each
        for code, findings in found.items()
        for each in findings
        if (each.context, each.what) not in said.get(parents[code], ())
    ]


def _needless(file: PoFile, theirs: PoFile, parent: str, path: Path, tongue: Language) -> Iterator[Finding]:
    for entry in needless(file, theirs):
        what = f"It reads as in {parent}."
        yield Finding(
            tongue.code,
            entry.context,
            what,
            f"Remove it: it comes from {parent} by itself.",
            place=f"{path}:{entry.line}",
        )


def _formed(sources: list[Source]) -> Iterator[Finding]:
    """Sources are written without words for women and men: not every language has the same ones."""
    for source in sources:
        if forms.has_variants(source.texts):
            what, remedy = "A source has words for women and men.", "Only a translation can. Word it for everybody."
            yield Finding("", source.context, what, remedy)


def _as_text(entry: Entry) -> Entry:
    """A source as its own translation."""
    return Entry(entry.context, entry.source, texts=entry.source)


def _template(sources: list[Source], template: PoFile) -> Iterator[Finding]:
    """By content: a comparison of files would fail for every line that moved."""
    now = {source.context: source.texts for source in sources}
    then = {entry.context: entry.source for entry in template.entries}
    for context in sorted(now.keys() | then.keys()):
        if now.get(context) != then.get(context):
            what = "is not in" if context not in then else "has gone but is in" if context not in now else "is old in"
            yield Finding("", context, f"The text {what} {TEMPLATE}.", "Run extract, then update.")


def _catalogue(file: PoFile, template: PoFile, tongue: Language, path: Path, parent: str) -> Iterator[Finding]:
    yield from _header(file, tongue)
    entries = list(file.live)
    wanted = {entry.context: entry for entry in template.entries if written_in(entry) not in (tongue.code, parent)}
    if parent:
        own = {entry.context for entry in entries}
        wanted = {context: entry for context, entry in wanted.items() if context in own}
    for context, count in Counter(entry.context for entry in entries).items():
        if count > 1:
            yield Finding(tongue.code, context, f"It is here {count} times.", "Keep one of them.")
    have = {entry.context: entry for entry in entries}
    for context in sorted(wanted.keys() | have.keys()):
        if context not in have or context not in wanted or have[context].source != wanted[context].source:
            yield Finding(tongue.code, context, "The catalogue is behind the template.", "Run update.")
    for_staff = any(entry.filled for entry in entries if is_for_staff(entry.context))
    for entry in entries:
        if is_for_staff(entry.context) and not for_staff:
            continue
        place = f"{path}:{entry.line}"
        for what, remedy, severe in _entry(entry, tongue):
            yield Finding(tongue.code, entry.context, what, remedy, severe, place)


def _header(file: PoFile, tongue: Language) -> Iterator[Finding]:
    wanted = {"Language": tongue.code, **tongue.header}
    for name, value in wanted.items():
        if file.header.get(name) != value:
            yield Finding(tongue.code, "", f"The header {name} is not {value!r}.", "Run update.")
    if "charset=utf-8" not in file.header.get("Content-Type", "").lower():
        yield Finding(tongue.code, "", "The header does not say UTF-8.", "Run update.")


def _entry(entry: Entry, tongue: Language) -> Iterator[tuple[str, str, bool]]:
    if not any(text.strip() for text in entry.texts):
        whom = "to staff" if is_for_staff(entry.context) else "to anybody"
        yield "It is not translated.", f"Translate it; without it the language is not offered {whom}.", True
        return
    severe = FUZZY not in entry.flags
    for what, remedy in (*of_entry(entry, tongue), *too_long(entry)):
        yield what, remedy, severe
    yield from _state(entry)


def _state(entry: Entry) -> Iterator[tuple[str, str, bool]]:
    mark = states.mark_of(entry)
    if FUZZY in entry.flags:
        yield "The source was reworded since.", "Go over the translation and remove the flag fuzzy.", False
    if any(map(states.is_state_note, entry.notes)):
        if mark is None:
            yield "Its state cannot be read.", f"Write it in one line, like: {states.FORM}", True
        elif states.is_unsealed(entry, mark):
            yield "It was changed after its review.", "Have it reviewed again.", False
    else:
        yield "It has no state, so it counts as a machine draft.", f"Add one, like: {states.FORM}", False
