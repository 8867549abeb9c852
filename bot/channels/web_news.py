"""News: what others than this process said in the chats that are open here, and which sessions have ended.

Every process asks by itself: it needs no line to the others, and misses nothing when one of them dies.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.channels.http import place_of
from bot.channels.web_socket import SIGNED_OUT, Socket, Sockets
from storage import open_chats
from storage.database import Database, StorageAway
from storage.vault import Vault

LOOK_EVERY = 1.0
"""Seconds between two looks."""

_log = logging.getLogger(__name__)


class News:
    """Looks after the sockets of one process while ``watch`` runs. Without an open chat nothing is asked."""

    def __init__(self, sockets: Sockets, *, database: Database, vault: Vault, now: Callable[[], datetime]) -> None:
        self._sockets = sockets
        self._database = database
        self._vault = vault
        self._now = now
        self._closing: set[asyncio.Task[None]] = set()

    async def watch(self) -> None:
        """Until cancelled. While the database is away nobody is told anything, and nobody is sent away."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.look()
            except StorageAway:
                pass  # it is looked again in a second
            except Exception as error:
                _log.error("news: %s at %s", type(error).__name__, place_of(error))

    async def look(self) -> None:
        """Once: one statement for all who have a chat open. Raises StorageAway."""
        sockets = self._sockets.all()
        if not sockets:
            return
        people = {socket.participant_id for socket in sockets}
        found = await self._database.read(lambda conn: open_chats.numbers(conn, people, self._now()))
        for socket in sockets:
            next_seq = found.get(self._vault.token_hash(socket.token))
            if next_seq is None:
                self._sign_out(socket)
            else:
                socket.reached(next_seq)

    def _sign_out(self, socket: Socket) -> None:
        """Nobody else waits for the browser's goodbye."""
        task = asyncio.create_task(socket.close(SIGNED_OUT))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
