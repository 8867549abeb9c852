"""The personal link: a token in an address, exchanged for a session by a tap on a language."""

from __future__ import annotations

import secrets
from datetime import timedelta
from http import HTTPStatus

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted, set_session_cookie
from bot.channels.web_forms import Sent
from bot.channels.web_pages import START, new_id, to_language
from bot.channels.web_visit import CHAT, Chat, kindly, page
from bot.messages import Tap
from storage import people

SESSION = timedelta(days=30)
"""How long the chat stays open in a browser. After that, the personal link opens it again."""


@kindly
async def show_languages(request: web.Request) -> web.Response:
    """The languages to choose from. Changes nothing, because mail programs and messengers open links by themselves."""
    chat = request.app[CHAT]
    language = chat.language(request)
    if await _owner(chat, request) is None:
        return _wrong(chat, language)
    return page(chat.pages.render("welcome.html", language, action=request.path))


@kindly
async def open_chat(request: web.Request) -> web.Response:
    """Begin a session in the language that was tapped, and go to the chat: the token leaves the address bar."""
    chat = request.app[CHAT]
    form = await posted(request)
    language = chat.offered(form.get("language", ""))
    participant_id = await _owner(chat, request)
    if participant_id is None:
        return _wrong(chat, language)
    token = secrets.token_urlsafe(32)
    before = await chat.database.write(lambda conn: _begin(conn, chat, participant_id, token))
    if language != before:
        await _submit(chat, participant_id, to_language(language))
    if not await chat.turns.history(participant_id):
        await _submit(chat, participant_id, START)
    response = web.HTTPSeeOther("/chat")
    set_session_cookie(request, response, token, SESSION)
    raise response


def _begin(conn: Connection, chat: Chat, participant_id: int, token: str) -> str:
    """Start the session. Returns the language the participant has had so far."""
    people.start_session(conn, chat.vault, people.Who(participant_id), token, chat.now(), SESSION)
    return people.participant(conn, chat.vault, participant_id).language


async def _owner(chat: Chat, request: web.Request) -> int | None:
    """The participant whose link this is. Links of staff open other doors than this one."""
    token = request.match_info["token"]
    who = await chat.database.read(lambda conn: people.open_link(conn, chat.vault, token, chat.now()))
    return who.participant_id if who else None


async def _submit(chat: Chat, participant_id: int, tap: Tap) -> None:
    await chat.turns.submit(Sent(new_id(), tap=tap).inbound(participant_id, chat.now()))


def _wrong(chat: Chat, language: str) -> web.Response:
    """The same for a link that never was, one that has expired and one that was taken back."""
    return chat.notice(language, "page.link_title", ["page.link", "page.link_ask"], HTTPStatus.NOT_FOUND)
