"""Bench: what the pages about scripts read, all at once, and who else is at work there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.console.access import not_found
from bot.console.desk import DESK, Desk
from bot.editor import library
from bot.editor.library import Current, Library
from bot.editor.proposing import Proposal, proposal
from bot.editor.wordings import Wordings
from bot.logbook import names_of
from dialogues.model import Script
from dialogues.problems import ScriptRefused
from storage import drafts, examples, publications, script_texts
from storage.people import Staff
from storage.publications import Publication

LARGEST = 1024 * 1024
"""Bytes of a form or a request that holds a whole script: its largest text, as a form writes it."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything about scripts, as it is now. ``names`` are those of staff, by number."""

    library: Library
    wordings: Wordings
    scripts: Mapping[str, Script]
    present: Mapping[str, tuple[int, ...]]
    names: Mapping[int, str]
    waiting: Mapping[str, Publication]

    def others(self, dialogue: str, staff: Staff) -> list[str]:
        """Who else has a dialogue open."""
        found = (self.names.get(each) for each in self.present.get(dialogue, ()) if each != staff.id)
        return [name for name in found if name]

    def by(self, staff_id: int) -> str:
        """What somebody is called who is or was on the staff; empty for a number that nobody has."""
        return self.names.get(staff_id, "")


def bench(conn: Connection, desk: Desk) -> Bench:
    """Read it."""
    found = library.load(conn, desk.scripts_folder)
    return Bench(
        library=found,
        wordings=Wordings(desk.catalogs, script_texts.every(conn), found.published.values(), drafts=desk.drafts),
        scripts={name: script for name in found.published if (script := _script(conn, desk, found, name)) is not None},
        present=drafts.present(conn, desk.now()),
        names=names_of(conn, desk.vault),
        waiting={one.dialogue: one for one in publications.waiting(conn, desk.vault)},
    )


def _script(conn: Connection, desk: Desk, found: Library, name: str) -> Script | None:
    try:
        return desk.shelf.get(conn, name, found.published[name].version).script
    except ScriptRefused:
        return None


def proposed(conn: Connection, desk: Desk, found: Bench, dialogue: str) -> Proposal | None:
    """What would be published of a dialogue now."""
    return proposal(
        found.library,
        dialogue,
        found.wordings,
        desk.programme,
        examples.of(conn, dialogue),
        found.scripts,
        desk.now().date(),
    )


def dialogue_of(request: web.Request) -> str:
    """The dialogue in the address."""
    return request.match_info["dialogue"]


async def at(request: web.Request, staff: Staff) -> tuple[Bench, Current]:
    """The bench and the dialogue in the address; a page that does not exist where there is no such dialogue."""
    desk = request.app[DESK]
    found = await desk.database.read(lambda conn: bench(conn, desk))
    current = found.library.current(dialogue_of(request))
    if current is None:
        raise not_found(request, staff)
    return found, current


def see_other(address: str) -> web.Response:
    """After something was done."""
    return web.Response(status=303, headers={"Location": address})


Context = dict[str, Any]
