"""Every digest message whose time has come, sent at a moment of the test's own."""

from __future__ import annotations

from datetime import datetime

from bot.digest.day import IsHoliday, no_holiday
from bot.digest.words import Wordings
from bot.mailing import Mailing, Post, Sent
from bot.staff_chats import StaffChats
from storage.database import Database
from storage.vault import Vault


async def send_due(
    now: datetime,
    *,
    database: Database,
    vault: Vault,
    catalogs: Wordings,
    post: Post | None,
    is_holiday: IsHoliday = no_holiday,
    chats: StaffChats | None = None,
) -> list[Sent]:
    """What became of each. Raises StorageAway."""
    mailing = Mailing(database, vault, catalogs, post, lambda: now, is_holiday, chats)
    return [sent for ids in await mailing.find() for sent in await mailing.send(ids)]
