"""Translating: the way of a text from a script or the wording into every language, without losing any work.

``extract`` writes every source text to the template; ``update`` brings the catalogue of each language up to it.
Texts are matched by context alone: a fuzzy match between contexts gives sentences that are right in one place and
wrong in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.catalogs import po, sources, states
from bot.catalogs.files import TEMPLATE, catalogue_path, languages_in, template_in, write
from bot.catalogs.language import Language, language
from bot.catalogs.po import FUZZY, Entry, PoFile
from bot.catalogs.report import Report
from bot.catalogs.sources import Source, Wording
from bot.catalogs.states import State
from bot.catalogs.variants import parent_of
from bot.wording import WORDING
from dialogues import texts
from dialogues.problems import Problem

_TEMPLATE_NOTE = "Every text of Medvind with its context. Written by `medvind translate extract`; do not edit."
_HEADER = {"MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit"}


def extract(
    scripts_folder: Path, locales_folder: Path, *, wording: Wording = WORDING, accept_renames: bool = False
) -> Report:
    """Write every text of the scripts and of the wording to the template.

    The template is also the lock on names: a name that is gone while a new one of the same dialogue has its text
    looks renamed, and its translations and earlier answers would be lost. That is refused unless the renames are
    accepted; so is a script that cannot be read, for all its texts would count as gone. Raises PoBroken for a
    template that cannot be read.
    """
    found, problems = _sources(scripts_folder, wording)
    old = template_in(locales_folder)
    if not problems and not accept_renames:
        problems = _renamed(found, old)
    if problems:
        return Report(TEMPLATE, problems=tuple(problems))
    before = {entry.context: entry.source for entry in old.entries}
    now = {source.context: source.texts for source in found}
    write(
        locales_folder / TEMPLATE,
        PoFile(_HEADER, (_TEMPLATE_NOTE,), tuple(source.entry() for source in found)),
    )
    return Report(
        TEMPLATE,
        total=len(now),
        added=tuple(context for context in now if context not in before),
        changed=tuple(context for context in now if before.get(context, now[context]) != now[context]),
        gone=tuple(context for context in before if context not in now),
    )


def _sources(scripts_folder: Path, wording: Wording) -> tuple[list[Source], list[Problem]]:
    found, problems = sources.of_scripts(sources.scripts_in(scripts_folder))
    found.extend(sources.of_wording(wording))
    if doubled := sources.doubled(found):
        raise ValueError(f"These contexts stand for more than one text: {', '.join(doubled)}.")
    return found, problems


def _renamed(found: Iterable[Source], old: PoFile) -> list[Problem]:
    """Renames, dialogue by dialogue, for a problem has to name its file."""
    problems: list[Problem] = []
    locked = {entry.context: entry.source[0] for entry in old.entries}
    by_dialogue: dict[str, list[Source]] = {}
    for source in found:
        if source.line:
            by_dialogue.setdefault(_dialogue(source.context), []).append(source)
    for dialogue, group in by_dialogue.items():
        now = [texts.Text(each.context, each.texts[0], each.line) for each in group]
        problems.extend(replace(each, file=f"{dialogue}.yaml") for each in texts.renamed(now, locked))
    return problems


def _dialogue(context: str) -> str:
    return context.partition("/")[0].removesuffix(".title")


def update(locales_folder: Path, languages: Sequence[str] = ()) -> list[Report]:
    """Bring catalogues up to the template: those named (made where they do not exist), or all there are.

    New texts come in empty. A reworded text keeps its translation, flagged fuzzy with the text that it was made
    for. A text that is gone is kept as obsolete and comes back with its translation if its name does. A variant keeps
    only texts of its own. Raises PoBroken, and ValueError for an unknown language code.
    """
    template = template_in(locales_folder)
    return [_update(locales_folder, language(code), template) for code in languages or languages_in(locales_folder)]


def _update(locales_folder: Path, tongue: Language, template: PoFile) -> Report:
    path = catalogue_path(locales_folder, tongue.code)
    old = po.read(path) if path.exists() else PoFile({})
    known = _best(_rearranged(old, tongue))
    parent = parent_of(locales_folder, tongue.code)
    wanted = [entry for entry in template.entries if sources.written_in(entry) not in (tongue.code, parent)]
    if parent:
        wanted = [entry for entry in wanted if entry.context in known and any(known[entry.context].texts)]
    live = [_merged(entry, known.get(entry.context), tongue) for entry in wanted]
    contexts = {entry.context for entry in live}
    gone = [entry for context, entry in known.items() if context not in contexts and any(entry.texts)]
    kept = [replace(entry, obsolete=True, hints=(), places=()) for entry in gone]
    write(path, PoFile(_header(old, tongue), old.notes, (*live, *kept)))
    return Report(
        tongue.code,
        total=len(live),
        added=tuple(entry.context for entry in live if entry.context not in known),
        changed=tuple(e.context for e in live if e.context in known and known[e.context].source != e.source),
        gone=tuple(entry.context for entry in gone if not entry.obsolete),
        back=tuple(e.context for e in live if e.context in known and known[e.context].obsolete),
    )


def _rearranged(old: PoFile, tongue: Language) -> list[Entry]:
    """The entries with their plural forms in our order, which another program may have written in another."""
    forms = old.header.get("Plural-Forms", tongue.plural_forms)
    if forms == tongue.plural_forms:
        return list(old.entries)
    return [
        replace(entry, texts=tongue.rearranged(entry.texts, forms)) if len(entry.texts) > 1 else entry
        for entry in old.entries
    ]


def _best(entries: Iterable[Entry]) -> dict[str, Entry]:
    """One entry a context. Where a merge left two, one in use and filled wins: a blank never erases a text."""
    best: dict[str, Entry] = {}
    for entry in entries:
        other = best.get(entry.context)
        if other is None or (entry.filled, not entry.obsolete) > (other.filled, not other.obsolete):
            best[entry.context] = entry
    return best


def _merged(wanted: Entry, known: Entry | None, tongue: Language) -> Entry:
    """The entry of the template with what is known of its translation."""
    forms = len(tongue.classes) if len(wanted.source) > 1 else 1
    if known is None:
        return replace(wanted, texts=("",) * forms)
    entry = replace(known, obsolete=False, hints=wanted.hints, places=wanted.places, source=wanted.source, line=0)
    if len(known.texts) != forms:
        entry = replace(entry, texts=_reshaped(known.texts, forms))
    taken_back = FUZZY in known.flags and known.previous == wanted.source
    if not any(entry.texts) or taken_back:
        return replace(entry, flags=po.without(entry.flags, FUZZY), previous=())
    if known.source != wanted.source:
        previous = known.previous if FUZZY in known.flags and known.previous else known.source
        return replace(entry, flags=(FUZZY, *po.without(known.flags, FUZZY)), previous=previous)
    return _sealed(entry)


def _reshaped(old: tuple[str, ...], forms: int) -> tuple[str, ...]:
    """A text that became a plural keeps its words in the last form, "other"; one that ceased to be one keeps
    those of "other"."""
    return ("",) * (forms - 1) + (old[-1],)


def _sealed(entry: Entry) -> Entry:
    """A review that was written by hand gets its seal."""
    mark = states.mark_of(entry)
    unsealed = mark and mark.state is State.REVIEWED and not mark.seal and FUZZY not in entry.flags and entry.filled
    return states.marked(entry, mark) if mark and unsealed else entry


def _header(old: PoFile, tongue: Language) -> dict[str, str]:
    needed = {"Language": tongue.code, **_HEADER, **tongue.header}
    return {**old.header, **needed}
