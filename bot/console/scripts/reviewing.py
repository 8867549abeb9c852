"""Reviewing: a dialogue as the chat that people would have, the source on one side and a translation on the other, with
every text that stands in it below: how far it has come, and a place to say what is to be said of it.

Languages that are not offered are here too. The answers are made up; they travel with the page, as in the preview.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, respond
from bot.console.previewing import LARGEST_FORM
from bot.console.scripts.bench import Context, at
from bot.console.scripts.editing import frame
from bot.console.scripts.reading import READ_OVER, name_of, reading
from bot.console.scripts.rows import Reading, Row, Text, Typed, progress, reviewed_by, texts_in, texts_of_screens
from bot.console.scripts.saving import LONGEST_NOTE, save
from bot.console.trial import Phone, Wish, answers, held, phone
from bot.editor.wordings import OF_SCREENS
from bot.preview import Acts, CannotPlay, drafted, entries, names_in, scripted, traced, tried
from bot.preview.course import Course
from bot.speaking import Speaking
from dialogues.model import Script
from storage.people import Staff


@dataclass(frozen=True, slots=True)
class Review:
    """What is shown of a dialogue that can be played. ``now`` are the texts of what was said last and of its answers,
    ``before`` those of everything further up."""

    acts: Acts
    phones: Sequence[Phone]
    now: Sequence[Row]
    before: Sequence[Row]
    is_open: bool
    is_full: bool

    @property
    def can_undo(self) -> bool:
        """Whether anything was done."""
        return bool(self.acts.acts)


@only("coordinator", "translator")
async def review_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The dialogue from its beginning."""
    return await _page(request, staff, MultiDictProxy(MultiDict()))


@only("coordinator", "translator")
async def go_on(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The same after one thing more was done in the chat, or after something was said of a text."""
    return await _page(request, staff, await posted(request, LARGEST_FORM))


async def _page(request: web.Request, staff: Staff, form: MultiDictProxy[str]) -> web.Response:
    desk, code = request.app[DESK], request.match_info["language"]
    found, current = await at(request, staff)
    now, typed, shown = await reading(request, staff, found, code), Typed(), Context()
    try:
        script = scripted(current.library, current.dialogue)
        if script.language == code:
            raise not_found(request, staff)
        texts = [*_texts(current.library, script), *texts_of_screens()]
        if "context" in form:
            one = next((each for each in texts if each.context == form["context"]), None)
            typed = await save(desk, staff, now, one, form)
            found, current = await at(request, staff)
            now = await reading(request, staff, found, code)
        review = await asyncio.to_thread(_review, request, now, script, texts, form, typed)
        shown = {"review": review, "played": review.acts.written()}
    except CannotPlay:
        shown = {"review": None, "played": ""}
    return respond(
        request,
        "review_part.html" if "part" in form else "review.html",
        staff,
        status=422 if typed.trouble or shown["review"] is None else 200,
        **frame(current, found, staff, now.words),
        **shown,
        code=code,
        name=name_of(code),
        address=f"/scripts/{current.dialogue}/review/{code}",
        progress=progress(found, code, now.words),
        is_offered=code in found.wordings.languages,
        may_review=code in reviewed_by(staff),
        longest_note=LONGEST_NOTE,
        carried={"played": shown["played"]},
    )


def _texts(library: Mapping[str, str], script: Script) -> list[Text]:
    """Those of a script and of the dialogues that it runs."""
    ran = sorted({step.key.partition("/")[0] for step in script.steps} - {script.dialogue})
    return [one for each in (script, *(scripted(library, name) for name in ran)) for one in texts_in(each)]


def _review(
    request: web.Request,
    now: Reading,
    script: Script,
    texts: Sequence[Text],
    form: MultiDictProxy[str],
    typed: Typed,
) -> Review:
    desk, code, translated = request.app[DESK], now.language.code, now.found.wordings.of
    catalogs = drafted(desk.catalogs, now.language, script.language, translated)
    pages, listens = request.app[READ_OVER].of(catalogs), bool(now.recordings.files)
    draft = tried(script, [code], translated)
    done = held(desk, Speaking(catalogs, desk.programme.reads), draft, _wish(desk, script, form), form)
    address = f"/scripts/{script.dialogue}/review/{code}"
    carried = {"played": done.acts.written()}
    last, all_names = _names(desk, request, done.course)
    known = {one.context: one for one in texts}
    return Review(
        acts=done.acts,
        phones=[
            phone(pages, catalogs, now.words, done.course, language, address, carried, listens=listens)
            for language in (script.language, code)
        ],
        now=[now.row(known[name], typed) for name in last if name in known],
        before=[now.row(known[name], typed) for name in all_names if name in known and name not in last],
        is_open=done.course.is_open,
        is_full=done.is_full,
    )


def _wish(desk: Desk, script: Script, form: MultiDictProxy[str]) -> Wish:
    """Whoever says something of a text has not answered the question that waits."""
    do = "show" if "context" in form else form.get("do", "")
    return Wish(Acts.read(form.get("played", ""), desk.now()), script.language, "", do)


def _names(desk: Desk, request: web.Request, course: Course) -> tuple[list[str], list[str]]:
    """The names of the texts of what was said last with its answers, and of all texts in the chat."""
    same, catalogs = traced(course, desk.catalogs)
    language, pages = course.draft.script.language, request.app[READ_OVER].of(catalogs)
    said = entries(same, language)
    since = max((one.seq for one in said if one.outbound is None), default=0)
    ways = answers(pages, same, said, language, "", {})
    last, everything = (pages.messages(language, said, after, listens=False) + ways for after in (since, 0))
    return sorted(names_in(last), key=_is_of_screens), sorted(names_in(everything), key=_is_of_screens)


def _is_of_screens(context: str) -> bool:
    """What stands around a question comes after the question and its answers."""
    return context.startswith(OF_SCREENS)
