"""Digests: a morning on which everybody shared something and every specialist's digest time comes at once."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table

from benchmarks import databases
from benchmarks.figures import Figure
from bot.catalogs import Catalogs
from bot.config import LOCALES
from bot.mailing import Mailing, Post
from storage import schema
from storage.bulk import insert_rows
from storage.opening import open_storage
from storage.vault import Vault
from tests.postgresql_cluster import Cluster, cluster

SPECIALISTS = 10_000
PEOPLE = 20
"""Of each specialist. Each of them shared one card."""

MORNING = datetime(2025, 5, 6, 6, 0, tzinfo=UTC)
"""Eight in Oslo."""

_KEY = bytes(range(32))
_YESTERDAY = MORNING - timedelta(hours=18)
_LINES = b"[]" * 200
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Morning:
    """What it took, in seconds."""

    found: float
    """Finding whose time has come."""
    seconds: float
    """From there until the last mail was handed over and marked."""
    processor: float
    """Processor seconds of our process and of the database's server."""
    again: float
    """Looking again a minute later, when all is done."""
    mails: int


class _Counting:
    """Takes every mail at once."""

    def __init__(self) -> None:
        self.mails = 0

    async def send(self, message: EmailMessage) -> None:
        message.as_bytes()
        self.mails += 1


def figures() -> Iterator[Figure]:
    """Processor seconds for the whole morning, on each kind of database."""
    with cluster(durable=True) as server:
        for kind in databases.KINDS:
            with databases.empty(kind, server) as url:
                taken = asyncio.run(measured(url, server))
            yield Figure(f"digests_{kind}_processor_s", taken.processor, most=60)
            yield Figure(f"digests_{kind}_look_again_s", taken.again, most=1)


async def measured(url: str, server: Cluster) -> Morning:
    """One such morning in an empty database, on ``server`` or on SQLite."""
    database, vault = await open_storage(url, _KEY)
    try:
        for first in range(1, SPECIALISTS + 1, _AT_ONCE):
            some = range(first, min(first + _AT_ONCE, SPECIALISTS + 1))
            await database.write(lambda conn, some=some: _fill(conn, vault, some))  # type: ignore[misc]
        sender = _Counting()
        post = Post(sender, "medvind@example.org", "https://medvind.example.org")
        catalogs = Catalogs.load(LOCALES, allow_drafts=True)
        now = MORNING
        mailing = Mailing(database, vault, catalogs, post, lambda: now)
        processor, started = _processor(server), time.perf_counter()
        groups = await mailing.find()
        found = time.perf_counter() - started
        for ids in groups:
            await mailing.do(ids)
        ended, processor = time.perf_counter(), _processor(server) - processor
        now = MORNING + timedelta(minutes=1)
        assert await mailing.find() == []
        again = time.perf_counter() - ended
        return Morning(found, ended - started - found, processor, again, sender.mails)
    finally:
        await database.close()


def _processor(server: Cluster) -> float:
    """Processor seconds so far, of this process and of the server's processes that are there."""
    master = int(Path(server.data, "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in children)
    ticks = sum(int(stat[11]) + int(stat[12]) for stat in stats)
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _fill(conn: Connection, vault: Vault, specialists: Sequence[int]) -> None:
    people = [(staff, (staff - 1) * PEOPLE + number) for staff in specialists for number in range(1, PEOPLE + 1)]
    _put(conn, schema.staff, [_specialist(vault, staff) for staff in specialists])
    made = [_participant(vault, person) for _, person in people]
    _put(conn, schema.participant, [person for person, _ in made])
    long_ago = MORNING - timedelta(days=400)
    _put(conn, schema.assignment, [{"participant_id": p, "staff_id": s, "since": long_ago} for s, p in people])
    _put(conn, schema.card, [card for _, card in made])


def _specialist(vault: Vault, number: int) -> dict[str, Any]:
    seal, wrapped = _sealing(vault, f"staff:{number}")
    return {
        "id": number,
        "data_key": wrapped,
        "sealed_name": seal(f"staff.name|{number}", f"Specialist {number}"),
        "sealed_mail": seal(f"staff.mail|{number}", f"s{number}@example.org"),
        "role": "specialist",
        "language": ("nb", "en", "ar", "uk")[number % 4],
        "time_zone": "Europe/Oslo",
        "working_days": "12345",
        "digest_at": "08:00",
        "active": True,
        "created_at": MORNING,
    }


def _participant(vault: Vault, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    seal, wrapped = _sealing(vault, f"participant:{number}")
    person = {
        "id": number,
        "data_key": wrapped,
        "sealed_name": seal(f"participant.name|{number}", f"Person {number}"),
        "sealed_pseudonym": seal(f"participant.pseudonym|{number}", f"P.{number}"),
        "language": "ar",
        "state": "active",
        "time_zone": "Europe/Oslo",
        "next_seq": 1,
        "next_conversation": 2,
        "created_at": MORNING,
    }
    card = {
        "participant_id": number,
        "conversation": 1,
        "step": "weekly_checkin/sharing",
        "dialogue": "weekly_checkin",
        "version": 1,
        "language": "ar",
        "sealed_lines": seal(f"card.lines|{number}|1|weekly_checkin/sharing", _LINES),
        "shared_at": _YESTERDAY,
    }
    return person, card


def _sealing(vault: Vault, owner: str) -> tuple[Callable[[str, str | bytes], bytes], bytes]:
    wrapped = vault.new_key(owner)
    return vault.cipher(owner, wrapped).seal, wrapped


def _put(conn: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    insert_rows(conn, table, tuple(rows[0]), [tuple(row.values()) for row in rows])
