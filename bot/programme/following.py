"""Following: every process looks every two seconds whether another version of the programme is in force, and goes on
with it without a restart. A turn asks nobody: it finds the programme where it always is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection

from bot.programme.in_force import InForce
from bot.programme.programme import Programme
from bot.programme.versions import in_force as found_in
from storage import programmes
from storage.database import Database, StorageAway
from storage.vault import Vault

EVERY = 2.0
"""Seconds between two looks."""

_log = logging.getLogger(__name__)


async def refresh(database: Database, vault: Vault, used: InForce) -> bool:
    """Go on with the latest version, if that is another one. Whether it is. Raises StorageAway."""
    found = await database.read(lambda conn: _newer(conn, vault, used))
    if found is None:
        return False
    programme, version = found
    used.put(programme, version)
    _log.info("version %d of the programme is in force", version)
    return True


def _newer(conn: Connection, vault: Vault, used: InForce) -> tuple[Programme, int] | None:
    if programmes.latest_version(conn) in (None, used.version):
        return None
    found = found_in(conn, vault)
    return None if found is None else (used.adapt(conn, found.programme), found.version)


@asynccontextmanager
async def followed(database: Database, vault: Vault, used: InForce) -> AsyncIterator[None]:
    """While this is open, ``used`` is what is in force."""
    watching = asyncio.create_task(_watch(database, vault, used))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _watch(database: Database, vault: Vault, used: InForce) -> None:
    while True:
        await asyncio.sleep(EVERY)
        try:
            await refresh(database, vault, used)
        except StorageAway:
            continue
        except Exception as error:
            _log.error("the programme could not be read again: %s", type(error).__name__)
