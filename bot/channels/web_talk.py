"""The chat: the conversation as a page of plain forms, the socket that makes it quick, and the way out."""

from __future__ import annotations

import logging
from http import HTTPStatus

from aiohttp import WSCloseCode, web
from multidict import MultiDictProxy

from bot.channels.http import LARGEST_BODY, clear_session_cookie, place_of, posted, session_token
from bot.channels.web_forms import Malformed, from_form, kept
from bot.channels.web_socket import HEARTBEAT, SIGNED_OUT, Socket
from bot.channels.web_visit import CHAT, Chat, kindly, page
from storage import people
from storage.database import StorageAway

_log = logging.getLogger(__name__)


@kindly
async def show_chat(request: web.Request) -> web.Response:
    """What was said, and the question that waits."""
    chat = request.app[CHAT]
    visitor = await chat.visitor(request)
    if visitor is None:
        return chat.closed(chat.language(request))
    entries = await chat.turns.history(visitor.participant_id)
    listens = await chat.listens(visitor.participant_id)
    discreet = await chat.discreet(visitor.participant_id)
    person, form = chat.person(visitor), visitor.form
    return page(chat.pages.chat(visitor.language, entries, person, form, listens=listens, discreet=discreet))


@kindly
async def take_answer(request: web.Request) -> web.Response:
    """One message from a plain form. Where it cannot be stored, the page that comes back still holds it."""
    chat = request.app[CHAT]
    form = await posted(request)
    try:
        visitor = await chat.visitor(request)
        if visitor is None:
            return chat.closed(chat.offered(form.get("language", "")))
        await chat.turns.submit(from_form(form).inbound(visitor.participant_id, chat.now()))
    except Malformed:
        raise web.HTTPBadRequest from None
    except StorageAway:
        return _not_saved(chat, form)
    raise web.HTTPSeeOther("/chat#now")


def _not_saved(chat: Chat, form: MultiDictProxy[str]) -> web.Response:
    language = chat.offered(form.get("language", ""))
    html = chat.pages.render("away.html", language, fields=kept(form))
    return page(html, HTTPStatus.SERVICE_UNAVAILABLE)


async def open_socket(request: web.Request) -> web.WebSocketResponse:
    """The chat of a browser with scripts. Without a session it is closed at once, with a code that says so."""
    chat = request.app[CHAT]
    response = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST_BODY)
    try:
        visitor = await chat.visitor(request)
    except StorageAway:
        raise web.HTTPServiceUnavailable from None
    await response.prepare(request)
    if visitor is None:
        await response.close(code=SIGNED_OUT)
        return response

    async def is_signed_in() -> bool:
        return await chat.visitor(request) is not None

    socket = Socket(
        response,
        participant_id=visitor.participant_id,
        token=visitor.token,
        after=_number(request.query.get("after", "")),
        language=visitor.language,
        form=visitor.form,
        turns=chat.turns,
        pages=chat.pages,
        now=chat.now,
        is_signed_in=is_signed_in,
        listens=lambda: chat.listens(visitor.participant_id),
    )
    try:
        await chat.sockets.run(socket)
    except Exception as error:
        _log.error("%s at %s", type(error).__name__, place_of(error))
        await response.close(code=WSCloseCode.INTERNAL_ERROR)
    return response


@kindly
async def close_chat(request: web.Request) -> web.Response:
    """Close the chat on this phone. It closes here even when the database is away; the session then ends by itself."""
    chat = request.app[CHAT]
    await posted(request)
    token = session_token(request)
    try:
        await chat.database.write(lambda conn: people.end_session(conn, chat.vault, token))
    except StorageAway:
        _log.warning("a session could not be ended: the database is away")
    await chat.sockets.sign_out(token)
    response = web.HTTPSeeOther("/chat")
    clear_session_cookie(request, response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    raise response


async def show_help(request: web.Request) -> web.Response:
    """The phone numbers."""
    chat = request.app[CHAT]
    return chat.help.response(request, chat.language(request))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
