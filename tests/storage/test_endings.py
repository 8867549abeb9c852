"""What still holds when a clock is turned holds as long afterwards; what was over stays so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from storage import channel_state, coming, contacts, endings, invitations, people
from storage.database import Database
from storage.people import Who
from storage.vault import Vault

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)


def _person(conn: Connection, vault: Vault) -> int:
    return people.add_participant(
        conn, vault, name="Sam", pseudonym="S.K.", language="en", time_zone="Europe/Oslo", now=NOW
    )


async def test_what_holds_is_put_off_and_what_is_over_stays_over(database: Database, vault: Vault) -> None:
    def made(conn: Connection) -> int:
        who = Who(_person(conn, vault))
        assert who.participant_id is not None
        people.start_session(conn, vault, who, "ended", NOW - 2 * HOUR, HOUR)
        people.new_link(conn, vault, who, "for an hour", NOW, NOW + HOUR)
        people.new_link(conn, vault, who, "for ever", NOW)
        people.start_session(conn, vault, Who(who.participant_id), "open", NOW - HOUR, 2 * HOUR)
        person, until = who.participant_id, NOW + HOUR
        invitations.create(
            conn, vault, participant_id=person, token="t", code="c", by="staff:1", now=NOW, expires_at=until
        )
        channel_state.touch(conn, "telegram:1", NOW - HOUR)
        endings.put_off(conn, NOW, YEAR)
        return person

    person = await database.write(made)

    def look(conn: Connection, at: datetime) -> list[object]:
        return [
            people.session_owner(conn, vault, "open", at),
            people.session_owner(conn, vault, "ended", at),
            people.open_link(conn, vault, "for an hour", at),
            people.open_link(conn, vault, "for ever", at),
        ]

    who = Who(person)
    later = NOW + YEAR
    assert await database.read(lambda conn: look(conn, later)) == [who, None, who, who]
    assert await database.read(lambda conn: look(conn, later + HOUR)) == [None, None, None, who]
    assert await database.write(lambda conn: invitations.claim(conn, vault, "t", later)) == person
    state = await database.read(lambda conn: channel_state.read(conn, "telegram:1"))
    assert state is not None
    assert state.alive_at == later - HOUR


async def test_who_is_due_is_found_without_being_locked(database: Database, vault: Vault) -> None:
    first, second, erased = [await database.write(lambda conn: _person(conn, vault)) for _ in range(3)]
    assert await database.read(coming.next_due) is None
    for person, at in ((first, NOW + HOUR), (second, NOW), (erased, NOW - HOUR)):
        await database.write(lambda conn, person=person, at=at: contacts.look_again(conn, person, at))
    await database.write(lambda conn: people.erase(conn, erased))
    assert await database.read(coming.next_due) == NOW
    assert [one.id for one in await database.read(lambda conn: coming.due(conn, NOW))] == [second]
    assert [one.id for one in await database.read(lambda conn: coming.due(conn, NOW + HOUR))] == [first, second]
    everybody = await database.read(lambda conn: coming.persons(conn, [erased, second, first]))
    assert [(one.id, one.next_due) for one in everybody] == [(first, NOW + HOUR), (second, NOW)]
