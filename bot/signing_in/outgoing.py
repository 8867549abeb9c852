"""Outgoing: how members of staff are told something at once, by mail or in a messenger, after it was stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.http import place_of
from bot.channels.mail import POLICY, NotTaken, Unclear
from bot.digest.words import StaffWords
from bot.mailing import Post
from bot.staff_chats import StaffChats
from storage.people import Staff

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outgoing:
    """The ways out of one deployment. They are known once the pages are served: ``post`` is None where no mail can
    leave, ``chats`` where there is no bot."""

    post: Post | None = None
    chats: StaffChats | None = None
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def mail(self, message: EmailMessage) -> bool:
        """Send one mail now. Whether it left, or may have."""
        if self.post is None:
            return False
        try:
            await self.post.sender.send(message)
        except NotTaken as refused:
            _log.warning("A mail to somebody on the staff was not taken: %s.", refused)
            return False
        except Unclear as lost:
            _log.warning("A mail to somebody on the staff may not have been taken: %s.", lost)
        return True

    def soon(self, work: Coroutine[Any, Any, object]) -> None:
        """Do it beside whatever is done now, so that how long it takes tells nobody anything."""
        task = asyncio.create_task(_quietly(work))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Wait until everything that was to be told is told."""
        while self._under_way:
            await asyncio.gather(*self._under_way)


def letter(staff: Staff, words: StaffWords, post: Post, now: datetime, subject: str, *lines: str) -> EmailMessage:
    """A mail to one member of staff in their language. Raises ValueError when an address holds a line break."""
    message = EmailMessage(policy=POLICY)
    message["Subject"] = words.say(subject)
    message["From"] = post.sent_from
    message["To"] = staff.mail
    message["Date"] = now.astimezone(ZoneInfo(staff.time_zone))
    message["Message-ID"] = make_msgid(domain=post.sent_from.rpartition("@")[2].strip(">") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    greeting = words.say("mail_greeting", name=" ".join(staff.name.split()))
    message.set_content("\n".join((greeting, "", *lines, "")))
    message["Content-Language"] = words.language.replace("_", "-")
    return message


async def _quietly(work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except Exception as error:
        _log.error("Somebody on the staff could not be told: %s at %s.", type(error).__name__, place_of(error))
