"""Mailing: once on a working day, when there is something new, tells a specialist that the overview is ready. It
never says what.

It is said in a messenger where a specialist has opened one, else by mail: one message a day. It holds a link without a
token and nothing of anybody, so it is the same whatever was shared. A crash between claiming a day and hearing that the
message was taken leaves it held: shown to the specialist, never sent twice.
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
from bot.digest.day import IsHoliday, no_holiday
from bot.digest.words import StaffWords, Wordings
from bot.slots import Period, due_day, due_digests, period, with_something
from bot.slots import rhythm_of as rhythm_of
from bot.staff_chats import StaffChats
from storage import digests, hours, leave, staff_addresses
from storage.database import Database, StorageAway
from storage.digests import MailKey
from storage.people import Staff
from storage.staff_addresses import Place
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
    """A message that is ours to send, and the chat where the specialist is reached, if there is one."""

    staff: Staff
    day: date
    place: Place | None


@dataclass(frozen=True, slots=True)
class Mailing:
    """The messages of a deployment. ``find`` and ``do`` are background work for once a minute: however often and
    wherever they are called, a day is told at most once. Both raise StorageAway when the database is away; then
    nothing was sent that is not recorded. ``post`` is None where no mail can leave, ``chats`` where there is no bot."""

    database: Database
    vault: Vault
    catalogs: Wordings
    post: Post | None
    now: Callable[[], datetime]
    is_holiday: IsHoliday = no_holiday
    chats: StaffChats | None = None

    async def find(self) -> list[list[int]]:
        """Specialists whose message may leave now and was not claimed yet, in groups of their ids."""
        now = self.now()
        await self.database.write(lambda conn: digests.hold_interrupted(conn, before=now - HELD_AFTER))
        return await self.database.read(lambda conn: self._find(conn, now))

    def _find(self, conn: Connection, now: datetime) -> list[list[int]]:
        groups = due_digests(conn, now, self.is_holiday)
        if self.post is not None:
            return groups
        reached = (list(staff_addresses.active(conn, self.vault, ids)) for ids in groups)
        return [sorted(ids) for ids in reached if ids]

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
        away, periods = leave.leaves(conn, ids), dict[Period, list[int]]()
        places = staff_addresses.active(conn, self.vault, ids) if self.chats is not None else {}
        for staff in hours.specialists(conn, self.vault, ids):
            rhythm = rhythm_of(staff, away.get(staff.id, ()), self.is_holiday)
            day = due_day(rhythm, now)
            if day is not None and (self.post is not None or staff.id in places):
                due[staff.id] = _Claimed(staff, day, places.get(staff.id))
                periods.setdefault(period(rhythm, day), []).append(staff.id)
        found = {(one, str(due[one].day)): due[one] for one in with_something(conn, periods)}
        news = {mail: self._message_id(mail) for mail in found}
        return [found[mail] for mail in sorted(digests.claim_digests(conn, news, now))]

    def _message_id(self, mail: MailKey) -> str:
        return _message_id(*mail, self.post.sent_from if self.post is not None else "")

    async def _hand_over(
        self, one: _Claimed, hands: asyncio.Semaphore, pen: asyncio.Lock, became: dict[MailKey, State]
    ) -> None:
        """Once it is handed over a message may have left: whatever goes wrong then that nobody foresaw, it is held."""
        mail, number = (one.staff.id, str(one.day)), one.staff.id
        async with hands:
            try:
                if one.place is not None and await self._told_in_chat(one.staff, mail, one.place, became):
                    return
                await self._mail(one, pen, became)
            except NotTaken as refused:
                became[mail] = "later" if refused.later else "held"
                _log.warning("The digest mail of staff:%d was not taken: %s.", number, refused)
            except Unclear as lost:
                _log.warning("The digest mail of staff:%d is held, it may have been taken: %s.", number, lost)
            except Exception as error:
                became[mail] = "held"
                cause, place = type(error).__name__, place_of(error)
                _log.error("The digest mail of staff:%d is held: %s at %s.", number, cause, place)

    async def _told_in_chat(self, staff: Staff, mail: MailKey, place: Place, became: dict[MailKey, State]) -> bool:
        """Whether it was told in the messenger, or may have been, or will be later. Else a mail takes its place."""
        if self.chats is None:
            return False
        became[mail] = "held"
        told = await self.chats.tell(staff, place)
        if told in ("sent", "held", "later"):
            became[mail] = told
            return True
        _log.warning("The chat of staff:%d does not take messages.", staff.id)
        became[mail] = "later" if told == "away" or self.post is not None else "held"
        return self.post is None

    async def _mail(self, one: _Claimed, pen: asyncio.Lock, became: dict[MailKey, State]) -> None:
        if self.post is None:
            return
        message = await self._write(one, pen, self.post)
        became[one.staff.id, str(one.day)] = "held"
        await self.post.sender.send(message)
        became[one.staff.id, str(one.day)] = "sent"

    async def _write(self, one: _Claimed, pen: asyncio.Lock, post: Post) -> EmailMessage:
        """One after the other, and each in a round of the loop of its own: it takes milliseconds, and people wait."""
        async with pen:
            await asyncio.sleep(0)
            return compose_mail(one.staff, one.day, self.catalogs, post)


def compose_mail(staff: Staff, day: date, catalogs: Wordings, post: Post) -> EmailMessage:
    """The mail for one day. Raises ValueError when an address holds a line break."""
    words = StaffWords(catalogs, staff.language, staff.time_zone, day)
    message = EmailMessage(policy=POLICY)
    message["Subject"] = words.say("mail_subject")
    message["From"] = post.sent_from
    message["To"] = staff.mail
    message["Date"] = rhythm_of(staff).moment(day).astimezone(ZoneInfo(staff.time_zone))
    message["Message-ID"] = _message_id(staff.id, str(day), post.sent_from)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_body(staff, words, post))
    message["Content-Language"] = words.language.replace("_", "-")
    return message


def _mark(conn: Connection, became: Mapping[MailKey, State], now: datetime) -> None:
    mails: dict[State, list[MailKey]] = {"sent": [], "held": [], "later": []}
    for mail, state in became.items():
        mails[state].append(mail)
    digests.mark_digests(conn, mails["sent"], "sent", now)
    digests.mark_digests(conn, mails["held"], "held", now)
    digests.release_digests(conn, mails["later"])


def _body(staff: Staff, words: StaffWords, post: Post) -> str:
    lines = (
        words.say("mail_greeting", name=_one_line(staff.name)),
        "",
        f"{words.say('ready')} {words.say('mail_where')}",
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
