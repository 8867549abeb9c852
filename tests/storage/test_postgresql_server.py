"""The PostgreSQL server: its going away, coming back, hanging and being shared is noticed, told and survived."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import Connection, insert, make_url, select, text

from storage.bulk import insert_rows, without_waiting
from storage.database import Database, StorageAway
from storage.engines import Limits
from storage.schema import vault_key
from tests.postgresql_cluster import Cluster, cluster
from tests.storage.databases import PostgresqlDatabases, migrate

WHO = text("SELECT pg_backend_pid()")


def put(conn: Connection, name: str = "a") -> None:
    conn.execute(insert(vault_key), {"name": name, "wrapped": b"0"})


def names(conn: Connection) -> list[str]:
    return list(conn.scalars(select(vault_key.c.name).order_by(vault_key.c.name)))


def backend(conn: Connection) -> int:
    return conn.execute(WHO).scalar_one()


@pytest.fixture
def url(postgresql_databases: PostgresqlDatabases) -> Iterator[str]:
    """A migrated database on the shared server."""
    with postgresql_databases.url() as url:
        yield url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """It, open."""
    opened = Database.open(url)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def own_server() -> Iterator[Cluster]:
    """A server that may be stopped."""
    with cluster() as server:
        yield server


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
async def test_every_spelling_of_the_address_will_do(url: str, scheme: str) -> None:
    database = Database.open(make_url(url).set(drivername=scheme).render_as_string(hide_password=False))
    assert database.dialect == "postgresql"
    assert await database.read(names) == []
    await database.close()


async def test_a_commit_reaches_the_disk_and_nothing_waits_for_ever(database: Database) -> None:
    ask = ("synchronous_commit", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "timezone")
    found = await database.write(lambda conn: [conn.execute(text(f"SHOW {name}")).scalar_one() for name in ask])
    assert found == ["on", "20s", "10s", "8s", "UTC"]


async def test_settings_in_the_address_are_kept(url: str) -> None:
    database = Database.open(make_url(url).update_query_dict({"options": "-c work_mem=7MB"}).render_as_string(False))
    assert await database.read(lambda conn: conn.execute(text("SHOW work_mem")).scalar_one()) == "7MB"
    assert await database.read(lambda conn: conn.execute(text("SHOW statement_timeout")).scalar_one()) == "20s"
    await database.close()


async def test_a_connection_lost_while_idle_is_noticed_before_it_is_used(url: str, database: Database) -> None:
    other = Database.open(url)
    lost = await database.write(backend)
    end = text("SELECT pg_terminate_backend(:pid, 10000)")
    assert await other.write(lambda conn: conn.execute(end, {"pid": lost}).scalar_one())
    await other.close()
    await database.write(put)
    assert await database.read(names) == ["a"]


async def test_a_connection_lost_in_the_middle_of_work_undoes_it(database: Database) -> None:
    def work(conn: Connection) -> None:
        put(conn)
        conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StorageAway):
        await database.write(work)
    await database.write(lambda conn: put(conn, "b"))
    assert await database.read(names) == ["b"]


async def test_a_frozen_server_is_cut_off(url: str) -> None:
    database = Database.open(url, Limits(transaction=2.0))

    def work(conn: Connection) -> None:
        put(conn)
        os.kill(backend(conn), signal.SIGSTOP)
        frozen.append(backend(conn))

    frozen: list[int] = []
    pid = await database.write(backend)
    with pytest.raises(StorageAway):
        await database.write(work)
    os.kill(pid, signal.SIGCONT)
    assert frozen == []
    await database.write(lambda conn: put(conn, "b"))
    assert await database.read(names) == ["b"]
    await database.close()


def put_many(conn: Connection, *several: str) -> None:
    """The same without waiting for each."""
    with without_waiting(conn):
        for name in several:
            insert_rows(conn, vault_key, ("name", "wrapped"), [(name, b"0")])


async def test_a_connection_lost_while_answers_are_waited_for_undoes_everything(url: str, database: Database) -> None:
    other = Database.open(url)
    end = text("SELECT pg_terminate_backend(:pid, 10000)")

    def hang_up(pid: int) -> None:
        ended = other.write(lambda conn: conn.execute(end, {"pid": pid}).one())
        asyncio.run_coroutine_threadsafe(ended, loop).result(10)

    def work(conn: Connection) -> None:
        pid = backend(conn)
        with without_waiting(conn):
            insert_rows(conn, vault_key, ("name", "wrapped"), [("a", b"0")])
            hang_up(pid)
            insert_rows(conn, vault_key, ("name", "wrapped"), [("b", b"0")])

    loop = asyncio.get_running_loop()
    await database.write(lambda conn: put_many(conn, "first"))
    with pytest.raises(StorageAway):
        await database.write(work)
    await database.write(lambda conn: put_many(conn, "c", "d"))
    assert await database.read(names) == ["c", "d", "first"]
    await other.close()


async def test_a_server_that_freezes_while_answers_are_waited_for_is_cut_off(url: str) -> None:
    database = Database.open(url, Limits(transaction=2.0))
    pid = await database.write(backend)

    def work(conn: Connection) -> None:
        with without_waiting(conn):
            insert_rows(conn, vault_key, ("name", "wrapped"), [("a", b"0")])
            os.kill(pid, signal.SIGSTOP)

    with pytest.raises(StorageAway):
        await database.write(work)
    os.kill(pid, signal.SIGCONT)
    await database.write(lambda conn: put_many(conn, "b"))
    assert await database.read(names) == ["b"]
    await database.close()


async def test_a_lock_of_another_process_is_waited_for_and_then_told(url: str, database: Database) -> None:
    other = Database.open(url, Limits(lock=0.1))
    locked, finish = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(conn: Connection) -> None:
        conn.execute(text("LOCK TABLE vault_key IN EXCLUSIVE MODE"))
        loop.call_soon_threadsafe(locked.set)
        asyncio.run_coroutine_threadsafe(finish.wait(), loop).result(10)

    holding = asyncio.create_task(database.write(hold))
    await locked.wait()
    for written in (put, put_many):
        with pytest.raises(StorageAway, match="lock timeout"):
            await other.write(lambda conn, written=written: written(conn, "a"))
    finish.set()
    await holding
    await other.write(put)
    assert await other.read(names) == ["a"]
    await other.close()


async def test_two_that_wait_for_each_other_are_parted(database: Database) -> None:
    await database.write(lambda conn: (put(conn, "a"), put(conn, "b")))
    both = asyncio.Barrier(2)
    loop = asyncio.get_running_loop()

    def lock_in_order(first: str, second: str) -> None:
        def work(conn: Connection) -> None:
            touch(conn, first)
            asyncio.run_coroutine_threadsafe(both.wait(), loop).result(10)
            touch(conn, second)

        return work

    def touch(conn: Connection, name: str) -> None:
        conn.execute(select(vault_key).where(vault_key.c.name == name).with_for_update()).one()

    ended = await asyncio.gather(
        database.write(lock_in_order("a", "b")), database.write(lock_in_order("b", "a")), return_exceptions=True
    )
    assert {type(end) for end in ended} == {StorageAway, type(None)}


async def test_a_server_that_was_promoted_away_counts_as_away(database: Database) -> None:
    def as_on_a_standby(conn: Connection) -> None:
        conn.execute(text("SET TRANSACTION READ ONLY"))
        put(conn)

    with pytest.raises(StorageAway, match="read-only"):
        await database.write(as_on_a_standby)


async def test_a_server_that_is_down_is_told_and_all_goes_on_when_it_is_back(own_server: Cluster) -> None:
    url = own_server.url.render_as_string(hide_password=False)
    await migrate(url)
    database = Database.open(url)
    await database.write(put)
    own_server.stop()
    for _ in range(2):
        with pytest.raises(StorageAway):
            await database.write(put)
        with pytest.raises(StorageAway):
            await database.read(names)
    own_server.start()
    await database.write(lambda conn: put(conn, "b"))
    assert await database.read(names) == ["a", "b"]
    await database.close()


async def test_opening_waits_for_no_server_and_shows_no_password() -> None:
    database = Database.open("postgresql://anna:hunter2@/medvind?host=/nowhere")
    with pytest.raises(StorageAway) as caught:
        await database.read(names)
    assert "hunter2" not in str(caught.value)
    await database.close()
