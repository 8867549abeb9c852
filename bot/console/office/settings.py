"""Settings: for administrators, what is set on this machine and what has to be seen to. Read-only, without secrets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import ArgumentError

from bot.config import PREFIX
from bot.config import Settings as Set
from bot.console.access import only
from bot.console.desk import DESK, respond, words_for
from bot.digest.words import StaffWords
from bot.doctor import examine
from bot.doctor.findings import Finding
from storage import audit
from storage.people import Staff
from storage.refusal import StorageAddressWrong

SETTINGS: web.AppKey[Set] = web.AppKey("settings")
"""What the deployment was started with. Pages without it say that nothing is known."""


@dataclass(frozen=True, slots=True)
class Row:
    """One setting. ``is_words``: its value is a sentence of ours."""

    name: str
    meaning: str
    value: str
    is_words: bool


@only("administrator")
async def settings_page(request: web.Request, staff: Staff) -> web.Response:
    """Every setting, and what a doctor finds."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    known = request.app.get(SETTINGS)
    findings = None if known is None else await _findings(known, desk.now())

    def written_down(conn: Connection) -> None:
        audit.record(conn, at=desk.now(), actor=f"staff:{staff.id}", action="settings read")

    await desk.database.write(written_down)
    rows = [] if known is None else list(_rows(known, words))
    return respond(request, "settings.html", staff, rows=rows, findings=findings)


async def _findings(known: Set, now: Any) -> list[Finding] | None:
    """None where nobody can look."""
    try:
        return list((await examine(known, now)).findings)
    except (StorageAddressWrong, ValueError):
        return None


def _rows(known: Set, words: StaffWords) -> Iterator[Row]:
    for name, described in Set.model_fields.items():
        value = getattr(known, name)
        shown = _shown(name, value)
        if shown is None:
            yield Row(PREFIX + name.upper(), described.description or "", words.say("settings_secret"), True)
        else:
            said = shown or words.say("settings_empty")
            yield Row(PREFIX + name.upper(), described.description or "", said, not shown)


def _shown(name: str, value: object) -> str | None:
    """A value as it may be shown: "" for none, None for a secret that is set."""
    if isinstance(value, SecretStr):
        return None if value.get_secret_value() else ""
    if name == "database_url" and value:
        return _without_password(str(value))
    return "" if value is None else str(value)


def _without_password(url: str) -> str | None:
    try:
        return make_url(url).set(query={}).render_as_string(hide_password=True)
    except ArgumentError:
        return None
