"""Staff sessions: who on the staff is signed in, since when and how. Only a keyed hash of a token is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from storage.schema import staff, web_session
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class StaffSession:
    """One session. ``how`` it began: passkey, app, code, identity, or demo."""

    staff_id: int
    role: str
    how: str
    begun_at: datetime
    used_at: datetime
    confirmed_at: datetime
    """When the person last proved who they are: with the sign-in, or later."""
    expires_at: datetime
    is_this: bool = False
    """In a list: whether it is the session that asks."""


def start(
    conn: Connection, vault: Vault, staff_id: int, token: str, how: str, now: datetime, expires_at: datetime
) -> None:
    """Let ``token``, kept in a cookie, stand for this member of staff. Clears away what has expired."""
    conn.execute(delete(web_session).where(web_session.c.staff_id == staff_id, web_session.c.expires_at <= now))
    moments = {"created_at": now, "used_at": now, "confirmed_at": now, "expires_at": expires_at}
    conn.execute(
        insert(web_session), {"token_hash": vault.token_hash(token), "staff_id": staff_id, "how": how, **moments}
    )


def find(conn: Connection, vault: Vault, token: str, now: datetime) -> StaffSession | None:
    """The session of this token. None for an unknown or expired one, and for one of somebody who has left."""
    row = conn.execute(_SESSIONS.where(_its(vault, token), web_session.c.expires_at > now)).first()
    return None if row is None else StaffSession(*row[1:])


def of(conn: Connection, vault: Vault, staff_id: int, token: str, now: datetime) -> list[StaffSession]:
    """All sessions of somebody, the one that was used last first. ``token`` is that of whoever asks."""
    mine = vault.token_hash(token)
    asked = _SESSIONS.where(web_session.c.staff_id == staff_id, web_session.c.expires_at > now)
    rows = conn.execute(asked.order_by(web_session.c.used_at.desc(), web_session.c.created_at.desc()))
    return [StaffSession(*row[1:], is_this=row.token_hash == mine) for row in rows]


def used(conn: Connection, vault: Vault, token: str, now: datetime) -> None:
    """It was used now."""
    conn.execute(update(web_session).where(_its(vault, token)).values(used_at=now))


def confirmed(conn: Connection, vault: Vault, token: str, now: datetime) -> None:
    """The person has proved now who they are."""
    conn.execute(update(web_session).where(_its(vault, token)).values(confirmed_at=now))


def end_all(conn: Connection, vault: Vault, staff_id: int, but: str = "") -> int:
    """End the sessions of somebody, but for the one with the token ``but``. How many there were."""
    theirs = (web_session.c.staff_id == staff_id, web_session.c.token_hash != vault.token_hash(but))
    return conn.execute(delete(web_session).where(*theirs)).rowcount


_SESSIONS = (
    select(
        web_session.c.token_hash,
        web_session.c.staff_id,
        staff.c.role,
        web_session.c.how,
        web_session.c.created_at,
        web_session.c.used_at,
        web_session.c.confirmed_at,
        web_session.c.expires_at,
    )
    .join(staff, staff.c.id == web_session.c.staff_id)
    .where(staff.c.active, staff.c.data_key.is_not(None), web_session.c.how.is_not(None))
)


def _its(vault: Vault, token: str) -> ColumnElement[bool]:
    return web_session.c.token_hash == vault.token_hash(token)
