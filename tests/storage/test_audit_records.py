"""Audit records: everything that was done with a person's data, in order."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import audit
from storage.database import Database


async def test_records_of_a_person_come_in_order_with_their_details(database: Database, now: datetime) -> None:
    later = now + timedelta(hours=1)

    def work(conn: object) -> None:
        audit.record(conn, at=later, actor="staff:7", action="person opened", participant_id=12)
        audit.record(conn, at=now, actor="system", action="erased", participant_id=12, details={"rows": 3})
        audit.record(conn, at=now, actor="staff:7", action="person opened", participant_id=13)
        audit.record(conn, at=now, actor="staff:7", action="signed in")

    await database.write(work)
    found = await database.read(lambda conn: audit.records(conn, 12))
    assert [(one.at, one.actor, one.action, one.participant_id, one.details) for one in found] == [
        (now, "system", "erased", 12, {"rows": 3}),
        (later, "staff:7", "person opened", 12, None),
    ]
    assert await database.read(lambda conn: audit.records(conn, 99)) == []
