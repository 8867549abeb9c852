"""Background: what Medvind does at its times, without anybody's asking. ``bot.jobs`` sees to it that one of all
processes does it; the demo and the terminal do the same on a clock that can be turned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.mailing import Mailing, Post
from bot.staff_chats import StaffChats
from bot.staff_notices import StaffNotices
from bot.tasks import Task
from bot.translating import Translator
from bot.translating.rounds import Rounds
from storage import audit, purging, staff_notices

if TYPE_CHECKING:
    from bot.app import Parts

EVERY_MINUTE = "* * * * *"

SESSIONS_KEPT = timedelta(0)
TRIES_KEPT = timedelta(days=1)
UNREAD_KEPT = timedelta(days=8)
"""How long something that nobody could read is kept for whoever finds out why."""
DOORS_KEPT = timedelta(days=30)
"""After so long an invitation that is over is forgotten, and an address that nobody confirmed."""
NOTICES_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Background:
    """The work of one deployment. ``post`` is None where no mail can leave, ``chats`` where there is no bot."""

    parts: Parts
    post: Post | None
    chats: StaffChats | None = None

    def tasks(self) -> Sequence[Task]:
        """Everything, with its times."""
        tasks = [Task("contacts", EVERY_MINUTE, self.contact), Task("purge", "23 * * * *", self.purge)]
        if self.post is not None or self.chats is not None:
            mailing = self.mailing()
            tasks.append(Task("digests", EVERY_MINUTE, partial(self.send, mailing), mailing.find))
        if self.parts.translator is not None:
            rounds = self.rounds(self.parts.translator)
            tasks.append(Task("translations", EVERY_MINUTE, rounds.do, rounds.find))
            notices = self.notices()
            tasks.append(Task("notices", EVERY_MINUTE, notices.do, notices.find))
        return tasks

    def rounds(self, translator: Translator) -> Rounds:
        """How own words that wait are translated."""
        return Rounds(self.parts.database, self.parts.vault, translator, self.parts.now)

    async def send(self, mailing: Mailing, ids: Sequence[int]) -> None:
        """Send the digest mails of one group. Raises StorageAway."""
        for sent in await mailing.send(ids):
            self.parts.turns.figures.digests[sent.state] += 1

    def mailing(self) -> Mailing:
        """How specialists are told that their overview is ready."""
        parts = self.parts
        return Mailing(
            parts.database, parts.vault, parts.catalogs, self.post, parts.now, parts.is_holiday, chats=self.chats
        )

    def notices(self) -> StaffNotices:
        """How members of staff are told what cannot wait."""
        parts = self.parts
        return StaffNotices(parts.database, parts.vault, parts.catalogs, self.post, parts.now, self.chats)

    async def contact(self, _: Sequence[int] = ()) -> None:
        """Write to those whose time has come. What was missed while Medvind was away stands in the audit, as a number
        of people and not as who. Raises StorageAway."""
        now = self.parts.now()
        came = await self.parts.turns.contact(now)
        self.parts.turns.figures.contacted(came)
        if missed := came["Missed"]:
            details = {"people": missed}
            await self.parts.database.write(
                lambda conn: audit.record(conn, at=now, actor="system", action="check_in.missed", details=details)
            )

    async def purge(self, _: Sequence[int] = ()) -> None:
        """Delete what was only kept for a while. Raises StorageAway."""
        await self.parts.database.write(self._purge)

    def _purge(self, conn: Connection) -> None:
        now = self.parts.now()
        purging.purge(
            conn,
            sessions=now - SESSIONS_KEPT,
            tries=now - TRIES_KEPT,
            unread=now - UNREAD_KEPT,
            doors=now - DOORS_KEPT,
        )
        staff_notices.forget(conn, now - NOTICES_KEPT)
