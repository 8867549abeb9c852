"""Addresses: where people are reached in a channel, from an invitation to the day nobody is there any more.

An address is ``waiting`` from its claim until a specialist confirms that the right person is at it; until then nothing
is sent there and nothing from there is heard. Then it is ``active``, or ``unreachable`` while the channel refuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from storage import people
from storage.among import among
from storage.schema import address, assignment, participant, staff, staff_address
from storage.vault import Vault

WAITING, ACTIVE, UNREACHABLE = "waiting", "active", "unreachable"


class AddressTaken(ValueError):
    """Somebody else is reached at this address, or waits there. The message does not repeat it."""


class StillReached(ValueError):
    """The participant has a confirmed address in this channel, and it is another one. It has to be detached first."""


class Standing(NamedTuple):
    """Who is at an address, and how they stand there. ``check_number`` while they wait, or None."""

    participant_id: int
    state: str
    check_number: str | None


class ToConfirm(NamedTuple):
    """Somebody who waits for their specialist to say that it is them."""

    participant_id: int
    channel: str
    check_number: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Where:
    """An opened address. Nothing is sent to it before ``quiet_until``, and only while it is active."""

    address: str = field(repr=False)
    state: str
    quiet_until: datetime | None


_REACHED_AT = select(address.c.channel, address.c.lookup, address.c.participant_id).where(
    tuple_(address.c.channel, address.c.lookup).in_(bindparam("places", expanding=True)), address.c.state != WAITING
)


def participants_at(conn: Connection, vault: Vault, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Who is reached at (channel, address). Unknown ones are left out, and those who wait to be confirmed."""
    lookups = {(channel, vault.lookup(channel, where)): (channel, where) for channel, where in places}
    if not lookups:
        return {}
    rows = conn.execute(_REACHED_AT, {"places": list(lookups)}).all()
    return {lookups[channel, lookup]: participant_id for channel, lookup, participant_id in rows}


def standing_at(conn: Connection, vault: Vault, channel: str, where: str) -> Standing | None:
    """How somebody stands at this address, or None when nobody is known there."""
    asked = select(*(address.c[name] for name in Standing._fields))
    row = conn.execute(asked.filter_by(channel=channel, lookup=vault.lookup(channel, where))).first()
    return None if row is None else Standing(*row)


def where(conn: Connection, vault: Vault, channel: str, ids: Iterable[int]) -> dict[int, Where]:
    """The addresses of these people in one channel. Who has none there is left out."""
    rows = conn.execute(_WHERE, {"ids": list(ids), "in_channel": channel}).all()
    return {row.participant_id: _opened(vault, row) for row in rows}


# Coming to an address -------------------------------------------------------------------------------------------------


def add_address(conn: Connection, vault: Vault, participant_id: int, channel: str, where: str, now: datetime) -> None:
    """Reach a participant here from now on; an earlier address in the same channel is replaced.

    Raises AddressTaken, KeyError and Erased.
    """
    _put(conn, vault, participant_id, channel, where, {"state": ACTIVE, "since": now})


def claim(
    conn: Connection, vault: Vault, participant_id: int, channel: str, where: str, check_number: str, now: datetime
) -> str:
    """Let somebody who came with an invitation wait here to be confirmed. The state they are in now.

    A claim takes the place of one that still waits, never of an address that was confirmed, not even one that is
    unreachable: whoever found an invitation could else cut off the person it was for. StillReached is raised until the
    specialist has detached the old address. Who was confirmed at this very address is active again at once.

    Raises AddressTaken, KeyError and Erased too. After StillReached and AddressTaken nothing has changed, and the
    transaction may go on.
    """
    people.present(conn, vault, participant_id)
    own = conn.execute(select(address.c.lookup, address.c.state).where(_at(participant_id, channel))).first()
    if own is None or own.state == WAITING:
        values = {"state": WAITING, "since": now, "check_number": check_number}
        _put(conn, vault, participant_id, channel, where, values)
        return WAITING
    if own.lookup != vault.lookup(channel, where):
        raise StillReached(f"participant:{participant_id} has a confirmed address in channel {channel}")
    reachable(conn, participant_id, channel, now)
    return ACTIVE


def confirm(
    conn: Connection, participant_id: int, channel: str, now: datetime, *, check_number: str | None = None
) -> bool:
    """Whether somebody waited and is active now. With ``check_number`` only if it is still theirs: between looking and
    confirming somebody else may have come to wait instead."""
    waits = and_(_at(participant_id, channel), address.c.state == WAITING)
    if check_number is not None:
        waits = and_(waits, address.c.check_number == check_number)
    return _change(conn, waits, {"state": ACTIVE, "since": now, "check_number": None})


def detach(conn: Connection, participant_id: int, channel: str) -> bool:
    """Whether there was an address, which is forgotten now. What is queued for it is not: see ``outbox.cancel``."""
    gone = conn.execute(delete(address).where(_at(participant_id, channel)))
    return gone.rowcount == 1


def waiting(conn: Connection, staff_id: int) -> list[ToConfirm]:
    """Who of this specialist's people waits to be confirmed, the longest first."""
    asked = _caseload(staff_id, *(address.c[name] for name in ToConfirm._fields)).where(address.c.state == WAITING)
    return [ToConfirm(*row) for row in conn.execute(asked.order_by(address.c.since, address.c.participant_id))]


# While they are there -------------------------------------------------------------------------------------------------


def unreachable(conn: Connection, participant_id: int, channel: str, now: datetime) -> bool:
    """The channel refuses this address. True the first time, so that the specialist is told once."""
    active = and_(_at(participant_id, channel), address.c.state == ACTIVE)
    return _change(conn, active, {"state": UNREACHABLE, "since": now})


def reachable(conn: Connection, participant_id: int, channel: str, now: datetime) -> bool:
    """Somebody is there again. True only when they could not be reached before."""
    away = and_(_at(participant_id, channel), address.c.state == UNREACHABLE)
    return _change(conn, away, {"state": ACTIVE, "since": now})


def unreachable_of(conn: Connection, staff_id: int, since: datetime) -> list[tuple[int, datetime]]:
    """Who of this specialist's people cannot be reached any more, and since when: at ``since`` or later."""
    latest = func.max(address.c.since)
    asked = (
        _caseload(staff_id, address.c.participant_id, latest.label("since"))
        .where(address.c.state == UNREACHABLE, address.c.since >= since)
        .group_by(address.c.participant_id)
        .order_by(latest, address.c.participant_id)
    )
    return [(row.participant_id, row.since) for row in conn.execute(asked)]


def unreachable_since(conn: Connection, participant_id: int) -> datetime | None:
    """Since when a messenger refuses an address of this person; None while none does."""
    mine = (address.c.participant_id == participant_id, address.c.state == UNREACHABLE)
    since: datetime | None = conn.scalar(select(func.max(address.c.since)).where(*mine))
    return since


def be_quiet(conn: Connection, participant_id: int, channel: str, until: datetime) -> None:
    """Send nothing to this address before ``until``."""
    _change(conn, _at(participant_id, channel), {"quiet_until": until})


_WHERE = (
    select(
        address.c.participant_id,
        address.c.channel,
        address.c.sealed_address,
        address.c.state,
        address.c.quiet_until,
        participant.c.data_key,
    )
    .join(participant, participant.c.id == address.c.participant_id)
    .where(
        among(address.c.participant_id, "ids"),
        address.c.channel == bindparam("in_channel"),
        participant.c.data_key.is_not(None),
    )
)


_ON_THE_STAFF = (
    select(staff_address.c.staff_id)
    .join(staff, staff.c.id == staff_address.c.staff_id)
    .where(staff.c.active, staff_address.c.channel == bindparam("channel"))
    .where(staff_address.c.lookup == bindparam("lookup"))
)


def _opened(vault: Vault, row: Any) -> Where:
    cipher = vault.cipher(f"participant:{row.participant_id}", row.data_key)
    opened = cipher.open(_place(row.participant_id, row.channel), row.sealed_address)
    return Where(opened.decode(), row.state, row.quiet_until)


def _put(conn: Connection, vault: Vault, participant_id: int, channel: str, where: str, values: dict[str, Any]) -> None:
    """The one address of a participant in a channel. Its refusal undoes only itself."""
    sealed = people.present(conn, vault, participant_id).seal(_place(participant_id, channel), where)
    key = {"participant_id": participant_id, "channel": channel, "lookup": vault.lookup(channel, where)}
    if conn.scalar(_ON_THE_STAFF, key) is not None:
        raise AddressTaken(f"somebody on the staff has this address in channel {channel}")
    try:
        with conn.begin_nested():
            conn.execute(delete(address).where(_at(participant_id, channel)))
            conn.execute(insert(address), {**key, "sealed_address": sealed, **values})
    except IntegrityError:
        raise AddressTaken(f"somebody else has this address in channel {channel}") from None


def _change(conn: Connection, which: ColumnElement[bool], values: dict[str, Any]) -> bool:
    return conn.execute(update(address).where(which).values(values)).rowcount == 1


def _caseload(staff_id: int, *columns: ColumnElement[Any]) -> Select[Any]:
    """Addresses of the people who are assigned to this specialist now."""
    assigned = and_(assignment.c.participant_id == address.c.participant_id, assignment.c.until.is_(None))
    return select(*columns).join_from(address, assignment, assigned).where(assignment.c.staff_id == staff_id)


def _at(participant_id: int, channel: str) -> ColumnElement[bool]:
    return and_(address.c.participant_id == participant_id, address.c.channel == channel)


def _place(participant_id: int, channel: str) -> str:
    return f"address.address|{participant_id}|{channel}"
