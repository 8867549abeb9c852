"""Own: everything that is kept of one participant, opened with that person's key. For nobody's eyes but theirs.

Every function reads the rows of one participant. What is kept of several people belongs to the modules of its tables.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, Table, null, select, union_all

from storage import checkins
from storage.checkins import Consent, Given
from storage.digests import card_place
from storage.schema import (
    address,
    answer,
    assignment,
    card,
    consent,
    contact_log,
    conversation,
    inbox,
    outbox,
    participant,
)
from storage.vault import Cipher

OVER = ("closed", "expired", "stopped", "broken")
"""States of conversations that nobody goes on with."""


class OwnTalk(NamedTuple):
    """One conversation, without what was said in it."""

    number: int
    dialogue: str
    version: int
    state: str
    started_at: datetime
    ended_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nobody goes on with it."""
        return self.state in OVER


class OwnAnswer(NamedTuple):
    """One revision of an answer, and what was written in it."""

    given: Given
    words: str

    @property
    def conversation(self) -> int:
        """Where it was given."""
        return self.given.conversation

    @property
    def name(self) -> str:
        """What a session and a card remember the answer by."""
        return f"{self.given.question}:{self.given.each}" if self.given.each else self.given.question


class OwnCard(NamedTuple):
    """What was shared at one share step. ``lines`` is what the share step stored, opened."""

    conversation: int
    step: str
    dialogue: str
    version: int
    language: str
    lines: bytes
    shared_at: datetime


class Accompanied(NamedTuple):
    """Who was assigned to the person, and from when to when; ``until`` is None for the specialist of now.
    ``sees_since`` where the person lets them see what was shared from then on, before they came."""

    staff_id: int
    since: datetime
    until: datetime | None
    sees_since: datetime | None


class Contact(NamedTuple):
    """That a specialist noted contact on a local date."""

    staff_id: int
    day: str


class Message(NamedTuple):
    """One message as it is kept. ``message_id`` is None for what the person was told."""

    seq: int
    conversation: int
    channel: str
    message_id: str | None
    at: datetime
    body: bytes


class Place(NamedTuple):
    """Where the person is reached, opened."""

    channel: str
    address: str
    state: str
    since: datetime


def created_at(conn: Connection, participant_id: int) -> datetime:
    """Since when the person is known. Raises KeyError."""
    row = conn.execute(select(participant.c.created_at).where(participant.c.id == participant_id)).first()
    if row is None:
        raise KeyError(f"participant:{participant_id}")
    since: datetime = row.created_at
    return since


def agenda(conn: Connection, cipher: Cipher, participant_id: int) -> bytes | None:
    """The sealed plan, opened; None for somebody who has none yet."""
    sealed = conn.scalar(select(participant.c.sealed_agenda).where(participant.c.id == participant_id))
    return cipher.open(agenda_place(participant_id), sealed) if sealed else None


def talks(conn: Connection, participant_id: int) -> list[OwnTalk]:
    """Every conversation, oldest first."""
    columns = (conversation.c[name] for name in OwnTalk._fields)
    asked = select(*columns).where(conversation.c.participant_id == participant_id)
    return [OwnTalk(*row) for row in conn.execute(asked.order_by(conversation.c.number))]


def answers(conn: Connection, cipher: Cipher, participant_id: int) -> list[OwnAnswer]:
    """Every revision of every answer, in the order of giving."""
    asked = select(*(answer.c[name] for name in Given._fields)).where(answer.c.participant_id == participant_id)
    rows = conn.execute(asked.order_by(answer.c.revision, answer.c.question, answer.c.each))
    return [OwnAnswer(given, checkins.words_of(cipher, given)) for given in (Given(*row) for row in rows)]


def cards(conn: Connection, cipher: Cipher, participant_id: int) -> list[OwnCard]:
    """Every card, newest first, whoever could read it."""
    asked = _of(card, participant_id).order_by(card.c.shared_at.desc(), card.c.conversation.desc(), card.c.step)
    return [_card(cipher, row) for row in conn.execute(asked)]


def one_card(
    conn: Connection, cipher: Cipher, participant_id: int, conversation_number: int, step: str
) -> OwnCard | None:
    """The card of one share step, if there is one."""
    asked = _of(card, participant_id).where(card.c.conversation == conversation_number, card.c.step == step)
    row = conn.execute(asked).first()
    return None if row is None else _card(cipher, row)


def accompanied(conn: Connection, participant_id: int) -> list[Accompanied]:
    """Everybody who was ever assigned, oldest first."""
    asked = select(*(assignment.c[name] for name in Accompanied._fields))
    mine = asked.where(assignment.c.participant_id == participant_id).order_by(assignment.c.since)
    return [Accompanied(*row) for row in conn.execute(mine)]


def contacts(conn: Connection, participant_id: int) -> list[Contact]:
    """When specialists noted that there was contact, oldest first."""
    asked = select(contact_log.c.staff_id, contact_log.c.day).where(contact_log.c.participant_id == participant_id)
    return [Contact(*row) for row in conn.execute(asked.order_by(contact_log.c.day, contact_log.c.staff_id))]


def consents(conn: Connection, participant_id: int) -> list[Consent]:
    """Every decision about taking part, oldest first."""
    asked = select(*(consent.c[name] for name in Consent._fields))
    mine = asked.where(consent.c.participant_id == participant_id).order_by(consent.c.at, consent.c.question)
    return [Consent(*row) for row in conn.execute(mine)]


def messages(conn: Connection, cipher: Cipher, participant_id: int) -> list[Message]:
    """Both sides of every conversation in order, and what was said beside them."""
    ours = select(
        outbox.c.seq,
        outbox.c.conversation,
        outbox.c.channel,
        null().label("message_id"),
        outbox.c.created_at.label("at"),
        outbox.c.sealed_body,
    ).where(outbox.c.participant_id == participant_id)
    theirs = select(
        inbox.c.seq,
        inbox.c.conversation,
        inbox.c.channel,
        inbox.c.message_id,
        inbox.c.received_at.label("at"),
        inbox.c.sealed_body,
    ).where(inbox.c.participant_id == participant_id)
    rows = conn.execute(union_all(ours, theirs).order_by("seq")).all()
    return [
        Message(
            seq=row.seq,
            conversation=row.conversation,
            channel=row.channel,
            message_id=row.message_id,
            at=row.at,
            body=cipher.open(body_place(participant_id, *row[:4]), row.sealed_body),
        )
        for row in rows
    ]


def places(conn: Connection, cipher: Cipher, participant_id: int) -> list[Place]:
    """Where the person is reached, by channel."""
    rows = conn.execute(_of(address, participant_id).order_by(address.c.channel)).all()
    return [
        Place(
            row.channel,
            cipher.open(f"address.address|{participant_id}|{row.channel}", row.sealed_address).decode(),
            row.state,
            row.since,
        )
        for row in rows
    ]


def session(conn: Connection, cipher: Cipher, participant_id: int, number: int) -> bytes:
    """What one conversation stands at, opened. Raises KeyError."""
    mine = (conversation.c.participant_id == participant_id) & (conversation.c.number == number)
    sealed = conn.scalar(select(conversation.c.sealed_session).where(mine))
    if sealed is None:
        raise KeyError(f"conversation {number}")
    return cipher.open(session_place(participant_id, number), sealed)


# Where they lie -------------------------------------------------------------------------------------------------------


def agenda_place(participant_id: int) -> str:
    """Where the plan is sealed."""
    return f"participant.agenda|{participant_id}"


def session_place(participant_id: int, number: int) -> str:
    """Where a conversation's session is sealed."""
    return f"conversation.session|{participant_id}|{number}"


def body_place(participant_id: int, seq: int, _: int, channel: str, message_id: str | None) -> str:
    """Where a message is sealed. The arguments after the first are those of a ``Message``, in its order."""
    if message_id is None:
        return f"outbox.body|{participant_id}|{seq}"
    return f"inbox.body|{participant_id}|{channel}|{message_id}"


def _of(table: Table, participant_id: int) -> Select[Any]:
    return select(table).where(table.c.participant_id == participant_id)


def _card(cipher: Cipher, row: Row[Any]) -> OwnCard:
    lines = cipher.open(card_place(row), row.sealed_lines)
    return OwnCard(row.conversation, row.step, row.dialogue, row.version, row.language, lines, row.shared_at)
