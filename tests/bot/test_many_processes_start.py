"""Processes that are started together on a database that nobody has used yet."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from aiohttp.test_utils import unused_port

from tests.bot.many_processes import begun, own_settings
from tests.loopback_proxy import loopback_proxy
from tests.storage.databases import PostgresqlDatabases
from tests.waiting import PATIENCE


async def test_three_that_start_at_once_make_the_tables_once(
    postgresql_databases: PostgresqlDatabases, tmp_path: Path
) -> None:
    ports, log = [unused_port() for _ in range(3)], tmp_path / "processes.log"
    with postgresql_databases.url(migrated=False) as url:
        async with loopback_proxy(ports) as proxy:
            settings = own_settings(url, tmp_path)
            processes = [begun(port, settings, log) for port in ports]
            try:
                await proxy.until_well(*ports)
            finally:
                for process in processes:
                    process.send(signal.SIGTERM)
                ended = [await asyncio.to_thread(process.end, PATIENCE) for process in processes]
    assert ended == [0, 0, 0], log.read_text()
