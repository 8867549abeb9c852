"""Mailing: once on a working day, tells a specialist by mail that something new was shared. Never what.

The mail holds a count, pseudonyms and a link without a token. A crash between claiming a day and hearing that the
mail was taken leaves it held: shown to the specialist, never sent twice.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.channels.mail import POLICY, NotTaken, Sender, Unclear
from bot.digest.day import Rhythm, mail_window
from bot.digest.words import StaffWords, Wordings
from storage import digests, people
from storage.database import Database
from storage.digests import CardRow
from storage.people import Staff
from storage.vault import Vault

LATEST = timedelta(hours=4)
"""How long after the digest time a mail may still leave, when Medvind or the mail server was away. Later would be
outside the hours the specialist chose; the page has it all."""

HELD_AFTER = timedelta(minutes=15)
"""A mail that is on its way for longer was interrupted."""

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
    state: Literal["sent", "held", "later"]


async def send_due(now: datetime, *, database: Database, vault: Vault, catalogs: Wordings, post: Post) -> list[Sent]:
    """Send every digest mail whose time has come: call it as often as you like, a day is mailed at most once.

    Raises StorageAway when the database is away; then nothing was sent that is not recorded.
    """
    await database.write(lambda conn: digests.hold_interrupted(conn, before=now - HELD_AFTER))
    specialists = await database.read(lambda conn: people.all_staff(conn, vault, role="specialist"))
    done = []
    for staff in specialists:
        day = due_day(staff, now)
        if day is not None:
            done += await _send_one(staff.id, day, now, database, vault, catalogs, post)
    return done


def rhythm_of(staff: Staff) -> Rhythm:
    """When a member of staff gets a digest."""
    return Rhythm(staff.working_days, staff.digest_at, staff.time_zone)


def due_day(staff: Staff, now: datetime) -> date | None:
    """The day whose mail may leave at ``now``, or None: not a working day, too early, or too late."""
    rhythm = rhythm_of(staff)
    today = rhythm.today(now)
    if not rhythm.works_on(today):
        return None
    return today if rhythm.moment(today) <= now <= rhythm.moment(today) + LATEST else None


async def _send_one(
    staff_id: int, day: date, now: datetime, database: Database, vault: Vault, catalogs: Wordings, post: Post
) -> list[Sent]:
    def claim(conn: Connection) -> EmailMessage | None:
        """Reads who is assigned and what is shared at this moment, in the transaction that claims the day."""
        staff = people.staff(conn, vault, staff_id)
        window = mail_window(rhythm_of(staff), day)
        cards = [
            card for card in digests.cards_for(conn, vault, staff_id, window.since) if window.holds(card.shared_at)
        ]
        message_id = _message_id(staff_id, day, post.sent_from)
        if not cards or not digests.claim_digest(conn, staff_id, str(day), message_id, now):
            return None
        try:
            return compose_mail(staff, cards, day, catalogs, post)
        except ValueError as unusable:
            _log.warning("The digest mail of staff:%d is held: %s.", staff_id, type(unusable).__name__)
            digests.mark_digest(conn, staff_id, str(day), "held", now)
            return None

    message = await database.write(claim)
    if message is None:
        return []
    state = await _hand_over(message, post.sender, staff_id)
    await database.write(lambda conn: _mark(conn, staff_id, day, state, now))
    return [Sent(staff_id, str(day), state)]


async def _hand_over(message: EmailMessage, sender: Sender, staff_id: int) -> Literal["sent", "held", "later"]:
    try:
        await sender.send(message)
    except NotTaken as refused:
        _log.warning("The digest mail of staff:%d was not taken: %s.", staff_id, refused)
        return "later" if refused.later else "held"
    except Unclear as lost:
        _log.warning("The digest mail of staff:%d is held, it may have been taken: %s.", staff_id, lost)
        return "held"
    return "sent"


def _mark(conn: Connection, staff_id: int, day: date, state: str, now: datetime) -> None:
    if state == "later":
        digests.release_digest(conn, staff_id, str(day))
    else:
        digests.mark_digest(conn, staff_id, str(day), state, now)


def compose_mail(staff: Staff, cards: Sequence[CardRow], day: date, catalogs: Wordings, post: Post) -> EmailMessage:
    """The mail for one day. Raises ValueError when an address holds a line break."""
    words = StaffWords(catalogs, staff.language, staff.time_zone, day)
    pseudonyms = {card.participant_id: _one_line(card.pseudonym) for card in cards}
    message = EmailMessage(policy=POLICY)
    message["Subject"] = words.say("mail_subject")
    message["From"] = post.sent_from
    message["To"] = staff.mail
    message["Date"] = rhythm_of(staff).moment(day).astimezone(ZoneInfo(staff.time_zone))
    message["Message-ID"] = _message_id(staff.id, day, post.sent_from)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_body(staff, list(pseudonyms.values()), words, post))
    message["Content-Language"] = words.language.replace("_", "-")
    return message


def _body(staff: Staff, pseudonyms: Sequence[str], words: StaffWords, post: Post) -> str:
    lines = (
        words.say("mail_greeting", name=_one_line(staff.name)),
        "",
        words.count("mail_count", len(pseudonyms)),
        " · ".join(f"\u2068{pseudonym}\u2069" for pseudonym in pseudonyms),
        "",
        words.say("mail_where"),
        f"{post.pages}/digest",
        "",
        words.say("mail_once"),
        "",
    )
    return "\n".join(lines)


def _message_id(staff_id: int, day: date, sent_from: str) -> str:
    """The same for every try, so that a mail system which remembers ids drops a second copy."""
    domain = sent_from.rpartition("@")[2].strip(">") or "localhost"
    return f"<medvind-digest-{staff_id}-{day}@{domain}>"


def _one_line(text: str) -> str:
    return " ".join(text.split())
