"""The door from a messenger to My page: a link that opens once, exchanged for a short session by a tap."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from aiohttp import web

from bot.channels.http import posted, set_session_cookie
from bot.channels.web_visit import CHAT, Chat, kindly, page
from bot.my_page import door


def add_door(app: web.Application) -> None:
    """Add the pages of the door to an application that has the chat."""
    app.router.add_get("/me/in/{token}", show_door)
    app.router.add_post("/me/in/{token}", enter)


@kindly
async def show_door(request: web.Request) -> web.Response:
    """One button. Changes nothing, because messengers open links by themselves."""
    chat, token = request.app[CHAT], request.match_info["token"]
    language = chat.language(request)
    if not await chat.database.read(lambda conn: door.is_there(conn, chat.vault, token, chat.now())):
        return _shut(chat, language)
    return page(chat.pages.render("me_door.html", language, action=request.path))


@kindly
async def enter(request: web.Request) -> web.Response:
    """Begin a short session, and go to the page: the token leaves the address bar and opens nothing more."""
    chat, token, session = request.app[CHAT], request.match_info["token"], secrets.token_urlsafe(32)
    await posted(request)
    person = await chat.database.write(lambda conn: door.enter(conn, chat.vault, token, session, chat.now()))
    if person is None:
        return _shut(chat, chat.language(request))
    response = web.HTTPSeeOther("/me")
    set_session_cookie(request, response, session, door.STAYS_OPEN)
    raise response


def _shut(chat: Chat, language: str) -> web.Response:
    """The same for a door that never was, one that was used, and one that is too old."""
    return chat.notice(language, "page.link_title", ["me.door.shut"], HTTPStatus.NOT_FOUND)
