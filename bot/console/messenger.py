"""Messenger: the page on which a specialist opens, and ends, a chat that tells that the overview is ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from aiohttp import web
from markupsafe import Markup
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.dates import time_text
from bot.digest.words import StaffWords
from bot.qr import in_page
from bot.staff_door import StaffLink, make_link
from storage import audit, staff_addresses
from storage.people import Staff
from storage.staff_addresses import Chat


@dataclass(frozen=True, slots=True)
class Connected:
    """One chat that tells this specialist, in a sentence, and what its end is called."""

    channel: str
    state: str
    end: str


@dataclass(frozen=True, slots=True)
class Made:
    """A link as it is shown once. It is left out of ``repr``."""

    link: str = field(repr=False)
    once: str

    @property
    def picture(self) -> Markup:
        """The link for a camera."""
        return Markup(in_page(self.link))  # noqa: S704, lines and numbers only


@only("specialist")
async def messenger_page(request: web.Request, staff: Staff) -> web.Response:
    """Which chats there are, and buttons for others."""
    return await _page(request, staff)


@only("specialist")
async def make(request: web.Request, staff: Staff) -> web.Response:
    """Makes a link and shows it once. An earlier one opens nothing more."""
    desk, channel = request.app[DESK], (await posted(request)).get("channel", "")
    bots = await desk.bots()
    if channel not in bots:
        raise not_found(request, staff)
    link = await desk.database.write(lambda conn: make_link(conn, desk.vault, staff, desk.now(), desk.random))
    return await _page(request, staff, _made(desk, staff, link, bots[channel]))


@only("specialist")
async def end(request: web.Request, staff: Staff) -> web.Response:
    """Tells nothing there any more. A second press changes nothing."""
    desk, channel = request.app[DESK], (await posted(request)).get("channel", "")

    def work(conn: Connection) -> None:
        if staff_addresses.remove(conn, staff.id, channel):
            details, actor = {"channel": channel}, f"staff:{staff.id}"
            audit.record(conn, at=desk.now(), actor=actor, action="messenger ended", details=details)

    await desk.database.write(work)
    raise web.HTTPSeeOther("/digest/telegram")


async def _page(request: web.Request, staff: Staff, made: Made | None = None) -> web.Response:
    desk = request.app[DESK]
    bots, words = await desk.bots(), words_for(desk, staff)
    chats = await desk.database.read(lambda conn: staff_addresses.chats(conn, staff.id))
    there = {chat.channel for chat in chats}
    return respond(
        request,
        "messenger.html",
        staff,
        chats=[_connected(chat, bots, words) for chat in chats],
        makes=[
            (channel, words.say("messenger_make", bot=f"@{bots[channel]}")) for channel in bots if channel not in there
        ],
        made=made,
    )


def _connected(chat: Chat, bots: Mapping[str, str], words: StaffWords) -> Connected:
    """A bot that cannot be asked for its name is called by the messenger's."""
    bot = f"@{bots[chat.channel]}" if chat.channel in bots else words.say("messenger")
    state = "messenger_on" if chat.state == staff_addresses.ACTIVE else "messenger_away"
    said = words.say(state, bot=bot, date=words.date(chat.since))
    return Connected(chat.channel, said, words.say("messenger_end", bot=bot))


def _made(desk: Desk, staff: Staff, link: StaffLink, bot: str) -> Made:
    words = words_for(desk, staff)
    until = time_text(link.expires_at.astimezone(ZoneInfo(staff.time_zone)), words.language)
    return Made(link.link(bot), words.say("messenger_once", time=until))
