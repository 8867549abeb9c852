"""My page: what one participant sees of what is kept of them, takes back, deletes, and takes away. Plain forms only.

Everything here is about whoever's session it is. No address holds a participant's number, so nobody can ask for
another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from aiohttp import hdrs, web
from markupsafe import Markup
from sqlalchemy import Connection

from bot.channels.http import clear_session_cookie, posted
from bot.channels.web_door import add_door
from bot.channels.web_visit import CHAT, Chat, Visitor, kindly, page
from bot.messages import Tap
from bot.my_page import taking_back
from bot.my_page.copying import copy
from bot.my_page.health_records import as_fhir
from bot.my_page.parts import PARTS, Part, Sources, Values, Visit, whole
from bot.my_page.taking_back import Ground, StillOpen
from bot.translating import choosing
from storage import audit, people
from storage.database import StorageAway

_log = logging.getLogger(__name__)
T = TypeVar("T")
_LONGEST_NUMBER = 9
_LONGEST_NAME = 300

_COPIES = {
    "html": ("text/html", "html"),
    "json": ("application/json", "json"),
    "fhir": ("application/fhir+json", "fhir.json"),
}
"""What a copy can be -> the kind of file, and how its name ends."""

_STYLE = Markup("<style>\n{}</style>").format(
    Markup((Path(__file__).parent / "templates" / "me_copy.css").read_text(encoding="utf-8"))  # noqa: S704, our own file
)
"""Of the copy, which is opened where no style sheet of ours is. Pages that are served have none in them."""

Forgotten = Callable[[int], None]
"""Is told the number of somebody of whom nothing is kept any more."""


@dataclass(frozen=True, slots=True)
class MyPage:
    """What the handlers stand on beside the chat."""

    sources: Sources
    forgotten: Sequence[Forgotten]


MY_PAGE = web.AppKey("my_page", MyPage)


def add_my_page(app: web.Application, sources: Sources, forgotten: Sequence[Forgotten] = ()) -> None:
    """Add the pages to an application that has the chat. Each of ``forgotten`` is called when somebody has everything
    deleted: it may still hold something that is about to be sent to them."""
    app[MY_PAGE] = MyPage(sources, forgotten)
    app.router.add_get("/me", show_list)
    app.router.add_get("/me/{part}", show_part)
    add_door(app)
    app.router.add_post("/me/withdraw", withdraw)
    app.router.add_post("/me/answer/delete", delete_answer)
    app.router.add_post("/me/conversation/delete", delete_conversation)
    app.router.add_post("/me/translating", choose_translating)
    app.router.add_post("/me/copy", take_copy)
    app.router.add_post("/me/delete", delete_everything)


@kindly
async def show_list(request: web.Request) -> web.Response:
    """Everything that can be looked at."""
    visitor = await _visitor(request)
    return await _show(request, visitor, Part("me.html", _places), "me.title")


@kindly
async def show_part(request: web.Request) -> web.Response:
    """One of the pages."""
    name = request.match_info["part"]
    if name not in PARTS:
        raise web.HTTPSeeOther("/me")
    visitor = await _visitor(request)
    return await _show(request, visitor, PARTS[name], f"me.{name}.title")


def _places(visit: Visit) -> Values:
    return {"parts": [(name, visit.words.say(f"{name}.title")) for name in PARTS]}


async def _show(request: web.Request, visitor: Visitor, part: Part, heading: str, **more: object) -> web.Response:
    def work(visit: Visit) -> dict[str, object]:
        done = request.query.get("done", "")
        said = visit.words.say(f"done.{done}") if done in _DONE else ""
        title = visit.words.say(heading.removeprefix("me."))
        return {**visit.common(), **part.values(visit), "heading": title, "done": said, "opening": opening, **more}

    values = await _visit(request, visitor, work)
    return page(request.app[CHAT].pages.render(part.template, visitor.language, visitor.form, **values))


def opening(dialogue: str) -> Tap:
    """The tap that begins a dialogue in the chat."""
    return Tap(conversation=0, step="", action="open", choices=(dialogue,))


# What a person does ---------------------------------------------------------------------------------------------------


_DONE = ("withdrawn", "deleted", "gone", "open")
"""What can become of something that was pressed: the ends of ``ui/me.done.*``."""


@kindly
async def withdraw(request: web.Request) -> web.Response:
    """Take one shared line back."""
    visitor, form = await _visitor(request), await posted(request)
    conversation, step, line = _number(form.get("conversation")), _name(form.get("step")), _name(form.get("line"))
    now = request.app[CHAT].now()
    done = await _act(request, visitor, lambda at: taking_back.withdraw(at, conversation, step, line, now), "withdrawn")
    raise _back("sent", done)


@kindly
async def delete_answer(request: web.Request) -> web.Response:
    """Delete one answer wherever it lies."""
    visitor, form = await _visitor(request), await posted(request)
    conversation, name = _number(form.get("conversation")), _name(form.get("name"))
    now = request.app[CHAT].now()
    done = await _act(request, visitor, lambda at: taking_back.delete_answer(at, conversation, name, now), "deleted")
    raise _back(form.get("page"), done)


@kindly
async def delete_conversation(request: web.Request) -> web.Response:
    """Delete all that was said in one conversation."""
    visitor, form = await _visitor(request), await posted(request)
    conversation, now = _number(form.get("conversation")), request.app[CHAT].now()
    done = await _act(request, visitor, lambda at: taking_back.delete_conversation(at, conversation, now), "deleted")
    raise _back(form.get("page"), done)


@kindly
async def choose_translating(request: web.Request) -> web.Response:
    """Switch on or off that a program translates the person's own words. Where there is no program, nothing is
    chosen."""
    visitor, form = await _visitor(request), await posted(request)
    chat, wanted = request.app[CHAT], form.get("on", "")
    if request.app[MY_PAGE].sources.translates and wanted in ("yes", "no"):
        person, now = visitor.participant_id, chat.now()
        await chat.database.write(lambda conn: choosing.choose(conn, chat.vault, person, wanted == "yes", now))
    raise web.HTTPSeeOther("/me/settings#translating")


@kindly
async def take_copy(request: web.Request) -> web.Response:
    """All of it as a file: a page to read, or data. That it was taken is written down first."""
    visitor, form = await _visitor(request), await posted(request)
    kind = form.get("as", "")
    kind = kind if kind in _COPIES else "html"
    chat = request.app[CHAT]

    def record(conn: Connection) -> None:
        details = {"as": kind}
        actor, person = f"participant:{visitor.participant_id}", visitor.participant_id
        audit.record(conn, at=chat.now(), actor=actor, action="copy taken", participant_id=person, details=details)

    await chat.database.write(record)
    if kind == "html":
        values = await _visit(request, visitor, whole)
        copy_page = chat.pages.render("me_copy.html", visitor.language, visitor.form, style=_STYLE, **values)
        return _file(copy_page.encode(), "html")
    if kind == "fhir":
        return _file(await _visit(request, visitor, lambda visit: as_fhir(visit.record, visit.words, visit.now)), kind)
    body = await _visit(
        request, visitor, lambda visit: copy(visit.conn, chat.vault, visit.record, visit.words, visit.now)
    )
    return _file(body, kind)


def _file(body: bytes, kind: str) -> web.Response:
    content_type, ending = _COPIES[kind]
    response = web.Response(body=body, content_type=content_type, charset="utf-8")
    response.headers[hdrs.CONTENT_DISPOSITION] = f'attachment; filename="my-data.{ending}"'
    response.enable_compression()
    return response


@kindly
async def delete_everything(request: web.Request) -> web.Response:
    """Ask once more, and then forget the person. What is left is a page that says so."""
    visitor, form = await _visitor(request), await posted(request)
    if form.get("sure") != "yes":
        return await _show(request, visitor, PARTS["delete"], "me.delete.sure", sure=True)
    chat, person = request.app[CHAT], visitor.participant_id

    def erase(conn: Connection) -> None:
        audit.record(conn, at=chat.now(), actor=f"participant:{person}", action="erased", participant_id=person)
        people.erase(conn, person)

    await chat.database.write(erase)
    chat.vault.forget(f"participant:{person}")
    for forgotten in request.app[MY_PAGE].forgotten:
        forgotten(person)
    await chat.sockets.sign_out(visitor.token)
    await _scrub(chat)
    response = page(chat.pages.render("me_farewell.html", visitor.language, visitor.form, discreet=True))
    clear_session_cookie(request, response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


async def _scrub(chat: Chat) -> None:
    """Nobody can read what is left by now; so the person is told the truth even where this has to wait."""
    try:
        await chat.database.scrub()
    except StorageAway:
        _log.warning("what was erased is not scrubbed yet: the database is away")


# Who is there ---------------------------------------------------------------------------------------------------------


async def _visitor(request: web.Request) -> Visitor:
    """Who is there. Without a session the answer is the chat's own page that says so."""
    chat = request.app[CHAT]
    visitor = await chat.visitor(request)
    if visitor is None:
        raise _closed(chat, request)
    return visitor


def _closed(chat: Chat, request: web.Request) -> web.HTTPForbidden:
    closed = chat.closed(chat.language(request))
    return web.HTTPForbidden(text=closed.text, content_type="text/html")


async def _visit(request: web.Request, visitor: Visitor, work: Callable[[Visit], T]) -> T:
    chat, sources = request.app[CHAT], request.app[MY_PAGE].sources
    return await chat.database.read(
        lambda conn: work(Visit(conn, sources, visitor.participant_id, visitor.language, chat.now()))
    )


async def _act(request: web.Request, visitor: Visitor, act: Callable[[Ground], bool], done: str) -> str:
    """What became of it: ``done``, or one of the other ends of ``ui/me.done.*``."""
    chat, sources = request.app[CHAT], request.app[MY_PAGE].sources
    try:
        found = await chat.database.write(
            lambda conn: act(taking_back.ground(conn, chat.vault, sources.shelf, visitor.participant_id))
        )
    except StillOpen:
        return "open"
    return done if found else "gone"


def _back(part: str | None, done: str) -> web.HTTPSeeOther:
    return web.HTTPSeeOther(f"/me/{part if part in PARTS else 'private'}?done={done}#done")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else 0


def _name(text: str | None) -> str:
    return (text or "")[:_LONGEST_NAME]
