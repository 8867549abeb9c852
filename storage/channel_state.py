"""ChannelState: how a channel is doing, kept so that a restart does not forget it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from storage.causes import kept
from storage.dialects import insert_new
from storage.schema import channel_state


class ChannelState(NamedTuple):
    """One channel. ``alive_at`` is when it last answered, None before it ever did; nothing is sent before
    ``paused_until``; ``trouble`` is what an operator has to see to."""

    channel: str
    alive_at: datetime | None
    paused_until: datetime | None
    trouble: str | None


def touch(conn: Connection, channel: str, now: datetime) -> datetime | None:
    """The channel has answered. When it did so before, or None the first time."""
    _be_known(conn, channel)
    before = conn.scalar(select(channel_state.c.alive_at).where(channel_state.c.channel == channel).with_for_update())
    _set(conn, channel, {"alive_at": now})
    return before


def pause(conn: Connection, channel: str, until: datetime | None) -> None:
    """Send nothing at all before ``until``; None lifts it."""
    _be_known(conn, channel)
    _set(conn, channel, {"paused_until": until})


def trouble(conn: Connection, channel: str, text: str | None) -> None:
    """What an operator has to see to, e.g. that the token was revoked; None when it is over.

    A type or the channel's own words, never content. It is cut to what there is room for.
    """
    _be_known(conn, channel)
    _set(conn, channel, {"trouble": None if text is None else kept(text)})


def read(conn: Connection, channel: str) -> ChannelState | None:
    """One channel, or None before anything was heard of it."""
    row = conn.execute(select(channel_state).where(channel_state.c.channel == channel)).first()
    return None if row is None else ChannelState(*row)


def all_states(conn: Connection) -> list[ChannelState]:
    """Every channel that was heard of, in order of name."""
    return [ChannelState(*row) for row in conn.execute(select(channel_state).order_by(channel_state.c.channel))]


def _be_known(conn: Connection, channel: str) -> None:
    conn.execute(insert_new(conn, channel_state), {"channel": channel})


def _set(conn: Connection, channel: str, values: dict[str, Any]) -> None:
    conn.execute(update(channel_state).where(channel_state.c.channel == channel).values(values))
