"""Coordinator: every script of the folder with what the check found, its size, its languages and its steps, and what
there is to know of the messengers.

Read-only. A coordinator works with questions and never sees an answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from aiohttp import web

from bot.catalogs.sources import scripts_in
from bot.console.access import only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.notices import notices
from bot.console.opinions import Opinion, opinions
from bot.digest.words import StaffWords
from bot.seconding import needs_two
from dialogues.loader import Checked, check
from dialogues.model import AnswerKind, Ask, Script
from dialogues.outline import longest_path, outline, reading_time
from dialogues.problems import CATALOGUE, Problem
from storage import feedback, scripts
from storage.feedback import Opinions
from storage.people import Staff
from storage.scripts import ScriptVersion


@dataclass(frozen=True, slots=True)
class Found:
    """One problem as the page shows it, with what the catalogue says about its code."""

    line: str
    code: str
    message: str
    hint: str
    explained: str
    meaning: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One script as the page shows it."""

    dialogue: str
    file: str
    title: str
    language: str
    facts: tuple[str, ...]
    verdict: str
    problems: tuple[Found, ...]
    outline: str = ""
    opinions: tuple[Opinion, ...] = ()


@only("coordinator")
async def scripts_page(request: web.Request, staff: Staff) -> web.Response:
    """The list of scripts."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    published = {version.dialogue: version for version in await desk.database.read(scripts.all_latest)}
    told = await desk.database.read(lambda conn: notices(conn, words, desk.now()))
    said = await desk.database.read(feedback.opinions)
    sheets = await asyncio.to_thread(read_sheets, desk, words, published, said)
    empty = words.say("scripts_none", folder=desk.scripts_folder.name)
    return respond(request, "scripts.html", staff, sheets=sheets, empty=empty, notices=told)


def read_sheets(
    desk: Desk, words: StaffWords, published: Mapping[str, ScriptVersion], said: Sequence[Opinions] = ()
) -> list[Sheet]:
    """Every script of the folder, read and checked as it is now, with what was ``said`` about its questions."""
    library = scripts_in(desk.scripts_folder)
    sheets = []
    for name, text in library.items():
        checked = check(text, file=f"{name}.yaml", library=library)
        heard = opinions(said, name, checked.script, words, lambda code: _language(desk, code))
        sheets.append(replace(_sheet(name, text, checked, desk, words, published.get(name)), opinions=heard))
    return sheets


def _language(desk: Desk, code: str) -> str:
    """What a language calls itself; its code where it is not offered any more."""
    return desk.catalogs.name(code) if code in desk.catalogs.languages else code


def _sheet(
    name: str, text: str, checked: Checked, desk: Desk, words: StaffWords, version: ScriptVersion | None
) -> Sheet:
    script = checked.script
    standing = [*_standing(name, text, version, words), *_second(checked, desk, version, words)]
    problems = tuple(_found(problem, words) for problem in checked.problems)
    return Sheet(
        dialogue=name,
        file=f"{name}.yaml",
        title=(script.title if script else "") or name,
        language=script.language if script else "en",
        facts=(*(_facts(script, desk, words) if script else ()), *standing),
        verdict=words.count("script_problems", len(problems)) if problems else words.say("script_no_problems"),
        problems=problems,
        outline=outline(script) if script else "",
    )


def _facts(script: Script, desk: Desk, words: StaffWords) -> Iterable[str]:
    questions = sum(isinstance(step, Ask) and step.kind is not AnswerKind.OK for step in script.steps)
    yield words.count("script_questions", questions)
    yield words.count("script_longest", longest_path(script))
    yield words.count("script_reading", max(1, ceil(reading_time(script).total_seconds() / 60)))
    complete = [
        desk.catalogs.name(language)
        for language in desk.catalogs.languages
        if desk.catalogs.script_texts(script, language) is not None
    ]
    if complete:
        yield words.say("script_languages", languages=words.listed(complete))
    else:
        yield words.say("script_languages_none")


def _standing(name: str, text: str, version: ScriptVersion | None, words: StaffWords) -> Iterable[str]:
    if version is None:
        return [words.say("script_unpublished")]
    date = words.date(version.published_at)
    published = words.say("script_version", version=version.version, date=date)
    return [published] if version.sources.get(name) == text else [published, words.say("script_changed")]


def _second(checked: Checked, desk: Desk, version: ScriptVersion | None, words: StaffWords) -> Iterable[str]:
    """Whether it takes two people to publish what stands in the folder."""
    if checked.script is None or desk.programme.example:
        return
    script, found = checked.script, {}
    for language in desk.catalogs.languages:
        if (texts := desk.catalogs.written_texts(script, language)) is not None:
            found[language] = texts
    if needs_two(version, script, found):
        yield words.say("script_second")


def _found(problem: Problem, words: StaffWords) -> Found:
    return Found(
        line=words.say("script_line", line=problem.line),
        code=problem.code,
        message=problem.message,
        hint=problem.hint,
        explained=words.say("script_explained", code=problem.code),
        meaning=CATALOGUE[problem.code].meaning,
        remedy=CATALOGUE[problem.code].remedy,
    )
