"""Door: signing in with a code that comes by mail, and with a second step after it.

Opening a page changes nothing, because mail programs open links by themselves. The code stands behind a ``#`` in the
link, where no server sees it; a script puts it into the form, and without scripts it is typed.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from datetime import timedelta

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import calm, signed_in
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.sessions import begin_session, first_page, page_of
from bot.console.signing_in.cookies import browser_of, forget, remember
from bot.console.way_in import way_in
from bot.signing_in import mailed
from bot.signing_in.limits import OF_A_CLIENT, allowed
from bot.signing_in.mailed import LONGEST_ADDRESS, Letter
from bot.signing_in.outgoing import letter
from bot.signing_in.proving import RIGHT, Proof, hash_typed, prove, salt_for
from bot.signing_in.recovery import spoken, typed
from storage import audit, factors, people, sign_in
from storage.people import Staff

SECOND = "second"
TRIES = 5
"""Codes that may be typed after one mail."""

_SECOND_WITHIN = timedelta(minutes=10)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


@calm
async def sign_in_page(request: web.Request) -> web.StreamResponse:
    """Where signing in begins. Who is signed in already is led on."""
    staff = await signed_in(request)
    if staff is not None:
        raise web.HTTPSeeOther(first_page(staff.role))
    return way_in(request, back=page_of(request.query.get("back", "")))


@calm
async def ask(request: web.Request) -> web.StreamResponse:
    """Sends a code to the address, if it is that of somebody here. The browser is told the same either way."""
    desk, form = request.app[DESK], await posted(request)
    mail, back = form.get("mail", "").strip(), page_of(form.get("back", ""))
    if not _MAIL.fullmatch(mail) or len(mail) > LONGEST_ADDRESS:
        return way_in(request, back=back, status=422, trouble="in.no_address", mail=mail[:LONGEST_ADDRESS])
    client, now = desk.signing_in.client(request), desk.now()

    def work(conn: Connection) -> mailed.Asked | None:
        if not allowed(conn, desk.vault, f"client {client}", OF_A_CLIENT, now):
            return None
        return mailed.ask(conn, desk.vault, mail, back, now, desk.random)

    asked = await desk.database.write(work)
    if asked is None:
        return way_in(request, back=back, status=429, again="in.too_often")
    if asked.letter is not None:
        desk.outgoing.soon(_send(desk, asked.letter))
    response = web.Response(status=303, headers={"Location": "/sign-in/code"})
    remember(request, response, mailed.KIND, asked.browser, mailed.LIFETIME)
    return response


@calm
async def code_page(request: web.Request) -> web.StreamResponse:
    """Where the code goes: in the browser that asked for it."""
    return await _code_page(request)


@calm
async def enter(request: web.Request) -> web.StreamResponse:
    """Takes the code, once, and leads on to the second step."""
    desk, form, browser = request.app[DESK], await posted(request), browser_of(request, mailed.KIND)
    code, now, client = typed(form.get("code", "")), desk.now(), desk.signing_in.client(request)
    after = secrets.token_urlsafe(32)

    def work(conn: Connection) -> int | None:
        found = mailed.enter(conn, desk.vault, browser, code, now)
        if found is None:
            _refused(conn, desk, "mail")
            return None
        ends = now + _SECOND_WITHIN
        sign_in.begin(conn, desk.vault, SECOND, after, {"back": found[1]}, ends, found[0])
        return found[0]

    def count(conn: Connection) -> bool:
        return allowed(conn, desk.vault, f"client {client}", OF_A_CLIENT, now)

    if not await desk.database.write(count):
        return way_in(request, status=429, again="in.too_often")
    if await desk.database.write(work) is None:
        return await _code_page(request, wrong=True)
    response = web.Response(status=303, headers={"Location": "/sign-in/second"})
    remember(request, response, SECOND, after, _SECOND_WITHIN)
    forget(request, response, mailed.KIND)
    return response


async def _code_page(request: web.Request, *, wrong: bool = False) -> web.Response:
    desk, browser = request.app[DESK], browser_of(request, mailed.KIND)
    waits = await desk.database.read(lambda conn: mailed.waits(conn, desk.vault, browser, desk.now()))
    if wrong and not waits:
        return way_in(request, status=422, again="in.code_over")
    status = 422 if wrong else 200
    return respond(request, "sign_in_code.html", None, status=status, menu=False, waits=waits, wrong=wrong)


@calm
async def second_page(request: web.Request) -> web.StreamResponse:
    """The second step: a code of the app, one from paper, or a passkey."""
    staff = await _half_in(request)
    if staff is None:
        return way_in(request, again="in.took_too_long")
    return await _second_page(request, staff)


@calm
async def take_second(request: web.Request) -> web.StreamResponse:
    """Takes the code of the second step, and the session begins."""
    desk, form, browser = request.app[DESK], await posted(request), browser_of(request, SECOND)
    staff, text = await _half_in(request), form.get("code", "")
    if staff is None:
        return way_in(request, status=422, again="in.took_too_long")
    salt = await desk.database.read(lambda conn: salt_for(conn, staff.id))
    paper = await asyncio.to_thread(hash_typed, desk.vault, text, salt)

    def work(conn: Connection) -> tuple[Proof, str]:
        now = desk.now()
        begun = sign_in.attempt(conn, desk.vault, SECOND, browser, TRIES, now)
        if begun is None or begun.staff_id != staff.id:
            return "too_often", ""
        proof = prove(conn, desk.vault, staff.id, text, paper, now)
        if proof in RIGHT:
            sign_in.take(conn, desk.vault, SECOND, browser, now)
        return proof, begun.state["back"]

    proof, back = await desk.database.write(work)
    if proof not in RIGHT:
        return await _second_page(request, staff, proof)
    response = await begin_session(request, staff, proof, back)
    forget(request, response, SECOND)
    return response


async def _half_in(request: web.Request) -> Staff | None:
    """Who has done the first step in this browser."""
    desk, browser = request.app[DESK], browser_of(request, SECOND)

    def read(conn: Connection) -> Staff | None:
        begun = sign_in.under_way(conn, desk.vault, SECOND, browser, desk.now())
        if begun is None or begun.staff_id is None:
            return None
        return people.staff(conn, desk.vault, begun.staff_id)

    return await desk.database.read(read) if browser else None


async def _second_page(request: web.Request, staff: Staff, proof: Proof | None = None) -> web.Response:
    desk, browser = request.app[DESK], browser_of(request, SECOND)

    def read(conn: Connection) -> tuple[factors.Ways, str]:
        begun = sign_in.under_way(conn, desk.vault, SECOND, browser, desk.now())
        return factors.ways(conn, staff.id), begun.state["back"] if begun else ""

    ways, back = await desk.database.read(read)
    trouble = {"wrong": "in.code_wrong", "too_often": "in.too_often"}.get(proof or "", "")
    status = {"wrong": 422, "too_often": 429}.get(proof or "", 200)
    values = {"name": staff.name, "ways": ways, "trouble": trouble, "back": back}
    return respond(request, "sign_in_second.html", staff, status=status, menu=False, **values)


def _refused(conn: Connection, desk: Desk, how: str, why: str = "wrong") -> None:
    details = {"how": how, "why": why}
    audit.record(conn, at=desk.now(), actor="somebody", action="sign_in.refused", details=details)


async def _send(desk: Desk, sent: Letter) -> None:
    """By mail, and in the messenger where there is a chat: either may be at hand."""
    staff, words, outgoing = sent.staff, words_for(desk, sent.staff), desk.outgoing
    post, code = outgoing.post, spoken(sent.code)
    if not sent.has_second:
        if post is not None:
            lines = (words.say("in.mail_nothing"), "", words.say("in.mail_not_you"))
            await outgoing.mail(letter(staff, words, post, desk.now(), "in.mail_subject", *lines))
        return
    pages = post.pages if post is not None else desk.signing_in.address
    says = (words.say("in.mail_code"), f"  {code}", "", words.say("in.mail_link"), f"{pages}/sign-in/code#{code}", "")
    ends = words.say("in.mail_once"), words.say("in.mail_not_you")
    if post is not None:
        await outgoing.mail(letter(staff, words, post, desk.now(), "in.mail_subject", *says, *ends))
    if outgoing.chats is not None and sent.place is not None:
        lines = (words.say("in.chat_code"), code, words.say("in.mail_once"))
        await outgoing.chats.say(staff, sent.place, "\n".join(lines))
