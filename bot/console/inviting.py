"""Inviting: a page on which a specialist or a coordinator makes a link for one person, and sees it once.

It does what ``medvind invite`` does at the command line. A coordinator meets pseudonyms here and never an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web
from markupsafe import Markup
from sqlalchemy import Connection

from bot import newcomers
from bot.channels.http import is_https, posted
from bot.console.access import only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.digest.words import StaffWords
from bot.invitation import invite
from bot.newcomers import LONGEST_NAME, NobodyNew, NotAdded
from bot.qr import in_page
from storage import people
from storage.addresses import ACTIVE, UNREACHABLE
from storage.people import Participant, Staff

WEB = "web"
_WHY_NOT = {
    "lacks": "invite_lacks",
    "long": "invite_long",
    "taken": "invite_taken",
    "reached": "invite_reached",
    "unknown": "invite_unknown",
}

Form = Mapping[str, str]
_One = TypeVar("_One", Staff, Participant)


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen. ``ways`` are the channels of messengers and the web chat, each with what it is called."""

    caseloads: Sequence[tuple[Staff, Sequence[Participant]]]
    ways: Mapping[str, str]
    languages: Mapping[str, str]

    @property
    def has_people(self) -> bool:
        """Whether anybody is here already."""
        return any(everybody for _, everybody in self.caseloads)


@dataclass(frozen=True, slots=True)
class Made:
    """A link as it is shown once, with what there is to know about it. What opens the door is left out of ``repr``."""

    title: str
    link: str = field(repr=False)
    notes: Sequence[str] = ()
    code: str = field(default="", repr=False)
    code_how: str = ""

    @property
    def picture(self) -> Markup:
        """The link for a camera."""
        return Markup(in_page(self.link))  # noqa: S704, lines and numbers only


@only("specialist", "coordinator")
async def invite_page(request: web.Request, staff: Staff) -> web.Response:
    """Two forms: for somebody new, unless something is missing for that, and for somebody who is here already."""
    return await _forms(request, staff)


@only("specialist", "coordinator")
async def make_link(request: web.Request, staff: Staff) -> web.Response:
    """Makes a link and shows it. What cannot be used comes back with a sentence, and nothing was changed."""
    desk, form = request.app[DESK], await posted(request)
    words, pages = words_for(desk, staff), f"{'https' if is_https(request) else 'http'}://{request.host}"
    bots = await desk.bots()
    try:
        made = await desk.database.write(lambda conn: _make(conn, desk, staff, words, form, bots, pages))
    except NotAdded as refused:
        trouble = words.say(_WHY_NOT[refused.reason], n=LONGEST_NAME, pseudonym=refused.pseudonym)
        return await _forms(request, staff, form, trouble, refused.reason)
    except NobodyNew:
        return await _forms(request, staff, form, words.say("enrol.closed"))
    return respond(request, "invited.html", staff, made=made)


async def _forms(
    request: web.Request, staff: Staff, form: Form | None = None, trouble: str = "", reason: str = ""
) -> web.Response:
    desk = request.app[DESK]
    bots = await desk.bots()
    choices = await desk.database.read(lambda conn: _choices(conn, desk, staff, bots))
    texts = words_for(desk, staff).ui
    return respond(
        request,
        "invite.html",
        staff,
        status=422 if trouble else 200,
        choices=choices,
        missing=[each.sentence(texts) for each in desk.programme.missing(desk.now().date())],
        form=form or {},
        trouble=trouble,
        reason=reason,
        longest=LONGEST_NAME,
    )


def _choices(conn: Connection, desk: Desk, staff: Staff, bots: Mapping[str, str]) -> Choices:
    """A specialist has the own people to choose from, a coordinator everybody whom somebody accompanies."""
    own = staff.role == "specialist"
    specialists = [staff] if own else people.all_staff(conn, desk.vault, role="specialist")
    words = words_for(desk, staff)
    messengers = {channel: words.say("invite_messenger", bot=f"@{name}") for channel, name in bots.items()}
    return Choices(
        caseloads=[(one, sorted(people.caseload(conn, desk.vault, one.id), key=_alphabetical)) for one in specialists],
        ways={**messengers, WEB: words.say("invite_web")},
        languages={code: desk.catalogs.name(code) for code in desk.catalogs.languages},
    )


def _make(
    conn: Connection, desk: Desk, staff: Staff, words: StaffWords, form: Form, bots: Mapping[str, str], pages: str
) -> Made:
    """Raises NobodyNew, and NotAdded."""
    choices, by, now = _choices(conn, desk, staff, bots), f"staff:{staff.id}", desk.now()
    where = form.get("where", WEB)
    if where not in choices.ways:
        raise NotAdded("unknown")
    person, specialist = _person(conn, desk, choices, form, by)
    if form.get("moved"):
        newcomers.leave_messengers(conn, person.id, by, now)
    if where in newcomers.channels_of(conn, person.id, ACTIVE, UNREACHABLE):
        raise NotAdded("reached", person.pseudonym)
    title, once = words.say("invited", pseudonym=person.pseudonym), words.say("invited_once")
    if where == WEB:
        path = newcomers.open_web_chat(conn, desk.vault, person.id, by, now, desk.random)
        return Made(title, f"{pages}{path}", (once, words.say("invited_web")))
    invitation, bot = invite(conn, desk.vault, person.id, by, now, desk.random), bots[where]
    until = words.say("invited_until", date=words.date(invitation.expires_at))
    then = words.say("invited_then", name=specialist.name)
    how = words.say("invited_code_how", bot=f"@{bot}")
    return Made(title, invitation.link(bot), (once, until, then), invitation.spoken, how)


def _person(conn: Connection, desk: Desk, choices: Choices, form: Form, by: str) -> tuple[Participant, Staff]:
    """Whom the link is for, and who accompanies them."""
    if form.get("who") == "known":
        known = _chosen([one for _, everybody in choices.caseloads for one in everybody], form.get("person"))
        return known, next(staff for staff, everybody in choices.caseloads if known in everybody)
    specialist = _chosen([one for one, _ in choices.caseloads], form.get("specialist"))
    if form.get("language") not in choices.languages:
        raise NotAdded("unknown")
    added = newcomers.add(
        conn,
        desk.vault,
        desk.programme,
        name=form.get("name", ""),
        pseudonym=form.get("pseudonym", ""),
        language=form["language"],
        specialist=specialist,
        by=by,
        now=desk.now(),
    )
    return people.participant(conn, desk.vault, added), specialist


def _chosen(known: Sequence[_One], chosen: str | None) -> _One:
    for one in known:
        if str(one.id) == chosen:
            return one
    raise NotAdded("unknown")


def _alphabetical(person: Participant) -> tuple[str, int]:
    return person.pseudonym.casefold(), person.id
