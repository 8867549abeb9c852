"""Absences: specialists say when they are away, and who reads meanwhile. A coordinator does it for somebody who is
ill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web
from sqlalchemy import Connection

from bot import planning_leave
from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, respond, rhythm_for, today_of, words_for
from bot.console.noting import day_in
from bot.console.office.participants import number_of, specialists_here
from bot.console.office.typed import Typed
from bot.dates import weekday_and_date
from bot.digest.words import StaffWords
from bot.planning_leave import NotPlanned
from storage import leave, people
from storage.leave import Leave
from storage.people import Staff

NOBODY = ""


class _Unknown(Exception):
    """Whoever was chosen is no specialist here."""


@dataclass(frozen=True, slots=True)
class Away:
    """Days of leave in sentences."""

    staff_id: int
    name: str
    days: str
    reads: str


@only("specialist", "coordinator")
async def leave_page(request: web.Request, staff: Staff) -> web.Response:
    """What is planned, and a form for more."""
    return await _page(request, staff, Typed())


@only("specialist", "coordinator")
async def plan_leave(request: web.Request, staff: Staff) -> web.Response:
    """Plans it, or says why not."""
    desk, form = request.app[DESK], await posted(request)
    words, whose = words_for(desk, staff), _whose(form, staff)
    first, last = day_in(form.get("first", "")), day_in(form.get("last", ""))
    if first is None or last is None:
        example = today_of(desk, staff).isoformat()
        trouble, where = words.say("agreement_no_day", example=example), "first" if first is None else "last"
        return await _page(request, staff, Typed("plan", form, trouble, where))
    cover = number_of(form.get("cover", "")) or None
    try:
        await desk.database.write(lambda conn: _plan(conn, desk, staff, Leave(whose, first, last, cover)))
    except NotPlanned as refused:
        trouble, where = await _said(desk, words, whose, cover, refused)
        return await _page(request, staff, Typed("plan", form, trouble, where))
    except _Unknown:
        return await _page(request, staff, Typed("plan", form, words.say("invite_unknown"), "cover"))
    raise web.HTTPSeeOther("/leave")


@only("specialist", "coordinator")
async def end_leave(request: web.Request, staff: Staff) -> web.Response:
    """Somebody is back. Without leave it changes nothing."""
    desk, form = request.app[DESK], await posted(request)

    def work(conn: Connection) -> bool:
        try:
            back = _specialist(conn, desk, _whose(form, staff))
        except _Unknown:
            return False
        planning_leave.end(conn, back, f"staff:{staff.id}", desk.now())
        return True

    if not await desk.database.write(work):
        raise not_found(request, staff)
    raise web.HTTPSeeOther("/leave")


async def _page(request: web.Request, staff: Staff, typed: Typed) -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    names, planned, next_digest = await desk.database.read(lambda conn: _planned(conn, desk, staff))
    own = staff.role == "specialist"
    theirs = [one for one in planned if one.staff_id in names and (not own or one.staff_id == staff.id)]
    reads_for = [
        words.say("leave_reads_for", name=names[one.staff_id], days=_days(one, words))
        for one in planned
        if own and one.cover_id == staff.id and one.staff_id in names
    ]
    return respond(
        request,
        "leave.html",
        staff,
        status=typed.status,
        own=own,
        shown=[_worded(one, names, words) for one in theirs],
        reads_for=reads_for,
        coming=_coming(next_digest, words),
        specialists=names,
        covers={number: name for number, name in names.items() if not own or number != staff.id},
        today=today_of(desk, staff).isoformat(),
        typed=typed,
    )


def _planned(conn: Connection, desk: Desk, staff: Staff) -> tuple[dict[int, str], list[Leave], date | None]:
    """Names, everybody's leave that is not over, and the day of this specialist's next digest after leave."""
    today = today_of(desk, staff)
    planned = leave.coming(conn, today - timedelta(days=1))
    mine = [one for one in planned if one.staff_id == staff.id]
    after = rhythm_for(conn, desk, staff).working_day_after(mine[0].last_day) if mine else None
    still = [one for one in planned if one.last_day >= today]
    return specialists_here(conn, desk), still, after


def _plan(conn: Connection, desk: Desk, by: Staff, asked: Leave) -> None:
    whose = _specialist(conn, desk, asked.staff_id)
    find = lambda number: _specialist(conn, desk, number)  # noqa: E731
    planning_leave.plan(conn, whose, asked, find, f"staff:{by.id}", desk.now())


def _specialist(conn: Connection, desk: Desk, number: int) -> Staff:
    found = next((one for one in people.all_staff(conn, desk.vault, role="specialist") if one.id == number), None)
    if found is None:
        raise _Unknown
    return found


def _whose(form: Mapping[str, str], staff: Staff) -> int:
    """Specialists speak of their own leave only."""
    return staff.id if staff.role == "specialist" else number_of(form.get("staff", ""))


async def _said(desk: Desk, words: StaffWords, whose: int, cover: int | None, refused: NotPlanned) -> tuple[str, str]:
    """The sentence, and the field it is about."""
    names = await desk.database.read(lambda conn: specialists_here(conn, desk))
    other = refused.other
    values = {"name": names.get(whose, ""), "cover": names.get(cover or 0, "")}
    if other is not None:
        values |= {"other": names.get(other.staff_id, ""), "days": _days(other, words)}
    where = {"backwards": "last", "long": "last", "past": "first", "reads": "first"}.get(refused.reason, "cover")
    return words.say(f"leave_not_{refused.reason}", **values), where


def _worded(one: Leave, names: Mapping[int, str], words: StaffWords) -> Away:
    cover = names.get(one.cover_id or 0, "")
    reads = words.say("leave_reads", name=cover) if cover else words.say("leave_nobody_reads")
    return Away(one.staff_id, names[one.staff_id], _days(one, words), reads)


def _coming(day: date | None, words: StaffWords) -> str:
    return "" if day is None else words.say("leave_next_digest", date=weekday_and_date(day, words.language))


def _days(one: Leave, words: StaffWords) -> str:
    if one.first_day == one.last_day:
        return words.say("leave_one_day", day=words.day(one.first_day))
    return words.say("leave_days", first=words.day(one.first_day), last=words.day(one.last_day))
