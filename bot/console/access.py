"""Access: every page asks whose session it is. What somebody may not see answers like what does not exist."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Literal

from aiohttp import hdrs, web
from yarl import URL

from bot.console.desk import DESK, render, respond
from bot.console.sessions import (
    ACCOUNT,
    forget_session,
    leave_session,
    page_of,
    session_of,
)
from bot.console.sessions import recently_confirmed as recently_confirmed
from bot.console.way_in import way_in
from storage import people
from storage.database import StorageAway
from storage.people import Staff

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
StaffHandler = Callable[[web.Request, Staff], Awaitable[web.StreamResponse]]
Role = Literal["specialist", "coordinator", "translator", "administrator", "auditor"]
_ROLES: dict[object, frozenset[str]] = {}


def calm(handler: Handler) -> Handler:
    """A page for when the records cannot be read."""

    @wraps(handler)
    async def shown(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except StorageAway:
            return notice(request, None, "away", status=503)

    return shown


def only(*roles: Role) -> Callable[[StaffHandler], Handler]:
    """For staff of these roles. Others get what they would get if the page did not exist."""

    def wrap(handler: StaffHandler) -> Handler:
        @calm
        @wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            staff = await signed_in(request)
            if staff is None:
                return way_in(request, back=_page_asked_for(request), status=401)
            if staff.role not in roles:
                raise not_found(request, staff)
            return await handler(request, staff)

        _ROLES[guarded] = frozenset(roles)
        return guarded

    return wrap


def roles_of(handler: object) -> frozenset[str]:
    """Who may open what this handler shows; nobody where it asks for no session of staff."""
    return _ROLES.get(handler, frozenset())


def everybody(handler: StaffHandler) -> Handler:
    """For everybody on the staff, whatever their role."""
    return only("specialist", "coordinator", "translator", "administrator", "auditor")(handler)


async def signed_in(request: web.Request) -> Staff | None:
    """Whose staff session this is."""
    desk, session = request.app[DESK], await session_of(request)
    if session is None:
        return None
    staff_id = session.staff_id
    return await desk.database.read(lambda conn: people.staff(conn, desk.vault, staff_id))


def confirmed(handler: StaffHandler) -> StaffHandler:
    """For what matters more than reading: only after a proof of a moment ago. Others are asked for it first, and come
    back to the page where they were."""

    @wraps(handler)
    async def guarded(request: web.Request, staff: Staff) -> web.StreamResponse:
        if await recently_confirmed(request):
            return await handler(request, staff)
        raise web.HTTPSeeOther(f"/confirm?back={_page_asked_for(request) or _page_before(request)}")

    return guarded


def _page_asked_for(request: web.Request) -> str:
    """The page that was asked for, if nothing more than that was."""
    return page_of(request.path) if request.method == hdrs.METH_GET else ""


def _page_before(request: web.Request) -> str:
    """The page that a form stands on: our own pages say it."""
    try:
        return page_of(URL(request.headers.get(hdrs.REFERER, "")).path) or ACCOUNT
    except ValueError:
        return ACCOUNT


@calm
async def leave(request: web.Request) -> web.StreamResponse:
    """Ends the session here and in the records."""
    staff = await signed_in(request)
    await leave_session(request)
    response = notice(request, staff, "signed_out")
    forget_session(request, response)
    return response


def notice(request: web.Request, staff: Staff | None, name: str, *, status: int = 200) -> web.Response:
    """A page that says one thing, in the language of ``staff`` and without their menu."""
    return respond(request, "notice.html", staff, status=status, menu=False, name=name)


def not_found(request: web.Request, staff: Staff) -> web.HTTPNotFound:
    """The one answer for a page that does not exist and for one that this person may not see."""
    text = render(request, "notice.html", staff, name="not_found")
    return web.HTTPNotFound(text=text, content_type="text/html")
