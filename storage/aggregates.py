"""Aggregates: what is counted for everybody together. What leaves here are totals, and cards for whoever tallies them.

Who stands behind a total comes with it. No statement gives a figure for one person.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, FromClause, Table, and_, func, literal_column, or_, select

from storage.digests import card_place
from storage.schema import assignment, card, conversation, outbox, participant
from storage.vault import Vault


class Total(NamedTuple):
    """How many participants, and how many specialists who accompanied them at that time."""

    people: int
    specialists: int


class Asked(NamedTuple):
    """Conversations that came, those that somebody took up, and who stands behind all of them."""

    behind: Total
    came: int
    taken_up: int


@dataclass(frozen=True, slots=True)
class SharedCard:
    """One card, and who accompanied its person when it was shared. ``lines`` are left out of ``repr``."""

    participant_id: int
    staff_id: int | None
    dialogue: str
    version: int
    language: str
    lines: bytes = field(repr=False)


def people_here(conn: Connection) -> int:
    """How many participants there are now, whatever they do."""
    return conn.scalar(select(func.count()).where(participant.c.data_key.is_not(None))) or 0


def taking_part(conn: Connection, start: datetime, end: datetime) -> Total:
    """Who wrote or pressed anything in a conversation that began from ``start`` to before ``end``."""
    asked = select(*_behind(conversation)).select_from(_accompanied(conversation, conversation.c.started_at))
    began = _within(conversation.c.started_at, start, end)
    return Total(*conn.execute(asked.where(began, conversation.c.reacted_at.is_not(None))).one())


def invited(conn: Connection, dialogues: Collection[str], start: datetime, end: datetime) -> Asked:
    """Conversations of these dialogues that began in a time."""
    counted = (*_behind(conversation), func.count(), func.count(conversation.c.reacted_at))
    asked = select(*counted).select_from(_accompanied(conversation, conversation.c.started_at))
    began = _within(conversation.c.started_at, start, end)
    people, specialists, came, taken_up = conn.execute(asked.where(began, conversation.c.dialogue.in_(dialogues))).one()
    return Asked(Total(people, specialists), came, taken_up)


def undelivered(conn: Connection, start: datetime, end: datetime) -> Total:
    """To whom a message from a time could not be delivered."""
    asked = select(*_behind(outbox)).select_from(_accompanied(outbox, outbox.c.created_at))
    return Total(*conn.execute(asked.where(_DEAD, _within(outbox.c.created_at, start, end))).one())


def shared(
    conn: Connection, vault: Vault, start: datetime, end: datetime, after: int, room: int
) -> tuple[int, list[SharedCard]]:
    """What the next ``room`` participants after number ``after`` shared in a time, oldest first; and the number of the
    last of these participants, or 0 when there is nobody any more."""
    of = participant.c.id
    ids = conn.scalars(select(of).where(of > after, participant.c.data_key.is_not(None)).order_by(of).limit(room)).all()
    if not ids:
        return 0, []
    people = card.join(participant, of == card.c.participant_id)
    asked = (
        select(card, participant.c.data_key, assignment.c.staff_id)
        .select_from(_accompanied(card, card.c.shared_at, people))
        .where(of.between(ids[0], ids[-1]), participant.c.data_key.is_not(None))
        .where(_within(card.c.shared_at, start, end))
        .order_by(card.c.participant_id, card.c.shared_at)
    )
    return ids[-1], [_opened(vault, row) for row in conn.execute(asked)]


_DEAD = outbox.c.state == literal_column("'dead'")
"""Written out, or the index of the few that were given up could not be used."""


def _behind(table: Table) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return func.count(table.c.participant_id.distinct()), func.count(assignment.c.staff_id.distinct())


def _accompanied(table: Table, moment: Column[Any], rows: FromClause | None = None) -> FromClause:
    """Rows with the specialist of that moment, if there was one: never two."""
    its = and_(
        assignment.c.participant_id == table.c.participant_id,
        assignment.c.since <= moment,
        or_(assignment.c.until.is_(None), assignment.c.until > moment),
    )
    return (table if rows is None else rows).outerjoin(assignment, its)


def _within(moment: Column[Any], start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(moment >= start, moment < end)


def _opened(vault: Vault, row: Any) -> SharedCard:
    cipher = vault.cipher(f"participant:{row.participant_id}", row.data_key)
    lines = cipher.open(card_place(row), row.sealed_lines)
    return SharedCard(row.participant_id, row.staff_id, row.dialogue, row.version, row.language, lines)
