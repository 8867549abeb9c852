"""Digests: the cards that participants chose to share, who may see them, and which mails about them have left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, bindparam, literal_column, select, update

from storage import sight
from storage.among import among
from storage.bulk import delete_rows, insert_rows, update_rows
from storage.dialects import insert_new
from storage.schema import card, digest, participant
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
    """A card as it is kept. ``sealed_card`` makes one. ``untranslated_since`` where own words in it wait."""

    participant_id: int
    conversation: int
    step: str
    dialogue: str
    version: int
    language: str
    sealed_lines: bytes
    shared_at: datetime
    untranslated_since: datetime | None = None


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
    untranslated_since: datetime | None = None,
) -> Card:
    """A card with its lines sealed."""
    sealed = cipher.seal(_place(participant_id, conversation, step), lines)
    where = participant_id, conversation, step
    return Card(*where, dialogue, version, language, sealed, shared_at, untranslated_since)


# Who sees it ----------------------------------------------------------------------------------------------------------


def cards_for(
    conn: Connection, vault: Vault, staff_id: int, since: datetime | None, participant_id: int | None = None
) -> list[CardRow]:
    """What is shared with a specialist, newest last. ``since`` and ``participant_id`` narrow it.

    This and ``cards_in_emergency`` are the only ways by which anything that a participant answered reaches staff. What
    may be seen is decided in ``storage.sight``.
    """
    rows = sight.visible(conn, _WHOLE, [staff_id], since, participant_id)
    return [_card(vault, row) for _, row in sorted(rows, key=_newest_last)]


def cards_in_emergency(
    conn: Connection, vault: Vault, staff_id: int, participant_id: int, now: datetime
) -> list[CardRow]:
    """The same for one person whom a specialist opened in an emergency that lasts still."""
    rows = sight.in_emergency(conn, _WHOLE, staff_id, participant_id, now)
    return [_card(vault, row) for row in sorted(rows, key=lambda row: _newest_last((staff_id, row)))]


_WHOLE = (*card.c, participant.c.data_key, participant.c.sealed_name, participant.c.sealed_pseudonym)


def _newest_last(found: sight.Seen) -> tuple[datetime, int, int, str]:
    _, row = found
    return row.shared_at, row.participant_id, row.conversation, row.step


# Mails ----------------------------------------------------------------------------------------------------------------


MailKey = tuple[int, str]
"""A member of staff, and a local date such as "2026-03-02"."""


def claimed(conn: Connection, ids: Iterable[int], day: str) -> set[int]:
    """Those for whom the mail of this day was claimed already, whatever became of it."""
    return set(conn.scalars(_CLAIMED, {"ids": list(ids), "day": day}))


def claim_digests(conn: Connection, message_ids: Mapping[MailKey, str], now: datetime) -> set[MailKey]:
    """Which of these mails are ours to send. Each is given once, so a crash leaves no mail rather than two.

    Two processes that claim at once ask in the same order, so that one waits for the other and not each for each.
    """
    rows = [
        {"staff_id": staff_id, "day": day, "message_id": message_id, "state": "sending", "created_at": now}
        for (staff_id, day), message_id in sorted(message_ids.items())
    ]
    if not rows:
        return set()
    claim = insert_new(conn, digest).returning(digest.c.staff_id, digest.c.day)
    return {(row.staff_id, row.day) for row in conn.execute(claim, rows).all()}


def mark_digests(conn: Connection, mails: Iterable[MailKey], state: str, now: datetime) -> None:
    """``state`` is "sent", or "held": nobody knows whether it arrived, so it is not sent again."""
    sent_at = now if state == "sent" else None
    update_rows(conn, digest, ("staff_id", "day"), ("state", "sent_at"), [(state, sent_at, *mail) for mail in mails])


def release_digests(conn: Connection, mails: Iterable[MailKey]) -> None:
    """Give claimed days back: these mails surely did not leave, and may be tried again."""
    delete_rows(conn, digest, ("staff_id", "day", "state"), [(*mail, "sending") for mail in mails])


def hold_interrupted(conn: Connection, before: datetime) -> None:
    """Hold every mail that was claimed before then and never heard of again."""
    interrupted = and_(_UNSENT, digest.c.state == "sending", digest.c.created_at < before)
    conn.execute(update(digest).where(interrupted).values(state="held"))


def digest_state(conn: Connection, staff_id: int, day: str) -> str | None:
    """ "sending", "sent" or "held"; None when nothing was to be sent."""
    return conn.scalar(select(digest.c.state).where(digest.c.staff_id == staff_id, digest.c.day == day))


_UNSENT = digest.c.state != literal_column("'sent'")
"""Written out, or an index of the few that were not sent could not be used."""

_CLAIMED = select(digest.c.staff_id).where(among(digest.c.staff_id, "ids"), digest.c.day == bindparam("day"))


def _card(vault: Vault, row: Row[Any]) -> CardRow:
    person = row.participant_id
    cipher = vault.cipher(f"participant:{person}", row.data_key)
    return CardRow(
        participant_id=person,
        pseudonym=_pseudonym(cipher, person, row.sealed_pseudonym),
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


def _pseudonym(cipher: Cipher, participant_id: int, sealed: bytes) -> str:
    return cipher.open(f"participant.pseudonym|{participant_id}", sealed).decode()
