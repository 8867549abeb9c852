"""Member: for administrators, one member of staff: what is written down about them, their way in, and their leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from aiohttp import web
from sqlalchemy import Connection

from bot import staffing
from bot.catalogs.language import LEFT_TO_RIGHT, RIGHT_TO_LEFT, SOURCE
from bot.catalogs.language import language as known_language
from bot.channels.http import posted
from bot.channels.web_pages import capitalised
from bot.console.access import confirmed, not_found, only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.office.entering import Entrance, let_in
from bot.console.office.participants import number_of
from bot.console.office.team import card_in, languages, roles, said
from bot.console.office.typed import Typed
from bot.signing_in.enrolling import enrol
from bot.signing_in.outgoing import letter
from bot.staffing import LONGEST_NAME, LONGEST_REASON, NotChanged
from storage import people
from storage import staffing as stored
from storage.people import Staff
from storage.staffing import Member

_Did = TypeVar("_Did")
_DONE = ("saved", "sessions_done", "disabled", "enabled")


@only("administrator")
@confirmed
async def member_page(request: web.Request, staff: Staff) -> web.Response:
    """Everything about one member of staff. Nothing about anybody whom they accompany."""
    return await _page(request, staff, Typed())


@only("administrator")
@confirmed
async def change_member(request: web.Request, staff: Staff) -> web.Response:
    """Changes name, mail, role and language."""
    desk, form, number = request.app[DESK], await posted(request), _number(request)

    def work(conn: Connection) -> int:
        kept = people.staff(conn, desk.vault, number).language
        card = card_in(form, {*languages(desk), kept})
        return len(staffing.change(conn, desk.vault, number, card, staff, desk.now()))

    try:
        before = await _done(request, staff, lambda conn: people.staff(conn, desk.vault, number))
        released = await _done(request, staff, work)
    except NotChanged as refused:
        return await _page(request, staff, Typed("change", form, said(words_for(desk, staff), refused), refused.where))
    if form.get("mail", "").strip().casefold() != before.mail.casefold():
        _tell_old_address(desk, before)
    raise _back(number, "saved", released)


def _tell_old_address(desk: Desk, before: Staff) -> None:
    """Whoever reads mail there hears that nothing comes there any more, and not where it goes now."""
    post, words = desk.outgoing.post, words_for(desk, before)
    if post is not None:
        lines = (words.say("address.mail_changed"), "", words.say("address.mail_wrong"))
        desk.outgoing.soon(desk.outgoing.mail(letter(before, words, post, desk.now(), "address.mail_subject", *lines)))


@only("administrator")
@confirmed
async def disable_member(request: web.Request, staff: Staff) -> web.Response:
    """Somebody leaves the staff."""
    desk, number = request.app[DESK], _number(request)

    def work(conn: Connection) -> int:
        return len(staffing.disable(conn, desk.vault, number, staff, desk.now()))

    try:
        released = await _done(request, staff, work)
    except NotChanged as refused:
        return await _page(request, staff, Typed("disable", {}, said(words_for(desk, staff), refused)))
    raise _back(number, "disabled", released)


@only("administrator")
@confirmed
async def enable_member(request: web.Request, staff: Staff) -> web.Response:
    """Somebody comes back."""
    desk, number = request.app[DESK], _number(request)
    await _done(request, staff, lambda conn: staffing.enable(conn, desk.vault, number, staff, desk.now()))
    raise _back(number, "enabled")


@only("administrator")
async def end_sessions(request: web.Request, staff: Staff) -> web.Response:
    """Somebody is signed out everywhere, the administrator too when it is their own page."""
    desk, number = request.app[DESK], _number(request)
    await _done(request, staff, lambda conn: staffing.end_sessions(conn, desk.vault, number, staff, desk.now()))
    raise _back(number, "sessions_done")


@only("administrator")
@confirmed
async def renew_entrance(request: web.Request, staff: Staff) -> web.Response:
    """A new way in for somebody who has lost theirs."""
    desk, form, number = request.app[DESK], await posted(request), _number(request)

    def work(conn: Connection) -> tuple[Staff, str]:
        now, by = desk.now(), f"staff:{staff.id}"
        whom = staffing.lost(conn, desk.vault, number, form.get("why", ""), staff, now)
        return whom, enrol(conn, desk.vault, number, by, now, desk.random, afresh=True)

    try:
        whom, path = await _done(request, staff, work)
    except NotChanged as refused:
        trouble = said(words_for(desk, staff), refused)
        return await _page(request, staff, Typed("entrance", form, trouble, refused.where))
    return await _page(request, staff, Typed(), await let_in(request, staff, whom, path))


async def _page(request: web.Request, staff: Staff, typed: Typed, entrance: Entrance | None = None) -> web.Response:
    desk, words, number = request.app[DESK], words_for(request.app[DESK], staff), _number(request)
    member, size = await desk.database.read(lambda conn: _member(conn, desk, number))
    if member is None:
        raise not_found(request, staff)
    done, released = request.query.get("done", ""), number_of(request.query.get("released", ""))
    name = member.staff.name
    notes = [words.say(_told(done), name=name)] if done in _DONE else []
    return respond(
        request,
        "member.html",
        staff,
        status=typed.status,
        member=member.staff,
        active=member.active,
        is_you=number == staff.id,
        role=words.say(f"role.{member.staff.role}"),
        roles=roles(words),
        languages={member.staff.language: member.staff.language, **languages(desk)},
        reviewable=reviewable(desk) if member.staff.role == "translator" else {},
        people=words.count("member_disable_people", size) if size else "",
        notes=[*notes, *([words.count("member_released", released)] if released and notes else [])],
        entrance=entrance,
        longest=LONGEST_NAME,
        longest_reason=LONGEST_REASON,
        typed=typed,
    )


def reviewable(desk: Desk) -> dict[str, str]:
    """The languages that texts are translated into, and what each calls itself."""
    codes = sorted({*desk.catalogs.languages, *desk.drafts.languages} - {SOURCE, LEFT_TO_RIGHT, RIGHT_TO_LEFT})
    return {code: capitalised(known_language(code).name) for code in codes}


def _told(done: str) -> str:
    return "team_saved" if done == "saved" else f"member_{done}"


def _member(conn: Connection, desk: Desk, number: int) -> tuple[Member | None, int]:
    member = next((one for one in stored.members(conn, desk.vault) if one.staff.id == number), None)
    return member, stored.caseload_size(conn, number)


async def _done(request: web.Request, staff: Staff, work: Callable[[Connection], _Did]) -> _Did:
    """Does it. Raises HTTP 404 for somebody who never was on the staff."""
    try:
        return await request.app[DESK].database.write(work)
    except KeyError:
        raise not_found(request, staff) from None


def _number(request: web.Request) -> int:
    return number_of(request.match_info["member"])


def _back(number: int, done: str, released: int = 0) -> web.HTTPSeeOther:
    more = f"&released={released}" if released else ""
    return web.HTTPSeeOther(f"/staff/{number}?done={done}{more}")
