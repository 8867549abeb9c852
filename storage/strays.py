"""Strays: what a channel delivered and nobody could read. Kept for a few days, sealed with the deployment's key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from storage.causes import kept
from storage.dialects import insert_new
from storage.schema import stray
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Stray:
    """One of them, as it came. Its content is left out of ``repr``, so that no log shows it."""

    channel: str
    update_id: str
    body: bytes = field(repr=False)
    cause: str
    received_at: datetime


def keep(conn: Connection, vault: Vault, channel: str, update_id: str, body: bytes, cause: str, now: datetime) -> None:
    """Keep what came as ``body``. ``update_id`` is the channel's own: a second copy has no effect.

    ``cause`` is type and place of the error, never content.
    """
    row = {"channel": channel, "update_id": update_id, "cause": kept(cause), "received_at": now}
    sealed = vault.deployment.seal(_place(channel, update_id), body)
    conn.execute(insert_new(conn, stray), {**row, "sealed_body": sealed})


def read(conn: Connection, vault: Vault) -> list[Stray]:
    """All of them, oldest first: for whoever finds out what went wrong. Raises DecryptFailed."""
    rows = conn.execute(select(stray).order_by(stray.c.received_at, stray.c.channel, stray.c.update_id))
    return [
        Stray(
            channel=row.channel,
            update_id=row.update_id,
            body=vault.deployment.open(_place(row.channel, row.update_id), row.sealed_body),
            cause=row.cause,
            received_at=row.received_at,
        )
        for row in rows
    ]


def count(conn: Connection) -> int:
    """How many there are."""
    return conn.execute(select(func.count()).select_from(stray)).scalar_one()


def purge(conn: Connection, before: datetime) -> int:
    """Forget what came before then. How many these were."""
    return conn.execute(delete(stray).where(stray.c.received_at < before)).rowcount


def _place(channel: str, update_id: str) -> str:
    return f"stray.body|{channel}|{update_id}"
