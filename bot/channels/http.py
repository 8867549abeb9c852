"""The guard of every web page: its headers, requests made by other sites, session cookies, and who is asking."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal, cast

from aiohttp import hdrs, web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.typedefs import Handler
from multidict import MultiDictProxy
from yarl import URL

from storage import people
from storage.database import Database
from storage.people import Who
from storage.vault import Vault

DATABASE = web.AppKey("database", Database)
VAULT = web.AppKey("vault", Vault)
NOW: web.AppKey[Callable[[], datetime]] = web.AppKey("now")
SAID_KINDLY: web.AppKey[Callable[[web.Request, int], web.Response]] = web.AppKey("said_kindly")
"""A page that says to somebody with a browser, in their language, that an answer is none: of its status."""
MACHINES: web.AppKey[set[web.AbstractRoute]] = web.AppKey("machines")
"""Routes that programs call instead of browsers: each has a proof of its own of who is calling."""

Room = Literal["chat", "staff"]
"""A participant's chat and a staff page may be open in the same browser: each has its own cookie."""

LARGEST_BODY = 192 * 1024
"""Bytes that anybody may post at once: room for the longest answer, of which a form makes six times as much."""

_COOKIES: dict[Room, str] = {"chat": "medvind", "staff": "medvind-staff"}
_SAFE_METHODS = {hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS}


def content_policy(script: str = "'self'") -> str:
    """What a page may load and run: what comes from here. ``script`` is for a page whose scripts need more."""
    return (
        f"default-src 'none'; script-src {script}; style-src 'self'; img-src 'self'; "
        "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


_HEADERS = {
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    # Nothing is told to other sites. "no-referrer" would also turn the Origin of our own forms into "null", and then
    # browsers from before Sec-Fetch-Site (on many old phones) could not show where a form came from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
}
_log = logging.getLogger(__name__)


def protect(app: web.Application, *, database: Database, vault: Vault, now: Callable[[], datetime]) -> None:
    """Put the guard in front of an application. A second call has no effect."""
    app[DATABASE], app[VAULT], app[NOW] = database, vault, now
    if security_middleware not in app.middlewares:
        app.middlewares.insert(0, security_middleware)


@web.middleware
async def security_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site had a browser send, and give every response its headers.

    A page is not stored by browsers unless its handler says so. What goes wrong is said in a page to a browser and in
    a plain sentence to a program; the log gets the kind and place of an error and nothing that somebody wrote.
    """
    if not is_from_here(request) and request.match_info.route not in request.app.get(MACHINES, ()):
        return _guarded(request, _said(request, 403, "This request did not come from our own page.\n"))
    try:
        response = await handler(request)
    except web.HTTPException as answer:
        if answer.status >= 400 and answer.content_type == "text/plain" and _is_read(request):
            return _guarded(request, _said(request, answer.status, ""))
        _guard(request, answer)
        raise
    except Exception as error:
        _log.error("%s at %s", type(error).__name__, place_of(error))
        text = "Something went wrong here. Nothing you did is the cause. Please open the page again.\n"
        return _guarded(request, _said(request, 500, text))
    return _guarded(request, response)


def _said(request: web.Request, status: int, text: str) -> web.Response:
    return request.app[SAID_KINDLY](request, status) if _is_read(request) else web.Response(status=status, text=text)


def _is_read(request: web.Request) -> bool:
    """Whether a person looks at what comes back: browsers ask for a page, programs and scripts for anything."""
    return SAID_KINDLY in request.app and "text/html" in request.headers.get(hdrs.ACCEPT, "")


class AccessLog(AbstractAccessLogger):
    """One line a request, with the pattern of its address in place of the address: that may hold a token."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """``time`` is in seconds."""
        resource = request.match_info.route.resource if isinstance(request, web.Request) else None
        where = resource.canonical if resource else "-"
        self.logger.info("%s %s %d %.0f ms", request.method, where, response.status, time * 1000)


def is_from_here(request: web.Request) -> bool:
    """Whether a request that may change something was made by a page of ours.

    Browsers say it in ``Sec-Fetch-Site``, older ones in ``Origin`` alone; a request with neither is refused. Opening a
    WebSocket counts as a change, because the same-origin policy does not cover it.
    """
    is_socket = request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
    if request.method in _SAFE_METHODS and not is_socket:
        return True
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get(hdrs.ORIGIN)
    if site is not None and site != "same-origin":
        return False
    if origin is None or origin == "null":
        return site is not None
    return _authority(origin) == request.host.lower()


def _authority(origin: str) -> str:
    """Host and port of an origin as the Host header has them; empty when it is malformed."""
    try:
        return URL(origin, encoded=True).raw_authority.lower()
    except ValueError:
        return ""


def _guarded(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    if not response.prepared:
        _guard(request, response)
    return response


def _guard(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    if is_https(request):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def place_of(error: Exception) -> str:
    """Where an error was raised, without its message: that may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"


def is_https(request: web.Request) -> bool:
    """Whether the browser speaks https, to us or to the proxy in front. Somebody who makes up the proxy's header
    changes only the cookie that they get themselves."""
    return request.secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"


async def posted(request: web.Request, largest: int = LARGEST_BODY) -> MultiDictProxy[str]:
    """The fields of a plain form. Raises HTTP 413 above so many bytes and 415 for any other kind of body."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    form = await request.clone(client_max_size=largest).post()
    return cast("MultiDictProxy[str]", form)  # This kind of body holds no files.


def cookie_name(request: web.Request, room: Room = "chat") -> str:
    """Over https the name itself promises that the cookie is secure and of this host alone (``__Host-``)."""
    return f"__Host-{_COOKIES[room]}" if is_https(request) else _COOKIES[room]


def set_session_cookie(
    request: web.Request, response: web.StreamResponse, token: str, lifetime: timedelta, room: Room = "chat"
) -> None:
    """Hand a session's token to the browser, out of reach of scripts."""
    response.set_cookie(
        cookie_name(request, room),
        token,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="Lax",
    )


def clear_session_cookie(request: web.Request, response: web.StreamResponse, room: Room = "chat") -> None:
    """Take the token back from the browser."""
    response.del_cookie(cookie_name(request, room), path="/", secure=is_https(request), httponly=True, samesite="Lax")


def session_token(request: web.Request, room: Room = "chat") -> str:
    """The token that the browser holds, or an empty string."""
    return request.cookies.get(cookie_name(request, room), "")


async def who(request: web.Request) -> Who | None:
    """Whose chat this is, or None when there is none. Raises StorageAway when that cannot be known now."""
    token = session_token(request)
    if not token:
        return None
    vault, now = request.app[VAULT], request.app[NOW]()
    return await request.app[DATABASE].read(lambda conn: people.session_owner(conn, vault, token, now))
