"""Contacts: for whom Medvind has to do something of its own accord, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from storage.among import among
from storage.bulk import update_rows
from storage.inbox import PERSON, Person
from storage.schema import UtcDateTime, address, participant


class Planned(NamedTuple):
    """What is planned for one participant. ``sealed_agenda`` lies at ``participant.agenda|participant``."""

    next_due: datetime | None
    paused_until: datetime | None
    sealed_agenda: bytes
    id: int


class Reach(NamedTuple):
    """One address of somebody, unopened: its channel and its state, as in ``storage.addresses``."""

    channel: str
    state: str


_IS_DUE = participant.c.next_due <= bindparam("now", type_=UtcDateTime())
_DUE = (
    select(*PERSON)
    .where(_IS_DUE, participant.c.data_key.is_not(None))
    .order_by(participant.c.next_due)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_REACHES = (
    select(address.c.participant_id, address.c.channel, address.c.state)
    .where(among(address.c.participant_id, "ids"))
    .order_by(address.c.participant_id, address.c.since.desc())
)


def due(conn: Connection, now: datetime, most: int) -> list[Person]:
    """Those whose time has come, the longest first, locked until the transaction ends. Who is locked by somebody else
    is passed over: another process sees to them, or they write at this moment and are looked at again."""
    return [Person(*row) for row in conn.execute(_DUE, {"now": now, "most": most}).all()]


def plan(conn: Connection, planned: Sequence[Planned]) -> None:
    """Store when Medvind has to look again, and what it goes by."""
    update_rows(conn, participant, Planned._fields[-1:], Planned._fields[:-1], planned)


def put_off(conn: Connection, now: datetime, until: datetime) -> int | None:
    """Pass over whoever is due first, and look at them again at ``until``: the number of that participant, or None
    when nobody is due."""
    first = conn.execute(_DUE, {"now": now, "most": 1}).first()
    if first is None:
        return None
    look_again(conn, first.id, until)
    return int(first.id)


def look_again(conn: Connection, participant_id: int, at: datetime) -> None:
    """Something changed for somebody outside of a conversation: what is due is found out anew at ``at``."""
    conn.execute(update(participant).where(participant.c.id == participant_id).values(next_due=at))


def reaches(conn: Connection, ids: Sequence[int]) -> dict[int, list[Reach]]:
    """The addresses of people in messengers, the newest first. Who has none is left out."""
    found: dict[int, list[Reach]] = {}
    for person, channel, state in conn.execute(_REACHES, {"ids": list(ids)}).all():
        found.setdefault(person, []).append(Reach(channel, state))
    return found
