"""Comparing: what a draft changes against what is in use, and publishing it with a note."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only, recently_confirmed
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.scripts import sentences
from bot.console.scripts.bench import Bench, bench, dialogue_of, proposed, see_other
from bot.console.scripts.confirming import confirmed, way
from bot.console.scripts.editing import frame
from bot.digest.words import StaffWords
from bot.editor import publishing
from bot.editor.proposing import Proposal
from storage import scripts
from storage.people import Staff

LONGEST_NOTE = 400
COUNTED_FROM = 5
"""Fewer people than that are not counted: a small number could say whether one person answers."""


@only("coordinator")
async def publish_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """What would be different, and for whom."""
    return await _page(request, staff)


async def _page(request: web.Request, staff: Staff, *, note: str = "", trouble: str = "") -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    dialogue = dialogue_of(request)

    def read(conn: Connection) -> tuple[Bench, Proposal | None, int]:
        found = bench(conn, desk)
        return found, proposed(conn, desk, found, dialogue), scripts.in_the_middle(conn, dialogue)

    found, proposal, people = await desk.database.read(read)
    if proposal is None:
        raise not_found(request, staff)
    return respond(
        request,
        "script_publish.html",
        staff,
        status=422 if trouble else 200,
        **frame(proposal.current, found, staff, words),
        proposal=proposal,
        told=sentences.told(proposal.changes, words),
        problems=[sentences.found(one, words) for one in (*proposal.review.problems, *proposal.elsewhere)],
        failing=[sentences.failing_text(one, words) for one in proposal.failing],
        languages=_languages(proposal, desk, words),
        lost=[desk.catalogs.name(code) for code in sentences.lost(proposal.languages)],
        retranslated=[
            (desk.catalogs.name(code), words.count("edit_texts", n)) for code, n in proposal.changed_texts.items()
        ],
        middle=words.count("edit_middle", people) if people >= COUNTED_FROM else words.say("edit_middle_few"),
        along=[name for name in proposal.content if name != dialogue],
        note=note,
        trouble=trouble,
        longest=LONGEST_NOTE,
        confirm=way(request.path) if proposal.guarded and not await recently_confirmed(request) else "",
    )


def _languages(proposal: Proposal, desk: Desk, words: StaffWords) -> list[tuple[str, str, str, list[str]]]:
    """Code, name, how the texts stand, and what is outdated or missing there."""
    return [
        (
            one.code,
            desk.catalogs.name(one.code),
            sentences.counts_text(one, words),
            [*one.missing, *one.outdated],
        )
        for one in proposal.languages
    ]


@only("coordinator")
async def publish(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Bring the draft into use, or ask a second coordinator."""
    form = await posted(request)
    desk, words, dialogue = request.app[DESK], words_for(request.app[DESK], staff), dialogue_of(request)
    note = form.get("note", "").strip()
    if not note or len(note) > LONGEST_NOTE:
        return await _page(request, staff, note=note, trouble=words.say("edit_note_missing"))

    def read(conn: Connection) -> Proposal | None:
        return proposed(conn, desk, bench(conn, desk), dialogue)

    proposal = await desk.database.read(read)
    if proposal is None:
        raise not_found(request, staff)
    if form.get("revision") != proposal.current.mark:
        return await _page(request, staff, note=note, trouble=words.say("edit_overtaken"))
    if not proposal.ready:
        return await _page(request, staff, note=note, trouble=words.say("edit_not_ready"))
    if proposal.guarded and (answer := await confirmed(request, f"/scripts/{dialogue}/publish")) is not None:
        return answer
    decided, number = await desk.database.write(
        lambda conn: publishing.publish(conn, desk.vault, proposal, note=note, staff_id=staff.id, now=desk.now())
    )
    if decided == "overtaken":
        return await _page(request, staff, note=note, trouble=words.say("edit_overtaken"))
    return see_other(f"/publications/{number}" if decided == "waits" else f"/scripts/{dialogue}/history")
