"""Access: a personal link becomes a session by a press of a button, and every page asks whose session it is.

Mail scanners open links, so opening one changes nothing. What somebody may not see answers like what does not exist.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import wraps
from typing import Literal

from aiohttp import web

from bot.channels.http import clear_session_cookie, session_token, set_session_cookie, who
from bot.console.desk import DESK, render, respond, words_for
from bot.console.menu import MENUS
from storage import people
from storage.database import StorageAway
from storage.people import Staff, Who

LIFETIME = timedelta(hours=12)
"""A working day. The personal link opens the next one."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
StaffHandler = Callable[[web.Request, Staff], Awaitable[web.StreamResponse]]
_FIRST_PAGE = {role: entries[0].address for role, entries in MENUS.items()}


def calm(handler: Handler) -> Handler:
    """A page for when the records cannot be read."""

    @wraps(handler)
    async def shown(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except StorageAway:
            return notice(request, None, "away", status=503)

    return shown


def only(*roles: Literal["specialist", "coordinator", "administrator"]) -> Callable[[StaffHandler], Handler]:
    """For staff of these roles. Others get what they would get if the page did not exist."""

    def wrap(handler: StaffHandler) -> Handler:
        @calm
        @wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            staff = await signed_in(request)
            if staff is None:
                return notice(request, None, "sign_in", status=401)
            if staff.role not in roles:
                raise not_found(request, staff)
            return await handler(request, staff)

        return guarded

    return wrap


async def signed_in(request: web.Request) -> Staff | None:
    """Whose staff session this is."""
    owner = await who(request, "staff")
    return None if owner is None else await _staff_of(request, owner)


@calm
async def show_door(request: web.Request) -> web.StreamResponse:
    """The page behind a personal link: one button. It changes nothing."""
    staff = await _link_owner(request)
    if staff is None:
        return notice(request, None, "link_closed", status=404)
    words = words_for(request.app[DESK], staff)
    return respond(
        request, "open.html", staff, menu=False, greeting=words.say("welcome", name=staff.name), action=request.path
    )


@calm
async def open_door(request: web.Request) -> web.StreamResponse:
    """Exchanges the link for a session and leaves the link out of the address bar."""
    staff = await _link_owner(request)
    if staff is None:
        return notice(request, None, "link_closed", status=404)
    desk, token = request.app[DESK], secrets.token_urlsafe(32)
    owner = Who(participant_id=None, staff_id=staff.id)
    await desk.database.write(lambda conn: people.start_session(conn, desk.vault, owner, token, desk.now(), LIFETIME))
    response = web.Response(status=303, headers={"Location": _FIRST_PAGE[staff.role]})
    set_session_cookie(request, response, token, LIFETIME, "staff")
    return response


@calm
async def leave(request: web.Request) -> web.StreamResponse:
    """Ends the session here and in the records."""
    desk, token, staff = request.app[DESK], session_token(request, "staff"), await signed_in(request)
    if token:
        await desk.database.write(lambda conn: people.end_session(conn, desk.vault, token))
    response = notice(request, staff, "signed_out")
    clear_session_cookie(request, response, "staff")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def notice(request: web.Request, staff: Staff | None, name: str, *, status: int = 200) -> web.Response:
    """A page that says one thing, in the language of ``staff`` and without their menu."""
    return respond(request, "notice.html", staff, status=status, menu=False, name=name)


def not_found(request: web.Request, staff: Staff) -> web.HTTPNotFound:
    """The one answer for a page that does not exist and for one that this person may not see."""
    text = render(request, "notice.html", staff, name="not_found")
    return web.HTTPNotFound(text=text, content_type="text/html")


async def _link_owner(request: web.Request) -> Staff | None:
    desk, token = request.app[DESK], request.match_info["token"]
    owner = await desk.database.read(lambda conn: people.open_link(conn, desk.vault, token, desk.now()))
    staff = None if owner is None else await _staff_of(request, owner)
    return staff if staff is not None and staff.role in _FIRST_PAGE else None


async def _staff_of(request: web.Request, owner: Who) -> Staff | None:
    desk, staff_id = request.app[DESK], owner.staff_id
    if staff_id is None:
        return None
    return await desk.database.read(lambda conn: people.staff(conn, desk.vault, staff_id))
