"""Drafts: the next version of a script while people write it, with every text of it that was ever saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.dialects import insert_new
from storage.schema import draft_presence, draft_revision, script_draft, script_version

HERE_FOR = timedelta(seconds=60)
"""For how long somebody counts as being there after their page was last heard of."""


class Draft(NamedTuple):
    """The text of a dialogue that is being written. ``base`` is the version in use when it began, 0 for none."""

    dialogue: str
    revision: int
    base: int
    text: str
    staff_id: int
    at: datetime


class Revision(NamedTuple):
    """One saved text, without it."""

    revision: int
    staff_id: int
    at: datetime


_DRAFTS = select(
    script_draft.c.dialogue,
    script_draft.c.revision,
    script_draft.c.base,
    draft_revision.c.text,
    draft_revision.c.staff_id,
    draft_revision.c.at,
).join(
    draft_revision,
    (draft_revision.c.dialogue == script_draft.c.dialogue) & (draft_revision.c.revision == script_draft.c.revision),
)


def draft(conn: Connection, dialogue: str) -> Draft | None:
    """What is being written of a dialogue, or None."""
    row = conn.execute(_DRAFTS.where(script_draft.c.dialogue == dialogue)).first()
    return None if row is None else Draft(*row)


def all_drafts(conn: Connection) -> dict[str, Draft]:
    """Every draft, by its dialogue."""
    return {row[0]: Draft(*row) for row in conn.execute(_DRAFTS.order_by(script_draft.c.dialogue))}


def save(
    conn: Connection, dialogue: str, text: str, *, after: int | None, base: int, staff_id: int, now: datetime
) -> Draft | None:
    """The draft with a new text, or None where somebody was quicker.

    ``after`` is the revision that the text was made from, None where there was no draft: then ``base`` has to be the
    version that is still in use, and the draft begins.
    """
    _one_at_a_time(conn, dialogue)
    current = draft(conn, dialogue)
    if (current.revision if current else None) != after or (current is None and base != _latest(conn, dialogue)):
        return None
    number = _last(conn, dialogue) + 1
    row = {"dialogue": dialogue, "revision": number, "text": text, "staff_id": staff_id, "at": now}
    conn.execute(insert(draft_revision), row)
    if current is None:
        begun = {"dialogue": dialogue, "revision": number, "base": base, "began_at": now}
        conn.execute(insert(script_draft), begun)
    else:
        base = current.base
        conn.execute(update(script_draft).where(script_draft.c.dialogue == dialogue).values(revision=number))
    return Draft(dialogue, number, base, text, staff_id, now)


def put_away(conn: Connection, dialogue: str, revision: int) -> bool:
    """End a draft: it was published, or nobody wants it. False when it was changed meanwhile. Its texts stay."""
    _one_at_a_time(conn, dialogue)
    chosen = (script_draft.c.dialogue == dialogue) & (script_draft.c.revision == revision)
    return conn.execute(delete(script_draft).where(chosen)).rowcount == 1


def text_of(conn: Connection, dialogue: str, revision: int) -> str:
    """A text that was saved. Raises KeyError."""
    chosen = select(draft_revision.c.text).filter_by(dialogue=dialogue, revision=revision)
    found: str | None = conn.execute(chosen).scalar()
    if found is None:
        raise KeyError(f"{dialogue} revision {revision}")
    return found


def revisions(conn: Connection, dialogue: str, most: int = 50) -> list[Revision]:
    """The texts that were saved, newest first."""
    asked = select(draft_revision.c.revision, draft_revision.c.staff_id, draft_revision.c.at)
    newest = asked.filter_by(dialogue=dialogue).order_by(draft_revision.c.revision.desc()).limit(most)
    return [Revision(*row) for row in conn.execute(newest)]


def note_presence(conn: Connection, dialogue: str, staff_id: int, now: datetime) -> None:
    """Somebody has the draft open."""
    row = {"dialogue": dialogue, "staff_id": staff_id, "at": now}
    conn.execute(delete(draft_presence).where(draft_presence.c.at < now - HERE_FOR))
    if conn.execute(insert_new(conn, draft_presence), row).rowcount != 1:
        conn.execute(update(draft_presence).filter_by(dialogue=dialogue, staff_id=staff_id).values(at=now))


def present(conn: Connection, now: datetime) -> Mapping[str, tuple[int, ...]]:
    """Who has a draft open now, by its dialogue."""
    asked = select(draft_presence.c.dialogue, draft_presence.c.staff_id)
    found: dict[str, tuple[int, ...]] = {}
    for dialogue, staff_id in conn.execute(asked.where(draft_presence.c.at >= now - HERE_FOR).order_by("staff_id")):
        found[dialogue] = (*found.get(dialogue, ()), staff_id)
    return found


def _latest(conn: Connection, dialogue: str) -> int:
    asked = select(func.max(script_version.c.version)).where(script_version.c.dialogue == dialogue)
    return int(conn.execute(asked).scalar() or 0)


def _last(conn: Connection, dialogue: str) -> int:
    asked = select(func.max(draft_revision.c.revision)).where(draft_revision.c.dialogue == dialogue)
    return int(conn.execute(asked).scalar() or 0)


def _one_at_a_time(conn: Connection, dialogue: str) -> None:
    """Two who save the same draft at once come one after the other. SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"draft {dialogue}"))))
