"""Admitting: the specialist is asked whether it was the right person who opened an invitation, and says yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, words_for
from storage import addresses, audit, people
from storage.people import Participant, Staff

ANSWERED = "answered"
"""In the address of the overview: the number of the person about whom something was just said."""

_SAID = {"address.confirmed": "confirmed", "address.refused": "refused"}


@dataclass(frozen=True, slots=True)
class Question:
    """Is this the person? With the number that the person sees."""

    participant_id: int
    channel: str
    number: str
    explained: str


@only("specialist")
async def admit(request: web.Request, staff: Staff) -> web.Response:
    """Takes the answer. One that comes too late changes nothing."""
    desk, form = request.app[DESK], await posted(request)
    caseload = await desk.database.read(lambda conn: people.caseload(conn, desk.vault, staff.id))
    person = next((one.id for one in caseload if str(one.id) == request.match_info["person"]), None)
    say = {"yes": desk.admission.confirm, "no": desk.admission.refuse}.get(form.get("answer", ""))
    if person is None or say is None:
        raise not_found(request, staff)
    await say(person, form.get("channel", ""), form.get("number", ""), staff, desk.now())
    raise web.HTTPSeeOther(f"/digest?{ANSWERED}={person}")


def questions(conn: Connection, desk: Desk, staff: Staff, caseload: Mapping[int, Participant]) -> list[Question]:
    """Who of the specialist's people waits for an answer, the longest first."""
    words = words_for(desk, staff)
    return [
        Question(
            one.participant_id,
            one.channel,
            one.check_number,
            words.say("confirm_explained", pseudonym=caseload[one.participant_id].pseudonym, number=one.check_number),
        )
        for one in addresses.waiting(conn, staff.id)
        if one.participant_id in caseload
    ]


def answered(conn: Connection, desk: Desk, staff: Staff, caseload: Mapping[int, Participant], asked: str) -> str:
    """What this specialist said last about the person in the address, as the records have it; empty for nothing."""
    person = next((one for one in caseload.values() if str(one.id) == asked), None)
    if person is None:
        return ""
    mine = [one for one in audit.records(conn, person.id) if one.actor == f"staff:{staff.id}" and one.action in _SAID]
    return words_for(desk, staff).say(_SAID[mine[-1].action], pseudonym=person.pseudonym) if mine else ""
