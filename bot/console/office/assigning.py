"""Assigning: a coordinator gives people a specialist, says where they are, and closes their invitations."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from sqlalchemy import Connection

from bot import newcomers
from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, words_for
from bot.console.office.participants import (
    EXAMPLE_ZONE,
    number_in,
    number_of,
    show_participant,
    show_participants,
    zones,
)
from bot.console.office.typed import Typed
from bot.handover import SameName, hand_over
from storage import audit, people
from storage.people import Staff
from storage.vault import Erased


class _Gone(Exception):
    """Somebody who was chosen is not here any more."""


@only("coordinator")
async def assign_several(request: web.Request, staff: Staff) -> web.Response:
    """Gives some people of the list one specialist. All of them, or none."""
    desk, form = request.app[DESK], await posted(request)
    words, chosen = words_for(desk, staff), sorted({number_of(one) for one in form.getall("who", [])})
    trouble, where = "", "who"
    if not chosen:
        trouble = words.say("placed_choose")
    else:
        trouble = await _hand_over(desk, staff, chosen, number_of(form.get("to", "")))
        where = "to"
    if trouble:
        return await show_participants(
            request, staff, Typed("several", {**form, "who": _joined(chosen)}, trouble, where)
        )
    raise web.HTTPSeeOther("/participants")


@only("coordinator")
async def assign_one(request: web.Request, staff: Staff) -> web.Response:
    """Gives one person another specialist. The person is asked what the new one may see of before."""
    desk, form, number = request.app[DESK], await posted(request), number_in(request)
    if not await desk.database.read(lambda conn: _is_here(conn, desk, number)):
        raise not_found(request, staff)
    trouble = await _hand_over(desk, staff, [number], number_of(form.get("to", "")))
    if trouble:
        return await show_participant(request, staff, Typed("specialist", form, trouble, "to"))
    raise web.HTTPSeeOther(f"/participants/{number}?done=specialist")


@only("coordinator")
async def move(request: web.Request, staff: Staff) -> web.Response:
    """Check-ins follow the clocks of another place from now on."""
    desk, form, number = request.app[DESK], await posted(request), number_in(request)
    zone, actor, now = form.get("zone", "").strip(), f"staff:{staff.id}", request.app[DESK].now()

    def work(conn: Connection) -> bool | None:
        """Whether it is saved; None where there is no such person."""
        if not _is_here(conn, desk, number):
            return None
        before = people.participant(conn, desk.vault, number).time_zone
        if zone == before or zone not in zones():
            return zone == before
        people.set_time_zone(conn, number, zone, now)
        details = {"from": before, "to": zone}
        audit.record(conn, at=now, actor=actor, action="zone.changed", participant_id=number, details=details)
        return True

    saved = await desk.database.write(work)
    if saved is None:
        raise not_found(request, staff)
    if not saved:
        trouble = words_for(desk, staff).say("placed_no_zone", example=EXAMPLE_ZONE)
        return await show_participant(request, staff, Typed("zone", form, trouble, "zone"))
    raise web.HTTPSeeOther(f"/participants/{number}?done=zone")


@only("coordinator")
async def take_back(request: web.Request, staff: Staff) -> web.Response:
    """No invitation of this person opens anything any more. It is the same whether there was one."""
    desk, number, now = request.app[DESK], number_in(request), request.app[DESK].now()

    def work(conn: Connection) -> bool:
        if not _is_here(conn, desk, number):
            return False
        newcomers.take_back(conn, number, f"staff:{staff.id}", now)
        return True

    if not await desk.database.write(work):
        raise not_found(request, staff)
    raise web.HTTPSeeOther(f"/participants/{number}?done=invitations")


async def _hand_over(desk: Desk, staff: Staff, numbers: Sequence[int], to: int) -> str:
    """What keeps it from being done, or ""."""
    words = words_for(desk, staff)

    def work(conn: Connection) -> None:
        specialist = next((one for one in people.all_staff(conn, desk.vault, role="specialist") if one.id == to), None)
        if specialist is None or not all(_is_here(conn, desk, number) for number in numbers):
            raise _Gone
        everybody = [people.participant(conn, desk.vault, number) for number in numbers]
        others = [one for one in everybody if people.specialist_of(conn, one.id) != to]
        hand_over(conn, desk.vault, others, specialist, f"staff:{staff.id}", desk.now())

    try:
        await desk.database.write(work)
    except SameName as same:
        return words.say("placed_same_name", pseudonyms=words.listed(same.pseudonyms))
    except _Gone:
        return words.say("invite_unknown")
    return ""


def _is_here(conn: Connection, desk: Desk, number: int) -> bool:
    """Whether there is such a person. Nobody erases them until the transaction ends."""
    try:
        people.present(conn, desk.vault, number)
    except (KeyError, Erased):
        return False
    return True


def _joined(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))
