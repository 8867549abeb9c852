"""Access: personal links and web sessions. Only a keyed hash of a token is kept, so the tables open no door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, or_, select, update

from storage.schema import access_link, participant, staff, web_session
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Who:
    """A participant or a member of staff, never both."""

    participant_id: int | None = None
    staff_id: int | None = None

    def __post_init__(self) -> None:
        """Nobody, or two at once, could open the wrong door."""
        if (self.participant_id is None) == (self.staff_id is None):
            raise ValueError("either a participant or a member of staff")


def new_link(
    conn: Connection, vault: Vault, who: Who, token: str, now: datetime, expires_at: datetime | None = None
) -> None:
    """Let ``token`` open the door for ``who``: until it is revoked or, if ``expires_at`` is given, until then."""
    row = {"token_hash": vault.token_hash(token), "created_at": now, "expires_at": expires_at}
    conn.execute(insert(access_link), {**row, "participant_id": who.participant_id, "staff_id": who.staff_id})


def open_link(conn: Connection, vault: Vault, token: str, now: datetime) -> Who | None:
    """Whose link it is. None for an unknown, expired or revoked one alike, and for one of staff who have left."""
    unexpired = or_(access_link.c.expires_at.is_(None), access_link.c.expires_at > now)
    return _owner(conn, vault, access_link, token, and_(unexpired, access_link.c.revoked_at.is_(None)))


def use_link(conn: Connection, vault: Vault, token: str, now: datetime) -> Who | None:
    """As ``open_link``, and the link is closed with it: of two who come at once one gets in."""
    who = open_link(conn, vault, token, now)
    this = and_(access_link.c.token_hash == vault.token_hash(token), access_link.c.revoked_at.is_(None))
    return who if who and conn.execute(update(access_link).where(this).values(revoked_at=now)).rowcount else None


def revoke_links(conn: Connection, who: Who, now: datetime) -> None:
    """Close every link of this person, and the sessions that may have been begun with one."""
    conn.execute(
        update(access_link).where(_of(access_link, who), access_link.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    conn.execute(delete(web_session).where(_of(web_session, who)))


def start_session(conn: Connection, vault: Vault, who: Who, token: str, now: datetime, lifetime: timedelta) -> None:
    """Let ``token``, kept in a cookie, stand for ``who`` during ``lifetime``. Clears away what has expired."""
    conn.execute(delete(web_session).where(_of(web_session, who), web_session.c.expires_at <= now))
    row = {"token_hash": vault.token_hash(token), "created_at": now, "expires_at": now + lifetime}
    conn.execute(insert(web_session), {**row, "participant_id": who.participant_id, "staff_id": who.staff_id})


def session_owner(conn: Connection, vault: Vault, token: str, now: datetime) -> Who | None:
    """Whose session it is. None for an unknown or expired one, and for one of staff who have left."""
    return _owner(conn, vault, web_session, token, web_session.c.expires_at > now)


def end_session(conn: Connection, vault: Vault, token: str) -> None:
    """Ending one that is unknown, or has ended, has no effect."""
    conn.execute(delete(web_session).where(web_session.c.token_hash == vault.token_hash(token)))


def _owner(conn: Connection, vault: Vault, table: Table, token: str, valid: ColumnElement[bool]) -> Who | None:
    here = or_(participant.c.data_key.is_not(None), and_(staff.c.active, staff.c.data_key.is_not(None)))
    row = conn.execute(
        select(table.c.participant_id, table.c.staff_id)
        .select_from(table.outerjoin(participant).outerjoin(staff))
        .where(table.c.token_hash == vault.token_hash(token), valid, here)
    ).first()
    return None if row is None else Who(row.participant_id, row.staff_id)


def _of(table: Table, who: Who) -> ColumnElement[bool]:
    if who.staff_id is not None:
        return table.c.staff_id == who.staff_id
    return table.c.participant_id == who.participant_id
