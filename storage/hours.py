"""Hours: when each specialist works and gets a digest, and who they are when a mail is made for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from storage.bulk import among
from storage.people import Staff, staff_of
from storage.schema import staff
from storage.vault import Vault


class Hours(NamedTuple):
    """ISO weekdays, e.g. "12345"; a local time, HH:MM; and the zone that it is local in."""

    working_days: str
    digest_at: str
    time_zone: str


_HERE = (staff.c.active, staff.c.role == "specialist", staff.c.data_key.is_not(None))
_HOURS = select(staff.c.id, *(staff.c[name] for name in Hours._fields)).where(*_HERE).order_by(staff.c.id)
_SOME = select(staff).where(among(staff.c.id, "ids"), *_HERE).order_by(staff.c.id)


def all_hours(conn: Connection) -> dict[Hours, list[int]]:
    """The hours that specialists keep, and who keeps them, in order of id. Nothing is decrypted."""
    found: dict[Hours, list[int]] = {}
    for staff_id, *kept in conn.execute(_HOURS).all():
        found.setdefault(Hours(*kept), []).append(staff_id)
    return found


def specialists(conn: Connection, vault: Vault, ids: Iterable[int]) -> list[Staff]:
    """Those of them who are specialists here now, in order of id. They stay so until the transaction ends: whoever
    leaves waits meanwhile."""
    return [staff_of(vault, row) for row in conn.execute(_SOME.with_for_update(read=True), {"ids": list(ids)}).all()]


def set_hours(conn: Connection, staff_id: int, hours: Hours) -> None:
    """Keep these hours from now on. Raises KeyError."""
    changed = conn.execute(update(staff).where(staff.c.id == staff_id).values(hours._asdict()))
    if not changed.rowcount:
        raise KeyError(f"staff:{staff_id}")
