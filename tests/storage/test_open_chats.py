"""Open chats: numbers of those whose session holds, by one statement however many they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, event, update

from storage import open_chats, people
from storage.database import Database
from storage.people import Who
from storage.schema import participant
from storage.vault import Vault

NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def person(conn: Connection, vault: Vault, next_seq: int) -> int:
    """Somebody who has come so far."""
    values = {"name": "Sam", "pseudonym": "S.", "language": "en", "time_zone": "Europe/Oslo", "now": NOW}
    made = people.add_participant(conn, vault, **values)
    conn.execute(update(participant).filter_by(id=made).values(next_seq=next_seq))
    return made


async def test_every_session_that_holds_says_how_far_its_person_has_come(database: Database, vault: Vault) -> None:
    def work(conn: Connection) -> None:
        one, two, gone = (person(conn, vault, n) for n in (7, 9, 11))
        for who, token, lifetime in ((one, "a", HOUR), (one, "b", HOUR), (two, "c", HOUR), (two, "d", -HOUR)):
            people.start_session(conn, vault, Who(who), token, NOW - HOUR * (lifetime < HOUR), lifetime)
        people.start_session(conn, vault, Who(gone), "e", NOW, HOUR)
        people.erase(conn, gone)
        found = open_chats.numbers(conn, [one, two, gone, 10_000], NOW)
        assert found == {vault.token_hash("a"): 7, vault.token_hash("b"): 7, vault.token_hash("c"): 9}
        people.end_session(conn, vault, "a")
        assert open_chats.numbers(conn, [one], NOW) == {vault.token_hash("b"): 7}
        assert open_chats.numbers(conn, [one], NOW + HOUR) == {}

    await database.write(work)


async def test_many_take_one_statement(database: Database, vault: Vault) -> None:
    def work(conn: Connection) -> None:
        everybody = [person(conn, vault, n) for n in range(1, 101)]
        for each in everybody:
            people.start_session(conn, vault, Who(each), f"token{each}", NOW, HOUR)
        said: list[str] = []
        event.listen(conn, "before_cursor_execute", lambda *given: said.append(given[2]))
        found = open_chats.numbers(conn, everybody, NOW)
        assert found == {vault.token_hash(f"token{each}"): n for n, each in enumerate(everybody, 1)}
        assert len(said) == 1

    await database.write(work)
