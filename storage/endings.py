"""Endings: what lasts for a while from a moment on, put off together when a demo's clock is turned forward.

Whoever has a page open, or a link in hand, waited for no week: to them only a second has gone by.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, select, update

from storage.schema import access_link, channel_state, invitation, sign_in, web_session

_ENDINGS: tuple[tuple[Column[bytes], Column[datetime]], ...] = (
    (web_session.c.token_hash, web_session.c.expires_at),
    (access_link.c.token_hash, access_link.c.expires_at),
    (invitation.c.token_hash, invitation.c.expires_at),
    (sign_in.c.browser_hash, sign_in.c.expires_at),
)


def put_off(conn: Connection, now: datetime, by: timedelta) -> None:
    """Let sessions, links and invitations that still hold at ``now`` hold so much longer. Channels that answered last
    some seconds ago will have done so some seconds ago, or they would seem to have been out of reach."""
    for key, ends in _ENDINGS:
        for hashed, at in conn.execute(select(key, ends).where(ends > now)).all():
            conn.execute(update(ends.table).where(key == hashed).values({ends: at + by}))
    for begun in (web_session.c.used_at, web_session.c.confirmed_at):
        for token, at in conn.execute(select(web_session.c.token_hash, begun).where(begun.is_not(None))).all():
            conn.execute(update(web_session).where(web_session.c.token_hash == token).values({begun: at + by}))
    alive = channel_state.c.alive_at
    for channel, at in conn.execute(select(channel_state.c.channel, alive).where(alive.is_not(None))).all():
        conn.execute(update(channel_state).where(channel_state.c.channel == channel).values({alive: at + by}))
