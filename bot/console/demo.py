"""Demo: the mails that a demo wrote to its folder instead of sending them, for those they are for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage

from aiohttp import web

from bot.channels.mail import mails_in
from bot.console.access import not_found, only
from bot.console.desk import DESK, moment_text, respond, words_for
from storage.people import Staff


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was written."""

    subject: str
    to: str
    date: str
    body: str


@only("specialist", "administrator")
async def mail_page(request: web.Request, staff: Staff) -> web.Response:
    """The mails to whoever reads this, newest first. Outside a demo there is no such page."""
    folder = request.app[DESK].demo_mail
    if folder is None:
        raise not_found(request, staff)
    language = words_for(request.app[DESK], staff).language
    mails = [_mail(message, language) for message in await asyncio.to_thread(mails_in, folder)]
    return respond(
        request, "mail.html", staff, mails=[mail for mail in mails if mail.to == staff.mail], role=staff.role
    )


def _mail(message: EmailMessage, language: str) -> Mail:
    sent = message["Date"].datetime
    return Mail(
        subject=str(message["Subject"]),
        to=str(message["To"]),
        date=moment_text(sent, language),
        body="\n".join(message.get_content().splitlines()),
    )
