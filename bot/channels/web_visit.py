"""Chat: what the handlers of the web chat share, and how they find out who is there and in which language to speak."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web
from sqlalchemy import Connection

from bot.catalogs import forms
from bot.channels.browser_language import browser_language
from bot.channels.http import place_of, session_token
from bot.channels.web_help import HelpPages
from bot.channels.web_pages import Pages
from bot.channels.web_socket import Sockets
from bot.my_page.choices import shares_phone
from bot.reading_aloud import chose_to_listen
from bot.schedule import Agenda
from storage import own, people
from storage.database import Database, StorageAway
from storage.vault import Cipher, Vault

if TYPE_CHECKING:
    from bot.turns import Turns

_log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A participant who has the chat open."""

    participant_id: int
    language: str
    token: str
    form: str = forms.NEUTRAL
    """The words for women or men that the person chose."""


@dataclass(frozen=True)
class Chat:
    """The parts of the web chat, and what they stand on."""

    turns: Turns
    database: Database
    vault: Vault
    now: Callable[[], datetime]
    pages: Pages
    help: HelpPages
    sockets: Sockets

    async def visitor(self, request: web.Request) -> Visitor | None:
        """Who is there, or None without a session. Raises StorageAway."""
        token = session_token(request)
        return await self.database.read(lambda conn: self._visitor(conn, token)) if token else None

    def _visitor(self, conn: Connection, token: str) -> Visitor | None:
        who = people.session_owner(conn, self.vault, token, self.now())
        if who is None or who.participant_id is None:
            return None
        person = people.participant(conn, self.vault, who.participant_id)
        language = self.offered(person.language)
        form = _form(conn, person.cipher, who.participant_id) if self.pages.varies(language) else forms.NEUTRAL
        return Visitor(who.participant_id, language, token, form)

    async def listens(self, participant_id: int) -> bool:
        """Whether texts can be played to a person. Where nothing is recorded, nobody's choice is looked up. Raises
        StorageAway."""
        if not self.pages.recordings.files:
            return False
        return await self.database.read(lambda conn: chose_to_listen(conn, self.vault, participant_id))

    async def discreet(self, participant_id: int) -> bool:
        """Whether others may see the screen of a person. Raises StorageAway."""
        return await self.database.read(lambda conn: shares_phone(conn, self.vault, participant_id))

    def offered(self, language: str) -> str:
        """The language, or the programme's first where it is not offered."""
        return language if language in self.pages.languages else self.pages.languages[0]

    def language(self, request: web.Request) -> str:
        """The language for somebody unknown: the one picked on the page, or the browser's."""
        return self.offered(request.query.get("language") or browser_language(request, self.pages.languages))

    def person(self, visitor: Visitor) -> str:
        """A name for the participant that means nothing outside: it keeps one person's unsent words from another's
        session in the same browser."""
        return self.vault.lookup("page", str(visitor.participant_id)).hex()[:16]

    def notice(
        self,
        language: str,
        title: str,
        sentences: Sequence[str],
        status: HTTPStatus,
        link: tuple[str, str] = ("", ""),
    ) -> web.Response:
        """A page with a few sentences and at most one way on: an address and the name of its text."""
        way, way_text = link
        html = self.pages.render(
            "notice.html", language, title=title, sentences=sentences, link=way, link_text=way_text
        )
        return page(html, status)

    def closed(self, language: str) -> web.Response:
        """For somebody without a session, whatever the reason."""
        return self.notice(language, "page.closed_title", ["page.closed"], HTTPStatus.FORBIDDEN)

    def away(self, request: web.Request) -> web.Response:
        """For somebody who wants to read while the database is away."""
        sentences = ["page.away_read", "page.away_wait"]
        link = (request.path, "page.try_again")
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return self.notice(self.language(request), "page.away_read_title", sentences, status, link)


def _form(conn: Connection, cipher: Cipher, participant_id: int) -> str:
    stored = own.agenda(conn, cipher, participant_id)
    return forms.chosen(msgspec.json.decode(stored, type=Agenda).choices) if stored else forms.NEUTRAL


CHAT = web.AppKey("chat", Chat)

_NO_PAGE = ("page.link_title", ["page.link"])
_SAID: Mapping[int, tuple[str, list[str]]] = {
    404: _NO_PAGE,
    405: _NO_PAGE,
    500: ("page.trouble_title", ["page.trouble"]),
}
"""Status -> title and sentences. With any other, something was sent by no page of ours, or is too large."""


def said_kindly(request: web.Request, status: int) -> web.Response:
    """That there is no such page, or that something did not work, in the language of the browser: whose session it is
    need not be known for it. Whoever has only a page of the staff open goes back there."""
    chat, is_staff = request.app[CHAT], bool(session_token(request, "staff")) and not session_token(request)
    title, sentences = _SAID.get(status, ("page.trouble_title", []))
    link = ("/account" if is_staff else "/chat", "page.open_again")
    return chat.notice(chat.language(request), title, sentences, HTTPStatus(status), link)


def page(html: str, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """A page, compressed for phones on slow networks."""
    response = web.Response(text=html, content_type="text/html", charset="utf-8", status=status)
    response.enable_compression()
    return response


def kindly(handler: Handler) -> Handler:
    """Whatever goes wrong becomes a page in the person's language with "Help now" on it."""

    @wraps(handler)
    async def guarded(request: web.Request) -> web.StreamResponse:
        chat = request.app[CHAT]
        try:
            return await handler(request)
        except web.HTTPException:
            raise
        except StorageAway:
            return chat.away(request)
        except Exception as error:
            _log.error("%s at %s", type(error).__name__, place_of(error))
            return chat.notice(
                chat.language(request),
                "page.trouble_title",
                ["page.trouble"],
                HTTPStatus.INTERNAL_SERVER_ERROR,
                ("/chat", "page.open_again"),
            )

    return guarded
