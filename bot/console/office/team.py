"""Team: for administrators, everybody who is on the staff, and a form for somebody new."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot import staffing
from bot.channels.http import posted
from bot.console.access import confirmed, only, recently_confirmed
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.office.entering import Entrance, let_in
from bot.console.office.typed import Typed
from bot.digest.words import StaffWords
from bot.signing_in.enrolling import enrol
from bot.staffing import LONGEST_NAME, LONGEST_REASON, Card, NotChanged
from storage.people import ROLES, Staff
from storage.staffing import Member, members

_SAID: Mapping[str, str] = {
    "lacks": "team_lacks",
    "long": "team_long",
    "mail": "team_bad_mail",
    "taken": "team_taken",
    "role": "team_bad_role",
    "language": "team_bad_language",
    "self": "team_self",
    "last": "team_last",
    "why": "team_why_needed",
    "why_long": "team_why_long",
    "gone": "team_is_gone",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One member of staff in the list."""

    who: Staff
    role: str
    is_you: bool


@only("administrator")
async def staff_page(request: web.Request, staff: Staff) -> web.Response:
    """The list: who is here, and who was."""
    return await _page(request, staff, Typed())


@only("administrator")
@confirmed
async def add_member(request: web.Request, staff: Staff) -> web.Response:
    """Adds somebody, and sends them what lets them in."""
    desk, form = request.app[DESK], await posted(request)
    words = words_for(desk, staff)

    def work(conn: Connection) -> tuple[Staff, str]:
        zone, now = desk.programme.time_zone, desk.now()
        added = staffing.add(conn, desk.vault, card_in(form, languages(desk)), zone, staff, now)
        return added, enrol(conn, desk.vault, added.id, f"staff:{staff.id}", now, desk.random)

    try:
        added, path = await desk.database.write(work)
    except NotChanged as refused:
        return await _page(request, staff, Typed("add", form, said(words, refused), refused.where))
    return await _page(request, staff, Typed(), await let_in(request, staff, added, path))


async def _page(request: web.Request, staff: Staff, typed: Typed, entrance: Entrance | None = None) -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    everybody = await desk.database.read(lambda conn: members(conn, desk.vault))
    return respond(
        request,
        "staff.html",
        staff,
        status=typed.status,
        here=_rows(everybody, staff, words, active=True),
        gone=_rows(everybody, staff, words, active=False),
        roles=roles(words),
        languages=languages(desk),
        entrance=entrance,
        longest=LONGEST_NAME,
        may_add=await recently_confirmed(request),
        typed=typed,
    )


def card_in(form: Mapping[str, str], offered: Container[str]) -> Card:
    """What a form says about somebody, whose language is one of those offered. Raises NotChanged."""
    language = form.get("language", "")
    if language not in offered:
        raise NotChanged("language", "language")
    return Card(form.get("name", ""), form.get("mail", ""), form.get("role", ""), language)


def said(words: StaffWords, refused: NotChanged) -> str:
    """Why something was not done, in a sentence."""
    longest = LONGEST_REASON if refused.reason == "why_long" else LONGEST_NAME
    return words.say(_SAID[refused.reason], n=longest, example="kim@example.org")


def roles(words: StaffWords) -> dict[str, tuple[str, str]]:
    """Every role: what it is called, and what it is for."""
    return {role: (words.say(f"role.{role}"), words.say(f"role.{role}_does")) for role in ROLES}


def languages(desk: Desk) -> dict[str, str]:
    """The languages that staff pages come in, and what each calls itself."""
    return {code: desk.catalogs.name(code) for code in desk.catalogs.staff_languages}


def _rows(everybody: list[Member], staff: Staff, words: StaffWords, *, active: bool) -> list[Row]:
    chosen = [one.staff for one in everybody if one.active is active]
    rows = [Row(one, words.say(f"role.{one.role}"), one.id == staff.id) for one in chosen]
    return sorted(rows, key=lambda row: (row.who.name.casefold(), row.who.id))
