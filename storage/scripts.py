"""Scripts: published versions. A version never changes; what changes gets the next number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, text

from storage.schema import conversation, script_version

Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ScriptVersion:
    """One version: ``sources`` maps dialogue to text, of it and all it runs; ``texts`` language to context to text."""

    dialogue: str
    version: int
    fingerprint: str
    sources: Mapping[str, str]
    texts: Texts
    published_at: datetime
    published_by: str


class Edition(NamedTuple):
    """That a version was published, when and by whom."""

    dialogue: str
    version: int
    published_at: datetime
    published_by: str


_LATEST_VERSIONS = select(script_version.c.dialogue, func.max(script_version.c.version)).group_by(
    script_version.c.dialogue
)


def publish(conn: Connection, dialogue: str, sources: Mapping[str, str], texts: Texts, by: str, now: datetime) -> int:
    """The number of the new version, or of the latest one when nothing has changed since.

    An earlier wording published again is a new version, so that the latest is always the one in use.
    """
    one_at_a_time(conn)
    fingerprint = _fingerprint(sources, texts)
    newest = latest(conn, dialogue)
    if newest is not None and newest.fingerprint == fingerprint:
        return newest.version
    number = 1 if newest is None else newest.version + 1
    content = {"fingerprint": fingerprint, "sources": dict(sources), "texts": {k: dict(v) for k, v in texts.items()}}
    row = {"dialogue": dialogue, "version": number, "published_at": now, "published_by": by}
    conn.execute(insert(script_version), {**row, **content})
    return number


def latest(conn: Connection, dialogue: str) -> ScriptVersion | None:
    """The version that new conversations use, or None before anything was published."""
    newest = select(script_version).where(script_version.c.dialogue == dialogue)
    row = conn.execute(newest.order_by(script_version.c.version.desc()).limit(1)).first()
    return None if row is None else _script_version(row)


def latest_version(conn: Connection, dialogue: str) -> int | None:
    """The number of the version that new conversations use, or None before anything was published."""
    return latest_versions(conn).get(dialogue)


def latest_versions(conn: Connection) -> dict[str, int]:
    """The number of the version that new conversations use, for every dialogue that was ever published."""
    return {row[0]: row[1] for row in conn.execute(_LATEST_VERSIONS)}


def version(conn: Connection, dialogue: str, number: int) -> ScriptVersion:
    """One version. Raises KeyError when it was never published."""
    row = conn.execute(select(script_version).filter_by(dialogue=dialogue, version=number)).first()
    if row is None:
        raise KeyError(f"{dialogue} version {number}")
    return _script_version(row)


def all_latest(conn: Connection) -> list[ScriptVersion]:
    """The latest version of every dialogue, in order of name."""
    columns = script_version.c
    newest = select(columns.dialogue, func.max(columns.version).label("version")).group_by(columns.dialogue).subquery()
    of_newest = (columns.dialogue == newest.c.dialogue) & (columns.version == newest.c.version)
    rows = conn.execute(select(script_version).join(newest, of_newest).order_by(columns.dialogue))
    return [_script_version(row) for row in rows]


def published_since(conn: Connection, moment: datetime) -> list[Edition]:
    """Every version that was published from a moment on, newest first, without its texts."""
    columns = (script_version.c[name] for name in Edition._fields)
    asked = select(*columns).where(script_version.c.published_at >= moment)
    order = (script_version.c.published_at.desc(), script_version.c.dialogue, script_version.c.version.desc())
    return [Edition(*row) for row in conn.execute(asked.order_by(*order))]


def editions(conn: Connection, dialogue: str) -> list[Edition]:
    """Every version of a dialogue, newest first, without its texts."""
    columns = (script_version.c[name] for name in Edition._fields)
    asked = select(*columns).where(script_version.c.dialogue == dialogue).order_by(script_version.c.version.desc())
    return [Edition(*row) for row in conn.execute(asked)]


def in_the_middle(conn: Connection, dialogue: str) -> int:
    """How many people are in a conversation on a dialogue now: each goes on with the version it began with."""
    is_open = (conversation.c.dialogue == dialogue) & conversation.c.state.in_(("open", "aside"))
    return int(conn.execute(select(func.count()).select_from(conversation).where(is_open)).scalar() or 0)


def one_at_a_time(conn: Connection) -> None:
    """Two who publish at once get two numbers. Readers do not wait. SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("LOCK TABLE script_version IN SHARE ROW EXCLUSIVE MODE"))


def _fingerprint(sources: Mapping[str, str], texts: Texts) -> str:
    content = {"sources": dict(sources), "texts": {language: dict(said) for language, said in texts.items()}}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _script_version(row: Row[Any]) -> ScriptVersion:
    return ScriptVersion(**row._mapping)
