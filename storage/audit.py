"""Audit: who did what and when. Records are added and never changed; none holds a person's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from storage.schema import audit


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One thing that was done. ``actor`` is e.g. "staff:7", "participant:12" or "system"."""

    id: int
    at: datetime
    actor: str
    action: str
    participant_id: int | None
    details: Mapping[str, Any] | None


def record(
    conn: Connection,
    *,
    at: datetime,
    actor: str,
    action: str,
    participant_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down that ``actor`` did ``action``. ``details`` holds names and numbers of things, as JSON."""
    row = {"at": at, "actor": actor, "action": action, "participant_id": participant_id}
    conn.execute(insert(audit), {**row, "details": None if details is None else dict(details)})


def records(conn: Connection, participant_id: int) -> list[AuditRecord]:
    """Everything that was done with a participant's data, oldest first."""
    asked = select(audit).where(audit.c.participant_id == participant_id).order_by(audit.c.at, audit.c.id)
    return [AuditRecord(**row._mapping) for row in conn.execute(asked)]


def since(conn: Connection, action: str, moment: datetime) -> list[AuditRecord]:
    """Every time that something was done, from a moment on, oldest first."""
    asked = select(audit).where(audit.c.action == action, audit.c.at >= moment).order_by(audit.c.at, audit.c.id)
    return [AuditRecord(**row._mapping) for row in conn.execute(asked)]


class Wanted(NamedTuple):
    """Which records somebody looks for. What is None is any."""

    start: datetime | None = None
    """At that moment or later."""
    end: datetime | None = None
    """Before that moment."""
    actor: str | None = None
    action: str | None = None
    participant_id: int | None = None


def search(conn: Connection, wanted: Wanted, before: int | None, most: int) -> list[AuditRecord]:
    """Records, the newest first: those with a number below ``before``, and no more than ``most`` of them."""
    asked = select(audit).order_by(audit.c.id.desc()).limit(most)
    if wanted.start is not None:
        asked = asked.where(audit.c.at >= wanted.start)
    if wanted.end is not None:
        asked = asked.where(audit.c.at < wanted.end)
    for column, value in zip((audit.c.actor, audit.c.action, audit.c.participant_id), wanted[2:], strict=True):
        if value is not None:
            asked = asked.where(column == value)
    if before is not None:
        asked = asked.where(audit.c.id < before)
    return [AuditRecord(**row._mapping) for row in conn.execute(asked)]


def actions(conn: Connection) -> list[str]:
    """Everything that was ever written down, each once, in the order of the alphabet."""
    return list(conn.scalars(select(audit.c.action).distinct().order_by(audit.c.action)))
