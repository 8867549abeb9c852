"""Earlier: which answer a message led to, for a person who changes the message or takes the answer back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, delete, func, or_, select, update

from storage.digests import card_place
from storage.schema import answer, assignment, card, inbox
from storage.vault import Cipher

Question = tuple[int, int, str, str]
"""Participant, conversation, key of the question, and what it is asked about if it is repeated."""


class Withdrawn(NamedTuple):
    """An answer of which nothing is kept but that it was taken back. ``before`` is the number of that message."""

    question: Question
    before: int


class OwnCard(NamedTuple):
    """A card of somebody's own: which script version asked, and the lines as they are stored."""

    dialogue: str
    version: int
    lines: bytes


def given_by(conn: Connection, participant_id: int, channel: str, message_id: str) -> Row[*tuple[Any, ...]] | None:
    """The answer that a message led to: its conversation, question, each, and the message's ``seq``."""
    asked = (
        select(answer.c.conversation, answer.c.question, answer.c.each, inbox.c.seq)
        .join(inbox, and_(inbox.c.participant_id == answer.c.participant_id, inbox.c.seq == answer.c.revision))
        .where(
            inbox.c.participant_id == participant_id,
            inbox.c.channel == channel,
            inbox.c.message_id == message_id,
            answer.c.participant_id == participant_id,
            answer.c.outcome != "retracted",
        )
        .order_by(answer.c.question)
    )
    return conn.execute(asked).first()


def latest_body(
    conn: Connection, cipher: Cipher, participant_id: int, channel: str, message_id: str, edits: str
) -> bytes:
    """What a message said when it was changed last, as it is kept, or b"" where it is not. Its changes have ids that
    begin with ``edits``."""
    is_it = or_(inbox.c.message_id == message_id, inbox.c.message_id.startswith(edits, autoescape=True))
    asked = (
        select(inbox.c.message_id, inbox.c.sealed_body)
        .where(inbox.c.participant_id == participant_id, inbox.c.channel == channel, is_it)
        .order_by(inbox.c.seq.desc())
    )
    row = conn.execute(asked).first()
    return (
        b"" if row is None else cipher.open(f"inbox.body|{participant_id}|{channel}|{row.message_id}", row.sealed_body)
    )


def forget(conn: Connection, cipher: Cipher, withdrawn: Withdrawn, nothing: bytes) -> None:
    """Delete every earlier revision of an answer, and put ``nothing`` in place of the messages that gave them, so that
    a second copy of such a message still has no effect."""
    participant_id, conversation, question, each = withdrawn.question
    of = and_(
        answer.c.participant_id == participant_id,
        answer.c.question == question,
        answer.c.each == each,
        answer.c.conversation == conversation,
        answer.c.revision < withdrawn.before,
    )
    revisions = list(conn.scalars(select(answer.c.revision).where(of)))
    conn.execute(delete(answer).where(of))
    messages = and_(inbox.c.participant_id == participant_id, inbox.c.seq.in_(revisions))
    for row in conn.execute(select(inbox.c.channel, inbox.c.message_id).where(messages)).all():
        sealed = cipher.seal(f"inbox.body|{participant_id}|{row.channel}|{row.message_id}", nothing)
        this = and_(inbox.c.participant_id == participant_id, inbox.c.channel == row.channel)
        conn.execute(update(inbox).where(this, inbox.c.message_id == row.message_id).values(sealed_body=sealed))


def own_card(conn: Connection, cipher: Cipher, participant_id: int, conversation: int, step: str) -> OwnCard | None:
    """What somebody shared at one share step; None when nothing is shared there any more."""
    mine = and_(card.c.participant_id == participant_id, card.c.conversation == conversation, card.c.step == step)
    row = conn.execute(select(card).where(mine)).first()
    if row is None:
        return None
    return OwnCard(row.dialogue, row.version, cipher.open(card_place(row), row.sealed_lines))


def shared(conn: Connection, cipher: Cipher, participant_id: int) -> list[tuple[datetime, bytes]]:
    """When somebody shared something that the specialist of today can see, oldest first, and the stored lines."""
    asked = (
        select(card)
        .join(assignment, and_(assignment.c.participant_id == card.c.participant_id, assignment.c.until.is_(None)))
        .where(
            card.c.participant_id == participant_id,
            card.c.shared_at >= func.coalesce(assignment.c.sees_since, assignment.c.since),
        )
        .order_by(card.c.shared_at)
    )
    return [(row.shared_at, cipher.open(card_place(row), row.sealed_lines)) for row in conn.execute(asked)]
