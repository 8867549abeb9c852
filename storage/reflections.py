"""Reflections: specialists' own check-ins, sealed with the key of the one who wrote. Nobody else's page asks for them.

Every function takes an open transaction. Somebody whose key is gone raises ``storage.vault.Erased``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from storage.schema import reflection, staff
from storage.vault import Cipher, Vault

OPEN = "open"
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Reflection:
    """One own check-in. ``session`` is the text that the conversation was stored as; it is left out of ``repr``."""

    staff_id: int
    number: int
    dialogue: str
    version: int
    state: str
    session: bytes = field(repr=False)
    started_at: datetime
    ended_at: datetime | None = None


def all_of(conn: Connection, vault: Vault, staff_id: int) -> list[Reflection]:
    """Everything that one specialist wrote, newest first."""
    mine = select(reflection).where(reflection.c.staff_id == staff_id).order_by(reflection.c.number.desc())
    rows = conn.execute(mine).all()
    cipher = _cipher(conn, vault, staff_id) if rows else None
    return [_opened(cipher, row) for row in rows if cipher is not None]


def keeping(conn: Connection, vault: Vault, staff_id: int) -> list[Reflection]:
    """The same, for a transaction that is about to write: another one of this specialist's waits until it ends."""
    conn.execute(select(staff.c.id).where(staff.c.id == staff_id).with_for_update())
    return all_of(conn, vault, staff_id)


def begin(
    conn: Connection, vault: Vault, staff_id: int, *, dialogue: str, version: int, session: bytes, now: datetime
) -> Reflection:
    """Store a new one, which is open. Call it after ``keeping``."""
    highest = select(func.max(reflection.c.number)).where(reflection.c.staff_id == staff_id)
    number = (conn.scalar(highest) or 0) + 1
    begun = Reflection(staff_id, number, dialogue, version, OPEN, session, now)
    row = {"staff_id": staff_id, "number": number, "dialogue": dialogue, "version": version, "started_at": now}
    conn.execute(insert(reflection), {**row, **_changing(conn, vault, begun)})
    return begun


def change(conn: Connection, vault: Vault, changed: Reflection) -> None:
    """Store how one goes on: state, end and session; nothing else of it changes."""
    conn.execute(
        update(reflection).where(*_key(changed.staff_id, changed.number)).values(_changing(conn, vault, changed))
    )


def forget(conn: Connection, staff_id: int, number: int | None = None) -> None:
    """Delete one, or everything that this specialist wrote."""
    mine = (reflection.c.staff_id == staff_id,) if number is None else _key(staff_id, number)
    conn.execute(delete(reflection).where(*mine))


def _changing(conn: Connection, vault: Vault, one: Reflection) -> dict[str, Any]:
    sealed = _cipher(conn, vault, one.staff_id).seal(_place(one.staff_id, one.number), one.session)
    return {"state": one.state, "ended_at": one.ended_at, "sealed_session": sealed}


def _opened(cipher: Cipher, row: Row[Any]) -> Reflection:
    session = cipher.open(_place(row.staff_id, row.number), row.sealed_session)
    return Reflection(
        row.staff_id, row.number, row.dialogue, row.version, row.state, session, row.started_at, row.ended_at
    )


def _cipher(conn: Connection, vault: Vault, staff_id: int) -> Cipher:
    return vault.cipher(f"staff:{staff_id}", conn.scalar(select(staff.c.data_key).where(staff.c.id == staff_id)))


def _key(staff_id: int, number: int) -> tuple[Any, Any]:
    return reflection.c.staff_id == staff_id, reflection.c.number == number


def _place(staff_id: int, number: int) -> str:
    return f"reflection.session|{staff_id}|{number}"
