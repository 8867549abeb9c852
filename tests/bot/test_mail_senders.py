"""Handing over one mail: taken, certainly not taken, or unclear; and no header that a name brought along."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.channels.mail import POLICY, FolderSender, NotTaken, SmtpSender, Unclear, mails_in


def message(number: int = 1, to: str = "anna@example.org") -> EmailMessage:
    made = EmailMessage(policy=POLICY)
    made["Subject"] = "نظرتك العامة جاهزة"
    made["From"] = "medvind@example.org"
    made["To"] = to
    made["Date"] = f"Tue, 06 May 2025 0{number}:00:00 +0000"
    made["Message-ID"] = f"<{number}@example.org>"
    made.set_content("P1 · علي\n")
    return made


class Inbox:
    """A mail server's memory. ``refuse_to`` and ``refuse_data`` are answers to give instead of taking a mail."""

    def __init__(self, refuse_to: str = "", refuse_data: str = "") -> None:
        self.taken: list[Envelope] = []
        self.refuse_to = refuse_to
        self.refuse_data = refuse_data

    async def handle_RCPT(  # noqa: N802, aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse_to:
            return self.refuse_to
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse_data:
            return self.refuse_data
        self.taken.append(envelope)
        return "250 OK"


@asynccontextmanager
async def listening(serve: Callable[[], asyncio.Protocol]) -> AsyncIterator[SmtpSender]:
    server = await asyncio.get_running_loop().create_server(serve, "127.0.0.1", 0)
    try:
        yield SmtpSender("127.0.0.1", server.sockets[0].getsockname()[1], timeout=2)
    finally:
        server.close()
        await server.wait_closed()


def mail_server(inbox: Inbox) -> Callable[[], asyncio.Protocol]:
    return lambda: SMTP(inbox, hostname="mail.test", loop=asyncio.get_running_loop())


async def test_a_mail_is_taken_once() -> None:
    inbox = Inbox()
    async with listening(mail_server(inbox)) as sender:
        await sender.send(message())
    assert [envelope.rcpt_tos for envelope in inbox.taken] == [["anna@example.org"]]
    assert b"Message-ID: <1@example.org>" in (inbox.taken[0].original_content or b"")


@pytest.mark.parametrize(
    ("inbox", "later"),
    [
        (Inbox(refuse_to="450 greylisted, try later"), True),
        (Inbox(refuse_to="550 no such user"), False),
        (Inbox(refuse_data="452 disk full"), True),
        (Inbox(refuse_data="554 no"), False),
    ],
    ids=["greylisted", "no such user", "disk full", "refused"],
)
async def test_a_refusal_is_certain_and_says_whether_to_come_back(inbox: Inbox, later: bool) -> None:
    async with listening(mail_server(inbox)) as sender:
        with pytest.raises(NotTaken) as refused:
            await sender.send(message())
    assert refused.value.later is later
    assert "anna" not in str(refused.value)


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    async with listening(mail_server(Inbox())) as sender:
        pass
    with pytest.raises(NotTaken) as refused:
        await sender.send(message())
    assert refused.value.later


class SilentAfterData(asyncio.Protocol):
    """Takes every word, and after the text either says nothing or hangs up."""

    def __init__(self, hang_up: bool) -> None:
        self.hang_up = hang_up
        self.reading_text = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 mail.test\r\n")

    def data_received(self, data: bytes) -> None:
        if self.reading_text:
            if data.endswith(b"\r\n.\r\n") and self.hang_up:
                self.transport.close()
            return
        self.reading_text = data.upper().startswith(b"DATA")
        self.transport.write(b"354 go on\r\n" if self.reading_text else b"250 OK\r\n")


@pytest.mark.parametrize("hang_up", [True, False], ids=["connection lost", "no answer"])
async def test_after_the_text_nobody_knows(hang_up: bool) -> None:
    async with listening(lambda: SilentAfterData(hang_up)) as sender:
        quick = SmtpSender(sender.host, sender.port, timeout=1)
        with pytest.raises(Unclear) as lost:
            await quick.send(message())
    assert "anna" not in str(lost.value)


async def test_the_folder_shows_what_was_sent_newest_first(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path / "mail")
    for number in (1, 3, 2, 3):
        await sender.send(message(number))
    found = mails_in(tmp_path / "mail")
    assert [mail["Message-ID"] for mail in found] == ["<3@example.org>", "<2@example.org>", "<1@example.org>"]
    assert found[0]["Subject"] == "نظرتك العامة جاهزة"
    assert found[0].get_content().splitlines() == ["P1 · علي"]


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file is in the way")
    with pytest.raises(NotTaken) as refused:
        await FolderSender(tmp_path / "mail").send(message())
    assert refused.value.later


def test_no_folder_means_no_mail(tmp_path: Path) -> None:
    assert mails_in(tmp_path / "never written") == []


@pytest.mark.parametrize("header", ["Subject", "To", "From"])
def test_a_header_with_a_line_break_is_refused(header: str) -> None:
    made = EmailMessage(policy=POLICY)
    with pytest.raises(ValueError, match="linefeed"):
        made[header] = "Anna\r\nBcc: everybody@example.org"
