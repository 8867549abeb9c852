"""Specialist: the pages of one specialist about people: one of them, and everybody in the caseload.

Only people assigned to this specialist now are on them, and of each only what that person chose to share. Every
opening is in the audit table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.agreements import Course, courses
from bot.console import agreed, asked
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, respond, rhythm_for, today_of, words_for
from bot.console.pictured import pictures
from bot.console.under import Refused, with_forms, with_translations
from bot.console.waiting import Diary, diary
from bot.digest.acts import Standing
from bot.digest.beside import NOTHING, Under
from bot.digest.card import PersonCard
from bot.digest.day import Window, window
from bot.digest.fitting import person_card
from bot.digest.history import History, SharedCard
from bot.digest.words import StaffWords
from bot.lines import decode_lines
from storage import agreements, audit, contact_log, digests, people, replies
from storage.people import Participant, Staff
from storage.vault import Erased

LONGEST_WORDS = 300
"""Signs in each text of an agreement that a specialist writes: it is read in a chat."""

_CONTACTS_SHOWN = 5
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form of a person's page and could not be used: which form, its fields, and why not."""

    form: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    status: int = 422


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose page is opened, and everything on it. ``is_own`` tells those who are assigned from those of an
    absent colleague, whose agreements nobody else reads."""

    who: Participant
    is_own: bool
    shared: Sequence[SharedCard]
    under: Under
    """What stands under the words of agreements."""
    standing: Standing
    courses: Sequence[Course]
    staff: Mapping[int, str]
    """What those are called who answered or agreed something, by number."""
    contacts: Sequence[date]
    diary: Diary


@only("specialist")
async def person_page(request: web.Request, staff: Staff) -> web.Response:
    """What one person has shared. Whatever the cause of silence, it reads the same."""
    return await show_person(request, staff, Typed())


async def show_person(
    request: web.Request,
    staff: Staff,
    typed: Typed,
    refused: Refused = Refused(),  # noqa: B008, it is frozen
) -> web.Response:
    """The page of one person, with what was typed into it in vain. Raises HTTP 404."""
    desk, wanted = request.app[DESK], request.match_info["person"]
    person = await desk.database.read(lambda conn: _person(conn, desk, staff, wanted, refused))
    if person is None:
        raise not_found(request, staff)
    await record_opening(desk, staff, "person opened", [person.who.id])
    rhythm = await desk.database.read(lambda conn: rhythm_for(conn, desk, staff))
    covered = window(rhythm, today_of(desk, staff), desk.now())
    return respond(
        request,
        "person.html",
        staff,
        status=typed.status if typed.trouble else 200,
        typed=typed,
        **_contents(person, covered, desk, staff),
    )


@only("specialist")
async def people_page(request: web.Request, staff: Staff) -> web.Response:
    """Everybody assigned, in the order of the alphabet and of nothing else, with the last contact that the specialist
    noted: never with an answer."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    caseload = await desk.database.read(lambda conn: people.caseload(conn, desk.vault, staff.id))
    noted = await desk.database.read(lambda conn: contact_log.latest(conn, staff.id, [one.id for one in caseload]))
    contacts = {person: words.say("contact_last", date=words.day(day)) for person, day in noted.items()}
    return respond(request, "people.html", staff, people=sorted(caseload, key=_alphabetical), contacts=contacts)


def shared_with(
    conn: Connection, desk: Desk, staff: Staff, since: datetime | None, person: int | None = None
) -> list[SharedCard]:
    """What was shared with one specialist, by everybody assigned or by one of them, oldest first, with what there is of
    it in the specialist's language."""
    cards = opened(conn, desk, digests.cards_for(conn, desk.vault, staff.id, since, person))
    return with_translations(conn, desk, staff, cards)


def opened(conn: Connection, desk: Desk, rows: Iterable[digests.CardRow]) -> list[SharedCard]:
    """Stored cards with the script versions that asked."""
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
            step=row.step,
        )
        for row in rows
    ]


def reached(conn: Connection, desk: Desk, staff: Staff, wanted: str) -> tuple[Participant, bool] | None:
    """Somebody assigned, or somebody of an absent colleague who shared something with whoever reads meanwhile; and
    whether it is the former. Whoever shared nothing with the cover is not there at all."""
    caseload = people.caseload(conn, desk.vault, staff.id)
    person = next((someone for someone in caseload if str(someone.id) == wanted), None)
    if person is not None:
        return person, True
    if not _NUMBER.fullmatch(wanted) or not digests.cards_for(conn, desk.vault, staff.id, None, int(wanted)):
        return None
    return people.participant(conn, desk.vault, int(wanted)), False


def held(conn: Connection, desk: Desk, staff: Staff, wanted: str) -> tuple[Participant, bool] | None:
    """The same, and nobody else changes or erases the person until the transaction ends."""
    if not _NUMBER.fullmatch(wanted):
        return None
    try:
        people.present(conn, desk.vault, int(wanted))
    except (KeyError, Erased):
        return None
    return reached(conn, desk, staff, wanted)


def _person(conn: Connection, desk: Desk, staff: Staff, wanted: str, refused: Refused) -> Person | None:
    found = reached(conn, desk, staff, wanted)
    if found is None:
        return None
    who, is_own = found
    answered = replies.of_people(conn, [who.id])
    made = agreements.of(conn, who.cipher, who.id) if is_own else []
    noted = contact_log.days(conn, who.id, staff.id)
    named = {one.staff_id for one in answered.values()} | {one.staff_id for one in made if one.staff_id is not None}
    shared, under = shared_with(conn, desk, staff, None, who.id), NOTHING
    if is_own:
        shared, under = with_forms(conn, desk, staff, who, shared, made, refused)
    return Person(
        who=who,
        is_own=is_own,
        shared=shared,
        under=under,
        standing=Standing(replies=answered, contacts={who.id: noted[0]} if noted else {}),
        courses=courses(made),
        staff={number: people.staff(conn, desk.vault, number).name for number in named | {staff.id}},
        contacts=noted,
        diary=diary(conn, desk, staff, who.id, who.pseudonym),
    )


def _contents(person: Person, covered: Window, desk: Desk, staff: Staff) -> dict[str, Any]:
    """What the template shows: requests, cards and agreements in words."""
    words, card, who = words_for(desk, staff), desk.programme.role_card, person.who
    waits = asked.still_open(person.shared, person.standing, words.today, words.zone)
    closed = [one for one in asked.requests(person.shared) if one.key in person.standing.replies]
    parties = agreed.Parties(who.pseudonym, staff.id, person.staff, person.under)
    new, earlier = _cards(person, covered, words)

    def in_words(one: asked.Request) -> asked.Asked:
        return asked.in_words(one, person.standing.replies.get(one.key), person.staff, words, card)

    return {
        "person": who,
        "is_own": person.is_own,
        "requests": [in_words(one) for one in waits],
        "waits": {one.about: person.diary.waits(one, words) for one in waits},
        "replied": [in_words(one) for one in closed],
        "new": new,
        "earlier": earlier,
        "pictures": pictures(person.shared, words, desk.now()),
        "agreements": [agreed.in_words(course, parties, words) for course in person.courses],
        "owners": parties.owners(words),
        "longest": LONGEST_WORDS,
        "today": words.today.isoformat(),
        "contacts": [(day.isoformat(), words.day(day)) for day in person.contacts[:_CONTACTS_SHOWN]],
    }


def _cards(person: Person, covered: Window, words: StaffWords) -> tuple[PersonCard | None, list[PersonCard]]:
    """What is new as one card, and each earlier check-in as a card of its own, newest first."""
    history, standing = History(person.shared), person.standing
    new = [card for card in person.shared if covered.holds(card.shared_at)]
    earlier = [card for card in reversed(person.shared) if not covered.holds(card.shared_at)]
    return (
        person_card(new, history, words, standing) if new else None,
        [person_card([card], history, words, standing) for card in earlier],
    )


async def record_opening(desk: Desk, staff: Staff, action: str, participants: Iterable[int | None]) -> None:
    """An entry for each person whose lines are about to be shown. Without it, nothing is shown."""

    def write(conn: Connection) -> None:
        for participant in participants:
            audit.record(conn, at=desk.now(), actor=f"staff:{staff.id}", action=action, participant_id=participant)

    await desk.database.write(write)


def _alphabetical(person: Participant) -> tuple[str, str, int]:
    return person.pseudonym.casefold(), person.name.casefold(), person.id
