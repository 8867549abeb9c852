"""Hours: when each specialist works, gets a digest and answers, and who they are when a mail is made for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select, update

from storage.among import among
from storage.people import Staff, staff_of
from storage.schema import staff
from storage.vault import Vault


class Hours(NamedTuple):
    """ISO weekdays, e.g. "12345"; a local time, HH:MM; the zone that it is local in; and, where they were said, the
    local times at which work begins and ends."""

    working_days: str
    digest_at: str
    time_zone: str
    hours_from: str | None = None
    hours_to: str | None = None


class Answering(NamedTuple):
    """Within how many working days requests are answered, and how many open ones are enough. None: not said."""

    answers_within: int | None = None
    most_open: int | None = None


_SPECIALIST = "specialist"
_HERE = (staff.c.active, staff.c.role == _SPECIALIST, staff.c.data_key.is_not(None))
_HOURS = select(staff.c.id, *(staff.c[name] for name in Hours._fields)).where(*_HERE).order_by(staff.c.id)
_SOME = select(staff).where(among(staff.c.id, "ids"), *_HERE).order_by(staff.c.id)

_WHO = ("id", "data_key", "sealed_name", "role", "active", "answers_within")
KEPT = tuple(staff.c[name] for name in (*_WHO, *Hours._fields))
"""The columns that tell who answers, and when."""

_KEPT = select(*KEPT).where(among(staff.c.id, "ids"))


def all_hours(conn: Connection) -> dict[Hours, list[int]]:
    """The hours that specialists keep, and who keeps them, in order of id. Nothing is decrypted."""
    found: dict[Hours, list[int]] = {}
    for staff_id, *keeping in conn.execute(_HOURS).all():
        found.setdefault(Hours(*keeping), []).append(staff_id)
    return found


def specialists(conn: Connection, vault: Vault, ids: Iterable[int]) -> list[Staff]:
    """Those of them who are specialists here now, in order of id. They stay so until the transaction ends: whoever
    leaves waits meanwhile."""
    return [staff_of(vault, row) for row in conn.execute(_SOME.with_for_update(read=True), {"ids": list(ids)}).all()]


def kept(conn: Connection, ids: Iterable[int]) -> dict[int, Row[Any]]:
    """The columns of ``KEPT`` of these members of staff."""
    return {row.id: row for row in conn.execute(_KEPT, {"ids": list(ids)}).all()}


def hours_of(row: Row[Any]) -> Hours:
    """The hours in a row with the columns of ``KEPT``."""
    return Hours(*(getattr(row, name) for name in Hours._fields))


def is_here(row: Row[Any]) -> bool:
    """Whether such a row is that of a specialist who is here now."""
    return bool(row.active) and row.role == _SPECIALIST


def set_hours(conn: Connection, staff_id: int, hours: Hours, answering: Answering | None = None) -> None:
    """Keep these hours from now on, and answer so; without ``answering``, as before. Raises KeyError."""
    values = {**hours._asdict(), **(answering._asdict() if answering else {})}
    changed = conn.execute(update(staff).where(staff.c.id == staff_id).values(values))
    if not changed.rowcount:
        raise KeyError(f"staff:{staff_id}")


def set_language(conn: Connection, staff_id: int, language: str) -> None:
    """The language of the pages and of the messages to somebody on the staff."""
    conn.execute(update(staff).where(staff.c.id == staff_id).values(language=language))
