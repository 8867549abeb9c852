"""Identity: signing in with the organisation's own sign-in, linking it, and proving again who one is with it.

The browser leaves by a page of ours, because a form may lead to no other site; it comes back with a code that is good
for nothing without what this browser, and we, have kept.
"""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from typing import Literal

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted, session_token
from bot.console.access import calm, not_found, signed_in
from bot.console.desk import DESK, Desk, respond
from bot.console.sessions import ACCOUNT, begin_session, page_of
from bot.console.signing_in.cookies import browser_of, forget, remember
from bot.console.way_in import way_in
from bot.signing_in.limits import OF_A_CLIENT, allowed
from bot.signing_in.provider import Errand, Identity, Provider, ProviderAway, Unproved
from bot.signing_in.sessions import PROVED
from storage import audit, factors, people, sign_in, staff_sessions
from storage.factors import Taken
from storage.people import Staff
from storage.sign_in import Begun

KIND = "identity"
BACK = "/sign-in/organisation/back"
_LIFETIME = timedelta(minutes=10)
_log = logging.getLogger(__name__)

Purpose = Literal["sign_in", "link", "confirm"]


@calm
async def begin(request: web.Request) -> web.StreamResponse:
    """Sends the browser to the organisation's sign-in."""
    desk, form = request.app[DESK], await posted(request)
    client, now = desk.signing_in.client(request), desk.now()
    if not await desk.database.write(lambda conn: allowed(conn, desk.vault, f"client {client}", OF_A_CLIENT, now)):
        return way_in(request, status=429, again="in.too_often")
    return await sent(request, "sign_in", None, page_of(form.get("back", "")))


async def sent(request: web.Request, purpose: Purpose, staff: Staff | None, back: str) -> web.Response:
    """A page that leads to the organisation's sign-in. There is none where there is no such sign-in."""
    desk = request.app[DESK]
    provider = desk.signing_in.provider
    if provider is None:
        raise web.HTTPNotFound if staff is None else not_found(request, staff)
    errand, browser = Errand.new(), secrets.token_urlsafe(32)
    try:
        address = await provider.address(errand, _back(request), again=purpose == "confirm")
    except ProviderAway as away:
        _log.warning("The organisation's sign-in cannot be used: %s.", away)
        return way_in(request, status=503, again="in.provider_away")
    kept = {"state": errand.state, "nonce": errand.nonce, "verifier": errand.verifier, "for": purpose, "back": back}
    ends, who = desk.now() + _LIFETIME, None if staff is None else staff.id
    await desk.database.write(lambda conn: sign_in.begin(conn, desk.vault, KIND, browser, kept, ends, who))
    response = respond(request, "sign_in_leaving.html", staff, menu=False, address=address)
    remember(request, response, KIND, browser, _LIFETIME)
    return response


@calm
async def come_back(request: web.Request) -> web.StreamResponse:
    """The browser is back from the organisation's sign-in. What it brings counts once."""
    desk, browser = request.app[DESK], browser_of(request, KIND)
    provider = desk.signing_in.provider
    if provider is None:
        raise web.HTTPNotFound
    begun = await desk.database.write(lambda conn: sign_in.take(conn, desk.vault, KIND, browser, desk.now()))
    if begun is None:  # Anybody could open this page, as often as they like: it leaves no trace.
        return way_in(request, status=403, again="in.provider_refused")
    try:
        found = await _identity(request, provider, begun)
    except ProviderAway as away:
        _log.warning("The organisation's sign-in cannot be used: %s.", away)
        return way_in(request, status=503, again="in.provider_away")
    except Unproved as wrong:
        return await _refused(request, str(wrong))
    match begun.state["for"]:
        case "sign_in":
            response = await _sign_in(request, found, begun.state["back"])
        case "link":
            response = await _link(request, found, begun)
        case _:
            response = await _confirm(request, found, begun)
    forget(request, response, KIND)
    return response


async def _identity(request: web.Request, provider: Provider, begun: Begun) -> Identity:
    given = request.query
    if not secrets.compare_digest(given.get("state", "").encode(), begun.state["state"].encode()):
        raise Unproved("state")
    if given.get("iss", provider.issuer) != provider.issuer:
        raise Unproved("iss")
    if "error" in given or not given.get("code"):
        raise Unproved("not allowed")
    errand = Errand(begun.state["state"], begun.state["nonce"], begun.state["verifier"])
    return await provider.identity(errand, given["code"], _back(request))


async def _sign_in(request: web.Request, found: Identity, back: str) -> web.Response:
    """Only who is on the staff already comes in: who is linked, or whose mail the organisation has verified. The first
    time links them, so that a mail that changes hands later opens nothing."""
    desk = request.app[DESK]

    def work(conn: Connection) -> Staff | None:
        known = factors.identified(conn, desk.vault, found.issuer, found.subject)
        if known is not None:
            return people.staff(conn, desk.vault, known)
        mail = found.mail.strip().casefold()
        same = [one for one in people.all_staff(conn, desk.vault) if mail and one.mail.casefold() == mail]
        if len(same) != 1:
            return None
        return same[0] if _linked(conn, desk, same[0].id, found) else None

    staff = await desk.database.write(work)
    if staff is None:
        return await _refused(request, "nobody here")
    return await begin_session(request, staff, KIND, back)


async def _link(request: web.Request, found: Identity, begun: Begun) -> web.Response:
    desk, staff = request.app[DESK], await signed_in(request)
    if staff is None or staff.id != begun.staff_id:
        return await _refused(request, "of somebody else")
    if not await desk.database.write(lambda conn: _linked(conn, desk, staff.id, found)):
        return await _refused(request, "taken")
    return web.Response(status=303, headers={"Location": ACCOUNT})


async def _confirm(request: web.Request, found: Identity, begun: Begun) -> web.Response:
    desk, staff, token = request.app[DESK], await signed_in(request), session_token(request, "staff")
    now = desk.now()

    def work(conn: Connection) -> bool:
        known = factors.identified(conn, desk.vault, found.issuer, found.subject)
        fresh = found.signed_in_at is not None and found.signed_in_at > now - PROVED
        if staff is None or staff.id != begun.staff_id or known != staff.id or not fresh:
            return False
        staff_sessions.confirmed(conn, desk.vault, token, now)
        audit.record(conn, at=now, actor=f"staff:{staff.id}", action="confirmed", details={"how": KIND})
        return True

    if not await desk.database.write(work):
        return await _refused(request, "not fresh")
    return web.Response(status=303, headers={"Location": page_of(begun.state["back"]) or ACCOUNT})


def _linked(conn: Connection, desk: Desk, staff_id: int, found: Identity) -> bool:
    now = desk.now()
    try:
        factors.link_identity(conn, desk.vault, staff_id, found.issuer, found.subject, now)
    except Taken:
        return False
    audit.record(conn, at=now, actor=f"staff:{staff_id}", action="identity.linked")
    return True


async def _refused(request: web.Request, why: str) -> web.Response:
    desk, details = request.app[DESK], {"how": KIND, "why": why}
    await desk.database.write(
        lambda conn: audit.record(conn, at=desk.now(), actor="somebody", action="sign_in.refused", details=details)
    )
    return way_in(request, status=403, again="in.provider_refused")


def _back(request: web.Request) -> str:
    return request.app[DESK].signing_in.site(request).origin + BACK
