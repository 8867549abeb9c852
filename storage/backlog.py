"""Backlog: what waits to be done and what went wrong, as numbers: for whoever keeps watch. No key is needed for it.

What is asked at every scrape of the metrics goes by partial indexes. The rest is for ``medvind doctor``.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, literal_column, or_, select

from storage import staff_notices
from storage.schema import audit, digest, inbox, outbox, participant, staff, staff_notice, stray

MISSED = "check_in.missed"
"""The audit's word for check-ins that were left out because Medvind was away at their time. Its details hold how
many ``people``; it names nobody."""

_QUEUED = outbox.c.state == literal_column("'queued'")
_DEAD = outbox.c.state == literal_column("'dead'")
"""Written out, like the others here, or their indexes could not be used."""


class Heap(NamedTuple):
    """So many things that wait, and since when the oldest does; None when nothing waits."""

    number: int
    oldest: datetime | None


def queued(conn: Connection) -> dict[str, Heap]:
    """What waits to be sent, by channel. A channel without anything is left out."""
    asked = select(outbox.c.channel, func.count(), func.min(outbox.c.created_at)).where(_QUEUED)
    return {row[0]: Heap(row[1], row[2]) for row in conn.execute(asked.group_by(outbox.c.channel))}


def dead(conn: Connection, since: datetime | None = None) -> dict[str, int]:
    """How many messages each channel would not take, of those that were written ``since`` then."""
    asked = select(outbox.c.channel, func.count()).where(_DEAD)
    if since is not None:
        asked = asked.where(outbox.c.created_at >= since)
    return {row[0]: row[1] for row in conn.execute(asked.group_by(outbox.c.channel))}


def due(conn: Connection, before: datetime) -> Heap:
    """For how many people something should have been done ``before`` then, and since when."""
    column = participant.c.next_due
    asked = select(func.count(), func.min(column)).where(column.is_not(None), column < before)
    count, oldest = conn.execute(asked).one()
    return Heap(count, oldest)


def unsent_digests(conn: Connection, since: datetime | None = None) -> dict[str, int]:
    """How many mails to specialists are "sending" or "held", of those that were begun ``since`` then."""
    asked = select(digest.c.state, func.count()).where(digest.c.state != literal_column("'sent'"))
    if since is not None:
        asked = asked.where(digest.c.created_at >= since)
    return {row[0]: row[1] for row in conn.execute(asked.group_by(digest.c.state))}


def untold(conn: Connection, since: datetime, before: datetime) -> int:
    """How many notices for somebody who is on the staff were given up, of those from ``since`` then, or still wait
    though they are from ``before`` then."""
    given_up = and_(staff_notice.c.state == staff_notices.GIVEN_UP, staff_notice.c.created_at >= since)
    waits = and_(staff_notice.c.state == staff_notices.QUEUED, staff_notice.c.created_at < before)
    here = staff_notice.join(staff, (staff.c.id == staff_notice.c.staff_id) & staff.c.active)
    return conn.execute(select(func.count()).select_from(here).where(or_(given_up, waits))).scalar_one()


def strays(conn: Connection) -> dict[str, int]:
    """How much came in that nobody could read, by channel. It is kept for some days."""
    return {row[0]: row[1] for row in conn.execute(select(stray.c.channel, func.count()).group_by(stray.c.channel))}


def quarantined(conn: Connection, since: datetime) -> int:
    """How many messages were kept since then though nobody could answer them."""
    kept = inbox.c.state == literal_column("'quarantined'")
    return conn.execute(select(func.count()).where(kept, inbox.c.received_at >= since)).scalar_one()


def missed(conn: Connection, since: datetime) -> int:
    """How many check-ins were left out since then because Medvind was away at their time."""
    noted = (audit.c.participant_id.is_(None), audit.c.at >= since, audit.c.action == MISSED)
    return sum(details.get("people", 0) for details in conn.scalars(select(audit.c.details).where(*noted)) if details)
