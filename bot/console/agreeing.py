"""Agreeing: what a specialist proposes to somebody, and what they say to what was proposed or has come to its day.

What cannot be used comes back with a sentence and with everything that was typed. So does what the other side was
quicker to change: nobody says yes to what they have not read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from aiohttp import web
from sqlalchemy import Connection

from bot import errands
from bot.agreements import OWNERS, Act, Agreement, Course, Hand, NotNow, NotWritten, Wording, propose, wording
from bot.agreements.history import history
from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, words_for
from bot.console.noting import day_in
from bot.console.specialist import LONGEST_WORDS, Typed, held, show_person
from bot.digest.words import StaffWords
from storage import agreements, audit
from storage.agreements import Overtaken
from storage.people import Participant, Staff

Form = Mapping[str, str]

_AT_ONCE: Mapping[str, Callable[[Course, Hand], Agreement]] = {
    Act.CONFIRM: Course.confirm,
    Act.DECLINE: Course.decline,
    Act.DONE: Course.done,
    Act.DROP: Course.drop,
}
"""What needs no words."""


class _NoSuchPage(Exception):
    """There is nothing at the address that is this specialist's."""


@only("specialist")
async def propose_agreement(request: web.Request, staff: Staff) -> web.Response:
    """Takes what is proposed to somebody. A second copy of what still waits has no effect."""
    desk, form, wanted = request.app[DESK], await posted(request), request.match_info["person"]

    def work(conn: Connection) -> None:
        person, words = _own(conn, desk, staff, wanted), words_for(desk, staff)
        says = _written(form, words, None)
        waiting = (one for one in agreements.current(conn, person.cipher, person.id) if one.state == "proposed")
        if any(wording(one) == says for one in waiting):
            return
        number = agreements.next_number(conn, person.id)
        made = propose(person.id, number, says, _hand(desk, staff))
        agreements.put(conn, person.cipher, made)
        _follow(conn, desk, Course((made,)))

    return await _answered(request, staff, Typed("propose", form), work)


@only("specialist")
async def act_on_agreement(request: web.Request, staff: Staff) -> web.Response:
    """Takes what is said to one agreement. The form names the revision that was read."""
    desk, form, wanted = request.app[DESK], await posted(request), request.match_info["person"]
    number, act = request.match_info["number"], form.get("act", "")

    def work(conn: Connection) -> None:
        person, words = _own(conn, desk, staff, wanted), words_for(desk, staff)
        revisions = tuple(agreements.one(conn, person.cipher, person.id, int(number)))
        if not revisions:
            raise _NoSuchPage
        course = Course(revisions)
        if form.get("revision") != str(course.now.revision):
            raise Overtaken
        made = _made(course, act, form, _hand(desk, staff), words)
        agreements.put(conn, person.cipher, made)
        _follow(conn, desk, Course((*revisions, made)))

    return await _answered(request, staff, Typed(f"{act}-{number}", form), work)


async def _answered(
    request: web.Request, staff: Staff, typed: Typed, work: Callable[[Connection], None]
) -> web.Response:
    """The page as it is afterwards, or with what was typed and why it cannot be used."""
    desk = request.app[DESK]
    words = words_for(desk, staff)
    try:
        await desk.database.write(work)
    except _NoSuchPage:
        raise not_found(request, staff) from None
    except NotWritten as why:
        trouble = words.say(f"agreement_{why.reason}", n=LONGEST_WORDS, example=words.today.isoformat())
        return await show_person(request, staff, Typed(typed.form, typed.fields, trouble))
    except (NotNow, Overtaken):
        trouble = words.say("agreement_meanwhile")
        return await show_person(request, staff, Typed(typed.form, typed.fields, trouble, status=409))
    raise web.HTTPSeeOther(f"/people/{request.match_info['person']}#agreements")


def _own(conn: Connection, desk: Desk, staff: Staff, wanted: str) -> Participant:
    """Who is assigned to this specialist: whoever covers for somebody sees no agreements."""
    found = held(conn, desk, staff, wanted)
    if found is None or not found[1]:
        raise _NoSuchPage
    return found[0]


def _hand(desk: Desk, staff: Staff) -> Hand:
    return Hand("specialist", staff.id, desk.now())


def _made(course: Course, act: str, form: Form, hand: Hand, words: StaffWords) -> Agreement:
    """Raises NotNow, NotWritten and _NoSuchPage."""
    if act in _AT_ONCE:
        return _AT_ONCE[act](course, hand)
    if act == Act.CHANGE:
        return course.change(_written(form, words, course.now), hand)
    if act == Act.NOT_YET:
        day = _day(form, words, course.now.due)
        if day is None:
            raise NotWritten("no_day")
        return course.not_yet(day, hand)
    raise _NoSuchPage


def _written(form: Form, words: StaffWords, before: Agreement | None) -> Wording:
    """What a form says is agreed. ``before`` is what stood in it: words that were left alone keep their language.
    Raises NotWritten."""
    owner = next((one for one in OWNERS if one == form.get("who")), None)
    if owner is None:
        raise _NoSuchPage
    what, sign = (" ".join(form.get(name, "").split()) for name in ("what", "sign"))
    if max(len(what), len(sign)) > LONGEST_WORDS:
        raise NotWritten("long")
    same_words = before is not None and (what, sign) == (before.what, before.sign)
    language = before.language if before and same_words else words.language
    return Wording(what, sign, language, owner, _day(form, words, before.due if before else None)).checked()


def _day(form: Form, words: StaffWords, before: date | None) -> date | None:
    """The day in a form, None where there is none. Only the day that stood there may have passed. Raises NotWritten."""
    text = form.get("by", "").strip()
    day = day_in(text)
    if text and day is None:
        raise NotWritten("no_day")
    if day is not None and day < words.today and day != before:
        raise NotWritten("passed")
    return day


def _follow(conn: Connection, desk: Desk, course: Course) -> None:
    """The record of the act, and what the person is asked about it."""
    step = history(course)[-1]
    audit.record(
        conn,
        at=step.made.at,
        actor=f"staff:{step.made.staff_id}",
        action=f"agreement {step.kind}",
        participant_id=step.made.participant_id,
        details={"agreement": step.made.number, "revision": step.made.revision},
    )
    errands.follow(conn, desk.vault, step.made, step.made.at)
