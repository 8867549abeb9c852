"""Mail: hands one message to an SMTP server, or to a folder where the demo shows it.

What happened is one of three things: taken, certainly not taken (``NotTaken``), or nobody knows (``Unclear``). Mail
has no way to ask afterwards, so an unclear one is never sent again by itself.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from aiosmtplib import (
    SMTP,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

POLICY = policy.SMTP.clone(max_line_length=200)
"""Refuses a header value with a line break, so that no name or address can add a header of its own."""


class NotTaken(Exception):
    """The mail server did not take the message; it can be offered again when ``later`` is true."""

    def __init__(self, cause: str, *, later: bool) -> None:
        super().__init__(cause)
        self.later = later


class Unclear(Exception):
    """The connection was lost after the message was on its way: it may have been taken or not."""


class Sender(Protocol):
    """Sends mail."""

    async def send(self, message: EmailMessage) -> None:
        """Hand over one message. Returns when it was taken. Raises NotTaken or Unclear."""


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """Sends through a mail server. TLS is used whenever the server offers it; ``use_tls`` is for port 465."""

    host: str
    port: int = 25
    username: str | None = None
    password: str | None = None
    use_tls: bool = False
    timeout: float = 30

    async def send(self, message: EmailMessage) -> None:
        """Hand over one message. Raises NotTaken or Unclear, whose text never holds an address or a body."""
        try:
            async with self._server() as server:
                await server.send_message(message)
        except SMTPRecipientsRefused as refused:
            raise NotTaken("recipient refused", later=all(r.code < 500 for r in refused.recipients)) from None
        except SMTPResponseException as refused:
            raise NotTaken(f"{type(refused).__name__} {refused.code}", later=refused.code < 500) from None
        except SMTPConnectError as away:
            raise NotTaken(type(away).__name__, later=True) from None
        except (SMTPException, OSError) as lost:
            raise Unclear(type(lost).__name__) from None

    def _server(self) -> SMTP:
        return SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            use_tls=self.use_tls,
            timeout=self.timeout,
        )


@dataclass(frozen=True, slots=True)
class FolderSender:
    """Writes each message as an ``.eml`` file, whole or not at all. The same Message-ID gives the same file."""

    folder: Path

    async def send(self, message: EmailMessage) -> None:
        """Write one message. Raises NotTaken when the folder cannot be written to."""
        name = sha256(str(message["Message-ID"]).encode()).hexdigest()[:16]
        half = self.folder / f".{name}.half"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            half.write_bytes(message.as_bytes())
            os.replace(half, self.folder / f"{name}.eml")
        except OSError as wrong:
            raise NotTaken(type(wrong).__name__, later=True) from None


def mails_in(folder: Path) -> list[EmailMessage]:
    """The messages of a FolderSender, newest first."""
    messages = [
        message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=POLICY)
        for path in sorted(folder.glob("*.eml"))
    ]
    return sorted(messages, key=lambda message: message["Date"].datetime, reverse=True)
