"""Inbox: what people sent, each message once, and the lock under which a batch of them is answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from storage.addresses import participants_at as participants_at
from storage.among import among, rows_among
from storage.bulk import found_rows, insert_rows, update_rows
from storage.schema import inbox, participant

Key = tuple[int, str, str]
"""Participant, channel and the channel's own id of a message: what is unique."""


class Received(NamedTuple):
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


class Person(NamedTuple):
    """A participant as a turn needs them: where they stand, what opens their name, and when they are written to."""

    id: int
    data_key: bytes
    sealed_name: bytes
    language: str
    state: str
    next_seq: int
    next_conversation: int
    paused_until: datetime | None
    time_zone: str
    next_due: datetime | None
    sealed_agenda: bytes | None


class Standing(NamedTuple):
    """Where a participant stands after a batch."""

    next_seq: int
    next_conversation: int
    language: str
    state: str
    id: int


PERSON = tuple(participant.c[name] for name in Person._fields)
LOCKED = (
    select(*PERSON)
    .where(among(participant.c.id, "ids"), participant.c.data_key.is_not(None))
    .order_by(participant.c.id)
    .with_for_update()
)


def lock(conn: Connection, ids: Iterable[int]) -> list[Person]:
    """The participants, locked until the transaction ends: in the order of ids, so that two batches cannot wait for
    each other. Those who were erased are left out."""
    (found,) = rows_among(conn, LOCKED, ids=sorted(ids))
    return list(map(Person._make, found))


def seen(conn: Connection, keys: Sequence[Key]) -> set[Any]:
    """Which of these messages are stored already. Under ``lock`` the answer stays true."""
    return found_rows(conn, inbox, Received._fields[:3], keys)


def add(conn: Connection, received: Sequence[Received]) -> None:
    """Store messages."""
    insert_rows(conn, inbox, Received._fields, received)


def advance(conn: Connection, standing: Sequence[Standing]) -> None:
    """Store where participants stand."""
    update_rows(conn, participant, Standing._fields[-1:], Standing._fields[:-1], standing)
