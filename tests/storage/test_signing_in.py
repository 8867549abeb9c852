"""What is begun, what people prove themselves with, and their sessions: kept so that only the right one fits, once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from storage import factors, people, schema, sign_in, staff_sessions
from storage.database import Database
from storage.factors import Taken
from storage.people import Who
from storage.vault import Vault
from tests.storage.databases import everything

MINUTE = timedelta(minutes=1)
KEY = {"credential_id": b"credential", "public_key": b"key", "sign_count": 4, "name": "work phone"}


@pytest.fixture
def ola(specialists: tuple[int, int]) -> int:
    return specialists[0]


@pytest.fixture
def kari(specialists: tuple[int, int]) -> int:
    return specialists[1]


# What is begun


async def test_what_is_begun_belongs_to_its_browser_kind_and_time(
    database: Database, vault: Vault, ola: int, now: datetime
) -> None:
    state = {"code": "secret of the state"}
    await database.write(lambda conn: sign_in.begin(conn, vault, "mail", "browser", state, now + MINUTE, ola))

    def find(conn: Connection) -> list[bool]:
        wanted = [("mail", "browser", now), ("second", "browser", now), ("mail", "other", now), ("mail", "", now)]
        late = ("mail", "browser", now + MINUTE)
        return [sign_in.under_way(conn, vault, *each) is not None for each in (*wanted, late)]

    assert await database.read(find) == [True, False, False, False, False]
    found = await database.read(lambda conn: sign_in.under_way(conn, vault, "mail", "browser", now))
    assert found is not None
    assert (found.staff_id, found.state, found.tries) == (ola, state, 0)
    assert "secret" not in repr(found)
    stored = await database.read(everything)
    assert b"secret of the state" not in stored
    assert b"browser\0" not in stored


async def test_of_many_who_come_at_once_one_gets_it(database: Database, vault: Vault, ola: int, now: datetime) -> None:
    await database.write(lambda conn: sign_in.begin(conn, vault, "mail", "b", {}, now + MINUTE, ola))
    took = [database.write(lambda conn: sign_in.take(conn, vault, "mail", "b", now)) for _ in range(4)]
    assert [one is not None for one in await asyncio.gather(*took)].count(True) == 1


async def test_many_tries_at_once_are_no_more_than_the_most(
    database: Database, vault: Vault, ola: int, now: datetime
) -> None:
    await database.write(lambda conn: sign_in.begin(conn, vault, "mail", "b", {}, now + MINUTE, ola))
    tried = [database.write(lambda conn: sign_in.attempt(conn, vault, "mail", "b", 3, now)) for _ in range(6)]
    found = [one for one in await asyncio.gather(*tried) if one is not None]
    assert sorted(one.tries for one in found) == [1, 2, 3]


async def test_all_that_somebody_began_can_be_abandoned(
    database: Database, vault: Vault, ola: int, kari: int, now: datetime
) -> None:
    def work(conn: Connection) -> list[bool]:
        for who, browser in ((ola, "one"), (kari, "two"), (None, "three")):
            sign_in.begin(conn, vault, "mail", browser, {}, now + MINUTE, who)
        sign_in.abandon(conn, ola)
        return [sign_in.under_way(conn, vault, "mail", each, now) is not None for each in ("one", "two", "three")]

    assert await database.write(work) == [False, True, True]


async def test_tries_are_counted_for_a_while_and_forgotten(database: Database, vault: Vault, now: datetime) -> None:
    def work(conn: Connection) -> list[int]:
        for minutes in range(3):
            sign_in.tried(conn, vault, "mail kim@example.org", now + minutes * MINUTE)
        sign_in.tried(conn, vault, "mail bo@example.org", now)
        counted = [sign_in.tries(conn, vault, "mail kim@example.org", now + n * MINUTE) for n in (-1, 0, 2)]
        sign_in.forget(conn, begun=now, tried=now + 2 * MINUTE)
        return [*counted, sign_in.tries(conn, vault, "mail kim@example.org", now - MINUTE)]

    assert await database.write(work) == [3, 2, 0, 1]
    assert b"kim@example.org" not in await database.read(everything)


# Passkeys


async def test_a_passkey_is_found_by_its_id_and_its_name_is_sealed(
    database: Database, vault: Vault, ola: int, kari: int, now: datetime
) -> None:
    await database.write(lambda conn: factors.add_passkey(conn, vault, ola, **KEY, now=now))  # type: ignore[arg-type]
    found = await database.read(lambda conn: factors.passkey_with(conn, vault, b"credential"))
    assert found is not None
    assert (found.staff_id, found.name, found.sign_count, found.used_at) == (ola, "work phone", 4, None)
    assert await database.read(lambda conn: factors.passkey_with(conn, vault, b"other")) is None
    with pytest.raises(Taken):
        await database.write(lambda conn: factors.add_passkey(conn, vault, kari, **KEY, now=now))  # type: ignore[arg-type]
    assert await database.read(lambda conn: factors.passkeys(conn, vault, kari)) == []
    assert b"work phone" not in await database.read(everything)


async def test_of_two_who_use_a_passkey_with_the_same_counter_one_is_believed(
    database: Database, vault: Vault, ola: int, now: datetime
) -> None:
    await database.write(lambda conn: factors.add_passkey(conn, vault, ola, **KEY, now=now))  # type: ignore[arg-type]
    (known,) = await database.read(lambda conn: factors.passkeys(conn, vault, ola))
    used = [database.write(lambda conn: factors.used_passkey(conn, known, 5, now)) for _ in range(3)]
    assert sorted(await asyncio.gather(*used)) == [False, False, True]


async def test_nobody_removes_somebody_elses(
    database: Database, vault: Vault, ola: int, kari: int, now: datetime
) -> None:
    await database.write(lambda conn: factors.add_passkey(conn, vault, ola, **KEY, now=now))  # type: ignore[arg-type]
    (known,) = await database.read(lambda conn: factors.passkeys(conn, vault, ola))
    removed = [
        await database.write(lambda conn, one=one: factors.remove_passkey(conn, one, known.id)) for one in (kari, ola)
    ]
    assert removed == [False, True]


# The app, codes on paper, the organisation


async def test_a_step_of_the_app_is_used_once_and_never_an_earlier_one(
    database: Database, vault: Vault, ola: int, now: datetime
) -> None:
    await database.write(lambda conn: factors.put_app(conn, vault, ola, "JBSWY3DPEHPK3PXP", 10, now))
    steps = [10, 9, 11, 11, 10, 13, 12]
    used = [await database.write(lambda conn, step=step: factors.use_step(conn, ola, step)) for step in steps]
    assert used == [False, False, True, False, False, True, False]
    at_once = [database.write(lambda conn: factors.use_step(conn, ola, 20)) for _ in range(4)]
    assert sorted(await asyncio.gather(*at_once)) == [False, False, False, True]
    assert b"JBSWY3DPEHPK3PXP" not in await database.read(everything)


async def test_codes_on_paper_help_once_and_new_ones_replace_them(database: Database, ola: int, kari: int) -> None:
    def work(conn: Connection) -> list[object]:
        factors.put_codes(conn, ola, b"salt", [b"one", b"two"])
        factors.put_codes(conn, kari, b"pepper", [b"one"])
        used = [factors.use_code(conn, ola, code) for code in (b"one", b"one", b"three")]
        factors.put_codes(conn, ola, b"sugar", [b"four"])
        return [*used, factors.salt_of_codes(conn, ola), factors.use_code(conn, ola, b"two"), factors.ways(conn, kari)]

    assert await database.write(work) == [True, False, False, b"sugar", False, (0, False, 1, False)]


async def test_one_identity_is_one_person_and_one_person_has_one(
    database: Database, vault: Vault, ola: int, kari: int, now: datetime
) -> None:
    issuer = "https://id.example"
    await database.write(lambda conn: factors.link_identity(conn, vault, ola, issuer, "u-1", now))
    for who, subject in ((kari, "u-1"), (ola, "u-2")):
        with pytest.raises(Taken):
            await database.write(lambda conn, w=who, s=subject: factors.link_identity(conn, vault, w, issuer, s, now))

    def find(conn: Connection) -> list[int | None]:
        wanted = ((issuer, "u-1"), (issuer, "u-2"), ("https://other.example", "u-1"))
        return [factors.identified(conn, vault, *each) for each in wanted]

    assert await database.read(find) == [ola, None, None]
    assert await database.write(lambda conn: factors.unlink_identity(conn, ola))
    assert await database.read(find) == [None, None, None]


async def test_nothing_of_somebody_who_has_left_is_found_and_all_of_it_can_be_forgotten(
    database: Database, vault: Vault, ola: int, now: datetime
) -> None:
    def work(conn: Connection) -> list[object]:
        factors.add_passkey(conn, vault, ola, **KEY, now=now)  # type: ignore[arg-type]
        factors.put_app(conn, vault, ola, "JBSWY3DPEHPK3PXP", 0, now)
        factors.put_codes(conn, ola, b"salt", [b"one"])
        factors.link_identity(conn, vault, ola, "https://id.example", "u-1", now)
        staff_sessions.start(conn, vault, ola, "token", "app", now, now + MINUTE)
        conn.execute(update(schema.staff).where(schema.staff.c.id == ola).values(active=False))
        found = (
            factors.passkey_with(conn, vault, b"credential"),
            factors.identified(conn, vault, "https://id.example", "u-1"),
            staff_sessions.find(conn, vault, "token", now),
        )
        before = factors.ways(conn, ola)
        factors.forget(conn, ola)
        return [*found, before, factors.ways(conn, ola)]

    assert await database.write(work) == [None, None, None, (1, True, 1, True), (0, False, 0, False)]


# Sessions


async def test_a_session_is_found_by_its_token_until_it_ends(
    database: Database, vault: Vault, ola: int, now: datetime
) -> None:
    await database.write(lambda conn: staff_sessions.start(conn, vault, ola, "t", "passkey", now, now + 2 * MINUTE))
    later = now + MINUTE

    def work(conn: Connection) -> list[object]:
        staff_sessions.used(conn, vault, "t", later)
        staff_sessions.confirmed(conn, vault, "t", later)
        found = staff_sessions.find(conn, vault, "t", later)
        assert found is not None
        said = (found.staff_id, found.role, found.how, found.begun_at, found.used_at, found.confirmed_at)
        return [
            said,
            staff_sessions.find(conn, vault, "x", later),
            staff_sessions.find(conn, vault, "t", now + 2 * MINUTE),
        ]

    assert await database.write(work) == [(ola, "specialist", "passkey", now, later, later), None, None]


async def test_all_sessions_but_one_are_ended_and_nobody_elses(
    database: Database, vault: Vault, ola: int, kari: int, now: datetime
) -> None:
    def work(conn: Connection) -> list[object]:
        for who, token in ((ola, "one"), (ola, "two"), (ola, "three"), (kari, "four")):
            staff_sessions.start(conn, vault, who, token, "app", now, now + MINUTE)
        listed = [one.is_this for one in staff_sessions.of(conn, vault, ola, "two", now)]
        ended = staff_sessions.end_all(conn, vault, ola, "two")
        here = [staff_sessions.find(conn, vault, token, now) is not None for token in ("one", "two", "three", "four")]
        return [sorted(listed), ended, here, staff_sessions.end_all(conn, vault, ola)]

    assert await database.write(work) == [[False, False, True], 2, [False, True, False, True], 1]


async def test_a_participants_session_is_none_of_the_staffs(
    database: Database, vault: Vault, samira: int, now: datetime
) -> None:
    await database.write(lambda conn: people.start_session(conn, vault, Who(samira), "t", now, MINUTE))
    assert await database.read(lambda conn: staff_sessions.find(conn, vault, "t", now)) is None


async def test_a_session_that_has_expired_is_cleared_away_by_the_next(
    database: Database, vault: Vault, ola: int, now: datetime
) -> None:
    for minutes, token in enumerate(("one", "two")):
        at = now + minutes * MINUTE
        await database.write(
            lambda conn, t=token, at=at: staff_sessions.start(conn, vault, ola, t, "app", at, at + MINUTE)
        )
    rows = await database.read(lambda conn: conn.execute(select(schema.web_session.c.token_hash)).all())
    assert [row.token_hash for row in rows] == [vault.token_hash("two")]


async def test_personal_links_of_staff_end_with_the_new_form_and_those_of_participants_stay(
    database: Database, vault: Vault, ola: int, samira: int, now: datetime
) -> None:
    await database.downgrade("0004")

    def work(conn: Connection) -> None:
        for token, who in (("one", Who(staff_id=ola)), ("two", Who(samira))):
            people.new_link(conn, vault, who, token, now)
            people.start_session(conn, vault, who, token, now, MINUTE)

    def left(conn: Connection) -> list[tuple[int | None, int | None]]:
        tables = (schema.web_session, schema.access_link)
        asked = [select(table.c.participant_id, table.c.staff_id) for table in tables]
        return [(row.participant_id, row.staff_id) for each in asked for row in conn.execute(each)]

    await database.write(work)
    await database.migrate()
    assert await database.read(left) == [(samira, None), (samira, None)]
