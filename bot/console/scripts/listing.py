"""Listing: every dialogue with its state, and what there is to know of the messengers."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.notices import notices
from bot.console.scripts import sentences
from bot.console.scripts.bench import Bench, bench, see_other
from bot.digest.words import StaffWords
from bot.editor.checking import Review, review
from dialogues.reading.grammar import NAME, RESERVED
from storage import drafts
from storage.people import Staff

BEGINNING = """\
dialogue: {name}
title: {title}
language: {language}
close after: 3 days

steps:

  hello:
    say: |
      Hello {{name}}.
"""
"""What a new script begins with."""


@dataclass(frozen=True, slots=True)
class Row:
    """One dialogue of the list."""

    dialogue: str
    title: str
    language: str
    facts: list[str]
    verdict: str
    others: list[str]
    waiting: int = 0


@only("coordinator", "translator")
async def scripts_page(request: web.Request, staff: Staff) -> web.Response:
    """The list of scripts."""
    return await _page(request, staff)


async def _page(request: web.Request, staff: Staff, *, typed: str = "", trouble: str = "") -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)

    def read(conn: Connection) -> tuple[Bench, list[Row], list[str]]:
        found = bench(conn, desk)
        told = notices(conn, words, desk.now()) if staff.role == "coordinator" else []
        told += [words.say("scripts_closed", file=name) for name in found.library.closed]
        return found, [_row(found, name, staff, words, desk) for name in found.library.names], told

    found, rows, told = await desk.database.read(read)
    return respond(
        request,
        "scripts.html",
        staff,
        status=422 if trouble else 200,
        rows=rows,
        waiting=[(one.id, _title(found, one.dialogue)) for one in found.waiting.values()],
        empty=words.say("scripts_none", folder=desk.scripts_folder.name),
        notices=told,
        typed=typed,
        trouble=trouble,
        may_edit=staff.role == "coordinator",
    )


@only("coordinator")
async def begin_script(request: web.Request, staff: Staff) -> web.Response:
    """A new dialogue, as a draft."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    name = (await posted(request)).get("name", "").strip()
    if not NAME.fullmatch(name) or name in RESERVED:
        return await _page(request, staff, typed=name, trouble=words.say("edit_name_wrong"))

    def begin(conn: Connection) -> bool:
        found = bench(conn, desk)
        if name in found.library.names:
            return False
        language = next((script.language for script in found.scripts.values()), "en")
        text = BEGINNING.format(name=name, title=name.replace("_", " ").capitalize(), language=language)
        return drafts.save(conn, name, text, after=None, base=0, staff_id=staff.id, now=desk.now()) is not None

    if not await desk.database.write(begin):
        return await _page(request, staff, typed=name, trouble=words.say("edit_name_taken"))
    return see_other(f"/scripts/{name}")


def _row(found: Bench, name: str, staff: Staff, words: StaffWords, desk: Desk) -> Row:
    current = found.library.current(name)
    assert current is not None, "it is in the list"
    checked = review(current.text, name, current.library, desk.programme, found.scripts)
    facts = [*sentences.facts(checked.size, words)[:3], *_languages(found, checked, words, desk)]
    waits = found.waiting.get(name)
    problems = len(checked.problems)
    return Row(
        dialogue=name,
        title=_title_of(checked, name),
        language=checked.script.language if checked.script else "en",
        facts=[*sentences.standing(current, found, words), *facts],
        verdict=words.count("script_problems", problems) if problems else words.say("script_no_problems"),
        others=found.others(name, staff),
        waiting=waits.id if waits else 0,
    )


def _languages(found: Bench, checked: Review, words: StaffWords, desk: Desk) -> list[str]:
    if checked.script is None:
        return []
    script, wordings = checked.script, found.wordings
    complete = [desk.catalogs.name(code) for code in wordings.languages if wordings.written_texts(script, code)]
    if not complete:
        return [words.say("script_languages_none")]
    if len(complete) == len(wordings.languages) > 1:
        return [words.say("script_languages_all")]
    return [words.say("script_languages", languages=words.names(complete))]


def _title(found: Bench, name: str) -> str:
    script = found.scripts.get(name)
    return (script.title if script else "") or name


def _title_of(checked: Review, name: str) -> str:
    head = checked.outline.head.get("title", "")
    return head if isinstance(head, str) and head else name
