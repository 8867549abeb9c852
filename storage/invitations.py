"""Invitations: how somebody with no address in a channel comes to have one. Each opens once, by a link or a short code.

Only keyed hashes of both are kept, and of where somebody tried in vain.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from storage import people
from storage.schema import invitation, invitation_attempt
from storage.vault import Vault


def create(
    conn: Connection,
    vault: Vault,
    *,
    participant_id: int,
    token: str,
    code: str,
    by: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Let the first who brings ``token``, of the link, or ``code``, which can be typed, claim to be this participant.

    ``by`` is e.g. "staff:7" or "command line". Earlier invitations stay as they are. Raises KeyError, Erased, and
    IntegrityError for a token or a code that was given before.
    """
    people.present(conn, vault, participant_id)
    row = {"participant_id": participant_id, "created_by": by, "created_at": now, "expires_at": expires_at}
    hashes = {"token_hash": vault.token_hash(token), "code_hash": vault.token_hash(code)}
    conn.execute(insert(invitation), {**row, **hashes})


def claim(conn: Connection, vault: Vault, secret: str, now: datetime) -> int | None:
    """Whom this token or code invites; from now on it is used. None for an unknown, used, expired or revoked one alike.

    Of two who bring it at the same time only one is let in: the second waits for the first to commit.
    """
    hashed = vault.token_hash(secret)
    opens = (
        or_(invitation.c.token_hash == hashed, invitation.c.code_hash == hashed),
        invitation.c.used_at.is_(None),
        invitation.c.revoked_at.is_(None),
        invitation.c.expires_at > now,
    )
    used = update(invitation).where(*opens).values(used_at=now).returning(invitation.c.participant_id)
    invited: int | None = conn.scalar(used)
    return invited


def revoke(conn: Connection, participant_id: int, now: datetime) -> None:
    """Close every invitation of this participant that was not used."""
    unused = (invitation.c.used_at.is_(None), invitation.c.revoked_at.is_(None))
    conn.execute(
        update(invitation).where(invitation.c.participant_id == participant_id, *unused).values(revoked_at=now)
    )


def failed(conn: Connection, vault: Vault, channel: str, where: str, now: datetime) -> None:
    """Remember that somebody at this address brought something that opens nothing."""
    conn.execute(insert(invitation_attempt), {"lookup": vault.lookup(channel, where), "at": now})


def tries(conn: Connection, vault: Vault, channel: str, where: str, now: datetime, within: timedelta) -> int:
    """How often that happened at this address during the last while."""
    lately = (invitation_attempt.c.lookup == vault.lookup(channel, where), invitation_attempt.c.at > now - within)
    return conn.execute(select(func.count()).select_from(invitation_attempt).where(*lately)).scalar_one()


def forget_tries(conn: Connection, before: datetime) -> None:
    """Forget the tries that are older."""
    conn.execute(delete(invitation_attempt).where(invitation_attempt.c.at < before))
