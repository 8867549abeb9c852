"""Health: one word to whoever asks, also while the database is away, hangs, or has become another one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient
from sqlalchemy import text

from bot.channels.http import protect
from bot.health import AccessLog, Health, add_health
from storage import form
from storage.database import Database, StorageAway, Work
from storage.vault import Vault
from tests.storage.databases import PostgresqlDatabases, SqliteDatabases

T = TypeVar("T")
NewClient = Callable[..., Awaitable[TestClient]]


class Hanging:
    """A database that takes every question and answers when it is let go. ``asked`` counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.let_go = asyncio.Event()

    async def read(self, work: Work[T]) -> T:
        self.asked += 1
        await self.let_go.wait()
        return form.newest()  # type: ignore[return-value]


class Away:
    """A database that cannot be reached."""

    async def read(self, work: Work[T]) -> T:
        raise StorageAway("as told")


async def said(client: TestClient, page: str) -> tuple[int, str]:
    response = await client.get(f"/health/{page}")
    assert response.headers["Cache-Control"] == "no-store"
    return response.status, await response.text()


def pages(health: Health) -> web.Application:
    app = web.Application()
    add_health(app, health)
    return app


async def test_a_process_on_a_migrated_database_is_ready(database: Database, aiohttp_client: NewClient) -> None:
    client = await aiohttp_client(pages(Health(database)))
    assert await said(client, "live") == (200, "live\n")
    assert await said(client, "ready") == (200, "ready\n")


async def test_nobody_is_ready_on_tables_of_another_form(database: Database, aiohttp_client: NewClient) -> None:
    client = await aiohttp_client(pages(Health(database)))
    await database.write(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    assert await said(client, "ready") == (503, "tables\n")
    await database.write(lambda conn: conn.execute(text("DROP TABLE alembic_version")))
    assert await said(client, "ready") == (503, "tables\n")
    assert await said(client, "live") == (200, "live\n")


async def test_who_stops_says_so_before_anything_else(aiohttp_client: NewClient) -> None:
    hanging = Hanging()
    health = Health(hanging)
    client = await aiohttp_client(pages(health))
    health.is_stopping = True
    assert await said(client, "ready") == (503, "stopping\n")
    assert await said(client, "live") == (200, "live\n")
    assert hanging.asked == 0


async def test_a_database_that_is_away_is_said_and_its_return_too(
    database: Database, aiohttp_client: NewClient
) -> None:
    client = await aiohttp_client(pages(Health(Away())))
    assert await said(client, "ready") == (503, "database\n")
    assert await said(client, "live") == (200, "live\n")
    await database.close()
    closed = await aiohttp_client(pages(Health(database)))
    assert await said(closed, "ready") == (503, "database\n")


async def test_a_database_that_hangs_is_asked_once_however_many_ask(aiohttp_client: NewClient) -> None:
    hanging = Hanging()
    client = await aiohttp_client(pages(Health(hanging, patience=0.05)))
    assert await asyncio.gather(*(said(client, "ready") for _ in range(5))) == [(503, "database\n")] * 5
    assert await said(client, "ready") == (503, "database\n")
    assert await said(client, "live") == (200, "live\n")
    assert hanging.asked == 1
    hanging.let_go.set()
    assert await said(client, "ready") == (200, "ready\n")


async def test_other_sites_and_programs_may_ask(database: Database, vault: Vault, aiohttp_client: NewClient) -> None:
    app = pages(Health(database))
    protect(app, database=database, vault=vault, now=lambda: datetime.now(UTC))
    client = await aiohttp_client(app)
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        response = await client.get("/health/ready", headers=headers)
        assert (response.status, response.headers["Cache-Control"]) == (200, "no-store")
        assert (await client.head("/health/live", headers=headers)).status == 200


async def test_the_access_log_is_not_filled_by_them(caplog: pytest.LogCaptureFixture) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response()

    caplog.set_level(logging.INFO, "aiohttp.access")
    app = pages(Health(Away()))
    app.router.add_get("/chat", page)
    runner = web.AppRunner(app, access_log_class=AccessLog)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session:
        for path in ("/health/live", "/chat", "/health/ready"):
            async with session.get(path) as response:
                await response.read()
    await runner.cleanup()
    logged = [record.getMessage() for record in caplog.records if record.name == "aiohttp.access"]
    assert [line.split()[:3] for line in logged] == [["GET", "/chat", "200"]]


async def test_the_newest_form_is_the_one_that_a_start_brings(database: Database) -> None:
    assert await database.read(form.found) == form.newest()
    assert await database.read(form.found_if_any) == form.newest()


async def test_a_database_without_tables_has_no_form(databases: SqliteDatabases | PostgresqlDatabases) -> None:
    with databases.url(migrated=False) as url:
        empty = Database.open(url)
        assert await empty.read(form.found_if_any) == ""
        await empty.close()
