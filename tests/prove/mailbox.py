"""Mailbox: a mail server on this machine that remembers which mail it took, and sometimes hangs up after that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from random import Random

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
LOST = 0.1
"""How often the sender never hears that a mail was taken."""

SLOW = 0.4
"""Seconds that a mail takes at most, so that something can happen meanwhile."""


class Mailbox:
    """``taken`` are the ids of the mails, in the order in which they came. ``port`` is where."""

    def __init__(self, random: Random) -> None:
        self.taken: list[str] = []
        self.port = 0
        self._random = random

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail."""
        await asyncio.sleep(self._random.uniform(0.0, SLOW))
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(str(message_from_bytes(content)["Message-ID"]))
        if self._random.random() < LOST:
            assert server.transport is not None
            server.transport.close()
        return "250 OK"


@asynccontextmanager
async def mailbox(random: Random) -> AsyncIterator[Mailbox]:
    """A mail server at work."""
    made, loop = Mailbox(random), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(made, hostname="mail.test", loop=loop), HOST, 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        await server.wait_closed()
