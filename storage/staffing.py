"""Staffing: everybody who is or was on the staff, how they change, and how they leave.

Whoever leaves comes in no more, is told nothing more and accompanies nobody, from the same instant on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from storage import people, reflections
from storage.access import Who, revoke_links
from storage.people import ROLES, Staff, staff_of
from storage.schema import assignment, staff, staff_address, staff_invitation, staff_leave
from storage.vault import Vault


class Member(NamedTuple):
    """Somebody who is on the staff, or was."""

    staff: Staff
    active: bool


def members(conn: Connection, vault: Vault) -> list[Member]:
    """Everybody, in order of id."""
    asked = select(staff).where(staff.c.data_key.is_not(None)).order_by(staff.c.id)
    return [Member(staff_of(vault, row), row.active) for row in conn.execute(asked).all()]


def held(conn: Connection, vault: Vault, staff_id: int) -> Member:
    """One of them, whom nobody else changes until the transaction ends, and no administrator either: of two who take
    the role from each other at the same time one comes too late. Raises KeyError."""
    locked = select(staff).where((staff.c.id == staff_id) | (staff.c.role == "administrator"))
    rows = conn.execute(locked.order_by(staff.c.id).with_for_update()).all()
    row = next((one for one in rows if one.id == staff_id and one.data_key is not None), None)
    if row is None:
        raise KeyError(f"staff:{staff_id}")
    return Member(staff_of(vault, row), row.active)


def is_last_administrator(conn: Connection, staff_id: int) -> bool:
    """Whether nobody else could let people in and out again. Call it after ``held``."""
    active = select(staff.c.id).where(staff.c.active, staff.c.role == "administrator")
    return list(conn.scalars(active)) == [staff_id]


def rename(conn: Connection, vault: Vault, staff_id: int, *, name: str, mail: str, language: str) -> None:
    """What somebody is called, where mail reaches them, and the language of their pages. Raises KeyError."""
    row = conn.execute(select(staff.c.data_key).where(staff.c.id == staff_id)).first()
    if row is None:
        raise KeyError(f"staff:{staff_id}")
    cipher = vault.cipher(f"staff:{staff_id}", row.data_key)
    sealed = {
        f"sealed_{key}": cipher.seal(f"staff.{key}|{staff_id}", text) for key, text in (("name", name), ("mail", mail))
    }
    conn.execute(update(staff).where(staff.c.id == staff_id).values(language=language, **sealed))


def set_reviews(conn: Connection, staff_id: int, languages: Iterable[str]) -> None:
    """The languages that somebody may review, and no others."""
    conn.execute(update(staff).where(staff.c.id == staff_id).values(reviews=" ".join(sorted(languages)) or None))


def set_role(conn: Connection, staff_id: int, role: str, now: datetime) -> list[int]:
    """Another role from now on. Whoever is no specialist any more accompanies nobody and reads for nobody: the numbers
    of those who have no specialist now. Their sessions end. Raises ValueError."""
    if role not in ROLES:
        raise ValueError(f"{role!r} is none of {', '.join(ROLES)}")
    conn.execute(update(staff).where(staff.c.id == staff_id).values(role=role))
    revoke_links(conn, Who(staff_id=staff_id), now)
    if role == "specialist":
        return []
    conn.execute(delete(staff_address).where(staff_address.c.staff_id == staff_id))
    return _release(conn, staff_id, now)


def disable(conn: Connection, staff_id: int, now: datetime) -> list[int]:
    """Somebody is not here any more. Their sessions, links and chats end, nobody gets a digest or is read for by them,
    and what only they could see is deleted. The numbers of those who have no specialist now."""
    conn.execute(update(staff).where(staff.c.id == staff_id).values(active=False))
    revoke_links(conn, Who(staff_id=staff_id), now)
    for table in (staff_address, staff_invitation):
        conn.execute(delete(table).where(table.c.staff_id == staff_id))
    reflections.forget(conn, staff_id)
    return _release(conn, staff_id, now)


def enable(conn: Connection, staff_id: int) -> None:
    """Somebody is here again, and accompanies nobody yet."""
    conn.execute(update(staff).where(staff.c.id == staff_id).values(active=True))


def caseload_size(conn: Connection, staff_id: int) -> int:
    """How many people somebody accompanies now."""
    return len(_accompanied(conn, staff_id))


def _release(conn: Connection, staff_id: int, now: datetime) -> list[int]:
    released = _accompanied(conn, staff_id)
    for participant_id in released:
        people.lock(conn, participant_id)
    mine = (assignment.c.staff_id == staff_id, assignment.c.until.is_(None))
    conn.execute(update(assignment).where(*mine).values(until=now))
    conn.execute(update(staff_leave).where(staff_leave.c.cover_id == staff_id).values(cover_id=None))
    return released


def _accompanied(conn: Connection, staff_id: int) -> list[int]:
    mine = (assignment.c.staff_id == staff_id, assignment.c.until.is_(None))
    return list(conn.scalars(select(assignment.c.participant_id).where(*mine).order_by(assignment.c.participant_id)))
