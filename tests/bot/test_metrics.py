"""Metrics: what the page shows of a process and of a database, what it never shows, and a database that is away."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from socket import create_server

import pytest
from aiohttp import ClientSession
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection, insert, update

from bot.delivery.outcomes import Failed, Sent, none_yet
from bot.figures import Figures, Spread
from bot.metrics import CannotShow, Metrics, Sources, measured
from storage import backlog, digests, people, schema
from storage.database import Database, StorageAway
from storage.vault import Vault
from tests.bot.delivery_world import MONDAY, delivering
from tests.bot.turn_world import deployed
from tests.storage.plans import plan, statements
from tests.storage.rows import PRIVATE, fill

DOCS = Path(__file__).parents[2] / "docs" / "doctor.md"
Samples = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]


class Hanging:
    """A database that never answers. ``asked`` counts."""

    asked = 0

    async def read(self, work: object) -> object:
        self.asked += 1
        await asyncio.Event().wait()
        raise AssertionError


class Away:
    """A database that cannot be reached."""

    async def read(self, work: object) -> object:
        raise StorageAway("as told")


def sources(database: object, figures: Figures | None = None) -> Sources:
    outcomes = none_yet() | {Sent: 3, Failed: 1}
    return Sources(
        "1.2.3",
        database,  # type: ignore[arg-type]
        lambda: MONDAY,
        figures or Figures(),
        outcomes=lambda: {"telegram:700001": outcomes},
        jobs=lambda: {("contacts", "done"): 7, ("contacts", "given_up"): 1},
        sockets=lambda: 4,
        leads=lambda: ["telegram:700001", "jobs"],
    )


def read(text: bytes) -> Samples:
    families = text_string_to_metric_families(text.decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


async def shown(metrics: Metrics) -> Samples:
    text, kind = await metrics.text()
    assert kind.startswith("text/plain")
    return read(text)


async def test_what_a_process_did_is_on_a_page_of_its_own() -> None:
    figures = Figures()
    figures.turns.seconds.add(0.003, 5)
    figures.turns.seconds.add(60)
    figures.turns.sizes.add(5)
    figures.turns.quarantined = 2
    figures.contacted({"Start": 3, "Expire": 1})
    figures.digests["held"] += 1
    made = sources(Away(), figures)
    async with measured(Metrics(made), made, "127.0.0.1", 0) as address, ClientSession() as session:
        async with session.get(address) as response:
            assert response.headers["Cache-Control"] == "no-store"
            found = read(await response.read())
        async with session.get(address.replace("/metrics", "/")) as nothing_else:
            assert nothing_else.status == 404
    assert found["medvind_process_info", (("version", "1.2.3"),)] == 1
    assert found["medvind_turn_seconds_count", ()] == 6
    assert found["medvind_turn_seconds_sum", ()] == pytest.approx(60.015)
    assert [found["medvind_turn_seconds_bucket", (("le", le),)] for le in ("0.002", "0.005", "10.0", "+Inf")] == [
        0, 5, 5, 6,
    ]  # fmt: skip
    assert found["medvind_batch_messages_bucket", (("le", "8"),)] == 1
    assert found["medvind_turns_quarantined_total", ()] == 2
    assert found["medvind_parts_total", (("channel", "telegram:700001"), ("outcome", "sent"))] == 3
    assert found["medvind_parts_total", (("channel", "telegram:700001"), ("outcome", "gone"))] == 0
    assert found["medvind_contacts_total", (("kind", "check_in"),)] == 3
    assert found["medvind_contacts_total", (("kind", "expired"),)] == 1
    assert found["medvind_digests_total", (("outcome", "held"),)] == 1
    assert found["medvind_jobs_total", (("outcome", "given_up"), ("task", "contacts"))] == 1
    assert found["medvind_sockets_open", ()] == 4
    assert found["medvind_leads", (("name", "jobs"),)] == 1
    assert found["process_resident_memory_bytes", ()] > 1_000_000


def test_a_value_counts_up_to_its_bound() -> None:
    spread = Spread((1, 2))
    for value in (0.5, 1, 1.5, 2, 2.5):
        spread.add(value)
    assert (spread.counts, spread.total) == ([2, 2, 1], 7.5)


async def filled(database: Database, vault: Vault) -> None:
    """Two people for whom something is due, four messages that wait, one that was given up, and a held mail."""

    def add(conn: Connection) -> None:
        values = {"name": PRIVATE[0], "pseudonym": PRIVATE[1], "language": "ar", "time_zone": "Europe/Oslo"}
        kim = {"name": "Kim Berg", "mail": "kim@example.org", "role": "specialist", "language": "nb"}
        staff = people.add_staff(conn, vault, **kim, time_zone="Europe/Oslo", now=MONDAY)
        for due in (timedelta(minutes=-4), timedelta(minutes=-2), timedelta(minutes=2)):
            person = people.add_participant(conn, vault, **values, now=MONDAY)
            fill(conn, vault, person, staff, MONDAY - timedelta(minutes=6))
            mine = schema.participant.c.id == person
            conn.execute(update(schema.participant).where(mine).values(next_due=MONDAY + due))
        states = ("queued", "queued", "queued", "dead", "sent", "cancelled")
        row = {"participant_id": person, "conversation": 1, "channel": "telegram:700001", "sealed_body": b"-"}
        for seq, state in enumerate(states, 10):
            at = MONDAY - timedelta(minutes=seq)
            conn.execute(insert(schema.outbox), {**row, "seq": seq, "state": state, "created_at": at})
        digests.claim_digests(conn, {(staff, "2026-03-02"): "<held@example.org>"}, MONDAY)
        digests.mark_digests(conn, [(staff, "2026-03-02")], "held", MONDAY)

    await database.write(add)


async def test_what_waits_is_read_from_the_database(database: Database, vault: Vault) -> None:
    await filled(database, vault)
    found = await shown(Metrics(sources(database)))
    channel = (("channel", "telegram:700001"),)
    assert found["medvind_database_up", ()] == 1
    assert found["medvind_outbox_waiting", channel] == 3
    assert found["medvind_outbox_oldest_seconds", channel] == 12 * 60
    assert found["medvind_outbox_dead", channel] == 1
    assert found["medvind_due", ()] == 2
    assert found["medvind_due_oldest_seconds", ()] == 240
    assert found["medvind_digests_open", (("state", "held"),)] == 1


async def test_large_tables_are_not_read_whole_at_a_scrape(database: Database, vault: Vault) -> None:
    await filled(database, vault)
    with statements() as seen:
        await shown(Metrics(sources(database)))
    asked = [each for each in seen if each[0].startswith("SELECT")]
    plans = await database.read(lambda conn: [plan(conn, each) for each in asked])
    assert len(asked) == 4
    whole = re.compile(r"(?:Seq Scan on|SCAN) (?:outbox|participant)\b(?! USING (?:COVERING )?INDEX ix_)")
    assert not [each for each in plans if whole.search(each)]


async def test_nothing_of_anybody_is_shown(database: Database, vault: Vault) -> None:
    await filled(database, vault)
    text, _ = await Metrics(sources(database)).text()
    labels = {value for sample in read(text) for _, value in sample[1]}
    assert not {value for value in labels if "@" in value or "+47" in value}
    for words in (*PRIVATE, "Kim Berg"):
        assert words not in text.decode()


async def test_without_the_database_the_process_is_still_shown() -> None:
    hanging = Hanging()
    late = Metrics(sources(hanging), patience=0.02)
    for metrics in (Metrics(sources(Away())), late, late):
        found = await shown(metrics)
        assert found["medvind_database_up", ()] == 0
        assert found["medvind_sockets_open", ()] == 4
        assert ("medvind_due", ()) not in found
    assert hanging.asked == 1, "a database that hangs is not given more to do"


async def test_a_port_that_is_taken_is_said() -> None:
    made = sources(Away())
    with closing(create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotShow, match=f"port {port}: .*MEDVIND_METRICS_PORT"):
            async with measured(Metrics(made), made, "127.0.0.1", port):
                pass


async def test_the_page_lists_what_is_shown(database: Database) -> None:
    metrics = Metrics(sources(database))
    await metrics.text()
    families = [each for each in metrics.collect() if each.name.startswith("medvind_")]
    endings = {"counter": "_total", "info": "_info"}
    names = [each.name + endings.get(each.type, "") for each in families]
    listed = re.findall(r"^\| `(medvind_\w+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == names


async def test_the_librarys_own_registry_stays_as_it_was() -> None:
    before = {metric.name for metric in REGISTRY.collect()}
    await Metrics(sources(Away())).text()
    assert {metric.name for metric in REGISTRY.collect()} == before


async def test_delivery_counts_what_became_of_each_part() -> None:
    async with delivering() as world:
        world.sender.answer = lambda address, part: Failed("as told") if part.text == "No." else Sent("1")
        world.reply(1, (2, "Hello."))
        world.reply(2, (2, "No."))
        await world.clock.turn(0.5)
        outcomes = world.delivery.outcomes
        assert (outcomes[Sent], outcomes[Failed]) == (1, 1)
        assert sum(outcomes.values()) == 2


async def test_the_backlog_of_an_empty_database_is_empty(database: Database) -> None:
    def read_all(conn: Connection) -> list[object]:
        return [
            backlog.queued(conn), backlog.dead(conn), backlog.due(conn, MONDAY), backlog.unsent_digests(conn),
            backlog.strays(conn), backlog.quarantined(conn, MONDAY), backlog.missed(conn, MONDAY),
        ]  # fmt: skip

    assert await database.read(read_all) == [{}, {}, (0, None), {}, {}, 0, 0]


async def test_turns_are_counted_where_they_are_committed(database: Database, vault: Vault) -> None:
    world = await deployed(database, vault)
    people = await world.people(3)
    await asyncio.gather(*(world.turns.submit(person.message("start")) for person in people))
    await world.turns.submit(people[0].message("skip"))
    counted = world.turns.figures.turns
    assert (sum(counted.seconds.counts), counted.quarantined, counted.not_stored) == (4, 0, 0)
    assert counted.sizes.total == 4
    assert counted.seconds.total > 0
    await database.close()
    with pytest.raises(StorageAway):
        await world.turns.submit(people[0].message("skip"))
    assert (sum(counted.seconds.counts), counted.not_stored) == (4, 1)
