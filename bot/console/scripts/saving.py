"""Saving: what somebody says of one text in one language: another wording, that it is reviewed, or a note."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.catalogs.catalogs import fits
from bot.catalogs.states import State
from bot.console.desk import Desk
from bot.console.scripts.rows import Reading, Text, Typed, forms_of, remarks, reviewed_by
from storage import audit, script_texts, text_notes
from storage.people import Staff
from storage.script_texts import ScriptText
from storage.text_notes import TextNote

LONGEST_NOTE = 500
_GIVEN = (State.HUMAN_DRAFT, State.REVIEWED)
"""What somebody who reads a translation can say of it."""
_READ_OVER = (State.MACHINE_DRAFT, State.OUTDATED)
"""What becomes a draft of theirs when they save it as it stands."""


async def save(desk: Desk, staff: Staff, reading: Reading, one: Text | None, form: Mapping[str, str]) -> Typed:
    """Store it, or say why not. A text that nobody changed keeps its state when only a note is left at it."""
    typed = Typed(form.get("context", ""), _lines(form.get("text", "")), _lines(form.get("note", ""))[:LONGEST_NOTE])
    if one is None or _lines(form.get("source", "")) != one.source.strip():
        return _refused(typed, reading.words.say("edit_source_changed"))
    text, note = "\n".join(forms_of(one, typed.text)) if typed.text else "", typed.note
    code, known = reading.language.code, reading.worded(one)
    before = reading.notes.get(one.context)
    is_noted = note != (before.note if before else "")
    state = next((each for each in _GIVEN if each.value == form.get("state")), State.HUMAN_DRAFT)
    if state is State.REVIEWED and code not in reviewed_by(staff):
        return _refused(typed, reading.words.say("review_right"))
    if not text and not (is_noted and not known.text):
        return _refused(typed, reading.words.say("edit_text_missing"))
    if text and not fits(forms_of(one, text), one.forms):
        return _refused(typed, " ".join(remarks(one, text, reading.language)))
    if text and len(one.forms) > 1 and len(forms_of(one, text)) != len(reading.language.classes):
        return _refused(typed, " ".join(remarks(one, text, reading.language)))
    is_new = text != known.text or state is State.REVIEWED or (known.state in _READ_OVER and not is_noted)
    left = "" if state is State.REVIEWED else note
    given = ScriptText(code, one.context, one.source, text, state.value, staff.id, desk.now())

    def keep(conn: Connection) -> None:
        if text and is_new:
            put(conn, [given], desk.now())
        if left != (before.note if before else ""):
            text_notes.put(conn, desk.vault, TextNote(code, one.context, left, staff.id, desk.now()))

    await desk.database.write(keep)
    return typed


def _refused(typed: Typed, trouble: str) -> Typed:
    return Typed(typed.context, typed.text, typed.note, trouble)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def put(conn: Connection, given: list[ScriptText], now: datetime) -> int:
    """Store translations, and that somebody wrote them; how many there were."""
    stored = [one for one in given if script_texts.put(conn, one)]
    for dialogue, language, by in {
        (script_texts.dialogue_of(one.context), one.language, one.staff_id) for one in stored
    }:
        details = {"dialogue": dialogue, "language": language}
        audit.record(conn, at=now, actor=f"staff:{by}", action="script.translated", details=details)
    return len(stored)
