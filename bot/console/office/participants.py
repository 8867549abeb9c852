"""Participants: for coordinators, who is here and who accompanies them. Nothing on these pages depends on what somebody
answered, shared or left undone; only that a messenger refuses an address is said, as it is to the specialist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from aiohttp import web
from sqlalchemy import Connection

from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.office.typed import Typed
from storage import addresses, caseloads, people
from storage.caseloads import Placed
from storage.people import Participant, Staff

LONGEST_NUMBER = 17
EXAMPLE_ZONE = "Europe/Oslo"


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list."""

    who: Participant
    specialist: str


@only("coordinator")
async def participants_page(request: web.Request, staff: Staff) -> web.Response:
    """Everybody, those whom nobody accompanies first."""
    return await show_participants(request, staff, Typed())


async def show_participants(request: web.Request, staff: Staff, typed: Typed) -> web.Response:
    """The list, with what was typed into its form in vain."""
    desk, wanted = request.app[DESK], " ".join(request.query.get("q", "").split())
    found, specialists = await desk.database.read(lambda conn: _everybody(conn, desk))
    shown = [one for one in found if not wanted or _fits(one.person, wanted)]
    rows = sorted((_row(one, specialists) for one in shown), key=_alphabetical)
    unassigned = [row for row in rows if not row.specialist]
    return respond(
        request,
        "participants.html",
        staff,
        status=typed.status,
        unassigned=unassigned,
        assigned=[row for row in rows if row.specialist],
        specialists=specialists,
        wanted=wanted,
        anybody=bool(found),
        typed=typed,
    )


@only("coordinator")
async def participant_page(request: web.Request, staff: Staff) -> web.Response:
    """One person: who accompanies them, where their clock is, and their way in."""
    return await show_participant(request, staff, Typed())


async def show_participant(request: web.Request, staff: Staff, typed: Typed) -> web.Response:
    """The page of one person, with what was typed into it in vain. Raises HTTP 404."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    number = number_in(request)
    placed, specialists, away = await desk.database.read(lambda conn: _one(conn, desk, number))
    if placed is None:
        raise not_found(request, staff)
    name = specialists.get(placed.staff_id or 0, "")
    since = words.date(placed.since) if placed.since else ""
    return respond(
        request,
        "participant.html",
        staff,
        status=typed.status,
        person=placed.person,
        accompanied=words.say("placed_with", name=name, date=since) if name else words.say("placed_with_nobody"),
        has_specialist=bool(name),
        specialists={key: one for key, one in specialists.items() if key != placed.staff_id},
        zones=zones(),
        example=EXAMPLE_ZONE,
        unreachable=words.say("unreachable_person", pseudonym=placed.person.pseudonym) if away else "",
        unreachable_since=words.say("placed_unreachable_since", date=words.date(away)) if away else "",
        done=request.query.get("done", ""),
        typed=typed,
    )


def number_in(request: web.Request) -> int:
    """The participant that an address names; 0, which is nobody, for what is no number."""
    return number_of(request.match_info["participant"])


def number_of(text: str) -> int:
    """A number as it stands in an address or a form; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def zones() -> Sequence[str]:
    """What a time zone can be called."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))


def specialists_here(conn: Connection, desk: Desk) -> dict[int, str]:
    """The specialists who are on the staff now, by number, in the order of their names."""
    everybody = people.all_staff(conn, desk.vault, role="specialist")
    return {one.id: one.name for one in sorted(everybody, key=lambda one: (one.name.casefold(), one.id))}


def _everybody(conn: Connection, desk: Desk) -> tuple[list[Placed], dict[int, str]]:
    return caseloads.everybody(conn, desk.vault), specialists_here(conn, desk)


def _one(conn: Connection, desk: Desk, number: int) -> tuple[Placed | None, dict[int, str], datetime | None]:
    placed = caseloads.one(conn, desk.vault, number)
    return placed, specialists_here(conn, desk), addresses.unreachable_since(conn, number)


def _row(placed: Placed, specialists: Mapping[int, str]) -> Row:
    return Row(placed.person, specialists.get(placed.staff_id or 0, ""))


def _fits(person: Participant, wanted: str) -> bool:
    """By a part of the name or the pseudonym, or by the whole number."""
    wanted = wanted.casefold()
    return wanted in person.name.casefold() or wanted in person.pseudonym.casefold() or wanted == str(person.id)


def _alphabetical(row: Row) -> tuple[str, int]:
    return row.who.pseudonym.casefold(), row.who.id
