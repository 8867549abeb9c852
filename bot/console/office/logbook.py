"""Logbook: for auditors, what was done, narrowed by day, actor, participant and action, a page at a time and as a
table. Reading it is written down as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Connection

from bot.cells import as_csv
from bot.console.access import only
from bot.console.desk import DESK, Desk, moment_text, respond, words_for
from bot.console.noting import day_in
from bot.console.office.participants import number_of
from bot.digest.words import StaffWords
from bot.logbook import Line, does, lines, names_of
from storage import audit
from storage.audit import AuditRecord, Wanted
from storage.people import Staff

ON_A_PAGE = 50
IN_A_TABLE = 20_000

HEAD = ("number", "time (UTC)", "who", "what", "action", "participant", "details")
_FIELDS = ("from", "to", "who", "what", "participant")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was looked for. ``trouble`` is what cannot be looked for, by field."""

    wanted: Wanted
    fields: Mapping[str, str]
    trouble: Mapping[str, str] = field(default_factory=dict)

    def address(self, before: int | None = None, page: str = "/log") -> str:
        """Of the page with the same, or what is older than a record."""
        given = {**self.fields, **({"before": str(before)} if before else {})}
        return f"{page}?{urlencode(given)}" if given else page


@only("auditor")
async def log_page(request: web.Request, staff: Staff) -> web.Response:
    """One page of it, the newest first."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    asked = _asked(request, words)
    before = number_of(request.query.get("before", "")) or None
    if asked.trouble:
        found: list[AuditRecord] = []
    else:
        found = await desk.database.read(lambda conn: audit.search(conn, asked.wanted, before, ON_A_PAGE + 1))
    names, known = await desk.database.read(lambda conn: (names_of(conn, desk.vault), audit.actions(conn)))
    await _written_down(desk, staff, "log read", asked)
    shown = found[:ON_A_PAGE]
    return respond(
        request,
        "log.html",
        staff,
        status=422 if asked.trouble else 200,
        lines=[(_when(line, words), line) for line in lines(shown, names, words)],
        asked=asked,
        older=asked.address(shown[-1].id) if len(found) > ON_A_PAGE else "",
        newest=asked.address() if before else "",
        file=asked.address(page="/log/table.csv"),
        names=names,
        actions=sorted(((does(one, words), one) for one in known), key=lambda one: one[0].casefold()),
        table_most=words.say("log_table_most", n=IN_A_TABLE),
    )


@only("auditor")
async def log_file(request: web.Request, staff: Staff) -> web.Response:
    """The same for a spreadsheet: no cell of it can be a formula."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    asked = _asked(request, words)
    if asked.trouble:
        raise web.HTTPSeeOther(asked.address())
    found = await desk.database.read(lambda conn: audit.search(conn, asked.wanted, None, IN_A_TABLE))
    names = await desk.database.read(lambda conn: names_of(conn, desk.vault))
    await _written_down(desk, staff, "log taken", asked)
    text = as_csv([HEAD, *(_cells(line) for line in lines(found, names, words))])
    return web.Response(
        text=f"\ufeff{text}",
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="log.csv"'},
    )


def _cells(line: Line) -> tuple[str, ...]:
    at = line.record.at.astimezone(UTC).isoformat(timespec="seconds")
    details = "; ".join(detail.written for detail in line.details)
    return str(line.number), at, line.who, line.does, line.action, line.participant, details


def _asked(request: web.Request, words: StaffWords) -> Asked:
    fields = {name: request.query[name].strip() for name in _FIELDS if request.query.get(name, "").strip()}
    trouble = {}
    moments: dict[str, datetime | None] = {"from": None, "to": None}
    for name, more in (("from", 0), ("to", 1)):
        if name in fields:
            day = day_in(fields[name])
            if day is None or day.year < 2 or day.year > 9990:
                trouble[name] = words.say("log_no_day", example=words.today.isoformat())
            else:
                moments[name] = datetime.combine(day + timedelta(days=more), time(), tzinfo=ZoneInfo(words.zone))
    person = number_of(fields.get("participant", ""))
    if "participant" in fields and not person:
        trouble["participant"] = words.say("log_no_number")
    wanted = Wanted(moments["from"], moments["to"], fields.get("who"), fields.get("what"), person or None)
    return Asked(wanted, fields, trouble)


def _when(line: Line, words: StaffWords) -> str:
    local = line.record.at.astimezone(ZoneInfo(words.zone))
    return moment_text(local, words.language)


async def _written_down(desk: Desk, staff: Staff, action: str, asked: Asked) -> None:
    """That it was read, and what was looked for: nobody looks somebody up unseen."""

    def work(conn: Connection) -> None:
        person = asked.wanted.participant_id
        details = {name: value for name, value in asked.fields.items() if name != "participant"}
        actor = f"staff:{staff.id}"
        audit.record(conn, at=desk.now(), actor=actor, action=action, participant_id=person, details=details)

    await desk.database.write(work)
