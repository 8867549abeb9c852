"""Mailing: once on a working day, tells a specialist by mail that something new was shared. Never what.

The mail holds a count, pseudonyms and a link without a token. A crash between claiming a day and hearing that the
mail was taken leaves it held: shown to the specialist, never sent twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.channels.http import place_of
from bot.channels.mail import POLICY, NotTaken, Sender, Unclear
from bot.digest.day import IsHoliday, mail_window, no_holiday
from bot.digest.words import StaffWords, Wordings
from bot.slots import due_day, due_digests
from bot.slots import rhythm_of as rhythm_of
from storage import digests, hours, leave
from storage.database import Database, StorageAway
from storage.digests import MailKey, Sharer
from storage.people import Staff
from storage.vault import Vault

HELD_AFTER = timedelta(minutes=15)
"""A mail that is on its way for longer was interrupted."""

AT_ONCE = 16
"""Mails that are claimed together. No more, so that people who write meanwhile wait for no long transaction, a slow
mail server has them all well within ``HELD_AFTER``, and little time lies between reading who shared and telling it."""

HANDS = 8
"""Mails that are handed over side by side."""

State = Literal["sent", "held", "later"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """How the deployment sends: the address that mails come from, and that of the pages, without a slash at its end."""

    sender: Sender
    sent_from: str
    pages: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one mail. ``later``: the server was not there, and it is tried again."""

    staff_id: int
    day: str
    state: State


class _Claimed(NamedTuple):
    """A mail that is ours to send, with what was read when it was claimed. Names are still sealed."""

    staff: Staff
    day: date
    sharers: Sequence[Sharer]


@dataclass(frozen=True, slots=True)
class Mailing:
    """The digest mails of a deployment. ``find`` and ``do`` are background work for once a minute: however often and
    wherever they are called, a day is mailed at most once. Both raise StorageAway when the database is away; then
    nothing was sent that is not recorded."""

    database: Database
    vault: Vault
    catalogs: Wordings
    post: Post
    now: Callable[[], datetime]
    is_holiday: IsHoliday = no_holiday

    async def find(self) -> list[list[int]]:
        """Specialists whose mail may leave now and was not claimed yet, in groups of their ids."""
        now = self.now()
        await self.database.write(lambda conn: digests.hold_interrupted(conn, before=now - HELD_AFTER))
        return await self.database.read(lambda conn: due_digests(conn, now, self.is_holiday))

    async def do(self, ids: Sequence[int]) -> None:
        """Send the mails of one group, those that are still due."""
        await self.send(ids)

    async def send(self, ids: Sequence[int]) -> list[Sent]:
        """The same, and what became of each mail."""
        everybody = sorted(ids)
        return [
            sent
            for start in range(0, len(everybody), AT_ONCE)
            for sent in await self._send_some(everybody[start : start + AT_ONCE])
        ]

    async def _send_some(self, ids: Sequence[int]) -> list[Sent]:
        """Work that is broken off gives back what it had not begun to hand over."""
        claimed = await self.database.write(lambda conn: self._claim(conn, ids))
        became: dict[MailKey, State] = {(one.staff.id, str(one.day)): "later" for one in claimed}
        hands, pen = asyncio.Semaphore(HANDS), asyncio.Lock()
        try:
            await asyncio.gather(*(self._hand_over(one, hands, pen, became) for one in claimed))
        except asyncio.CancelledError:
            with suppress(StorageAway):  # then they are held, as after a crash
                await self.database.write(lambda conn: _mark(conn, became, self.now()))
            raise
        await self.database.write(lambda conn: _mark(conn, became, self.now()))
        return [Sent(*mail, state) for mail, state in became.items()]

    def _claim(self, conn: Connection, ids: Sequence[int]) -> list[_Claimed]:
        """Reads who works, who is assigned and what is shared now, in the transaction that claims the day."""
        now, due = self.now(), {}
        away = leave.leaves(conn, ids)
        for staff in hours.specialists(conn, self.vault, ids):
            rhythm = rhythm_of(staff, away.get(staff.id, ()), self.is_holiday)
            day = due_day(rhythm, now)
            if day is not None:
                due[staff.id] = (staff, day, mail_window(rhythm, day))
        found = {}
        for staff_id, shared in digests.sharers(conn, {staff_id: due[staff_id][2].since for staff_id in due}).items():
            staff, day, window = due[staff_id]
            new = [each for each in shared if window.holds(each.shared_at)]
            if new:
                found[staff_id, str(day)] = _Claimed(staff, day, new)
        news = {mail: _message_id(*mail, self.post.sent_from) for mail in found}
        return [found[mail] for mail in sorted(digests.claim_digests(conn, news, now))]

    async def _hand_over(
        self, one: _Claimed, hands: asyncio.Semaphore, pen: asyncio.Lock, became: dict[MailKey, State]
    ) -> None:
        """Once it is handed over a mail may have left: whatever goes wrong then that nobody foresaw, it is held."""
        mail, number = (one.staff.id, str(one.day)), one.staff.id
        async with hands:
            try:
                message = await self._write(one, pen)
                became[mail] = "held"
                await self.post.sender.send(message)
                became[mail] = "sent"
            except NotTaken as refused:
                became[mail] = "later" if refused.later else "held"
                _log.warning("The digest mail of staff:%d was not taken: %s.", number, refused)
            except Unclear as lost:
                _log.warning("The digest mail of staff:%d is held, it may have been taken: %s.", number, lost)
            except Exception as error:
                became[mail] = "held"
                cause, place = type(error).__name__, place_of(error)
                _log.error("The digest mail of staff:%d is held: %s at %s.", number, cause, place)

    async def _write(self, one: _Claimed, pen: asyncio.Lock) -> EmailMessage:
        """One after the other, and each in a round of the loop of its own: it takes milliseconds, and people wait."""
        async with pen:
            await asyncio.sleep(0)
            pseudonyms = {each.participant_id: each.pseudonym(self.vault) for each in one.sharers}
            return compose_mail(one.staff, list(pseudonyms.values()), one.day, self.catalogs, self.post)


async def send_due(
    now: datetime,
    *,
    database: Database,
    vault: Vault,
    catalogs: Wordings,
    post: Post,
    is_holiday: IsHoliday = no_holiday,
) -> list[Sent]:
    """Send every digest mail whose time has come, at a moment of one's own, and say what became of each. Raises
    StorageAway."""
    mailing = Mailing(database, vault, catalogs, post, lambda: now, is_holiday)
    return [sent for ids in await mailing.find() for sent in await mailing.send(ids)]


def compose_mail(staff: Staff, pseudonyms: Sequence[str], day: date, catalogs: Wordings, post: Post) -> EmailMessage:
    """The mail for one day. Raises ValueError when an address holds a line break."""
    words = StaffWords(catalogs, staff.language, staff.time_zone, day)
    message = EmailMessage(policy=POLICY)
    message["Subject"] = words.say("mail_subject")
    message["From"] = post.sent_from
    message["To"] = staff.mail
    message["Date"] = rhythm_of(staff).moment(day).astimezone(ZoneInfo(staff.time_zone))
    message["Message-ID"] = _message_id(staff.id, str(day), post.sent_from)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_body(staff, pseudonyms, words, post))
    message["Content-Language"] = words.language.replace("_", "-")
    return message


def _mark(conn: Connection, became: Mapping[MailKey, State], now: datetime) -> None:
    mails: dict[State, list[MailKey]] = {"sent": [], "held": [], "later": []}
    for mail, state in became.items():
        mails[state].append(mail)
    digests.mark_digests(conn, mails["sent"], "sent", now)
    digests.mark_digests(conn, mails["held"], "held", now)
    digests.release_digests(conn, mails["later"])


def _body(staff: Staff, pseudonyms: Sequence[str], words: StaffWords, post: Post) -> str:
    lines = (
        words.say("mail_greeting", name=_one_line(staff.name)),
        "",
        words.count("mail_count", len(pseudonyms)),
        " · ".join(f"\u2068{_one_line(pseudonym)}\u2069" for pseudonym in pseudonyms),
        "",
        words.say("mail_where"),
        f"{post.pages}/digest",
        "",
        words.say("mail_once"),
        "",
    )
    return "\n".join(lines)


def _message_id(staff_id: int, day: str, sent_from: str) -> str:
    """The same for every try, so that a mail system which remembers ids drops a second copy."""
    domain = sent_from.rpartition("@")[2].strip(">") or "localhost"
    return f"<medvind-digest-{staff_id}-{day}@{domain}>"


def _one_line(text: str) -> str:
    return " ".join(text.split())
