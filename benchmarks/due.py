"""Due: a million people, of whom some thousands want their check-in at the same minute."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec
import psycopg
from sqlalchemy import Connection, make_url, select

from benchmarks import databases, turns
from benchmarks.checkin import PEOPLE
from benchmarks.figures import Figure
from benchmarks.load import drive
from bot.collector import spare_collector
from bot.schedule import Agenda
from bot.turns import Turns
from storage import contacts, schema
from storage.contacts import Planned
from storage.database import Database
from storage.vault import Vault
from tests.postgresql_cluster import cluster

EVERYBODY = 1_000_000
AT_NOON = 6_000
"""So many are due at the same minute."""

SCANS = 21
SECONDS = 2.0
NOON = datetime(2026, 3, 10, 11, 30, tzinfo=UTC)
"""A Tuesday, half past twelve in Oslo."""

_OTHERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) "
    "INSERT INTO participant (id, data_key, sealed_name, sealed_pseudonym, language, state, time_zone, next_seq, "
    "next_conversation, created_at, next_due, sealed_agenda) "
    "SELECT i, randomblob(60), randomblob(40), randomblob(40), 'en', 'active', 'Europe/Oslo', 9, 3, ?3, "
    "strftime('%Y-%m-%d %H:%M:%f000', ?3, '+' || (60 + i % 600000) || ' seconds'), randomblob(180) FROM n",
    "postgresql": "INSERT INTO participant (id, data_key, sealed_name, sealed_pseudonym, language, state, time_zone, "
    "next_seq, next_conversation, created_at, next_due, sealed_agenda) "
    "SELECT i, sha512(i::text::bytea), sha256(i::text::bytea), sha256(i::text::bytea), 'en', 'active', 'Europe/Oslo', "
    "9, 3, %(at)s, %(at)s::timestamptz + make_interval(secs => 60 + i %% 600000), "
    "sha512(i::text::bytea) || sha512(i::text::bytea) || sha384(i::text::bytea) "
    "FROM generate_series(%(first)s::bigint, %(last)s) i",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What it took, in seconds: the slower of a look while nobody is due and one while thousands are, and one check-in
    that is claimed, begun and queued (waited for, and of our processor)."""

    scan: float
    each: float
    processor_each: float
    growth: float
    """How many times as much processor time a turn takes as when there were only some thousands."""


def figures() -> Iterator[Figure]:
    """On each kind of database."""
    with cluster(durable=True) as server:
        for kind in databases.KINDS:
            with databases.empty(kind, server) as url:
                taken = asyncio.run(measured(kind, url))
            yield Figure(f"due_{kind}_scan_ms", taken.scan * 1e3, most=10)
            yield Figure(f"due_{kind}_claims_per_s", 1 / taken.each, least=1500)
            yield Figure(f"due_{kind}_processor_us", taken.processor_each * 1e6, most=650)
            yield Figure(f"turn_{kind}_times_with_a_million_people", taken.growth, most=1.3)


async def measured(kind: str, url: str) -> Taken:
    """One such minute."""
    async with turns.deployed(url, AT_NOON + PEOPLE) as parts:
        await parts.database.write(lambda conn: _plan(conn, parts.vault))
        turn, checkins = turns.turn_of(parts, offset=AT_NOON), count()
        few = await drive(turn, concurrent=64, seconds=SECONDS, checkins=checkins)
        await asyncio.to_thread(fill, kind, url, AT_NOON + PEOPLE + 1, EVERYBODY, NOON)
        many = await drive(turn, concurrent=64, seconds=SECONDS, checkins=checkins)
        scans = [await _scan(parts.database, at) for at in (NOON - timedelta(minutes=1), NOON)]
        # Who takes part is decided in the first dialogue. There is none here, so everybody does.
        programme = replace(parts.programme, first="")
        serving = Turns(
            database=parts.database, vault=parts.vault, catalogs=parts.catalogs, programme=programme, shelf=parts.shelf
        )
        spare_collector()
        began, processor = time.perf_counter(), time.process_time()
        came = await serving.contact(NOON)
        seconds, processor = time.perf_counter() - began, time.process_time() - processor
        assert came == {"Start": AT_NOON}, came
        growth = many.processor_per_turn / few.processor_per_turn
        return Taken(max(scans), seconds / AT_NOON, processor / AT_NOON, growth)


async def _scan(database: Database, now: datetime) -> float:
    """The median of some looks."""
    taken = []
    for _ in range(SCANS):
        began = time.perf_counter()
        await database.write(lambda conn: contacts.due(conn, now, 64))
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _plan(conn: Connection, vault: Vault) -> None:
    agenda = msgspec.json.encode(Agenda(takes_part=True, last_day="2026-03-03"))
    asked = select(schema.participant.c.id, schema.participant.c.data_key)
    people = conn.execute(asked.where(schema.participant.c.id <= AT_NOON)).all()
    ciphers = ((row.id, vault.cipher(f"participant:{row.id}", row.data_key)) for row in people)
    contacts.plan(
        conn,
        [
            Planned(NOON, None, cipher.seal(f"participant.agenda|{person}", agenda), person)
            for person, cipher in ciphers
        ],
    )


def fill(kind: str, url: str, first: int, last: int, at: datetime) -> None:
    """Make people of these numbers, due at some time of the week after ``at``, of whom nothing can be opened."""
    place = make_url(url)
    if kind == "sqlite":
        with sqlite3.connect(str(place.database), isolation_level=None) as own:
            own.execute(_OTHERS[kind], (first, last, f"{at:%Y-%m-%d %H:%M:%S}.000000"))
            own.execute("ANALYZE")
        own.close()
    else:
        with psycopg.connect(place.set(drivername="postgresql").render_as_string(hide_password=False)) as conn:
            conn.autocommit = True
            conn.execute(_OTHERS[kind].encode(), {"first": first, "last": last, "at": at})
            conn.execute("VACUUM ANALYZE participant")
