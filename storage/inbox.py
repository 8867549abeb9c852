"""Inbox: what people sent, each message once, and the lock under which a batch of them is answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, tuple_, update

from storage.schema import address, inbox, participant
from storage.vault import Vault

Key = tuple[int, str, str]
"""Participant, channel and the channel's own id of a message: what is unique."""


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it is kept. ``sealed_body`` lies at ``inbox.body|participant|channel|message``."""

    participant_id: int
    channel: str
    message_id: str
    seq: int
    conversation: int
    sealed_body: bytes
    received_at: datetime
    state: str = "done"
    cause: str | None = None


def participants_at(conn: Connection, vault: Vault, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Who is reached at (channel, address). Unknown ones are left out."""
    lookups = {(channel, vault.lookup(channel, where)): (channel, where) for channel, where in places}
    if not lookups:
        return {}
    asked = select(address.c.channel, address.c.lookup, address.c.participant_id)
    rows = conn.execute(asked.where(tuple_(address.c.channel, address.c.lookup).in_(list(lookups))))
    return {lookups[row.channel, row.lookup]: row.participant_id for row in rows}


_LOCKED = (
    select(participant)
    .where(participant.c.id.in_(bindparam("ids", expanding=True)), participant.c.data_key.is_not(None))
    .order_by(participant.c.id)
    .with_for_update()
)
_SEEN = select(inbox.c.participant_id, inbox.c.channel, inbox.c.message_id).where(
    inbox.c.participant_id.in_(bindparam("ids", expanding=True)),
    inbox.c.message_id.in_(bindparam("messages", expanding=True)),
)
_COUNTERS = (
    update(participant)
    .where(participant.c.id == bindparam("of"))
    .values(
        next_seq=bindparam("seq"),
        next_conversation=bindparam("conversation"),
        language=bindparam("speaks"),
        state=bindparam("is_now"),
    )
)


def lock(conn: Connection, ids: Iterable[int]) -> Sequence[Row[Any]]:
    """The participants, locked until the transaction ends: in the order of ids, so that two batches cannot wait for
    each other. Those who were erased are left out."""
    return conn.execute(_LOCKED, {"ids": sorted(ids)}).all()


def seen(conn: Connection, keys: Sequence[Key]) -> set[Key]:
    """Which of these messages are stored already. Under ``lock`` the answer stays true."""
    found = conn.execute(_SEEN, {"ids": [key[0] for key in keys], "messages": [key[2] for key in keys]})
    return {(row.participant_id, row.channel, row.message_id) for row in found} & set(keys)


def add(conn: Connection, received: Sequence[Received]) -> None:
    """Store messages."""
    if received:
        conn.execute(insert(inbox), [_values(one) for one in received])


def advance(conn: Connection, counters: Sequence[tuple[int, int, int, str, str]]) -> None:
    """Store (participant, next seq, next conversation, language, state) as they are after a batch."""
    if counters:
        names = ("of", "seq", "conversation", "speaks", "is_now")
        conn.execute(_COUNTERS, [dict(zip(names, values, strict=True)) for values in counters])


def _values(received: Received) -> dict[str, Any]:
    return {name: getattr(received, name) for name in Received.__slots__}
