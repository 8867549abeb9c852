"""Entering: how somebody on the staff gets a way in: a link by mail, or shown once to the administrator."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from bot.channels.http import is_https
from bot.console.desk import DESK, words_for
from bot.signing_in.enrolling import send_enrolment
from storage.people import Staff


@dataclass(frozen=True, slots=True)
class Entrance:
    """What an administrator is told of a link. ``link`` is "" where it was mailed, and left out of ``repr``."""

    said: str
    link: str = field(default="", repr=False)


async def let_in(request: web.Request, by: Staff, whom: Staff, path: str) -> Entrance:
    """Send the link at ``path``, or show it where no mail leaves."""
    desk = request.app[DESK]
    words = words_for(desk, by)
    if await send_enrolment(desk, whom, path):
        return Entrance(words.say("entrance_mailed", name=whom.name))
    pages = f"{'https' if is_https(request) else 'http'}://{request.host}"
    return Entrance(words.say("entrance_link", name=whom.name), f"{pages}{path}")
