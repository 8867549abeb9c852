"""Editing: the page of one dialogue: its cards, its text, what the check says, and saving without losing anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from aiohttp import web
from multidict import MultiDictProxy
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import only
from bot.console.desk import DESK, Desk, as_tag, respond, words_for
from bot.console.opinions import opinions
from bot.console.scripts import sentences
from bot.console.scripts.bench import LARGEST, Bench, Context, at, dialogue_of, see_other
from bot.console.scripts.live import answers_lost, page_context
from bot.digest.words import StaffWords
from bot.editor import changing, edits, library
from bot.editor.checking import breaks, review
from bot.editor.edits import CannotEdit, Edit, RemoveOption, RemoveStep, RenameOption, RenameStep
from bot.editor.library import Current
from bot.editor.merging import Choice, Merge, merged
from dialogues.reading.signs import LARGEST as LARGEST_SCRIPT
from storage import audit, drafts, feedback
from storage.people import Staff


@only("coordinator")
async def script_page(request: web.Request, staff: Staff) -> web.Response:
    """One dialogue, to be read and written."""
    desk = request.app[DESK]
    found, current = await at(request, staff)
    await desk.database.write(lambda conn: drafts.note_presence(conn, current.dialogue, staff.id, desk.now()))
    return await _page(request, staff, found, current)


async def _page(
    request: web.Request,
    staff: Staff,
    found: Bench,
    current: Current,
    *,
    text: str | None = None,
    trouble: str = "",
    at_step: str = "",
    status: int = 200,
) -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    said = await desk.database.read(feedback.opinions)
    shown_text = current.text if text is None else text
    checked = review(shown_text, current.dialogue, current.library, desk.programme, found.scripts)
    shown = sentences.found_in(checked, shown_text, words)
    context = page_context(checked, shown, current.dialogue, current.mark, sentences.facts(checked.size, words))
    saved = await desk.database.read(lambda conn: drafts.revisions(conn, current.dialogue, 10))
    return respond(
        request,
        "script.html",
        staff,
        status=status,
        **{**context, **frame(current, found, staff, words)},
        text=shown_text,
        trouble=trouble,
        at_step=at_step,
        standing=sentences.standing(current, found, words),
        others=found.others(current.dialogue, staff),
        revisions=[(one.revision, found.by(one.staff_id), words.date(one.at)) for one in saved],
        opinions=opinions(said, current.dialogue, checked.script, words, lambda code: _language(desk, code)),
    )


def frame(current: Current, found: Bench, staff: Staff, words: StaffWords) -> Context:
    """What every page of a dialogue has: its title, its tabs, and what waits."""
    waits = found.waiting.get(current.dialogue)
    head = cards_title(current)
    return {
        "dialogue": current.dialogue,
        "title": head,
        "has_draft": current.draft is not None,
        "waits": waits.id if waits else 0,
        "may_edit": staff.role == "coordinator",
        "script_lang": as_tag(_written_in(current)),
        "folder_differs": current.folder_differs and current.is_held,
    }


def cards_title(current: Current) -> str:
    """What a dialogue is called in lists."""
    for line in current.text.split("\n"):
        if line.startswith("title:"):
            return line.removeprefix("title:").partition(" #")[0].strip().strip("\"'") or current.dialogue
    return current.dialogue


def _written_in(current: Current) -> str:
    for line in current.text.split("\n"):
        if line.startswith("language:"):
            return line.removeprefix("language:").partition("#")[0].strip().strip("\"'") or "en"
    return "en"


def _language(desk: Desk, code: str) -> str:
    return desk.catalogs.name(code) if code in desk.catalogs.languages else code


@only("coordinator")
async def save_text(request: web.Request, staff: Staff) -> web.Response:
    """The whole text, as it was typed. Where somebody was quicker, both are laid together first."""
    form = await posted(request, LARGEST)
    found, current = await at(request, staff)
    text = _lines(form.get("text", ""))
    if len(text.encode()) > LARGEST_SCRIPT:
        sentence = words_for(request.app[DESK], staff).say("edit_too_large")
        return await _page(request, staff, found, current, text=text, trouble=sentence, status=422)
    return await store(request, staff, found, current, text, form)


async def store(
    request: web.Request,
    staff: Staff,
    found: Bench,
    current: Current,
    text: str,
    form: Mapping[str, object],
    step: str = "",
) -> web.Response:
    """Save a text that was made from the one with the mark in the form."""
    desk, mark = request.app[DESK], str(form.get("revision", ""))
    address = f"/scripts/{current.dialogue}" + (f"#step-{step}" if step else "")
    if mark == current.mark and text == current.text:
        return see_other(address)

    def keep(conn: Connection) -> str | None:
        """What the text was made from, where somebody was quicker; None when it is saved."""
        if library.save(conn, current, text, mark, staff.id, desk.now()) is not None:
            details = {"dialogue": current.dialogue}
            audit.record(conn, at=desk.now(), actor=f"staff:{staff.id}", action="script.saved", details=details)
            return None
        return library.text_at(conn, found.library.folder, current.dialogue, mark) or ""

    base = await desk.database.write(keep)
    if base is None:
        return see_other(address)
    found, current = await at(request, staff)
    both = merged(base, text, current.text)
    settled = _settled(both, form, current)
    if settled is not None:
        again = await desk.database.write(
            lambda conn: library.save(conn, current, settled, current.mark, staff.id, desk.now())
        )
        if again is not None or settled == current.text:
            return see_other(address)
        found, current = await at(request, staff)
        both = merged(base, text, current.text)
    return _merge_page(request, staff, found, current, both, text, mark)


def _settled(both: Merge, form: Mapping[str, object], current: Current) -> str | None:
    """The text that somebody chose of two, None before they did so for what both have now."""
    if form.get("seen") != current.mark:
        return None
    choices = {number: str(form.get(f"choice-{number}", "")) for number in range(len(both.conflicts))}
    if any(choice not in get_args(Choice) for choice in choices.values()):
        return None
    return both.text(cast("dict[int, Choice]", choices))


def _merge_page(
    request: web.Request, staff: Staff, found: Bench, current: Current, both: Merge, mine: str, mark: str
) -> web.Response:
    words = words_for(request.app[DESK], staff)
    by = current.draft.staff_id if current.draft is not None else 0
    who = found.by(by) or words.say("edit_somebody")
    return respond(
        request,
        "script_merge.html",
        staff,
        status=409,
        **frame(current, found, staff, words),
        who=who,
        conflicts=both.conflicts,
        mine=mine,
        begun=mark,
        seen=current.mark,
    )


@only("coordinator")
async def change(request: web.Request, staff: Staff) -> web.Response:
    """One change of a card. What it would break is shown before it is done."""
    form = await posted(request, LARGEST)
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    found, current = await at(request, staff)
    mark = form.get("revision", "")
    base = await desk.database.read(lambda conn: library.text_at(conn, found.library.folder, current.dialogue, mark))
    try:
        wanted = edits.from_fields(_fields(form))
        text = changing.apply(current.text if base is None else base, wanted)
    except CannotEdit as why:
        step, trouble = form.get("step", ""), sentences.cannot(why, words)
        return await _page(request, staff, found, current, trouble=trouble, at_step=step, status=422)
    broken = breaks(current.text, text, current.dialogue, current.library) if _takes_away(wanted) else ()
    lost = answers_lost(found, current.dialogue, wanted, words) if _takes_away(wanted) else ""
    if (broken or lost) and form.get("sure") != "yes":
        return respond(
            request,
            "script_sure.html",
            staff,
            **frame(current, found, staff, words),
            fields=[(name, value) for name, value in form.items() if name != "sure"],
            broken=[sentences.found(one, words) for one in broken],
            lost=lost,
        )
    return await store(request, staff, found, current, text, form, _stays_at(wanted))


def _fields(form: MultiDictProxy[str]) -> dict[str, object]:
    """The fields of an edit; a value may come several times."""
    fields: dict[str, object] = dict(form)
    if len(values := form.getall("value", [])) > 1:
        fields["value"] = values
    return fields


def _takes_away(wanted: Edit) -> bool:
    return isinstance(wanted, RemoveStep | RenameStep | RemoveOption | RenameOption)


def _stays_at(wanted: Edit) -> str:
    """The step that the page shows afterwards."""
    if isinstance(wanted, RemoveStep):
        return ""
    if isinstance(wanted, RenameStep | edits.AddStep):
        return wanted.name
    return str(getattr(wanted, "step", ""))


@only("coordinator")
async def discard(request: web.Request, staff: Staff) -> web.Response:
    """Put a draft away. Its texts stay in the list of what was saved."""
    form = await posted(request)
    desk, dialogue = request.app[DESK], dialogue_of(request)
    _, current = await at(request, staff)

    def away(conn: Connection) -> None:
        if form.get("revision") == current.mark and drafts.put_away(conn, dialogue, current.revision):
            details = {"dialogue": dialogue}
            audit.record(conn, at=desk.now(), actor=f"staff:{staff.id}", action="script.put_away", details=details)

    await desk.database.write(away)
    return see_other(f"/scripts/{dialogue}" if current.published or current.folder else "/scripts")


@only("coordinator")
async def take_over(request: web.Request, staff: Staff) -> web.Response:
    """The draft gets another text that is there already: the folder's, or one that was saved before."""
    form = await posted(request)
    desk = request.app[DESK]
    found, current = await at(request, staff)
    wanted = form.get("wanted", "")
    text = await desk.database.read(lambda conn: library.text_at(conn, found.library.folder, current.dialogue, wanted))
    if not text:
        return await _page(request, staff, found, current, status=422)
    return await store(request, staff, found, current, _lines(text), form)


def _lines(text: str) -> str:
    """A text with the ends of lines that scripts have."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
