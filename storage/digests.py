"""Digests: the cards that participants chose to share, and which mails about them have left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select, update

from storage.bulk import delete_rows, insert_rows
from storage.dialects import insert_new
from storage.schema import assignment, card, digest, participant
from storage.vault import Cipher, Vault


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card as it was shared. ``lines`` is what the share step stored. Names and lines are left out of ``repr``."""

    participant_id: int
    pseudonym: str = field(repr=False)
    name: str = field(repr=False)
    conversation: int
    step: str
    dialogue: str
    version: int
    language: str
    lines: bytes = field(repr=False)
    shared_at: datetime


class Card(NamedTuple):
    """A card as it is kept. ``sealed_card`` makes one."""

    participant_id: int
    conversation: int
    step: str
    dialogue: str
    version: int
    language: str
    sealed_lines: bytes
    shared_at: datetime


CardKey = tuple[int, int, str]
"""Participant, conversation and share step."""


def put_cards(conn: Connection, cards: Sequence[Card]) -> None:
    """Share these lines, instead of what the same step of the same conversation shared before."""
    remove_cards(conn, [one[:3] for one in cards])
    insert_rows(conn, card, Card._fields, cards)


def remove_cards(conn: Connection, keys: Sequence[CardKey]) -> None:
    """Share nothing of these steps any more. Without a card it has no effect."""
    delete_rows(conn, card, Card._fields[:3], keys)


def sealed_card(
    cipher: Cipher,
    *,
    participant_id: int,
    conversation: int,
    step: str,
    dialogue: str,
    version: int,
    language: str,
    lines: bytes,
    shared_at: datetime,
) -> Card:
    """A card with its lines sealed."""
    sealed = cipher.seal(_place(participant_id, conversation, step), lines)
    return Card(participant_id, conversation, step, dialogue, version, language, sealed, shared_at)


def cards_for(
    conn: Connection, vault: Vault, staff_id: int, since: datetime | None, participant_id: int | None = None
) -> list[CardRow]:
    """What is shared with a specialist, newest last: the one way by which anything of a participant reaches staff.

    Only of people assigned to this specialist now, and only what they shared since that assignment began: they
    chose with that specialist in mind. ``since`` and ``participant_id`` narrow it further.
    """
    assigned = and_(assignment.c.staff_id == staff_id, assignment.c.until.is_(None))
    asked = (
        select(card, participant.c.data_key, participant.c.sealed_name, participant.c.sealed_pseudonym)
        .join(participant, participant.c.id == card.c.participant_id)
        .join(assignment, assignment.c.participant_id == card.c.participant_id)
        .where(assigned, participant.c.data_key.is_not(None), card.c.shared_at >= assignment.c.since)
        .order_by(card.c.shared_at, card.c.participant_id, card.c.conversation, card.c.step)
    )
    if since is not None:
        asked = asked.where(card.c.shared_at >= since)
    if participant_id is not None:
        asked = asked.where(card.c.participant_id == participant_id)
    return [_card(vault, row) for row in conn.execute(asked)]


def claim_digest(conn: Connection, staff_id: int, day: str, message_id: str, now: datetime) -> bool:
    """Whether this day's mail is ours to send. It is given once, so a crash leaves no mail rather than two.

    ``day`` is a local date, e.g. "2026-03-02".
    """
    row = {"staff_id": staff_id, "day": day, "message_id": message_id, "state": "sending", "created_at": now}
    claimed = conn.execute(insert_new(conn, digest), row, execution_options={"preserve_rowcount": True})
    return claimed.rowcount == 1


def mark_digest(conn: Connection, staff_id: int, day: str, state: str, now: datetime) -> None:
    """``state`` is "sent", or "held": nobody knows whether it arrived, so it is not sent again."""
    sent_at = now if state == "sent" else None
    conn.execute(update(digest).where(_of(staff_id, day)).values(state=state, sent_at=sent_at))


def release_digest(conn: Connection, staff_id: int, day: str) -> None:
    """Give a claimed day back: its mail surely did not leave, and may be tried again."""
    conn.execute(delete(digest).where(_of(staff_id, day), digest.c.state == "sending"))


def hold_interrupted(conn: Connection, before: datetime) -> None:
    """Hold every mail that was claimed before then and never heard of again."""
    interrupted = and_(digest.c.state == "sending", digest.c.created_at < before)
    conn.execute(update(digest).where(interrupted).values(state="held"))


def digest_state(conn: Connection, staff_id: int, day: str) -> str | None:
    """ "sending", "sent" or "held"; None when nothing was to be sent."""
    return conn.scalar(select(digest.c.state).where(_of(staff_id, day)))


def _of(staff_id: int, day: str) -> ColumnElement[bool]:
    return and_(digest.c.staff_id == staff_id, digest.c.day == day)


def _card(vault: Vault, row: Row[Any]) -> CardRow:
    person = row.participant_id
    cipher = vault.cipher(f"participant:{person}", row.data_key)
    return CardRow(
        participant_id=person,
        pseudonym=cipher.open(f"participant.pseudonym|{person}", row.sealed_pseudonym).decode(),
        name=cipher.open(f"participant.name|{person}", row.sealed_name).decode(),
        conversation=row.conversation,
        step=row.step,
        dialogue=row.dialogue,
        version=row.version,
        language=row.language,
        lines=cipher.open(card_place(row), row.sealed_lines),
        shared_at=row.shared_at,
    )


def card_place(row: Row[Any]) -> str:
    """Where the lines of a row of the table ``card`` lie."""
    return _place(row.participant_id, row.conversation, row.step)


def _place(participant_id: int, conversation: int, step: str) -> str:
    return f"card.lines|{participant_id}|{conversation}|{step}"
