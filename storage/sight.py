"""Sight: which cards a specialist may see. Whatever reaches staff asks here, and nothing else decides it.

It is what was shared

* by people assigned to this specialist now, since that assignment began: they chose with that specialist in mind. It
  is more when a person let a new specialist see what was shared before;
* by people of a specialist who was away and for whom this one read. Only what was begun and shared while that was so:
  at the beginning they were told who will read it;
* by one person, to a specialist who opened it in an emergency, while that lasts: what the person's own specialist may
  see, or could see last. It is on a page of its own, and in no overview and no message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, and_, bindparam, func, literal_column, select

from storage.among import among
from storage.leave import covering
from storage.schema import UtcDateTime, assignment, card, conversation, emergency, participant, staff

Seen = tuple[int, Row[Any]]
"""A specialist, and a card that they may see."""

KEY = (card.c.participant_id, card.c.conversation, card.c.step, card.c.shared_at)
"""What tells cards apart, and their order."""


def visible(
    conn: Connection,
    columns: tuple[Column[Any], ...],
    readers: Sequence[int],
    since: datetime | None,
    participant_id: int | None = None,
) -> list[Seen]:
    """Which of these specialists may see which cards, in no order. Without ``since``, from the beginning."""
    asked = _of_readers(columns, since is not None, participant_id is not None)
    given = {"readers": list(readers), "since": since, "one": participant_id}
    own = [(row.reader, row) for row in conn.execute(asked, given).all()]
    return [*own, *_covered(conn, columns, readers, since, participant_id)]


def in_emergency(
    conn: Connection, columns: tuple[Column[Any], ...], reader: int, participant_id: int, now: datetime
) -> list[Row[Any]]:
    """Which cards of a person this specialist may see in an emergency, in no order. Without one, none."""
    is_open = and_(
        emergency.c.participant_id == card.c.participant_id,
        emergency.c.staff_id == reader,
        emergency.c.began_at <= now,
        emergency.c.ends_at > now,
        emergency.c.ended_at.is_(None),
    )
    asked = (
        select(*columns)
        .join(participant, participant.c.id == card.c.participant_id)
        .where(card.c.participant_id == participant_id, participant.c.data_key.is_not(None))
        .where(select(emergency.c.staff_id).join(staff).where(is_open, staff.c.active).exists())
        .where(card.c.shared_at >= _LAST_SAW.correlate(card).scalar_subquery())
    )
    return list(conn.execute(asked).all())


def with_news(conn: Connection, readers: Sequence[int], since: datetime, until: datetime) -> set[int]:
    """Those of these specialists who may see something that was shared after ``since`` and no later than ``until``."""
    own = conn.scalars(_HAVE_NEWS, {"readers": list(readers), "since": since, "until": until})
    covered = _covered(conn, KEY, readers, since)
    return {*own, *(reader for reader, row in covered if since < row.shared_at <= until)}


def _covered(
    conn: Connection,
    columns: tuple[Column[Any], ...],
    readers: Sequence[int],
    since: datetime | None,
    participant_id: int | None = None,
) -> Iterator[Seen]:
    covers = [each for each in covering(conn, readers) if since is None or since < each.end]
    if not covers:
        return
    start = min(each.start for each in covers)
    given = {
        "readers": list({each.absent for each in covers}),
        "since": start if since is None else max(start, since),
        "one": participant_id,
    }
    for row in conn.execute(_of_absent(columns, participant_id is not None), given).all():
        for each in covers:
            if each.absent == row.reader and each.told(row.started_at, row.shared_at):
                yield each.reader, row


_LAST_SAW = (
    select(func.coalesce(assignment.c.sees_since, assignment.c.since))
    .where(assignment.c.participant_id == card.c.participant_id)
    .order_by(assignment.c.since.desc())
    .limit(1)
)
_MAY_SEE = (
    staff.c.active,
    assignment.c.until.is_(None),
    participant.c.data_key.is_not(None),
    card.c.shared_at >= func.coalesce(assignment.c.sees_since, assignment.c.since),
)
_SINCE = bindparam("since", type_=UtcDateTime())
_NEWS = (
    select(card.c.participant_id)
    .join(assignment, assignment.c.participant_id == card.c.participant_id)
    .join(participant, participant.c.id == card.c.participant_id)
    .where(assignment.c.staff_id == staff.c.id, *_MAY_SEE, card.c.shared_at > _SINCE)
    .where(card.c.shared_at <= bindparam("until", type_=UtcDateTime()))
    .offset(literal_column("0"))  # keeps PostgreSQL from reading all cards: it looks for one of each specialist
)
_HAVE_NEWS = select(staff.c.id).where(among(staff.c.id, "readers"), _NEWS.correlate(staff).exists())


@lru_cache(maxsize=16)
def _of_readers(columns: tuple[Column[Any], ...], since: bool, one: bool) -> Select[Any]:
    asked = (
        select(assignment.c.staff_id.label("reader"), *columns)
        .join(participant, participant.c.id == card.c.participant_id)
        .join(assignment, assignment.c.participant_id == card.c.participant_id)
        .join(staff, staff.c.id == assignment.c.staff_id)
        .where(among(assignment.c.staff_id, "readers"), *_MAY_SEE)
    )
    if since:
        asked = asked.where(card.c.shared_at >= _SINCE)
    return asked.where(card.c.participant_id == bindparam("one")) if one else asked


@lru_cache(maxsize=16)
def _of_absent(columns: tuple[Column[Any], ...], one: bool) -> Select[Any]:
    """With the beginning of the check-in. Who was assigned in its middle was told of another specialist's cover."""
    its = and_(conversation.c.participant_id == card.c.participant_id, conversation.c.number == card.c.conversation)
    asked = _of_readers(columns, True, one).add_columns(conversation.c.started_at).join(conversation, its)
    return asked.where(conversation.c.started_at >= assignment.c.since)
