"""Overview: the page of one day: what waits for this specialist, and the cards of what was shared. Every opening is in
the audit table, for each person whose lines are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web
from sqlalchemy import Connection

from bot.console.access import not_found, only
from bot.console.admitting import ANSWERED, Question, answered, questions
from bot.console.desk import DESK, Desk, respond, rhythm_for, today_of, words_for
from bot.console.specialist import record_opening, shared_with
from bot.dates import weekday_and_date
from bot.digest import Digest, Standing, compose
from bot.digest.day import Rhythm, Window, window
from bot.digest.reach import Unreached, unreached
from storage import addresses, agreements, contact_log, digests, people, replies, snoozes
from storage.people import Participant, Staff

LOOK_BACK = timedelta(weeks=26)
"""How far back the page of an earlier day looks for the earlier answers to a question."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around the digest of a day: who waits in front of the door, what was just said about somebody, and
    whom messages do not reach."""

    questions: Sequence[Question]
    answered: str
    unreached: Sequence[Unreached]
    held: str


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
    digest = await desk.database.read(lambda conn: digest_of(conn, desk, staff, day, covered))
    asked = request.query.get(ANSWERED, "")
    around = await desk.database.read(lambda conn: _around(conn, desk, staff, day, covered, asked))
    await record_opening(desk, staff, "digest opened", sorted(digest.named) or [None])
    return respond(
        request,
        "digest.html",
        staff,
        digest=digest,
        around=around,
        is_today=day == today,
        day_before=_day_before(desk, staff, rhythm, day),
    )


def digest_of(conn: Connection, desk: Desk, staff: Staff, day: date, covered: Window) -> Digest:
    """The digest of one day for somebody on the staff. Today's holds everything that is still open, whenever it was
    shared."""
    words = words_for(desk, staff)
    if day != today_of(desk, staff):
        shared = shared_with(conn, desk, staff, covered.since - LOOK_BACK)
        return compose(shared, covered, day, staff.name, words)
    shared = shared_with(conn, desk, staff, None)
    standing = _standing(conn, desk, staff, {card.participant_id for card in shared})
    return compose(shared, covered, day, staff.name, words, standing)


def _standing(conn: Connection, desk: Desk, staff: Staff, sharing: set[int]) -> Standing:
    """``sharing`` are those whose cards are seen: besides the own people, those of an absent colleague."""
    own = {person.id: person.pseudonym for person in people.caseload(conn, desk.vault, staff.id)}
    agreed = agreements.open_for(conn, desk.vault, own)
    card = desk.programme.role_card
    return Standing(
        replies=replies.of_people(conn, sharing),
        contacts=contact_log.latest(conn, staff.id, sharing),
        agreements=[one for every in agreed.values() for one in every],
        called=own,
        snoozed=snoozes.of_staff(conn, staff.id, sharing),
        enough=staff.most_open,
        elsewhere=frozenset(topic for each in card.instead for topic in each.topics) if card else frozenset(),
    )


def _asked_day(request: web.Request, today: date) -> date | None:
    """The day in the address, today without one, None when it is no day or has not come yet."""
    try:
        day = date.fromisoformat(request.match_info.get("day", today.isoformat()))
    except ValueError:
        return None
    return day if day <= today else None


def _day_before(desk: Desk, staff: Staff, rhythm: Rhythm, day: date) -> tuple[date, str]:
    """The working day before, and what its link says."""
    before, words = rhythm.working_day_before(day), words_for(desk, staff)
    return before, words.say("day_before", day=weekday_and_date(before, words.language))


def _around(conn: Connection, desk: Desk, staff: Staff, day: date, covered: Window, asked: str) -> _Around:
    caseload = {person.id: person for person in people.caseload(conn, desk.vault, staff.id)}
    is_today = day == today_of(desk, staff)
    return _Around(
        questions(conn, desk, staff, caseload) if is_today else (),
        answered(conn, desk, staff, caseload, asked) if is_today else "",
        _reach(conn, desk, staff, covered, caseload.values()),
        _held_notice(conn, desk, staff, day),
    )


def _reach(
    conn: Connection, desk: Desk, staff: Staff, covered: Window, caseload: Iterable[Participant]
) -> list[Unreached]:
    since = addresses.unreachable_of(conn, staff.id, covered.since)
    pseudonyms = {person.id: person.pseudonym for person in caseload}
    return unreached(since, pseudonyms, covered, words_for(desk, staff))


def _held_notice(conn: Connection, desk: Desk, staff: Staff, day: date) -> str:
    """A sentence when the message of this day may not have arrived."""
    words = words_for(desk, staff)
    is_held = digests.digest_state(conn, staff.id, day.isoformat()) == "held"
    return words.say("mail_held", date=weekday_and_date(day, words.language)) if is_held else ""
