"""Staff notices: tells members of staff at once, at any hour, what cannot wait: in a messenger where they have opened
one, else by mail. It names who did something and when, and nothing of any participant."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.channels.mail import POLICY, NotTaken, Unclear
from bot.dates import time_text
from bot.digest.words import StaffWords, Wordings
from bot.mailing import Post
from bot.staff_chats import StaffChats
from storage import people, staff_addresses, staff_notices
from storage.database import Database
from storage.people import Staff
from storage.staff_addresses import Place
from storage.staff_notices import Notice
from storage.vault import Erased, Vault

PLACES: Mapping[str, str] = {"emergency": "/emergency", "emergency_anywhere": "/emergency", "entrance_renewed": ""}
"""Which page says more about each kind; "" for none. Its words are ``staff/notice.<kind>`` and ``.subject``."""

MOST_TRIES = 30
LEASE = timedelta(minutes=2)
"""So long one process has for a notice; then another one may send it."""

STALE = timedelta(days=1)
"""What could not leave for so long, because there was no way out, is no news any more."""

PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
"""Before each further try. The last one stays."""

_log = logging.getLogger(__name__)
_Became = Literal["sent", "later", "refused"]


@dataclass(frozen=True, slots=True)
class StaffNotices:
    """The notices of a deployment. ``find`` and ``do`` are background work; both raise StorageAway. ``post`` is None
    where no mail can leave, ``chats`` where there is no bot."""

    database: Database
    vault: Vault
    catalogs: Wordings
    post: Post | None
    now: Callable[[], datetime]
    chats: StaffChats | None = None

    async def find(self) -> list[list[int]]:
        """Those that may leave now, all in one group: there are few."""
        waiting = await self.database.read(lambda conn: staff_notices.due(conn, self.now()))
        return [waiting] if waiting else []

    async def do(self, ids: Sequence[int]) -> None:
        """Send these, those that are still due. What cannot leave now is tried again."""
        now = self.now()
        for notice, staff, words, place in await self.database.write(lambda conn: self._claim(conn, ids, now)):
            became = await self._send(notice, staff, words, place)
            await self.database.write(lambda conn, one=notice, how=became: self._mark(conn, one, how))  # type: ignore[misc]

    def _claim(
        self, conn: Connection, ids: Sequence[int], now: datetime
    ) -> list[tuple[Notice, Staff, tuple[str, str], Place | None]]:
        claimed = staff_notices.claim(conn, ids, now, now + LEASE, now - STALE)
        places = staff_addresses.active(conn, self.vault, {one.staff_id for one in claimed}) if self.chats else {}
        found = []
        for one in claimed:
            staff = people.staff(conn, self.vault, one.staff_id)
            found.append((one, staff, self._worded(conn, one, staff), places.get(staff.id)))
        return found

    def _worded(self, conn: Connection, notice: Notice, staff: Staff) -> tuple[str, str]:
        """Subject and sentences."""
        words = StaffWords(self.catalogs, staff.language, staff.time_zone, self.now().date())
        try:
            name = people.staff(conn, self.vault, int(notice.details["by"])).name
        except (KeyError, Erased):
            name = words.say("log.somebody")
        at = datetime.fromisoformat(notice.details.get("until") or notice.details["at"])
        time = time_text(at.astimezone(ZoneInfo(staff.time_zone)), words.language)
        said = words.say(f"notice.{notice.kind}", name=name, time=time)
        return words.say(f"notice.{notice.kind}.subject"), said

    async def _send(self, notice: Notice, staff: Staff, words: tuple[str, str], place: Place | None) -> _Became:
        subject, said = words
        link = f"{self._pages}{PLACES[notice.kind]}" if PLACES[notice.kind] else ""
        if place is not None and self.chats is not None:
            text = f"{said}\n{link}" if link else said
            if await self.chats.say(staff, place, text) in ("sent", "held"):
                return "sent"
        if self.post is None:
            return "later"
        try:
            await self.post.sender.send(_mail(notice, staff, subject, [said, *([link] if link else [])], self.post))
        except Unclear:
            return "sent"
        except NotTaken as refused:
            _log.warning("A notice for staff:%d was not taken: %s.", staff.id, refused)
            return "later" if refused.later else "refused"
        return "sent"

    def _mark(self, conn: Connection, notice: Notice, became: _Became) -> None:
        now = self.now()
        if became == "sent":
            staff_notices.sent(conn, notice.id, now)
        elif became == "refused" or notice.attempts >= MOST_TRIES:
            _log.error("A notice for staff:%d (%s) is given up.", notice.staff_id, notice.kind)
            staff_notices.give_up(conn, notice.id)
        else:
            pause = PAUSES[min(notice.attempts, len(PAUSES)) - 1]
            staff_notices.later(conn, notice.id, now + pause)

    @property
    def _pages(self) -> str:
        return self.post.pages if self.post is not None else self.chats.pages if self.chats is not None else ""


def _mail(notice: Notice, staff: Staff, subject: str, lines: Sequence[str], post: Post) -> EmailMessage:
    """The same for every try, so that a mail system which remembers ids drops a second copy."""
    domain = post.sent_from.rpartition("@")[2].strip(">") or "localhost"
    message = EmailMessage(policy=POLICY)
    message["Subject"] = subject
    message["From"] = post.sent_from
    message["To"] = staff.mail
    message["Date"] = notice.created_at.astimezone(ZoneInfo(staff.time_zone))
    message["Message-ID"] = f"<medvind-notice-{notice.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join((*lines, "")))
    return message
