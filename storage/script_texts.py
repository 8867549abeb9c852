"""Texts of scripts in other languages that were written in the console: each with the text that it was made for, and
how far it has come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from storage.dialects import insert_new
from storage.schema import script_text


class ScriptText(NamedTuple):
    """One translation of one wording."""

    language: str
    context: str
    source: str
    text: str
    state: str
    staff_id: int
    at: datetime


_COLUMNS = tuple(script_text.c[name] for name in ScriptText._fields)


def put(conn: Connection, given: ScriptText) -> bool:
    """Store a translation in place of the one for the same wording. False, and nothing happens, for a blank one."""
    if not given.text.strip():
        return False
    key = {"language": given.language, "context": given.context, "source_hash": hash_of(given.source)}
    values = given._asdict()
    if conn.execute(insert_new(conn, script_text), {**values, **key}).rowcount != 1:
        changed = {name: values[name] for name in ("text", "state", "staff_id", "at")}
        conn.execute(update(script_text).filter_by(**key).values(**changed))
    return True


def of_dialogues(conn: Connection, dialogues: Iterable[str]) -> list[ScriptText]:
    """Everything that was written for these dialogues, oldest first."""
    names = set(dialogues)
    return [each for each in every(conn) if dialogue_of(each.context) in names]


def every(conn: Connection) -> list[ScriptText]:
    """Everything that was written, oldest first."""
    order = (script_text.c.at, script_text.c.language, script_text.c.context)
    return [ScriptText(*row) for row in conn.execute(select(*_COLUMNS).order_by(*order))]


def dialogue_of(context: str) -> str:
    """The dialogue that a context belongs to."""
    return context.partition("/")[0].removesuffix(".title")


def hash_of(source: str) -> str:
    """By what a wording is known."""
    return hashlib.sha256(source.encode()).hexdigest()
