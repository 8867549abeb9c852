"""Staff addresses: where members of staff are told that an overview is ready, beside mail, and the links by which they
come there. A chat is never a participant's and a member of staff's at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.among import among
from storage.schema import address, staff, staff_address, staff_invitation
from storage.vault import Vault

ACTIVE, UNREACHABLE = "active", "unreachable"


class Taken(ValueError):
    """Somebody is reached at this address already, or waits there. The message does not repeat it."""


class Standing(NamedTuple):
    """Who on the staff is at an address, and how they stand there."""

    staff_id: int
    state: str


class Chat(NamedTuple):
    """Where somebody on the staff is reached or was: ``state`` since ``since``."""

    channel: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """An opened address that is active."""

    channel: str
    address: str = field(repr=False)


# Links ----------------------------------------------------------------------------------------------------------------


def invite(conn: Connection, vault: Vault, staff_id: int, token: str, now: datetime, expires_at: datetime) -> None:
    """Let the first who brings ``token`` be told what this member of staff is told. Earlier links open nothing more."""
    conn.execute(delete(staff_invitation).where(staff_invitation.c.staff_id == staff_id))
    row = {"token_hash": vault.token_hash(token), "staff_id": staff_id, "created_at": now, "expires_at": expires_at}
    conn.execute(insert(staff_invitation), row)


def claim(conn: Connection, vault: Vault, token: str, now: datetime) -> int | None:
    """Whose link this is; from now on it is used. None for an unknown, used or expired one, and for somebody who has
    left."""
    opens = and_(
        staff_invitation.c.token_hash == vault.token_hash(token),
        staff_invitation.c.used_at.is_(None),
        staff_invitation.c.expires_at > now,
        staff_invitation.c.staff_id.in_(select(staff.c.id).where(*_HERE)),
    )
    used = update(staff_invitation).where(opens).values(used_at=now).returning(staff_invitation.c.staff_id)
    whose: int | None = conn.scalar(used)
    return whose


def forget_links(conn: Connection, before: datetime) -> None:
    """Delete the links that were used or ran out before then."""
    over = or_(staff_invitation.c.used_at < before, staff_invitation.c.expires_at < before)
    conn.execute(delete(staff_invitation).where(over))


# Chats ----------------------------------------------------------------------------------------------------------------


def put(conn: Connection, vault: Vault, staff_id: int, channel: str, where: str, now: datetime) -> None:
    """Tell somebody on the staff here from now on, and nowhere else in this channel. Raises Taken, KeyError."""
    lookup = vault.lookup(channel, where)
    key = conn.scalar(select(staff.c.data_key).where(staff.c.id == staff_id))
    if key is None:
        raise KeyError(f"staff:{staff_id}")
    participants = select(address.c.participant_id).where(address.c.channel == channel, address.c.lookup == lookup)
    if conn.scalar(participants) is not None:
        raise Taken(f"somebody has this address in channel {channel}")
    sealed = vault.cipher(f"staff:{staff_id}", key).seal(_place(staff_id, channel), where)
    row = {"staff_id": staff_id, "channel": channel, "lookup": lookup, "sealed_address": sealed}
    try:
        with conn.begin_nested():
            remove(conn, staff_id, channel)
            conn.execute(insert(staff_address), {**row, "state": ACTIVE, "since": now})
    except IntegrityError:
        raise Taken(f"somebody has this address in channel {channel}") from None


def remove(conn: Connection, staff_id: int, channel: str) -> bool:
    """Whether there was an address, which is forgotten now."""
    return conn.execute(delete(staff_address).where(_of(staff_id, channel))).rowcount == 1


def standing_at(conn: Connection, vault: Vault, channel: str, where: str) -> Standing | None:
    """Who on the staff is at this address, None for nobody and for somebody who has left."""
    asked = select(staff_address.c.staff_id, staff_address.c.state).join(staff, staff.c.id == staff_address.c.staff_id)
    row = conn.execute(asked.where(_at(channel, vault.lookup(channel, where)), *_HERE)).first()
    return None if row is None else Standing(*row)


def chats(conn: Connection, staff_id: int) -> list[Chat]:
    """Where one member of staff is told, by channel."""
    asked = select(*(staff_address.c[name] for name in Chat._fields)).where(staff_address.c.staff_id == staff_id)
    return [Chat(*row) for row in conn.execute(asked.order_by(staff_address.c.channel))]


def active(conn: Connection, vault: Vault, ids: Iterable[int]) -> dict[int, Place]:
    """Where these members of staff are reached now: of several chats the one that began last. Others are left out."""
    found: dict[int, Place] = {}
    for row in conn.execute(_ACTIVE, {"ids": list(ids)}).all():
        cipher = vault.cipher(f"staff:{row.staff_id}", row.data_key)
        opened = cipher.open(_place(row.staff_id, row.channel), row.sealed_address).decode()
        found[row.staff_id] = Place(row.channel, opened)
    return found


def unreachable(conn: Connection, staff_id: int, channel: str, now: datetime) -> None:
    """The messenger refuses this address."""
    _turn(conn, staff_id, channel, ACTIVE, UNREACHABLE, now)


def reachable(conn: Connection, staff_id: int, channel: str, now: datetime) -> None:
    """Somebody is there again."""
    _turn(conn, staff_id, channel, UNREACHABLE, ACTIVE, now)


_HERE = (staff.c.active, staff.c.data_key.is_not(None))
_ACTIVE = (
    select(staff_address.c.staff_id, staff_address.c.channel, staff_address.c.sealed_address, staff.c.data_key)
    .join(staff, staff.c.id == staff_address.c.staff_id)
    .where(among(staff_address.c.staff_id, "ids"), staff_address.c.state == ACTIVE, *_HERE)
    .order_by(staff_address.c.since, staff_address.c.channel)
)


def _turn(conn: Connection, staff_id: int, channel: str, before: str, after: str, now: datetime) -> None:
    mine = and_(_of(staff_id, channel), staff_address.c.state == before)
    conn.execute(update(staff_address).where(mine).values(state=after, since=now))


def _of(staff_id: int, channel: str) -> ColumnElement[bool]:
    return and_(staff_address.c.staff_id == staff_id, staff_address.c.channel == channel)


def _at(channel: str, lookup: bytes) -> ColumnElement[bool]:
    return and_(staff_address.c.channel == channel, staff_address.c.lookup == lookup)


def _place(staff_id: int, channel: str) -> str:
    return f"staff_address.address|{staff_id}|{channel}"
