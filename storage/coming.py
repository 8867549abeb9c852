"""Coming: for whom something is due, and when the next of it is, for whoever lets time pass quicker than it does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.among import among
from storage.inbox import PERSON, Person
from storage.schema import participant

_HERE = participant.c.data_key.is_not(None)


def next_due(conn: Connection) -> datetime | None:
    """The first moment at which something is due for anybody; None while nothing will come."""
    first: datetime | None = conn.scalar(select(func.min(participant.c.next_due)).where(_HERE))
    return first


def due(conn: Connection, at: datetime) -> list[Person]:
    """Those for whom something is due at this moment or was before it, in order of id. Nobody is locked."""
    asked = select(*PERSON).where(participant.c.next_due <= at, _HERE).order_by(participant.c.id)
    return [Person(*row) for row in conn.execute(asked).all()]


def persons(conn: Connection, ids: Iterable[int]) -> list[Person]:
    """These people as they stand, in order of id. Who was erased is left out."""
    asked = select(*PERSON).where(among(participant.c.id, "ids"), _HERE).order_by(participant.c.id)
    return [Person(*row) for row in conn.execute(asked, {"ids": list(ids)}).all()]
