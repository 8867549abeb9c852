"""Programme: what this service decides, in forms; what somebody wants to change, and who agrees."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.console.access import only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.programme_words import Look, keys_text, sentences, to_look_at
from bot.digest.words import StaffWords
from bot.programme import Programme, ProgrammeRefused, read_file
from bot.programme.differences import differences
from bot.programme.guarded import changed, needs_two
from bot.programme.layout import PARTS
from bot.programme.versions import in_force, readable
from dialogues.model import Script
from storage import people, programmes, scripts
from storage.people import Staff
from storage.programmes import Draft
from storage.vault import Erased

HOME = "/programme"
_AT_THE_START = ("languages", "machine drafts")
"""Keys of what is loaded once."""
TEXT = "text"
"""The part that is everything at once."""


@dataclass(frozen=True, slots=True)
class Change:
    """A draft as the page shows it: what it changes, who decides, and what has to be looked at first."""

    draft: Draft
    says: Sequence[tuple[str, bool]]
    guarded: str
    """What takes two people, in words; "" where one is enough."""
    looks: Sequence[Look]
    behind: bool
    waits_for_start: bool = False
    """Some of it comes with the next start only."""
    title: str = ""
    since: str = ""

    @property
    def stops(self) -> bool:
        """Whether it cannot come into force as it is."""
        return self.behind or any(look.stops for look in self.looks)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is in force, and what the pages compare with it."""

    version: int
    text: str
    programme: Programme
    published: Mapping[str, Script]


@only("coordinator")
async def programme_page(request: web.Request, staff: Staff) -> web.Response:
    """What is in force, the own draft, and what others put forward."""
    return await show_page(request, staff)


async def show_page(request: web.Request, staff: Staff, trouble: str = "", status: int = 200) -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    file = await asyncio.to_thread(file_text, desk)
    return respond(
        request,
        "programme.html",
        staff,
        status=status,
        trouble=trouble,
        done=request.query.get("done") == "published",
        parts=[*PARTS, TEXT],
        **await desk.database.read(lambda conn: _shown(conn, desk, staff, words, file)),
    )


def _shown(conn: Connection, desk: Desk, staff: Staff, words: StaffWords, file: str) -> dict[str, Any]:
    scene, vault = scene_of(conn, desk), desk.vault
    mine, declined = programmes.own_draft(conn, vault, staff.id), programmes.last_declined(conn, vault, staff.id)
    missing = scene.programme.missing(desk.now().date())
    return {
        "standing": _standing(conn, desk, words, scene),
        "example": scene.programme.example,
        "looks": list(to_look_at(words, scene.programme, scene.published)),
        "missing": [each.sentence(words.ui) for each in missing],
        "differs": _differs(scene, words, file),
        "mine": mine and change_of(mine, scene, words),
        "declined": declined and (_name(conn, desk, words, declined.decided_by or 0), declined.words),
        "proposed": [
            change_of(each, scene, words, _name(conn, desk, words, each.staff_id))
            for each in programmes.waiting(conn, vault)
            if each.staff_id != staff.id
        ],
        "history": [
            (each.version, words.say("programme.history_line", version=each.version, date=words.date(each.at)))
            for each in programmes.editions(conn)
        ],
    }


def scene_of(conn: Connection, desk: Desk) -> Scene:
    """What is in force. Before the first version was stored, that is what Medvind started with."""
    found = in_force(conn, desk.vault)
    latest = scripts.latest_versions(conn)
    published = {name: desk.shelf.get(conn, name, version).script for name, version in latest.items()}
    if found is None:
        return Scene(0, "", desk.programme, published)
    return Scene(found.version, found.text, found.programme, published)


def change_of(draft: Draft, scene: Scene, words: StaffWords, author: str = "") -> Change:
    """A draft beside what is in force. What was to look at already is no matter of the draft."""
    after = readable(draft.text)
    guarded = changed(scene.programme, after) if needs_two(scene.programme, after) else ()
    found = differences(scene.text, draft.text)
    known = {*to_look_at(words, scene.programme, scene.published)}
    return Change(
        draft,
        says=sentences(words, found),
        guarded=keys_text(words, guarded),
        looks=[look for look in to_look_at(words, after, scene.published) if look not in known],
        behind=draft.base != scene.version,
        waits_for_start=any(each.keys[0] in _AT_THE_START for each in found),
        title=words.say("programme.proposed", name=author) if author else words.say("programme.draft"),
        since=author and words.say("programme.words_hint", name=author),
    )


def _standing(conn: Connection, desk: Desk, words: StaffWords, scene: Scene) -> str:
    if not scene.version:
        return ""
    version = programmes.version(conn, desk.vault, scene.version)
    since = words.say("programme.version", version=version.version, date=words.date(version.at))
    names = [_name(conn, desk, words, _number(actor)) for actor in (version.by, version.second) if _number(actor)]
    match names:
        case [name, second]:
            whose = words.say("programme.by_two", name=name, second=second)
        case [name]:
            whose = words.say("programme.by_one", name=name)
        case _:
            whose = words.say("programme.by_file")
    return words.listed((since, whose))


def _differs(scene: Scene, words: StaffWords, file: str) -> str:
    """What the file on the server says that nobody agreed to, in a sentence."""
    try:
        keys = changed(scene.programme, readable(file)) if file and scene.version else ()
    except ProgrammeRefused:
        return ""
    return words.say("programme.file_differs", keys=keys_text(words, keys)) if keys else ""


def file_text(desk: Desk) -> str:
    """The text of the programme file, "" where it cannot be read."""
    try:
        return read_file(desk.programme_file) if desk.programme_file is not None else ""
    except ProgrammeRefused:
        return ""


def _number(actor: str) -> int:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "staff" else 0


def _name(conn: Connection, desk: Desk, words: StaffWords, staff_id: int) -> str:
    try:
        return people.staff(conn, desk.vault, staff_id).name
    except (KeyError, Erased):
        return words.say("programme.someone")
