"""Emergencies: a specialist opens what somebody shared who is not theirs, for an hour and with a reason; and those whom
it concerns find it here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Connection

from bot import emergency
from bot.channels.http import posted
from bot.console.access import confirmed, not_found, only, recently_confirmed
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.office.participants import number_in
from bot.console.office.typed import Typed
from bot.console.specialist import opened, record_opening
from bot.dates import time_text
from bot.digest.card import PersonCard
from bot.digest.fitting import person_card
from bot.digest.history import History, SharedCard
from bot.digest.words import StaffWords
from bot.emergency import LONGEST_REASON, REMEMBERED, NotOpened
from bot.logbook import names_of
from bot.staff_notices import StaffNotices
from storage import caseloads, digests, emergencies, people, staff_notices
from storage.caseloads import Placed
from storage.emergencies import Emergency
from storage.people import Staff
from storage.vault import Erased

_WHERE = {"reason": "why", "long": "why", "often": ""}


@dataclass(frozen=True, slots=True)
class Told:
    """One emergency in sentences. ``who`` is a pseudonym, or a number for those who see no names."""

    who: str = field(repr=False)
    participant_id: int
    by: str
    end: str
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody whose cards can be seen now."""

    participant_id: int
    pseudonym: str = field(repr=False)
    until: str


@only("specialist", "administrator")
async def emergency_page(request: web.Request, staff: Staff) -> web.Response:
    """For specialists the form, what is open, and what was opened of their own people; for administrators everything
    that was opened, without names of participants."""
    return await _page(request, staff, Typed())


@only("specialist")
@confirmed
async def open_emergency(request: web.Request, staff: Staff) -> web.Response:
    """Opens it and tells everybody."""
    desk, form = request.app[DESK], await posted(request)

    def work(conn: Connection) -> Emergency | NotOpened:
        now = desk.now()
        if not emergency.may_try(conn, staff, now):
            return NotOpened("often")
        try:
            placed = emergency.named(conn, desk.vault, form.get("who", ""))
            return emergency.begin(conn, desk.vault, staff, placed, form.get("why", ""), now)
        except NotOpened as refused:
            if refused.participant_id is None:
                emergency.refused(conn, staff, now)
            return refused

    became = await desk.database.write(work)
    if isinstance(became, NotOpened):
        words = words_for(desk, staff)
        trouble = words.say(f"emergency_not_{became.reason}", n=LONGEST_REASON)
        return await _page(request, staff, Typed("open", form, trouble, _WHERE.get(became.reason, "who")))
    desk.outgoing.soon(_tell_now(desk))
    raise web.HTTPSeeOther(f"/emergency/{became.participant_id}")


@only("specialist")
async def opened_page(request: web.Request, staff: Staff) -> web.Response:
    """What the person shared, while it is open. Each time is written down, and the person can see it."""
    desk, number, now = request.app[DESK], number_in(request), request.app[DESK].now()
    words = words_for(desk, staff)
    found = await desk.database.read(lambda conn: _opened(conn, desk, staff, number, now))
    if found is None:
        raise not_found(request, staff)
    await record_opening(desk, staff, "emergency read", [number])
    placed, until, shared, names = found
    name = names.get(placed.staff_id or 0, "")
    with_whom = words.say("emergency_with", name=name) if name else words.say("emergency_with_nobody")
    return respond(
        request,
        "emergency_person.html",
        staff,
        person=placed.person,
        until=words.say("emergency_until", time=_time(until, words)),
        with_whom=with_whom,
        cards=_cards(shared, words),
    )


@only("specialist")
async def end_emergency(request: web.Request, staff: Staff) -> web.Response:
    """Ends it before its time. A second press changes nothing."""
    desk, number = request.app[DESK], number_in(request)
    await desk.database.write(lambda conn: emergency.end(conn, staff, number, desk.now()))
    raise web.HTTPSeeOther("/emergency")


async def _page(request: web.Request, staff: Staff, typed: Typed) -> web.Response:
    desk, words, now = request.app[DESK], words_for(request.app[DESK], staff), request.app[DESK].now()
    if staff.role == "administrator":
        told = await desk.database.read(lambda conn: _everywhere(conn, desk, words, now))
        return respond(request, "emergency.html", staff, told=told, opened=(), opens=False, may_open=False, typed=typed)
    opened, told = await desk.database.read(lambda conn: _mine(conn, desk, staff, words, now))
    return respond(
        request,
        "emergency.html",
        staff,
        status=typed.status,
        told=told,
        opened=opened,
        opens=True,
        may_open=await recently_confirmed(request),
        longest=LONGEST_REASON,
        typed=typed,
    )


def _everywhere(conn: Connection, desk: Desk, words: StaffWords, now: datetime) -> list[Told]:
    names = names_of(conn, desk.vault)
    found = emergencies.since(conn, now - REMEMBERED)
    numbers = {one.participant_id: words.say("participant_number", number=one.participant_id) for one in found}
    return list(_worded(found, numbers, names, words, now))


def _mine(
    conn: Connection, desk: Desk, staff: Staff, words: StaffWords, now: datetime
) -> tuple[list[Open], list[Told]]:
    opened = []
    for one in emergencies.current(conn, staff.id, now):
        try:
            pseudonym = people.participant(conn, desk.vault, one.participant_id).pseudonym
        except Erased:
            continue
        until = words.say("emergency_until", time=_time(one.ends_at, words))
        opened.append(Open(one.participant_id, pseudonym, until))
    pseudonyms = {one.id: one.pseudonym for one in people.caseload(conn, desk.vault, staff.id)}
    found = emergencies.of_caseload(conn, desk.vault, staff.id, now - REMEMBERED)
    return opened, list(_worded(found, pseudonyms, names_of(conn, desk.vault), words, now))


def _worded(
    found: Iterable[Emergency], called: Mapping[int, str], names: Mapping[int, str], words: StaffWords, now: datetime
) -> Iterator[Told]:
    for one in found:
        name = names.get(one.staff_id, words.say("log.somebody"))
        by = words.say("emergency_by", name=name, date=words.date(one.began_at), time=_time(one.began_at, words))
        end = "emergency_is" if one.is_open(now) else "emergency_was"
        at = words.say(end, time=_time(one.ended_at or one.ends_at, words))
        reason = words.say("emergency_reason", reason=one.reason) if one.reason else ""
        yield Told(called[one.participant_id], one.participant_id, by, at, reason)


def _opened(
    conn: Connection, desk: Desk, staff: Staff, number: int, now: datetime
) -> tuple[Placed, datetime, list[SharedCard], dict[int, str]] | None:
    current = next((one for one in emergencies.current(conn, staff.id, now) if one.participant_id == number), None)
    placed = caseloads.one(conn, desk.vault, number) if current else None
    if current is None or placed is None:
        return None
    shared = opened(conn, desk, digests.cards_in_emergency(conn, desk.vault, staff.id, number, now))
    return placed, current.ends_at, shared, names_of(conn, desk.vault)


def _cards(shared: list[SharedCard], words: StaffWords) -> list[PersonCard]:
    """Each check-in as a card of its own, the newest first."""
    history = History(shared)
    return [person_card([card], history, words) for card in reversed(shared)]


async def _tell_now(desk: Desk) -> None:
    """Tells the staff at once; what does not leave now is tried again every minute."""
    post, chats = desk.outgoing.post, desk.outgoing.chats
    if post is None and chats is None:
        return
    waiting = await desk.database.read(lambda conn: staff_notices.due(conn, desk.now()))
    await StaffNotices(desk.database, desk.vault, desk.catalogs, post, desk.now, chats).do(waiting)


def _time(at: datetime, words: StaffWords) -> str:
    return time_text(at.astimezone(ZoneInfo(words.zone)), words.language)
