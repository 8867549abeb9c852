"""Reading: which of the texts of a language somebody wants to see, and as many of them as a page has room for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import Connection

from bot.catalogs.language import LEFT_TO_RIGHT, RIGHT_TO_LEFT
from bot.catalogs.language import language as known_language
from bot.catalogs.states import State
from bot.channels.web_pages import Pages, capitalised
from bot.console.access import not_found
from bot.console.desk import DESK, Desk, words_for
from bot.console.scripts.bench import Bench
from bot.console.scripts.rows import Reading, Row, Text, Typed, reviewed_by
from bot.console.scripts.saving import LONGEST_NOTE
from bot.editor.wordings import Worded
from storage import text_notes
from storage.people import Staff
from storage.text_notes import TextNote

READ_OVER: web.AppKey[Pages] = web.AppKey("read_over")
"""The chat's own pages, for whoever reads over a translation."""
ROOM = 30
"""Texts on a page."""
CHOICES: Mapping[str, str] = {
    "": "texts_all",
    "missing": "edit_missing",
    "open": "texts_not_reviewed",
    "outdated": "edit_outdated",
    "noted": "texts_noted",
}
"""What can be chosen -> how it is called."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody chose to see: texts in some state, with some words, in one place."""

    only: str = ""
    find: str = ""
    where: str = ""
    page: int = 1

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Wanted:
        """From an address or a form; what cannot be read is left out."""
        number = fields.get("page", "")
        page = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
        only = fields.get("only", "")
        find, where = fields.get("find", "").strip()[:100], fields.get("where", "")[:40]
        return cls(only if only in CHOICES else "", find, where, max(page, 1))

    @property
    def fields(self) -> dict[str, str]:
        """For an address or a form; empty for everything from the beginning."""
        page = str(self.page) if self.page > 1 else ""
        given = {"only": self.only, "find": self.find, "where": self.where, "page": page}
        return {name: value for name, value in given.items() if value}

    def address(self, path: str, page: int = 0) -> str:
        """The page that shows this."""
        fields = replace(self, page=page or self.page).fields
        return f"{path}?{urlencode(fields)}" if fields else path

    def takes(self, one: Text, worded: Worded, is_noted: bool) -> bool:
        """Whether a text is among them."""
        words = self.find.casefold()
        found = not words or any(words in each.casefold() for each in (one.context, one.source, worded.text))
        return found and self.where in ("", one.group) and self._is_in_state(worded.state, is_noted)

    def _is_in_state(self, state: State, is_noted: bool) -> bool:
        match self.only:
            case "missing":
                return state is State.MISSING
            case "open":
                return state is not State.REVIEWED
            case "outdated":
                return state is State.OUTDATED
            case "noted":
                return is_noted
            case _:
                return True


async def reading(request: web.Request, staff: Staff, found: Bench, code: str) -> Reading:
    """One language as it is read over. Raises HTTP 404 for one that nobody can work on."""
    desk, language = request.app[DESK], known_language(code) if code in found.wordings.known else None
    if language is None:
        raise not_found(request, staff)
    notes = await desk.database.read(lambda conn: _notes(conn, desk, code))
    await asyncio.to_thread(desk.drafts.of, code)
    return Reading(found, language, words_for(desk, staff), notes, request.app[READ_OVER].recordings)


def _notes(conn: Connection, desk: Desk, code: str) -> dict[str, TextNote]:
    return text_notes.of_language(conn, desk.vault, code)


def name_of(code: str) -> str:
    """What a language calls itself."""
    return capitalised(known_language(code).name)


def others(found: Bench, source: str) -> list[tuple[str, str]]:
    """The languages that are not offered and can be worked on, with their names."""
    offered = {*found.wordings.languages, source, LEFT_TO_RIGHT, RIGHT_TO_LEFT}
    return [(code, name_of(code)) for code in found.wordings.known if code not in offered]


def part(now: Reading, texts: Sequence[Text], wanted: Wanted, typed: Typed) -> tuple[list[Row], int, int]:
    """The rows of one page, its number, and how many pages there are. A text that was not taken is always there."""
    chosen = [
        one
        for one in texts
        if one.context == typed.context or wanted.takes(one, now.worded(one), one.context in now.notes)
    ]
    pages = max(1, -(-len(chosen) // ROOM))
    place = next((at for at, one in enumerate(chosen) if one.context == typed.context), None)
    page = min(wanted.page, pages) if place is None else place // ROOM + 1
    return [now.row(one, typed) for one in chosen[(page - 1) * ROOM : page * ROOM]], page, pages


def shown(now: Reading, staff: Staff, path: str, texts: Iterable[Text], wanted: Wanted, typed: Typed) -> dict[str, Any]:
    """What a page of texts shows."""
    rows, page, pages = part(now, list(texts), wanted, typed)
    here = replace(wanted, page=page)
    return {
        "code": now.language.code,
        "name": name_of(now.language.code),
        "address": path,
        "rows": rows,
        "wanted": here,
        "carried": here.fields,
        "choices": [(value, now.words.say(label)) for value, label in CHOICES.items()],
        "pages": pages,
        "before": here.address(path, page - 1) if page > 1 else "",
        "after": here.address(path, page + 1) if page < pages else "",
        "place": now.words.say("texts_page", n=page, total=pages),
        "may_review": now.language.code in reviewed_by(staff),
        "longest_note": LONGEST_NOTE,
    }
