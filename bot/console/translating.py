"""Translating: a specialist writes a translation of somebody's words that was read out to them, or takes it away.

A form names the words by their mark, and is good for words that are shared at that moment and for nothing else.
"""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, words_for
from bot.console.specialist import Typed, held, shared_with, show_person
from bot.console.under import Refused, marked
from storage import agreements, audit, translations
from storage.people import Participant, Staff
from storage.translations import Translation

LONGEST = 1000
"""Letters: twice as many as own words have."""


class _Nobody(Exception):
    """There is nobody at the address who is assigned to this specialist."""


class _Gone(Exception):
    """The words are not shared with this specialist any more."""


@only("specialist")
async def translate(request: web.Request, staff: Staff) -> web.Response:
    """Takes the translation. What cannot be used comes back with a sentence beside it."""
    desk, form, wanted = request.app[DESK], await posted(request), request.match_info["person"]
    words, key, text = words_for(desk, staff), form.get("words", ""), _tidy(form.get("text", ""))
    remove, trouble = form.get("act") == "remove", ""
    if not text and not remove:
        trouble = words.say("translate_empty")
    elif len(text) > LONGEST and not remove:
        trouble = words.say("translate_long", n=LONGEST)
    if trouble:
        return await show_person(request, staff, Typed("translation", form, trouble), Refused(key, text, trouble))
    try:
        await desk.database.write(lambda conn: _keep(conn, desk, staff, wanted, key, "" if remove else text))
    except _Nobody:
        raise not_found(request, staff) from None
    except _Gone:
        gone = Typed("translation", form, words.say("translate_gone"), status=409)
        return await show_person(request, staff, gone)
    raise web.HTTPSeeOther(f"/people/{wanted}#t-{key[:12]}")


def _keep(conn: Connection, desk: Desk, staff: Staff, wanted: str, key: str, text: str) -> None:
    """Store a translation, or without a text delete the one that somebody wrote. Raises _Nobody and _Gone."""
    found = held(conn, desk, staff, wanted)
    if found is None or not found[1]:
        raise _Nobody
    person = found[0]
    if key not in _on_the_page(conn, desk, staff, person):
        raise _Gone
    mark, language = bytes.fromhex(key), staff.language
    if text:
        translations.put(
            conn, person.cipher, Translation(person.id, mark, language, "human", staff.id, desk.now(), text)
        )
    elif not translations.remove(conn, person.id, mark, language, "human"):
        return
    audit.record(
        conn,
        at=desk.now(),
        actor=f"staff:{staff.id}",
        action="translation written" if text else "translation taken away",
        participant_id=person.id,
        details={"language": language},
    )


def _on_the_page(conn: Connection, desk: Desk, staff: Staff, person: Participant) -> frozenset[str]:
    shared = shared_with(conn, desk, staff, None, person.id)
    return frozenset(marked(person, shared, agreements.of(conn, person.cipher, person.id)))


def _tidy(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
