"""Staffing: who is added to the staff, changed and let go, by an administrator. Each of its doings is in the audit.

Every function takes an open transaction. ``by`` is the administrator.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.signing_in import enrolling
from storage import audit, emergencies, factors, people, staff_notices, staffing
from storage.people import ROLES, Staff
from storage.staffing import Member
from storage.vault import Vault

LONGEST_NAME = 80
"""Letters of a name, which stands in sentences."""

LONGEST_REASON = 300

_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


class NotChanged(ValueError):
    """What cannot be done. ``reason`` is "lacks" (a name), "long" (a name), "mail" (no address), "taken" (an address
    of somebody else), "role", "language" (none that can be chosen), "self" (nobody takes their own rights away), "last"
    (somebody has to be administrator) or "why" (a reason is needed). ``where`` is the field."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where


@dataclass(frozen=True, slots=True)
class Card:
    """What an administrator writes down about somebody."""

    name: str = field(repr=False)
    mail: str = field(repr=False)
    role: str
    language: str


def add(conn: Connection, vault: Vault, wished: Card, zone: str, by: Staff, now: datetime) -> Staff:
    """A new member of staff, who cannot come in yet. Raises NotChanged."""
    card = _checked(conn, vault, wished, None)
    values = {"name": card.name, "mail": card.mail, "role": card.role, "language": card.language}
    added = people.add_staff(conn, vault, **values, time_zone=zone, now=now)
    _written_down(conn, by, "staff.added", {"staff": added, "role": card.role}, now)
    return people.staff(conn, vault, added)


def change(conn: Connection, vault: Vault, staff_id: int, wished: Card, by: Staff, now: datetime) -> Sequence[int]:
    """Name, mail, role and language of somebody. The numbers of those who have no specialist now. Raises NotChanged and
    KeyError."""
    before = staffing.held(conn, vault, staff_id)
    card = _checked(conn, vault, wished, staff_id)
    kept = before.staff
    if card.role != kept.role:
        _may_lose(conn, before, by)
    staffing.rename(conn, vault, staff_id, name=card.name, mail=card.mail, language=card.language)
    changed = [name for name in ("name", "mail", "role", "language") if getattr(card, name) != getattr(kept, name)]
    released: Sequence[int] = ()
    if card.role != kept.role:
        emergencies.end(conn, staff_id, None, now)
        released = staffing.set_role(conn, staff_id, card.role, now)
        enrolling.end_sessions(conn, staff_id, now)
        _released(conn, released, staff_id, by, now)
    if changed:
        details = {"staff": staff_id, "changed": changed, **({"role": card.role} if "role" in changed else {})}
        _written_down(conn, by, "staff.changed", details, now)
    return released


def set_reviews(
    conn: Connection, vault: Vault, staff_id: int, languages: Sequence[str], by: Staff, now: datetime
) -> None:
    """The languages whose texts somebody may say are reviewed. Raises KeyError."""
    if sorted(staffing.held(conn, vault, staff_id).staff.reviews) == sorted(languages):
        return
    staffing.set_reviews(conn, staff_id, languages)
    details = {"staff": staff_id, "changed": ["reviews"], "reviews": sorted(languages)}
    _written_down(conn, by, "staff.changed", details, now)


def disable(conn: Connection, vault: Vault, staff_id: int, by: Staff, now: datetime) -> Sequence[int]:
    """Somebody is on the staff no longer. The numbers of those who have no specialist now. A second time changes
    nothing. Raises NotChanged and KeyError."""
    before = staffing.held(conn, vault, staff_id)
    if not before.active:
        return ()
    _may_lose(conn, before, by)
    emergencies.end(conn, staff_id, None, now)
    released = staffing.disable(conn, staff_id, now)
    enrolling.end_sessions(conn, staff_id, now)
    factors.forget(conn, staff_id)
    _released(conn, released, staff_id, by, now)
    _written_down(conn, by, "staff.disabled", {"staff": staff_id}, now)
    return released


def enable(conn: Connection, vault: Vault, staff_id: int, by: Staff, now: datetime) -> None:
    """Somebody is on the staff again. They accompany nobody, and need a new way in. Raises KeyError."""
    if staffing.held(conn, vault, staff_id).active:
        return
    staffing.enable(conn, staff_id)
    _written_down(conn, by, "staff.enabled", {"staff": staff_id}, now)


def end_sessions(conn: Connection, vault: Vault, staff_id: int, by: Staff, now: datetime) -> None:
    """Somebody is signed out everywhere. Raises KeyError."""
    staffing.held(conn, vault, staff_id)
    enrolling.end_sessions(conn, staff_id, now)
    _written_down(conn, by, "staff.signed_out", {"staff": staff_id}, now)


def lost(conn: Connection, vault: Vault, staff_id: int, why: str, by: Staff, now: datetime) -> Staff:
    """Somebody has lost what they sign in with. The reason is written down as the administrator gives it, and they are
    told by mail that it happened. The new way in is made afterwards. Raises NotChanged and KeyError."""
    member = staffing.held(conn, vault, staff_id)
    why = " ".join(why.split())
    if not why:
        raise NotChanged("why", "why")
    if len(why) > LONGEST_REASON:
        raise NotChanged("why_long", "why")
    if not member.active:
        raise NotChanged("gone")
    _written_down(conn, by, "staff.entrance_renewed", {"staff": staff_id, "why": why}, now)
    staff_notices.put(conn, [staff_id], "entrance_renewed", {"by": by.id, "at": now.isoformat()}, now)
    return member.staff


def _checked(conn: Connection, vault: Vault, card: Card, staff_id: int | None) -> Card:
    """The card as it is kept. Raises NotChanged."""
    name, mail = " ".join(card.name.split()), card.mail.strip()
    if not name:
        raise NotChanged("lacks", "name")
    if len(name) > LONGEST_NAME:
        raise NotChanged("long", "name")
    if not _MAIL.fullmatch(mail):
        raise NotChanged("mail", "mail")
    for one, _ in staffing.members(conn, vault):
        if one.id != staff_id and one.mail.casefold() == mail.casefold():
            raise NotChanged("taken", "mail")
    if card.role not in ROLES:
        raise NotChanged("role", "role")
    return Card(name, mail, card.role, card.language)


def _may_lose(conn: Connection, member: Member, by: Staff) -> None:
    """Whether somebody may lose what they may do now. Raises NotChanged."""
    if member.staff.id == by.id:
        raise NotChanged("self", "role")
    if member.staff.role == "administrator" and staffing.is_last_administrator(conn, member.staff.id):
        raise NotChanged("last", "role")


def _released(conn: Connection, released: Sequence[int], staff_id: int, by: Staff, now: datetime) -> None:
    for person in released:
        details = {"from": staff_id, "to": None}
        actor = f"staff:{by.id}"
        audit.record(conn, at=now, actor=actor, action="specialist changed", participant_id=person, details=details)


def _written_down(conn: Connection, by: Staff, action: str, details: dict[str, object], now: datetime) -> None:
    audit.record(conn, at=now, actor=f"staff:{by.id}", action=action, details=details)
