"""Exchange: the texts of a script as files for translators, and what comes back. A blank never erases anything."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.catalogs import po
from bot.catalogs.catalogs import fits
from bot.catalogs.language import language as known_language
from bot.catalogs.po import FUZZY, Entry, PoFile
from bot.catalogs.states import WRITTEN, Mark, State, marked, state_of
from bot.editor.edits import Reword
from bot.editor.spreadsheet import Line, fingerprint
from bot.editor.wordings import Wordings
from dialogues.model import Script
from dialogues.texts import texts_of
from storage.script_texts import ScriptText


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brings. ``left_out`` are contexts that were not taken, by the reason: ``unknown`` here, ``wrong``
    placeholders, or ``both``: reworded in the file and here."""

    translations: tuple[ScriptText, ...] = ()
    rewordings: tuple[Reword, ...] = ()
    left_out: dict[str, list[str]] = field(default_factory=dict)


def lines(script: Script, wordings: Wordings) -> list[Line]:
    """The texts of a script for a spreadsheet."""
    found = []
    for text in texts_of(script):
        worded = {code: wordings.of(code, text.context, text.text) for code in others(script, wordings)}
        states = {code: one.state.value for code, one in worded.items()}
        found.append(Line(text.context, text.text, {code: one.text for code, one in worded.items()}, states))
    return found


def others(script: Script, wordings: Wordings) -> list[str]:
    """The languages that a script is translated into."""
    return [code for code in wordings.languages if code != script.language]


def from_lines(
    given: Sequence[Line],
    script: Script,
    wordings: Wordings,
    *,
    staff_id: int,
    now: datetime,
    may_reword: bool,
    reviews: Container[str] = (),
) -> Brought:
    """What a spreadsheet changes. That a text is reviewed counts in the languages of ``reviews``; elsewhere it is a
    draft."""
    here = {text.context: text.text for text in texts_of(script)}
    found, rewordings, left_out = list[ScriptText](), list[Reword](), dict[str, list[str]]()
    for line in given:
        if line.context not in here:
            left_out.setdefault("unknown", []).append(line.context)
            continue
        if line.source and line.is_reworded and line.source != here[line.context]:
            if fingerprint(here[line.context]) != line.was:
                left_out.setdefault("both", []).append(line.context)
                continue
            if may_reword:
                rewordings.append(reword(script, line.context, line.source))
            else:
                left_out.setdefault("source", []).append(line.context)
        source = line.source or here[line.context]
        for code in others(script, wordings):
            made = _given(code, line, source, wordings, staff_id, now, may_review=code in reviews)
            if made is not None and not fits([made.text], [source]):
                left_out.setdefault("wrong", []).append(f"{line.context} ({code})")
            elif made is not None:
                found.append(made)
    return Brought(tuple(found), tuple(rewordings), left_out)


def _given(
    code: str, line: Line, source: str, wordings: Wordings, staff_id: int, now: datetime, *, may_review: bool
) -> ScriptText | None:
    text, known = line.texts.get(code, ""), wordings.of(code, line.context, source)
    stated = State(line.states[code]) if line.states.get(code) in {state.value for state in WRITTEN} else None
    if stated is State.REVIEWED and not may_review:
        stated = None
    if not text or (text == known.text and stated in (None, known.state)):
        return None
    if text == known.text:
        state = stated or State.HUMAN_DRAFT
    else:
        state = State.REVIEWED if stated is State.REVIEWED and known.state is not State.REVIEWED else State.HUMAN_DRAFT
    return ScriptText(code, line.context, source, text, state.value, staff_id, now)


def reword(script: Script, context: str, text: str) -> Reword:
    """The edit that gives a context another text."""
    rest = context.removeprefix(script.dialogue)
    if rest == ".title":
        return Reword("", "title", text)
    step, slash, part = rest.removeprefix("/").partition("/")
    if step.endswith(".label"):
        return Reword(step.removesuffix(".label"), f"label/{part}" if slash else "label", text)
    return Reword(step, part, text)


# PO ------------------------------------------------------------------------------------------------------------------


def po_file(script: Script, wordings: Wordings, code: str, names: dict[int, str]) -> str:
    """The texts of a script in one language, as gettext has them."""
    header = {
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        **known_language(code).header,
    }
    entries = tuple(_entry(script, text.context, text.text, wordings, code, names) for text in texts_of(script))
    return po.dump(PoFile(header, (), entries))


def _entry(script: Script, context: str, source: str, wordings: Wordings, code: str, names: dict[int, str]) -> Entry:
    found = wordings.of(code, context, source)
    entry = Entry(context, (source,), (found.text,), places=(f"{script.dialogue}.yaml",))
    if found.state is State.OUTDATED:
        previous = (found.made_for,) if found.made_for else ()
        return Entry(context, (source,), (found.text,), places=entry.places, flags=(FUZZY,), previous=previous)
    if found.state in WRITTEN and found.day is not None:
        by = names.get(found.by, "") if isinstance(found.by, int) else found.by
        return marked(entry, Mark(found.state, by or "Medvind", found.day))
    return entry


def from_po(
    file: PoFile,
    script: Script,
    wordings: Wordings,
    code: str,
    *,
    staff_id: int,
    now: datetime,
    reviews: Container[str] = (),
) -> Brought:
    """What a catalogue changes. What is still marked as outdated there was not looked at. That a text is reviewed
    counts in the languages of ``reviews``; elsewhere it is a draft."""
    here = {text.context for text in texts_of(script)}
    found, left_out = list[ScriptText](), dict[str, list[str]]()
    for entry in _filled(file.live):
        if entry.context not in here:
            left_out.setdefault("unknown", []).append(entry.context)
            continue
        known = wordings.of(code, entry.context, entry.source[0])
        is_reviewed = code in reviews and state_of(entry) is State.REVIEWED
        state = State.REVIEWED if is_reviewed else State.HUMAN_DRAFT
        if entry.texts[0] == known.text and (known.state is not State.OUTDATED) and state is not State.REVIEWED:
            continue
        if entry.texts[0] == known.text and known.state is State.REVIEWED:
            continue
        if not fits(entry.texts, entry.source):
            left_out.setdefault("wrong", []).append(entry.context)
            continue
        made = ScriptText(code, entry.context, entry.source[0], entry.texts[0].strip(), state.value, staff_id, now)
        found.append(made)
    return Brought(tuple(found), (), left_out)


def _filled(entries: Iterable[Entry]) -> Iterable[Entry]:
    return (e for e in entries if e.filled and FUZZY not in e.flags and len(e.texts) == 1 and len(e.source) == 1)
