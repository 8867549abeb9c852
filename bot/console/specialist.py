"""Specialist: the pages of one specialist: the digest of a day, one person, and everybody in the caseload.

Only people assigned to this specialist now are on them, and of each only what that person chose to share. Every
opening is in the audit table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiohttp import web
from sqlalchemy import Connection

from bot.console.access import not_found, only
from bot.console.admitting import ANSWERED, Question, answered, questions
from bot.console.desk import DESK, Desk, respond, rhythm_for, today_of, words_for
from bot.digest import compose
from bot.digest.card import PersonCard
from bot.digest.day import Window, weekday_and_date, window
from bot.digest.fitting import person_card
from bot.digest.history import History, SharedCard
from bot.digest.reach import Unreached, unreached
from bot.lines import decode_lines
from storage import addresses, audit, digests, people
from storage.people import Participant, Staff

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")

LOOK_BACK = timedelta(weeks=26)
"""How far back a digest looks for the earlier answers to a question."""


@dataclass(frozen=True, slots=True)
class _Door:
    """Who waits in front of it, and what was just said about somebody."""

    questions: Sequence[Question] = ()
    answered: str = ""


@only("specialist")
async def digest_page(request: web.Request, staff: Staff) -> web.Response:
    """The overview and the cards of one day."""
    desk, now = request.app[DESK], request.app[DESK].now()
    today = today_of(desk, staff)
    day = _asked_day(request, today)
    if day is None:
        raise not_found(request, staff)
    rhythm = await desk.database.read(lambda conn: rhythm_for(conn, desk, staff))
    covered = window(rhythm, day, now)
    shared = await desk.database.read(lambda conn: shared_with(conn, desk, staff, covered.since - LOOK_BACK))
    words = words_for(desk, staff)
    digest = compose(shared, covered, day, staff.name, words)
    reach = await desk.database.read(lambda conn: _reach(conn, desk, staff, covered))
    asked = request.query.get(ANSWERED, "")
    door = await desk.database.read(lambda conn: _door(conn, desk, staff, asked)) if day == today else _Door()
    seen = sorted({card.participant_id for card in shared if covered.holds(card.shared_at)})
    await _record(desk, staff, "digest opened", seen or [None])
    before = rhythm.working_day_before(day)
    return respond(
        request,
        "digest.html",
        staff,
        digest=digest,
        held=await _held_notice(desk, staff, day),
        door=door,
        unreached=reach,
        is_today=day == today,
        day_before=(before, words.say("day_before", day=weekday_and_date(before, words.language))),
    )


@only("specialist")
async def person_page(request: web.Request, staff: Staff) -> web.Response:
    """What one person has shared. Whatever the cause of silence, it reads the same."""
    desk = request.app[DESK]
    wanted = request.match_info["person"]
    person = await desk.database.read(lambda conn: _person(conn, desk, staff, wanted))
    if person is None:
        raise not_found(request, staff)
    await _record(desk, staff, "person opened", [person.id])
    shared = await desk.database.read(lambda conn: shared_with(conn, desk, staff, None, person.id))
    rhythm = await desk.database.read(lambda conn: rhythm_for(conn, desk, staff))
    new, earlier = _cards(shared, window(rhythm, today_of(desk, staff), desk.now()), desk, staff)
    return respond(request, "person.html", staff, person=person, new=new, earlier=earlier)


@only("specialist")
async def people_page(request: web.Request, staff: Staff) -> web.Response:
    """Everybody assigned, in the order of the alphabet and of nothing else."""
    desk = request.app[DESK]
    caseload = await desk.database.read(lambda conn: people.caseload(conn, desk.vault, staff.id))
    return respond(request, "people.html", staff, people=sorted(caseload, key=_alphabetical))


def shared_with(
    conn: Connection, desk: Desk, staff: Staff, since: datetime | None, person: int | None = None
) -> list[SharedCard]:
    """What was shared with one specialist, by everybody assigned or by one of them, oldest first."""
    return [
        SharedCard(
            participant_id=row.participant_id,
            pseudonym=row.pseudonym,
            name=row.name,
            conversation=row.conversation,
            language=row.language,
            shared_at=row.shared_at,
            published=desk.shelf.get(conn, row.dialogue, row.version),
            lines=decode_lines(row.lines),
        )
        for row in digests.cards_for(conn, desk.vault, staff.id, since, person)
    ]


def _person(conn: Connection, desk: Desk, staff: Staff, wanted: str) -> Participant | None:
    """Somebody assigned, or somebody of an absent colleague who shared something with whoever reads meanwhile. Whoever
    shared nothing with the cover is not there at all."""
    caseload = people.caseload(conn, desk.vault, staff.id)
    person = next((someone for someone in caseload if str(someone.id) == wanted), None)
    if person is not None or not _NUMBER.fullmatch(wanted):
        return person
    covered = digests.cards_for(conn, desk.vault, staff.id, None, int(wanted))
    return people.participant(conn, desk.vault, int(wanted)) if covered else None


def _cards(
    shared: list[SharedCard], covered: Window, desk: Desk, staff: Staff
) -> tuple[PersonCard | None, list[PersonCard]]:
    """What is new as one card, and each earlier check-in as a card of its own, newest first."""
    history, words = History(shared), words_for(desk, staff)
    new = [card for card in shared if covered.holds(card.shared_at)]
    earlier = [card for card in reversed(shared) if not covered.holds(card.shared_at)]
    return (
        person_card(new, history, words) if new else None,
        [person_card([card], history, words) for card in earlier],
    )


def _asked_day(request: web.Request, today: date) -> date | None:
    """The day in the address, today without one, None when it is no day or has not come yet."""
    try:
        day = date.fromisoformat(request.match_info.get("day", today.isoformat()))
    except ValueError:
        return None
    return day if day <= today else None


def _door(conn: Connection, desk: Desk, staff: Staff, asked: str) -> _Door:
    caseload = {person.id: person for person in people.caseload(conn, desk.vault, staff.id)}
    return _Door(questions(conn, desk, staff, caseload), answered(conn, desk, staff, caseload, asked))


def _reach(conn: Connection, desk: Desk, staff: Staff, covered: Window) -> list[Unreached]:
    since = addresses.unreachable_of(conn, staff.id, covered.since)
    pseudonyms = (
        {person.id: person.pseudonym for person in people.caseload(conn, desk.vault, staff.id)} if since else {}
    )
    return unreached(since, pseudonyms, covered, words_for(desk, staff))


async def _held_notice(desk: Desk, staff: Staff, day: date) -> str:
    """A sentence when the mail of this day may not have arrived."""
    state = await desk.database.read(lambda conn: digests.digest_state(conn, staff.id, day.isoformat()))
    words = words_for(desk, staff)
    return words.say("mail_held", date=weekday_and_date(day, words.language)) if state == "held" else ""


async def _record(desk: Desk, staff: Staff, action: str, participants: Iterable[int | None]) -> None:
    """An entry for each person whose lines are about to be shown. Without it, nothing is shown."""

    def write(conn: Connection) -> None:
        for participant in participants:
            audit.record(conn, at=desk.now(), actor=f"staff:{staff.id}", action=action, participant_id=participant)

    await desk.database.write(write)


def _alphabetical(person: Participant) -> tuple[str, str, int]:
    return person.pseudonym.casefold(), person.name.casefold(), person.id
