"""What was only kept for a while goes, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from storage import addresses, invitations, people, purging, schema, strays
from storage.database import Database
from storage.people import Who
from storage.vault import Vault

BOT = "telegram:700001"
DAY = timedelta(days=1)


async def test_only_what_is_over_for_long_enough_is_deleted(
    database: Database, vault: Vault, samira: int, now: datetime
) -> None:
    def fill(conn: Connection) -> None:
        for token, lifetime in (("over", DAY), ("still", 60 * DAY)):
            people.start_session(conn, vault, Who(participant_id=samira), token, now, lifetime)
        for token, expires in (("old", now + DAY), ("new", now + 60 * DAY)):
            invitations.create(
                conn, vault, participant_id=samira, token=token, code=token, by="x", now=now, expires_at=expires
            )
        invitations.failed(conn, vault, BOT, "123", now)
        invitations.failed(conn, vault, BOT, "123", now + 39 * DAY)
        strays.keep(conn, vault, BOT, "5", b"", "KeyError", now)
        strays.keep(conn, vault, BOT, "6", b"", "KeyError", now + 39 * DAY)
        addresses.claim(conn, vault, samira, BOT, "123", "4711", now)

    await database.write(fill)
    later = now + 40 * DAY

    def purge(conn: Connection) -> dict[str, int]:
        purging.purge(conn, sessions=later, tries=later - DAY, unread=later - 8 * DAY, doors=later - 30 * DAY)
        tables = (schema.web_session, schema.invitation, schema.invitation_attempt, schema.stray, schema.address)
        return {table.name: len(conn.execute(select(table)).all()) for table in tables}

    left = await database.write(purge)
    assert left == {"web_session": 1, "invitation": 1, "invitation_attempt": 1, "stray": 1, "address": 0}


async def test_a_confirmed_address_stays(database: Database, vault: Vault, samira: int, now: datetime) -> None:
    await database.write(lambda conn: addresses.add_address(conn, vault, samira, BOT, "123", now))
    later = now + 400 * DAY
    await database.write(lambda conn: purging.purge(conn, sessions=later, tries=later, unread=later, doors=later))
    assert samira in await database.read(lambda conn: addresses.where(conn, vault, BOT, [samira]))
