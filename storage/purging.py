"""Purging: what was only kept for a while goes. Each function deletes what is older than it is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, or_

from storage import invitations, sign_in, staff_addresses, strays
from storage.addresses import WAITING
from storage.schema import address, invitation, web_session


def purge(conn: Connection, *, sessions: datetime, tries: datetime, unread: datetime, doors: datetime) -> None:
    """Delete sessions that ended, tries to come in, and what nobody could read; and what opens no door any more:
    invitations that were used, taken back or ran out, and addresses that nobody confirmed."""
    conn.execute(delete(web_session).where(web_session.c.expires_at < sessions))
    invitations.forget_tries(conn, tries)
    sign_in.forget(conn, begun=sessions, tried=tries)
    staff_addresses.forget_links(conn, doors)
    strays.purge(conn, unread)
    over = or_(invitation.c.used_at < doors, invitation.c.revoked_at < doors, invitation.c.expires_at < doors)
    conn.execute(delete(invitation).where(over))
    conn.execute(delete(address).where(address.c.state == WAITING, address.c.since < doors))
