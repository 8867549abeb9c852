"""Notes that staff leave at a translation: what seems wrong with it, for whoever words it next."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from storage.schema import text_note
from storage.vault import Vault


class TextNote(NamedTuple):
    """One note. There is at most one at a text in a language: a new one takes its place."""

    language: str
    context: str
    note: str
    staff_id: int
    at: datetime


def put(conn: Connection, vault: Vault, given: TextNote) -> None:
    """Leave a note in place of the one that was there. An empty one takes it away."""
    conn.execute(delete(text_note).filter_by(language=given.language, context=given.context))
    if given.note:
        sealed = vault.deployment.seal(_place(given.language, given.context), given.note)
        row = {"language": given.language, "context": given.context, "staff_id": given.staff_id, "at": given.at}
        conn.execute(insert(text_note), {**row, "sealed_note": sealed})


def of_language(conn: Connection, vault: Vault, language: str) -> dict[str, TextNote]:
    """All notes at the texts of a language, by context."""
    rows = conn.execute(select(text_note).filter_by(language=language)).all()
    return {
        row.context: TextNote(
            language,
            row.context,
            vault.deployment.open(_place(language, row.context), row.sealed_note).decode(),
            row.staff_id,
            row.at,
        )
        for row in rows
    }


def _place(language: str, context: str) -> str:
    return f"text_note|{language}|{context}"
