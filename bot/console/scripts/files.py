"""Files: a dialogue as YAML, its texts as a spreadsheet or as PO, to take home and to bring back."""

from __future__ import annotations

import asyncio
from pathlib import PurePath
from typing import Any

from aiohttp import BodyPartReader, web
from sqlalchemy import Connection

from bot.catalogs import po
from bot.catalogs.po import PoBroken
from bot.console.access import not_found, only
from bot.console.desk import DESK, respond, words_for
from bot.console.scripts.bench import Bench, at
from bot.console.scripts.editing import frame, store
from bot.console.scripts.rows import reviewed_by
from bot.console.scripts.saving import put
from bot.console.scripts.texts import readable
from bot.editor import changing, exchange, spreadsheet
from bot.editor.edits import CannotEdit
from bot.editor.exchange import Brought
from bot.editor.library import Current
from bot.editor.spreadsheet import SheetRefused
from dialogues.model import Script
from dialogues.reading.signs import LARGEST as LARGEST_SCRIPT
from storage.people import Staff

LARGEST = spreadsheet.LARGEST + 64 * 1024
"""Bytes of a file that are read at all."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@only("coordinator")
async def yaml_file(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The script as it is being written."""
    _, current = await at(request, staff)
    return _file(current.text.encode(), f"{current.dialogue}.yaml", "application/yaml")


@only("coordinator", "translator")
async def sheet_file(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The texts in all languages."""
    found, current, script = await _script(request, staff)
    languages = exchange.others(script, found.wordings)
    lines = exchange.lines(script, found.wordings)
    data = await asyncio.to_thread(spreadsheet.write, lines, script.language, languages)
    return _file(data, f"{current.dialogue}.xlsx", XLSX)


@only("coordinator", "translator")
async def po_file(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The texts in one language."""
    found, current, script = await _script(request, staff)
    code = request.match_info["language"]
    if code not in exchange.others(script, found.wordings):
        raise not_found(request, staff)
    text = exchange.po_file(script, found.wordings, code, dict(found.names))
    return _file(text.encode(), f"{current.dialogue}.{code}.po", "text/x-gettext-translation")


async def _script(request: web.Request, staff: Staff) -> tuple[Bench, Current, Script]:
    found, current = await at(request, staff)
    script = readable(current)
    if script is None:
        raise not_found(request, staff)
    return found, current, script


def _file(data: bytes, name: str, kind: str) -> web.Response:
    disposition = f'attachment; filename="{name}"'
    return web.Response(body=data, content_type=kind, headers={"Content-Disposition": disposition})


class _Refused(Exception):
    """A file that is not taken; the name of the sentence that says why."""


@only("coordinator", "translator")
async def upload(request: web.Request, staff: Staff) -> web.StreamResponse:
    """A file that somebody changed. A script becomes the text of the draft; texts go where they belong."""
    words = words_for(request.app[DESK], staff)
    if request.content_type != "multipart/form-data":
        raise web.HTTPUnsupportedMediaType
    found, current = await at(request, staff)
    try:
        revision, name, data = await _sent(request)
        ending = PurePath(name).suffix.lower()
        if ending in (".yaml", ".yml") and staff.role == "coordinator":
            return await store(request, staff, found, current, _yaml(data), {"revision": revision})
        brought = await _brought(request, staff, found, current, data, ending)
    except _Refused as reason:
        shown: dict[str, Any] = {"trouble": words.say(str(reason)), "taken": [], "left_out": [], "reworded": 0}
        return respond(
            request, "script_uploaded.html", staff, status=422, **frame(current, found, staff, words), **shown
        )
    return await _taken(request, staff, found, current, brought)


async def _sent(request: web.Request) -> tuple[str, str, bytes]:
    """What the file was made from, its name, and what is in it."""
    revision, name, data = "", "", b""
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise _Refused("edit_file_missing")
            body = await _limited(part)
            if part.name == "file":
                name, data = part.filename or "", body
            elif part.name == "revision":
                revision = body.decode("ascii", "replace")
    except ValueError:
        raise _Refused("edit_file_missing") from None
    if not name:
        raise _Refused("edit_file_missing")
    return revision, name, data


async def _limited(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > LARGEST:
            raise web.HTTPRequestEntityTooLarge(LARGEST, len(data))
    return bytes(data)


def _yaml(data: bytes) -> str:
    if len(data) > LARGEST_SCRIPT:
        raise _Refused("edit_too_large")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise _Refused("edit_file_not_text") from None


async def _brought(
    request: web.Request, staff: Staff, found: Bench, current: Current, data: bytes, ending: str
) -> Brought:
    script, now = readable(current), request.app[DESK].now()
    if script is None:
        raise _Refused("edit_texts_unreadable")
    may_reword = staff.role == "coordinator"
    if ending == ".xlsx":
        try:
            lines = await asyncio.to_thread(spreadsheet.read, data, script.language)
        except SheetRefused as refused:
            raise _Refused(f"edit_sheet_{refused.reason}") from None
        return exchange.from_lines(
            lines, script, found.wordings, staff_id=staff.id, now=now, may_reword=may_reword, reviews=reviewed_by(staff)
        )
    if ending != ".po":
        raise _Refused("edit_file_kind")
    try:
        file = po.parse(data.decode("utf-8-sig"))
    except (PoBroken, UnicodeDecodeError):
        raise _Refused("edit_po_broken") from None
    code = file.header.get("Language", "")
    if code not in exchange.others(script, found.wordings):
        raise _Refused("edit_po_language")
    return exchange.from_po(file, script, found.wordings, code, staff_id=staff.id, now=now, reviews=reviewed_by(staff))


async def _taken(request: web.Request, staff: Staff, found: Bench, current: Current, brought: Brought) -> web.Response:
    """Store what a file brings, and say what was left out."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    text, refused = current.text, []
    for one in brought.rewordings:
        try:
            text = changing.apply(text, one)
        except CannotEdit:
            refused.append(f"{current.dialogue}/{one.step}")

    def keep(conn: Connection) -> None:
        put(conn, list(brought.translations), desk.now())

    await desk.database.write(keep)
    if text != current.text:
        answer = await store(request, staff, found, current, text, {"revision": current.mark})
        if answer.status != 303:
            return answer
    counts: dict[str, int] = {}
    for each in brought.translations:
        counts[each.language] = counts.get(each.language, 0) + 1
    left_out = {**brought.left_out, **({"wrong": refused} if refused else {})}
    return respond(
        request,
        "script_uploaded.html",
        staff,
        **frame(current, found, staff, words),
        trouble="",
        taken=[(desk.catalogs.name(code), words.count("edit_texts", n)) for code, n in counts.items()],
        reworded=len(brought.rewordings) - len(refused),
        left_out=[(words.say(f"edit_left_{reason}"), contexts) for reason, contexts in left_out.items()],
    )
