"""The third migration: everybody is looked at once, and nothing that was stored before is lost on the way and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text

from storage import people, schema
from storage.database import Database
from storage.vault import Vault


def _add(conn: Connection, table: str, **values: Any) -> None:
    conn.execute(insert(Table(table, MetaData(), autoload_with=conn)), values)


async def test_everybody_is_looked_at_and_nobody_was_left_alone(
    database: Database, vault: Vault, samira: int, now: datetime
) -> None:
    erased = await database.write(
        lambda conn: people.add_participant(
            conn, vault, name="Y", pseudonym="Y.", language="en", time_zone="UTC", now=now
        )
    )
    await database.write(lambda conn: people.erase(conn, erased))
    await database.downgrade("0002")
    await database.write(
        lambda conn: _add(
            conn,
            "conversation",
            participant_id=samira,
            number=1,
            dialogue="weekly_checkin",
            version=1,
            state="open",
            started_at=now,
            sealed_session=b"sealed",
            asked_seq=4,
        )
    )
    await database.migrate()
    rows = await database.read(lambda conn: conn.execute(select(schema.participant).order_by("id")).all())
    assert [(row.next_due, row.sealed_agenda) for row in rows] == [(now, None), (None, None)]
    (talk,) = await database.read(lambda conn: conn.execute(select(schema.conversation)).all())
    assert (talk.reacted_at, talk.asked_seq, talk.sealed_session) == (now, 4, b"sealed")


async def test_on_the_way_back_people_and_conversations_stay(database: Database, samira: int, now: datetime) -> None:
    await database.write(lambda conn: people.set_time_zone(conn, samira, "Europe/Kyiv", now))
    await database.downgrade("0002")

    def left(conn: Connection) -> tuple[list[Any], set[str]]:
        people_left = list(conn.execute(text("SELECT id, time_zone FROM participant")).all())
        return people_left, set(inspect(conn).get_table_names())

    people_left, tables = await database.read(left)
    assert people_left == [(samira, "Europe/Kyiv")]
    assert not {"process", "staff_leave"} & tables
    await database.migrate()
