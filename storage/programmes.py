"""Programmes: versions of the programme that was agreed to, and the drafts that may become the next one.

A version never changes. The text is the programme file's and holds nothing of a participant, so it lies in clear like a
script; what staff write beside it is sealed with the deployment's key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, text, update

from storage.schema import programme_draft, programme_version
from storage.vault import Vault

State = Literal["draft", "waiting", "agreed", "declined", "dropped"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version. ``by`` is e.g. "staff:7" or "start"; ``second`` agreed, or is "" where one was enough.

    ``file`` is the fingerprint of the programme file as it was last looked at when this version came.
    """

    version: int
    text: str = field(repr=False)
    file: str
    by: str
    second: str
    note: str = field(repr=False)
    at: datetime


class Edition(NamedTuple):
    """That a version came, when and by whom."""

    version: int
    by: str
    second: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What one member of staff wrote on top of version ``base``. ``words`` are those of whoever declined it."""

    id: int
    staff_id: int
    base: int
    text: str = field(repr=False)
    note: str = field(repr=False)
    state: State
    at: datetime
    decided_by: int | None
    words: str = field(repr=False)

    @property
    def mark(self) -> str:
        """What tells this text from any other."""
        return fingerprint(self.text)


def fingerprint(text: str) -> str:
    """What tells one text from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def publish(
    conn: Connection, vault: Vault, text: str, *, file: str, by: str, second: str = "", note: str = "", now: datetime
) -> int:
    """The number of the new version. ``file`` is the fingerprint of the programme file."""
    lock(conn)
    number = (latest_version(conn) or 0) + 1
    sealed = vault.deployment.seal(f"programme_version.note|{number}", note) if note else None
    row = {"version": number, "text": text, "file": file, "by": by, "second": second, "sealed_note": sealed, "at": now}
    conn.execute(insert(programme_version), row)
    return number


def latest(conn: Connection, vault: Vault) -> Version | None:
    """The version that is in force, or None before the first."""
    row = conn.execute(select(programme_version).order_by(programme_version.c.version.desc()).limit(1)).first()
    return None if row is None else _version(vault, row)


def latest_version(conn: Connection) -> int | None:
    """Its number."""
    number: int | None = conn.scalar(select(func.max(programme_version.c.version)))
    return number


def latest_text(conn: Connection) -> str | None:
    """Its text, for whoever has no key."""
    columns = programme_version.c
    found: str | None = conn.scalar(select(columns.text).order_by(columns.version.desc()).limit(1))
    return found


def version(conn: Connection, vault: Vault, number: int) -> Version:
    """One version. Raises KeyError."""
    row = conn.execute(select(programme_version).filter_by(version=number)).first()
    if row is None:
        raise KeyError(f"programme version {number}")
    return _version(vault, row)


def editions(conn: Connection, most: int = 50) -> list[Edition]:
    """The versions that came last, newest first."""
    columns = (programme_version.c[name] for name in Edition._fields)
    return [
        Edition(*row) for row in conn.execute(select(*columns).order_by(programme_version.c.version.desc()).limit(most))
    ]


def lock(conn: Connection) -> None:
    """One decision about the programme at a time. Readers do not wait. SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("LOCK TABLE programme_version IN SHARE ROW EXCLUSIVE MODE"))


# Drafts ---------------------------------------------------------------------------------------------------------------


def save_draft(conn: Connection, staff_id: int, base: int, text: str, now: datetime) -> int:
    """Keep what somebody wrote in place of what they had; it waits for nobody. The number of the draft."""
    lock(conn)
    values = {"base": base, "text": text, "state": "draft", "sealed_note": None, "at": now}
    open_one = _open(conn, staff_id)
    if open_one is not None:
        conn.execute(update(programme_draft).where(programme_draft.c.id == open_one).values(**values))
        return open_one
    key = conn.execute(insert(programme_draft), {"staff_id": staff_id, **values}).inserted_primary_key
    assert key is not None
    number: int = key[0]
    return number


def put_forward(conn: Connection, vault: Vault, draft_id: int, note: str, now: datetime) -> None:
    """A draft waits for somebody else to agree."""
    sealed = vault.deployment.seal(f"programme_draft.note|{draft_id}", note) if note else None
    _change(conn, draft_id, {"state": "waiting", "sealed_note": sealed, "at": now})


def decide(
    conn: Connection, vault: Vault, draft_id: int, state: State, by: int, now: datetime, words: str = ""
) -> None:
    """What became of a draft, and who decided."""
    sealed = vault.deployment.seal(f"programme_draft.words|{draft_id}", words) if words else None
    _change(conn, draft_id, {"state": state, "decided_by": by, "sealed_words": sealed, "at": now})


def own_draft(conn: Connection, vault: Vault, staff_id: int) -> Draft | None:
    """What somebody is writing, or waits with."""
    found = _open(conn, staff_id)
    return None if found is None else draft(conn, vault, found)


def draft(conn: Connection, vault: Vault, draft_id: int) -> Draft:
    """One draft. Raises KeyError."""
    row = conn.execute(select(programme_draft).where(programme_draft.c.id == draft_id)).first()
    if row is None:
        raise KeyError(f"programme draft {draft_id}")
    return _draft(vault, row)


def waiting(conn: Connection, vault: Vault) -> list[Draft]:
    """Everything that waits for somebody else to agree, the oldest first."""
    columns = programme_draft.c
    asked = select(programme_draft).where(columns.state == "waiting").order_by(columns.at, columns.id)
    return [_draft(vault, row) for row in conn.execute(asked)]


def last_declined(conn: Connection, vault: Vault, staff_id: int) -> Draft | None:
    """What was declined last of somebody, unless they have done anything since."""
    columns = programme_draft.c
    asked = select(programme_draft).where(columns.staff_id == staff_id).order_by(columns.id.desc()).limit(1)
    row = conn.execute(asked).first()
    return None if row is None or row.state != "declined" else _draft(vault, row)


def _open(conn: Connection, staff_id: int) -> int | None:
    columns = programme_draft.c
    mine = select(columns.id).where(columns.staff_id == staff_id, columns.state.in_(("draft", "waiting")))
    found: int | None = conn.scalar(mine)
    return found


def _change(conn: Connection, draft_id: int, values: dict[str, Any]) -> None:
    if not conn.execute(update(programme_draft).where(programme_draft.c.id == draft_id).values(**values)).rowcount:
        raise KeyError(f"programme draft {draft_id}")


def _version(vault: Vault, row: Row[Any]) -> Version:
    return Version(
        version=row.version,
        text=row.text,
        file=row.file,
        by=row.by,
        second=row.second,
        note=_opened(vault, f"programme_version.note|{row.version}", row.sealed_note),
        at=row.at,
    )


def _draft(vault: Vault, row: Row[Any]) -> Draft:
    return Draft(
        id=row.id,
        staff_id=row.staff_id,
        base=row.base,
        text=row.text,
        note=_opened(vault, f"programme_draft.note|{row.id}", row.sealed_note),
        state=row.state,
        at=row.at,
        decided_by=row.decided_by,
        words=_opened(vault, f"programme_draft.words|{row.id}", row.sealed_words),
    )


def _opened(vault: Vault, place: str, sealed: bytes | None) -> str:
    return "" if sealed is None else vault.deployment.open(place, sealed).decode()
