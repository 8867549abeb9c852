"""People: participants and staff, how they are called, and who accompanies whom.

Every function takes an open transaction. An unknown id raises KeyError, an erased person ``storage.vault.Erased``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, insert, select, update

from storage import schema
from storage.access import Who as Who
from storage.access import end_session as end_session
from storage.access import new_link as new_link
from storage.access import open_link as open_link
from storage.access import revoke_links as revoke_links
from storage.access import session_owner as session_owner
from storage.access import start_session as start_session
from storage.schema import assignment, metadata
from storage.vault import Cipher, Vault

STATES = ("active", "paused", "stopped")
ROLES = ("specialist", "coordinator", "translator", "administrator", "auditor")


@dataclass(frozen=True, slots=True)
class Participant:
    """A participant. What identifies the person is left out of ``repr``, so that no log shows it."""

    id: int
    cipher: Cipher = field(repr=False)
    name: str = field(repr=False)
    pseudonym: str = field(repr=False)
    language: str
    state: str
    paused_until: datetime | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff. ``working_days`` are ISO weekdays, e.g. "12345"; ``digest_at`` and the two ends of the working
    hours are local times, HH:MM. None stands for what they have not said."""

    id: int
    name: str = field(repr=False)
    mail: str = field(repr=False)
    role: str
    language: str
    time_zone: str
    working_days: str
    digest_at: str
    hours_from: str | None = None
    hours_to: str | None = None
    answers_within: int | None = None
    """Working days for a request."""
    most_open: int | None = None
    """So many open requests are enough for them."""
    reviews: tuple[str, ...] = ()
    """The languages whose texts they may say are reviewed, as a translator."""


def add_participant(
    conn: Connection, vault: Vault, *, name: str, pseudonym: str, language: str, time_zone: str, now: datetime
) -> int:
    """The id of the new participant, who has a key of their own and no address yet."""
    values = {
        "language": language,
        "state": "active",
        "time_zone": time_zone,
        "next_seq": 1,
        "next_conversation": 1,
        "created_at": now,
    }
    return _add(conn, vault, schema.participant, values, {"name": name, "pseudonym": pseudonym})


def participant(conn: Connection, vault: Vault, participant_id: int) -> Participant:
    """One participant. Raises KeyError and Erased."""
    return participant_of(vault, _row(conn, schema.participant, participant_id))


def present(conn: Connection, vault: Vault, participant_id: int) -> Cipher:
    """The cipher of somebody who is there, and stays there until the transaction ends: an erasure waits meanwhile.
    Raises KeyError and Erased."""
    table = schema.participant
    locked = select(table.c.data_key).where(table.c.id == participant_id).with_for_update()
    row = conn.execute(locked).first()
    if row is None:
        raise KeyError(f"participant:{participant_id}")
    return vault.cipher(f"participant:{participant_id}", row.data_key)


def add_staff(
    conn: Connection,
    vault: Vault,
    *,
    name: str,
    mail: str,
    role: str,
    language: str,
    time_zone: str,
    now: datetime,
    working_days: str = "12345",
    digest_at: str = "08:00",
) -> int:
    """The id of the new member of staff. Raises ValueError for an unknown role."""
    values = {
        "role": _one_of(ROLES, role),
        "language": language,
        "time_zone": time_zone,
        "working_days": working_days,
        "digest_at": digest_at,
        "active": True,
        "created_at": now,
    }
    return _add(conn, vault, schema.staff, values, {"name": name, "mail": mail})


def staff(conn: Connection, vault: Vault, staff_id: int) -> Staff:
    """One member of staff, whether still here or not. Raises KeyError and Erased."""
    return staff_of(vault, _row(conn, schema.staff, staff_id))


def all_staff(conn: Connection, vault: Vault, role: str | None = None) -> list[Staff]:
    """Everybody on the staff now, or everybody with one role, in order of id."""
    table = schema.staff
    asked = select(table).where(table.c.active, table.c.data_key.is_not(None)).order_by(table.c.id)
    if role is not None:
        asked = asked.where(table.c.role == _one_of(ROLES, role))
    return [staff_of(vault, row) for row in conn.execute(asked)]


def assign(conn: Connection, participant_id: int, staff_id: int, now: datetime) -> None:
    """From now on this specialist accompanies the participant, and nobody else. The earlier assignment is kept as
    history. The new specialist sees what is shared from now on, and of what was before only the agreements, until the
    participant chooses otherwise (``let_see``). Raises KeyError, and ValueError when the member of staff is no
    specialist or has left."""
    specialist = _staying(conn, staff_id)
    if specialist.role != "specialist" or not specialist.active:
        raise ValueError(f"staff:{staff_id} is no specialist who could accompany somebody")
    lock(conn, participant_id)
    if specialist_of(conn, participant_id) == staff_id:
        return
    conn.execute(update(assignment).where(_assigned(participant_id)).values(until=now))
    conn.execute(insert(assignment), {"participant_id": participant_id, "staff_id": staff_id, "since": now})


def let_see(conn: Connection, participant_id: int, since: datetime | None) -> None:
    """The specialist who is assigned now may see what the participant shared from ``since`` on, with whomever; with
    None only what was shared with them. Whoever comes next begins anew. Nobody assigned: no effect."""
    conn.execute(update(assignment).where(_assigned(participant_id)).values(sees_since=since))


def specialist_of(conn: Connection, participant_id: int) -> int | None:
    """The id of the specialist who is assigned now, if anybody is."""
    return conn.scalar(select(assignment.c.staff_id).where(_assigned(participant_id)))


def caseload(conn: Connection, vault: Vault, staff_id: int) -> list[Participant]:
    """Everybody who is assigned to this specialist now, in order of id, which says nothing about anybody."""
    table = schema.participant
    rows = conn.execute(
        select(table)
        .join(assignment)
        .where(assignment.c.staff_id == staff_id, assignment.c.until.is_(None), table.c.data_key.is_not(None))
        .order_by(table.c.id)
    )
    return [participant_of(vault, row) for row in rows]


def set_language(conn: Connection, participant_id: int, language: str) -> None:
    """The language of everything from now on. Raises KeyError."""
    _change(conn, participant_id, {"language": language})


def set_state(conn: Connection, participant_id: int, state: str, paused_until: datetime | None = None) -> None:
    """``state`` is "active", "paused" or "stopped". Raises KeyError and ValueError."""
    _change(conn, participant_id, {"state": _one_of(STATES, state), "paused_until": paused_until})


def set_time_zone(conn: Connection, participant_id: int, time_zone: str, now: datetime) -> None:
    """Where the person is from now on: an IANA name. What is due is found out anew. Raises KeyError."""
    _change(conn, participant_id, {"time_zone": time_zone, "next_due": now})


def erase(conn: Connection, participant_id: int) -> None:
    """Forget a person for good. The number stays, so that it is never given again, and so do audit records.

    The key goes first: that locks the row against turns that are under way, and makes every copy of what it sealed
    unreadable. Afterwards ``Vault.forget`` and ``Database.scrub``. Raises KeyError.
    """
    nothing = dict.fromkeys(
        ("data_key", "sealed_name", "sealed_pseudonym", "paused_until", "next_due", "sealed_agenda")
    )
    _change(conn, participant_id, {**nothing, "state": "stopped", "language": "und", "time_zone": "UTC"})
    for table in reversed(metadata.sorted_tables):
        if "participant_id" in table.c and table is not schema.audit:
            conn.execute(delete(table).where(table.c.participant_id == participant_id))


def _add(conn: Connection, vault: Vault, table: Table, values: dict[str, Any], private: dict[str, str]) -> int:
    """The id must be known before anything can be sealed: it is part of the owner and of the place."""
    primary_key = conn.execute(insert(table), values).inserted_primary_key
    assert primary_key is not None
    new_id: int = primary_key[0]
    owner = f"{table.name}:{new_id}"
    wrapped = vault.new_key(owner)
    cipher = vault.cipher(owner, wrapped)
    sealed = {f"sealed_{name}": cipher.seal(f"{table.name}.{name}|{new_id}", text) for name, text in private.items()}
    conn.execute(update(table).where(table.c.id == new_id).values(data_key=wrapped, **sealed))
    return new_id


def participant_name(cipher: Cipher, participant_id: int, sealed_name: bytes) -> str:
    """The name that the table ``participant`` holds of somebody."""
    return cipher.open(f"participant.name|{participant_id}", sealed_name).decode()


def staff_name(vault: Vault, row: Row[Any]) -> str:
    """The name in a row with a member of staff's ``id``, ``data_key`` and ``sealed_name``."""
    cipher = vault.cipher(f"staff:{row.id}", row.data_key)
    return cipher.open(f"staff.name|{row.id}", row.sealed_name).decode()


def participant_of(vault: Vault, row: Row[Any]) -> Participant:
    """A participant from a whole row of the table. Raises Erased."""
    cipher = vault.cipher(f"participant:{row.id}", row.data_key)
    return Participant(
        id=row.id,
        cipher=cipher,
        name=participant_name(cipher, row.id, row.sealed_name),
        pseudonym=cipher.open(f"participant.pseudonym|{row.id}", row.sealed_pseudonym).decode(),
        language=row.language,
        state=row.state,
        paused_until=row.paused_until,
        time_zone=row.time_zone,
    )


def staff_of(vault: Vault, row: Row[Any]) -> Staff:
    """A member of staff from a whole row of the table."""
    cipher = vault.cipher(f"staff:{row.id}", row.data_key)
    return Staff(
        id=row.id,
        name=staff_name(vault, row),
        mail=cipher.open(f"staff.mail|{row.id}", row.sealed_mail).decode(),
        role=row.role,
        language=row.language,
        time_zone=row.time_zone,
        working_days=row.working_days,
        digest_at=row.digest_at,
        hours_from=row.hours_from,
        hours_to=row.hours_to,
        answers_within=row.answers_within,
        most_open=row.most_open,
        reviews=tuple((row.reviews or "").split()),
    )


def _row(conn: Connection, table: Table, row_id: int) -> Row[Any]:
    row = conn.execute(select(table).where(table.c.id == row_id)).first()
    if row is None:
        raise KeyError(f"{table.name}:{row_id}")
    return row


def _staying(conn: Connection, staff_id: int) -> Row[Any]:
    """Somebody on the staff who neither leaves nor gets another role until the transaction ends."""
    table = schema.staff
    row = conn.execute(select(table).where(table.c.id == staff_id).with_for_update(read=True)).first()
    if row is None:
        raise KeyError(f"staff:{staff_id}")
    return row


def _assigned(participant_id: int) -> ColumnElement[bool]:
    return and_(assignment.c.participant_id == participant_id, assignment.c.until.is_(None))


def lock(conn: Connection, participant_id: int) -> None:
    """One change of a person's assignment at a time. On SQLite there is only one writer anyway. Raises KeyError."""
    table = schema.participant
    if conn.scalar(select(table.c.id).where(table.c.id == participant_id).with_for_update()) is None:
        raise KeyError(f"participant:{participant_id}")


def _change(conn: Connection, participant_id: int, values: dict[str, Any]) -> None:
    table = schema.participant
    if not conn.execute(update(table).where(table.c.id == participant_id).values(values)).rowcount:
        raise KeyError(f"participant:{participant_id}")


def _one_of(known: tuple[str, ...], value: str) -> str:
    if value not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}")
    return value
