"""Emergencies: when a specialist who is not assigned opened what somebody shared, and why. It lasts for a while and
ends by itself. The reason is sealed with the participant's key: it goes when they are erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from storage.schema import assignment, emergency, participant
from storage.vault import Cipher, Vault


@dataclass(frozen=True, slots=True)
class Emergency:
    """One time. ``reason`` is "" where it was not opened with the rest."""

    participant_id: int
    staff_id: int
    began_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    """When its button was pressed. None: it ended, or ends, by itself."""
    reason: str = field(default="", repr=False)

    def is_open(self, now: datetime) -> bool:
        """Whether the cards can be seen."""
        return self.ended_at is None and self.began_at <= now < self.ends_at


def begin(conn: Connection, cipher: Cipher, one: Emergency) -> None:
    """Let this specialist see what the person shared, for as long as it says. ``cipher`` is the person's."""
    place = _place(one.participant_id, one.staff_id, one.began_at)
    row = {name: getattr(one, name) for name in ("participant_id", "staff_id", "began_at", "ends_at", "ended_at")}
    conn.execute(insert(emergency), {**row, "sealed_reason": cipher.seal(place, one.reason)})


def end(conn: Connection, staff_id: int, participant_id: int | None, now: datetime) -> list[int]:
    """It is over for this specialist: with one person, or with all. Whose it was, in order."""
    open_now = [emergency.c.staff_id == staff_id, emergency.c.ended_at.is_(None), emergency.c.ends_at > now]
    if participant_id is not None:
        open_now.append(emergency.c.participant_id == participant_id)
    ended = update(emergency).where(*open_now).values(ended_at=now).returning(emergency.c.participant_id)
    return sorted(set(conn.scalars(ended)))


def current(conn: Connection, staff_id: int, now: datetime) -> list[Emergency]:
    """What is open to this specialist now, the newest first."""
    asked = _newest().where(emergency.c.staff_id == staff_id, emergency.c.ends_at > now, emergency.c.ended_at.is_(None))
    return [_plain(row) for row in conn.execute(asked).all()]


def since(conn: Connection, moment: datetime) -> list[Emergency]:
    """Every one from a moment on, the newest first, without reasons."""
    return [_plain(row) for row in conn.execute(_newest().where(emergency.c.began_at >= moment)).all()]


def of_caseload(conn: Connection, vault: Vault, staff_id: int, moment: datetime) -> list[Emergency]:
    """Those from a moment on about the people of a specialist, the newest first, with reasons."""
    asked = (
        _newest(participant.c.data_key)
        .join(participant, participant.c.id == emergency.c.participant_id)
        .join(assignment, assignment.c.participant_id == emergency.c.participant_id)
        .where(assignment.c.staff_id == staff_id, assignment.c.until.is_(None), emergency.c.began_at >= moment)
    )
    rows = conn.execute(asked).all()
    return [_opened(vault.cipher(f"participant:{row.participant_id}", row.data_key), row) for row in rows]


def of(conn: Connection, cipher: Cipher, participant_id: int) -> Sequence[Emergency]:
    """Every one about one person, the newest first, with reasons."""
    rows = conn.execute(_newest().where(emergency.c.participant_id == participant_id)).all()
    return [_opened(cipher, row) for row in rows]


def _newest(*more: Any) -> Select[Any]:
    return select(emergency, *more).order_by(emergency.c.began_at.desc(), emergency.c.participant_id)


def _plain(row: Row[Any]) -> Emergency:
    return Emergency(row.participant_id, row.staff_id, row.began_at, row.ends_at, row.ended_at)


def _opened(cipher: Cipher, row: Row[Any]) -> Emergency:
    place = _place(row.participant_id, row.staff_id, row.began_at)
    reason = cipher.open(place, row.sealed_reason).decode()
    return Emergency(row.participant_id, row.staff_id, row.began_at, row.ends_at, row.ended_at, reason)


def _place(participant_id: int, staff_id: int, began_at: datetime) -> str:
    return f"emergency.reason|{participant_id}|{staff_id}|{int(began_at.timestamp())}"
