"""Console: what the staff of a service see in a browser. Plain pages that need no JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.admission import Admission
from bot.catalogs import Catalogs
from bot.channels.http import protect
from bot.console import access, admitting, coordinator, demo, inviting, specialist
from bot.console.desk import DESK, STATIC, Bots, Desk, no_bots, set_up_templates
from bot.digest.day import IsHoliday, no_holiday
from bot.shelf import ScriptShelf
from storage.database import Database
from storage.vault import Vault


def add_console(
    app: web.Application,
    *,
    database: Database,
    vault: Vault,
    catalogs: Catalogs,
    shelf: ScriptShelf,
    scripts_folder: Path,
    now: Callable[[], datetime],
    demo_mail: Path | None = None,
    bots: Bots = no_bots,
    is_holiday: IsHoliday = no_holiday,
) -> None:
    """Add the staff pages to an application. With ``demo_mail``, the mails in that folder can be looked at. People can
    be invited to the web chat and to ``bots``."""
    protect(app, database=database, vault=vault, now=now)
    admission = Admission(database=database, vault=vault, catalogs=catalogs)
    desk = Desk(
        database, vault, catalogs, shelf, scripts_folder, now, admission, demo_mail, bots, is_holiday=is_holiday
    )
    app[DESK] = desk
    set_up_templates(app)
    app.router.add_static("/console/static", STATIC)
    app.add_routes(
        [
            web.get("/s/{token}", access.show_door),
            web.post("/s/out", access.leave),
            web.post("/s/{token}", access.open_door),
            web.get("/digest", specialist.digest_page),
            web.get("/digest/{day}", specialist.digest_page),
            web.get("/people", specialist.people_page),
            web.get("/people/{person}", specialist.person_page),
            web.post("/people/{person}/admit", admitting.admit),
            web.get("/invite", inviting.invite_page),
            web.post("/invite", inviting.make_link),
            web.get("/scripts", coordinator.scripts_page),
            web.get("/demo/mail", demo.mail_page),
        ]
    )
