"""Caseloads: who accompanies whom, of everybody. Nothing in it depends on what anybody does or leaves undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, select

from storage.people import Participant, participant_of
from storage.schema import assignment, participant, staff
from storage.vault import Vault


class Placed(NamedTuple):
    """A participant, and who accompanies them since when; None for nobody."""

    person: Participant
    staff_id: int | None
    since: datetime | None


def everybody(conn: Connection, vault: Vault) -> list[Placed]:
    """Everybody who was not erased, in order of id."""
    return [_placed(vault, row) for row in conn.execute(_asked().order_by(participant.c.id)).all()]


def one(conn: Connection, vault: Vault, participant_id: int) -> Placed | None:
    """One of them; None for somebody unknown, and for somebody who was erased."""
    row = conn.execute(_asked().where(participant.c.id == participant_id)).first()
    return None if row is None else _placed(vault, row)


def _asked() -> Select[Any]:
    """Whoever has left the staff accompanies nobody."""
    assigned = and_(assignment.c.participant_id == participant.c.id, assignment.c.until.is_(None))
    here = and_(staff.c.id == assignment.c.staff_id, staff.c.active)
    return (
        select(participant, staff.c.id.label("accompanied_by"), assignment.c.since.label("accompanied_since"))
        .select_from(participant)
        .outerjoin(assignment, assigned)
        .outerjoin(staff, here)
        .where(participant.c.data_key.is_not(None))
    )


def _placed(vault: Vault, row: Row[Any]) -> Placed:
    since = None if row.accompanied_by is None else row.accompanied_since
    return Placed(participant_of(vault, row), row.accompanied_by, since)
