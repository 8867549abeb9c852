"""Agreements: who does what by when, each act of either side a revision of its own. Nothing is ever changed or lost.

What a revision means is decided in ``bot.agreements``. Who may read them is decided by whoever asks: the participant,
and the specialist who is assigned now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, bindparam, func, literal_column, select

from storage.among import among
from storage.dialects import insert_new
from storage.schema import agreement, assignment, participant
from storage.vault import Cipher, Vault

Side = Literal["participant", "specialist"]
Owner = Literal["participant", "specialist", "together", "someone_else"]
State = Literal["proposed", "active", "done", "dropped", "declined"]


class Overtaken(Exception):
    """Somebody was quicker: this revision is there already. Nothing was stored; look again at what stands now."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One revision. ``what`` and ``sign`` (how both notice that it is done, or "") are somebody's words in
    ``language``, left out of ``repr``; ``due`` is a local date. ``staff_id`` is the specialist of that moment."""

    participant_id: int
    number: int
    revision: int
    what: str = field(repr=False)
    sign: str = field(repr=False)
    language: str
    owner: Owner
    due: date | None
    state: State
    made_by: Side
    staff_id: int | None
    confirmed_by_participant_at: datetime | None
    confirmed_by_specialist_at: datetime | None
    at: datetime


def of(conn: Connection, cipher: Cipher, participant_id: int) -> list[Agreement]:
    """Every revision of every agreement of a person, by number and revision."""
    asked = select(agreement).where(agreement.c.participant_id == participant_id)
    rows = conn.execute(asked.order_by(agreement.c.number, agreement.c.revision))
    return [_opened(cipher, row) for row in rows.all()]


def one(conn: Connection, cipher: Cipher, participant_id: int, number: int) -> list[Agreement]:
    """Every revision of one agreement, oldest first; empty when there is none with this number."""
    mine = and_(agreement.c.participant_id == participant_id, agreement.c.number == number)
    rows = conn.execute(select(agreement).where(mine).order_by(agreement.c.revision))
    return [_opened(cipher, row) for row in rows.all()]


def current(conn: Connection, cipher: Cipher, participant_id: int) -> list[Agreement]:
    """Each agreement of a person as it stands now, by number, those that are over too."""
    return list({each.number: each for each in of(conn, cipher, participant_id)}.values())


def open_for(conn: Connection, vault: Vault, people: Iterable[int]) -> dict[int, list[Agreement]]:
    """What is proposed or active of each of these people, by number. Others are left out. One statement for all."""
    found: dict[int, list[Agreement]] = {}
    for row in conn.execute(_OPEN, {"ids": list(people)}).all():
        cipher = vault.cipher(f"participant:{row.participant_id}", row.data_key)
        found.setdefault(row.participant_id, []).append(_opened(cipher, row))
    return found


def with_day(conn: Connection, readers: Iterable[int], after: date, until: date) -> set[int]:
    """Those of these specialists who have agreed on something, with somebody assigned to them now, whose day came after
    ``after`` and no later than ``until``. Nothing is decrypted."""
    days = {"after": after.isoformat(), "until": until.isoformat()}
    return set(conn.scalars(_WITH_DAY, {"readers": list(readers), **days}))


def days_ahead(conn: Connection, after: date) -> list[date]:
    """The days after ``after`` on which anything is to be done that anybody has agreed on. Nothing is decrypted."""
    return [date.fromisoformat(day) for day in conn.scalars(_DAYS_AHEAD, {"after": after.isoformat()})]


def next_number(conn: Connection, participant_id: int) -> int:
    """The number of a person's next agreement. Whoever has locked the person (``people.present``) is alone with it."""
    mine = select(func.max(agreement.c.number)).where(agreement.c.participant_id == participant_id)
    return (conn.scalar(mine) or 0) + 1


def put(conn: Connection, cipher: Cipher, made: Agreement) -> None:
    """Store a revision. Raises Overtaken when there is one with its number already."""
    row = {each.name: getattr(made, each.name) for each in fields(made) if each.name not in ("what", "sign", "due")}
    row["due"] = made.due.isoformat() if made.due else None
    row["sealed_what"] = cipher.seal(_place("what", made), made.what)
    row["sealed_sign"] = cipher.seal(_place("sign", made), made.sign) if made.sign else None
    stored = insert_new(conn, agreement).returning(agreement.c.revision)
    if conn.execute(stored, row).first() is None:
        raise Overtaken(f"agreement {made.participant_id}|{made.number}|{made.revision}")


_LATER = agreement.alias("later")
_OVERTAKEN = (
    select(_LATER.c.revision)
    .where(
        _LATER.c.participant_id == agreement.c.participant_id,
        _LATER.c.number == agreement.c.number,
        _LATER.c.revision > agreement.c.revision,
    )
    .exists()
)
_OPEN = (
    select(agreement, participant.c.data_key)
    .join(participant, participant.c.id == agreement.c.participant_id)
    .where(
        among(agreement.c.participant_id, "ids"),
        participant.c.data_key.is_not(None),
        agreement.c.state.in_([literal_column("'proposed'"), literal_column("'active'")]),
        ~_OVERTAKEN,
    )
    .order_by(agreement.c.participant_id, agreement.c.number)
)


_WITH_DAY = (
    select(assignment.c.staff_id)
    .join(agreement, agreement.c.participant_id == assignment.c.participant_id)
    .join(participant, participant.c.id == assignment.c.participant_id)
    .where(
        among(assignment.c.staff_id, "readers"),
        assignment.c.until.is_(None),
        participant.c.data_key.is_not(None),
        agreement.c.state == literal_column("'active'"),
        agreement.c.due > bindparam("after"),
        agreement.c.due <= bindparam("until"),
        ~_OVERTAKEN,
    )
    .distinct()
)


_DAYS_AHEAD = (
    select(agreement.c.due)
    .where(agreement.c.state == literal_column("'active'"), agreement.c.due > bindparam("after"), ~_OVERTAKEN)
    .distinct()
    .order_by(agreement.c.due)
)


def _opened(cipher: Cipher, row: Row[Any]) -> Agreement:
    plain = {each.name: getattr(row, each.name) for each in fields(Agreement) if each.name not in _SEALED}
    return Agreement(
        **{**plain, "due": date.fromisoformat(row.due) if row.due else None},
        what=cipher.open(_place("what", row), row.sealed_what).decode(),
        sign=cipher.open(_place("sign", row), row.sealed_sign).decode() if row.sealed_sign else "",
    )


_SEALED = ("what", "sign")


def _place(column: str, of: Agreement | Row[Any]) -> str:
    return f"agreement.{column}|{of.participant_id}|{of.number}|{of.revision}"
