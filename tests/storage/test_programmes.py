"""Programme versions and drafts: what was agreed to stays as it was, and one person has one draft."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from storage import people, programmes, schema
from storage.database import Database
from storage.programmes import Edition, fingerprint
from storage.vault import Vault

TEXT = "service: Medvind\n"


@pytest.fixture
async def noor(database: Database, vault: Vault, now: datetime) -> int:
    """The id of a coordinator."""
    about = {"name": "Noor", "mail": "noor@kommune.example", "role": "coordinator", "language": "en"}
    return await database.write(lambda conn: people.add_staff(conn, vault, **about, time_zone="UTC", now=now))


async def test_versions_count_up_and_stay_as_they_were(database: Database, vault: Vault, now: datetime) -> None:
    def work(conn: Connection) -> None:
        assert programmes.latest(conn, vault) is None
        assert programmes.latest_version(conn) is None
        assert programmes.publish(conn, vault, TEXT, file="f", by="start", now=now) == 1
        later = {"by": "staff:1", "second": "staff:2", "note": "Nytt nummer", "now": now + timedelta(days=1)}
        assert programmes.publish(conn, vault, "service: Vind\n", file="f", **later) == 2
        first, second = programmes.version(conn, vault, 1), programmes.latest(conn, vault)
        assert second is not None
        assert (first.text, first.by, first.second, first.note) == (TEXT, "start", "", "")
        assert (second.version, second.second, second.note, second.file) == (2, "staff:2", "Nytt nummer", "f")
        assert programmes.latest_text(conn) == "service: Vind\n"
        assert programmes.editions(conn) == [
            Edition(2, "staff:1", "staff:2", now + timedelta(days=1)),
            Edition(1, "start", "", now),
        ]
        with pytest.raises(KeyError):
            programmes.version(conn, vault, 3)
        sealed = conn.scalar(select(schema.programme_version.c.sealed_note).where(schema.programme_version.c.by != ""))
        assert sealed is None or b"Nytt" not in sealed

    await database.write(work)


async def test_two_at_once_get_two_numbers(database: Database, vault: Vault, now: datetime) -> None:
    how = {"file": "", "by": "start", "now": now}
    numbers = await asyncio.gather(
        *(database.write(lambda conn: programmes.publish(conn, vault, TEXT, **how)) for _ in range(3))
    )
    assert sorted(numbers) == [1, 2, 3]


async def test_a_draft_is_written_put_forward_and_decided(
    database: Database, vault: Vault, now: datetime, noor: int
) -> None:
    def work(conn: Connection) -> None:
        assert programmes.own_draft(conn, vault, noor) is None
        number = programmes.save_draft(conn, noor, 1, TEXT, now)
        assert programmes.save_draft(conn, noor, 2, "service: Vind\n", now) == number, "one draft a person"
        programmes.put_forward(conn, vault, number, "Because.", now)
        (waits,) = programmes.waiting(conn, vault)
        assert (waits.id, waits.base, waits.note, waits.mark) == (number, 2, "Because.", fingerprint("service: Vind\n"))
        assert programmes.save_draft(conn, noor, 2, TEXT, now) == number
        assert programmes.waiting(conn, vault) == [], "what is written on waits no more"
        programmes.put_forward(conn, vault, number, "", now)
        programmes.decide(conn, vault, number, "declined", noor, now, "Not this number.")
        declined = programmes.last_declined(conn, vault, noor)
        assert declined is not None
        assert (declined.words, declined.decided_by, declined.note) == ("Not this number.", noor, "")
        assert programmes.own_draft(conn, vault, noor) is None
        assert programmes.save_draft(conn, noor, 2, TEXT, now) != number
        assert programmes.last_declined(conn, vault, noor) is None, "they have begun anew"
        for unknown in (programmes.put_forward, programmes.draft):
            with pytest.raises(KeyError):
                unknown(conn, vault, 99, *(("", now) if unknown is programmes.put_forward else ()))  # type: ignore[operator]

    await database.write(work)
