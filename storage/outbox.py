"""Outbox: what people are told, in order. What a crash leaves behind here is found and finished."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, literal, null, select, union_all

from storage.bulk import insert_rows
from storage.schema import inbox, outbox


class Queued(NamedTuple):
    """One message as it is kept. ``sealed_body`` lies at ``outbox.body|participant|seq``."""

    participant_id: int
    seq: int
    conversation: int
    channel: str
    sealed_body: bytes
    state: str
    created_at: datetime


def add(conn: Connection, messages: Sequence[Queued]) -> None:
    """Store messages; those that are ``queued`` wait for their channel."""
    insert_rows(conn, outbox, Queued._fields, messages)


def talk(conn: Connection, participant_id: int, conversation: int, after: int) -> Sequence[Row[Any]]:
    """Both sides of one conversation in order: seq, channel, message_id (None for what we said), sealed_body."""
    ours = select(outbox.c.seq, outbox.c.channel, null().label("message_id"), outbox.c.sealed_body).where(
        outbox.c.participant_id == participant_id, outbox.c.conversation == conversation, outbox.c.seq > after
    )
    theirs = select(inbox.c.seq, inbox.c.channel, inbox.c.message_id, inbox.c.sealed_body).where(
        inbox.c.participant_id == participant_id,
        inbox.c.conversation == conversation,
        inbox.c.seq > after,
        inbox.c.state == literal("done"),
    )
    return conn.execute(union_all(ours, theirs).order_by("seq")).all()
