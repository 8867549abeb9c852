"""Sessions of the staff pages: each sign-in has a new token, its use is noted, and it can be ended everywhere."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import clear_session_cookie, session_token, set_session_cookie
from bot.console.desk import DESK
from bot.console.menu import MENUS
from bot.signing_in.sessions import LONGEST, NOTED, holds, is_proved
from storage import audit, staff_sessions
from storage.database import StorageAway
from storage.people import Staff, end_session
from storage.staff_sessions import StaffSession

ACCOUNT = "/account"
_PAGE = re.compile(r"/(?:[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*)?", re.ASCII)
_LONGEST_PAGE = 200


async def session_of(request: web.Request) -> StaffSession | None:
    """The session that the browser holds, if it still holds. That it was used is noted. Raises StorageAway."""
    desk, token = request.app[DESK], session_token(request, "staff")
    if not token:
        return None
    now = desk.now()
    found = await desk.database.read(lambda conn: staff_sessions.find(conn, desk.vault, token, now))
    if found is None or not holds(found, now):
        return None
    if now - found.used_at >= NOTED:
        with suppress(StorageAway):  # then it ends a little sooner
            await desk.database.write(lambda conn: staff_sessions.used(conn, desk.vault, token, now))
    return found


async def recently_confirmed(request: web.Request) -> bool:
    """Whether whoever asks has proved a moment ago who they are. Raises StorageAway."""
    session = await session_of(request)
    return session is not None and is_proved(session, request.app[DESK].now())


async def begin_session(request: web.Request, staff: Staff, how: str, to: str = "") -> web.Response:
    """Sign somebody in, and lead them to a page. Raises StorageAway."""
    response = web.Response(status=303, headers={"Location": page_of(to) or first_page(staff.role)})
    hand_over(request, response, await new_session(request, staff, how))
    return response


async def new_session(request: web.Request, staff: Staff, how: str) -> str:
    """The token of a new session, in place of whatever this browser had. Raises StorageAway."""
    desk, before, token = request.app[DESK], session_token(request, "staff"), secrets.token_urlsafe(32)

    def work(conn: Connection) -> None:
        now = desk.now()
        if before:
            end_session(conn, desk.vault, before)
        staff_sessions.start(conn, desk.vault, staff.id, token, how, now, now + LONGEST)
        audit.record(conn, at=now, actor=f"staff:{staff.id}", action="signed_in", details={"how": how})

    await desk.database.write(work)
    return token


def hand_over(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give the browser its session."""
    set_session_cookie(request, response, token, LONGEST, "staff")


async def leave_session(request: web.Request) -> None:
    """End the session here and in the records. Raises StorageAway."""
    desk, token = request.app[DESK], session_token(request, "staff")

    def work(conn: Connection) -> None:
        now = desk.now()
        session = staff_sessions.find(conn, desk.vault, token, now)
        end_session(conn, desk.vault, token)
        if session is not None:
            audit.record(conn, at=now, actor=f"staff:{session.staff_id}", action="signed_out")

    if token:
        await desk.database.write(work)


def forget_session(request: web.Request, response: web.Response) -> None:
    """Take the session back from the browser, with everything that it may have kept of the pages."""
    clear_session_cookie(request, response, "staff")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def first_page(role: str) -> str:
    """Where signing in leads."""
    menu = MENUS.get(role)
    return menu.daily[0].address if menu else ACCOUNT


def page_of(address: str) -> str:
    """An address if it is that of a page here, else nothing: nobody is led away by a link."""
    return address if len(address) <= _LONGEST_PAGE and _PAGE.fullmatch(address) else ""
