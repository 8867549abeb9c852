"""Outbox: what people are told, in order. What a crash leaves behind here is found and finished."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    union_all,
)

from storage.among import among
from storage.bulk import insert_rows, update_rows
from storage.causes import kept
from storage.keyed import rows_at
from storage.schema import UtcDateTime, conversation, inbox, outbox, participant
from storage.vault import DecryptFailed, Vault

Key = tuple[int, int]
"""Participant and number."""


class Queued(NamedTuple):
    """One message as it is kept. ``sealed_body`` lies at ``outbox.body|participant|seq``."""

    participant_id: int
    seq: int
    conversation: int
    channel: str
    sealed_body: bytes
    state: str
    created_at: datetime


class Waiting(NamedTuple):
    """A message that its channel has not taken yet. Nothing of it leaves before ``not_before``; of a long one,
    ``parts_sent`` have left already."""

    participant_id: int
    seq: int
    attempts: int
    parts_sent: int
    not_before: datetime | None


class HandedOver(NamedTuple):
    """A message that its channel has taken, and the channel's own id of it, "" where it gave none."""

    channel: str
    channel_id: str


class AskedIn(NamedTuple):
    """Somebody whom a question waits for, where they are, and since when they take part in its conversation, if so."""

    participant_id: int
    time_zone: str
    reacted_at: datetime | None


class Bodies(NamedTuple):
    """What queued messages say. A key that is in none of these is no longer queued, or its person was erased."""

    opened: dict[Key, bytes]
    too_late: dict[Key, bytes]
    """Of a check-in that is over by now. Nobody is asked what can no longer be answered; words of help may go."""
    unreadable: set[Key]
    """Damaged, so it can never be sent."""


class Settled(NamedTuple):
    """What became of a message that was queued. ``state`` is sent, dead, cancelled, or queued to be tried again.

    ``cause`` is a type or the channel's own words, and is cut to what there is room for.
    """

    state: str
    sent_at: datetime | None
    channel_id: str | None
    parts_sent: int
    attempts: int
    not_before: datetime | None
    cause: str | None
    participant_id: int
    seq: int


_KEY = (outbox.c.participant_id, outbox.c.seq)
_QUEUED = outbox.c.state == literal_column("'queued'")
"""Written out, or the index of what is queued could not be used."""

_SENT = outbox.c.state == literal_column("'sent'")
_WAITING = (
    select(*(outbox.c[name] for name in Waiting._fields))
    .where(
        outbox.c.channel == bindparam("channel"),
        _QUEUED,
        tuple_(*_KEY) > tuple_(bindparam("person"), bindparam("seq")),
    )
    .order_by(*_KEY)
    .limit(bindparam("most"))
)
_OVER = or_(
    and_(conversation.c.state == "open", conversation.c.closes_at < bindparam("now", type_=UtcDateTime())),
    and_(conversation.c.state == "expired", outbox.c.created_at < conversation.c.ended_at),
)
_ITS_CONVERSATION = and_(
    conversation.c.participant_id == outbox.c.participant_id, conversation.c.number == outbox.c.conversation
)
_BODIES = (
    select(*_KEY, outbox.c.sealed_body, participant.c.data_key, func.coalesce(_OVER, false()).label("over"))
    .select_from(outbox)
    .join(participant, participant.c.id == outbox.c.participant_id)
    .outerjoin(conversation, _ITS_CONVERSATION)
    .where(_QUEUED, participant.c.data_key.is_not(None))
)
_GIVEN_UP = and_(outbox.c.state == literal_column("'dead'"), outbox.c.attempts > 0)
"""What was tried until it was given up, because nobody could tell whether it arrived. What is refused has no tries."""
_PERHAPS_SEEN = or_(_SENT, _GIVEN_UP)
_HANDED_OVER = select(*_KEY, outbox.c.channel, outbox.c.channel_id).where(_PERHAPS_SEEN)
_CALLED_OFF = (
    select(func.max(outbox.c.seq))
    .where(
        outbox.c.participant_id == inbox.c.participant_id,
        outbox.c.channel == inbox.c.channel,
        outbox.c.state == literal_column("'cancelled'"),
    )
    .scalar_subquery()
)
_WROTE_SINCE = (
    select(inbox.c.participant_id)
    .where(among(inbox.c.participant_id, "ids"), inbox.c.channel == bindparam("channel"))
    .where(inbox.c.seq > func.coalesce(_CALLED_OFF, 0))
    .distinct()
)


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


# Sending --------------------------------------------------------------------------------------------------------------


def waiting(conn: Connection, channel: str, after: Key = (0, 0), most: int = 10_000) -> list[Waiting]:
    """What waits for a channel, in order of participant and number, beginning behind ``after``."""
    given = {"channel": channel, "person": after[0], "seq": after[1], "most": most}
    return [Waiting(*row) for row in conn.execute(_WAITING, given).all()]


def bodies(conn: Connection, vault: Vault, keys: Sequence[Key], now: datetime) -> Bodies:
    """What these messages say, as far as they are still queued and their people still there."""
    told = Bodies({}, {}, set())
    for row in rows_at(conn, _BODIES, _KEY, keys, {"now": now}):
        key = row.participant_id, row.seq
        try:
            cipher = vault.cipher(f"participant:{row.participant_id}", row.data_key)
            body = cipher.open(f"outbox.body|{row.participant_id}|{row.seq}", row.sealed_body)
        except DecryptFailed:
            told.unreadable.add(key)
            continue
        (told.too_late if row.over else told.opened)[key] = body
    return told


def settle(conn: Connection, rows: Iterable[Settled]) -> None:
    """Store what became of messages. Those that are no longer queued stay as they are: a stop came first."""
    whole = [row._replace(cause=None if row.cause is None else kept(row.cause)) for row in rows]
    whole.sort(key=lambda row: row[-2:])
    update_rows(conn, outbox, Settled._fields[-2:], Settled._fields[:-2], whole, only="outbox.state = 'queued'")


def cancel(conn: Connection, participant_ids: Iterable[int]) -> None:
    """Send these people nothing of what is queued for them, in no channel."""
    rows = [("cancelled", one) for one in participant_ids]
    update_rows(conn, outbox, ("participant_id",), ("state",), rows, only="outbox.state = 'queued'")


def wrote_since(conn: Connection, channel: str, ids: Iterable[int]) -> set[int]:
    """Of people for whom something was called off in this channel, as they could not be reached there: those who have
    written in it since. It goes by the order of messages, so it holds whatever clocks say."""
    return set(conn.scalars(_WROTE_SINCE, {"channel": channel, "ids": list(ids)}))


def handed_over(conn: Connection, keys: Sequence[Key]) -> dict[Key, HandedOver]:
    """Where those of these messages are that their channel has taken. The others are left out."""
    rows = rows_at(conn, _HANDED_OVER, _KEY, keys)
    return {(row.participant_id, row.seq): HandedOver(row.channel, row.channel_id or "") for row in rows}


def asked_in(conn: Connection, channel: str, sent_before: datetime, now: datetime) -> list[AskedIn]:
    """Who has a question waiting that this channel took before then, or that was given up on the way to it, in order
    of id: while the channel was away, their answer may have been lost. Whose check-in is over ``now`` is left out."""
    asked = and_(outbox.c.participant_id == conversation.c.participant_id, outbox.c.seq == conversation.c.asked_seq)
    still_open = and_(
        conversation.c.state == literal_column("'open'"),
        or_(conversation.c.closes_at.is_(None), conversation.c.closes_at >= now),
    )
    taken = and_(_SENT, outbox.c.sent_at < sent_before)
    given_up = and_(_GIVEN_UP, outbox.c.created_at < sent_before)
    found = (
        select(conversation.c.participant_id, participant.c.time_zone, conversation.c.reacted_at)
        .join(outbox, asked)
        .join(participant, participant.c.id == conversation.c.participant_id)
        .where(still_open, outbox.c.channel == channel, or_(taken, given_up))
        .order_by(conversation.c.participant_id)
    )
    return [AskedIn(*row) for row in conn.execute(found)]


def oldest_waiting(conn: Connection, channel: str) -> datetime | None:
    """Since when the oldest message waits for this channel, or None when nothing waits."""
    asked = select(func.min(outbox.c.created_at)).where(outbox.c.channel == channel, _QUEUED)
    oldest: datetime | None = conn.scalar(asked)
    return oldest


def dead(conn: Connection, channel: str) -> int:
    """How many messages this channel would not take."""
    given_up = outbox.c.state == literal_column("'dead'")
    return conn.execute(select(func.count()).where(outbox.c.channel == channel, given_up)).scalar_one()
