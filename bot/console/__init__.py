"""Console: what the staff of a service see in a browser. Plain pages that need no JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.admission import Admission
from bot.catalogs import Catalogs
from bot.catalogs.drafts import Drafts
from bot.channels.assets import add_assets
from bot.channels.http import protect
from bot.channels.web_pages import Pages, chat_templates
from bot.config import LOCALES
from bot.console import (
    access,
    admitting,
    agreeing,
    built,
    demo,
    flowing,
    hours,
    inviting,
    messenger,
    noting,
    numbers,
    office,
    overview,
    previewing,
    programme_routes,
    reflecting,
    replying,
    seeing,
    signing_in,
    snoozing,
    specialist,
    translating,
)
from bot.console.desk import DESK, STATIC, Bots, Desk, no_bots, set_up_templates
from bot.console.scripts import routes as script_routes
from bot.console.scripts.reading import READ_OVER
from bot.console.scripts.rows import RECORDINGS
from bot.counting import Counting
from bot.digest.day import IsHoliday, no_holiday
from bot.programme import InForce, Programme
from bot.recordings import SILENCE, Recordings
from bot.reflecting import Setting
from bot.shelf import ScriptShelf
from bot.signing_in.setting import SigningIn
from bot.speaking import Speaking
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
    programme: Programme | InForce,
    programme_file: Path | None = None,
    demo_mail: Path | None = None,
    bots: Bots = no_bots,
    is_holiday: IsHoliday = no_holiday,
    signing: SigningIn | None = None,
    locales: Path = LOCALES,
    recordings: Recordings = SILENCE,
) -> None:
    """Add the staff pages to an application. With ``demo_mail``, the mails in that folder can be looked at. People can
    be invited to the web chat and to ``bots``."""
    protect(app, database=database, vault=vault, now=now)
    in_force = InForce.of(programme)
    admission = Admission(database=database, vault=vault, catalogs=catalogs)
    desk = Desk(
        database,
        vault,
        catalogs,
        shelf,
        scripts_folder,
        now,
        admission,
        in_force,
        demo_mail,
        bots,
        is_holiday=is_holiday,
        signing_in=signing or SigningIn(),
        programme_file=programme_file,
        drafts=Drafts(locales),
    )
    app[DESK] = desk
    app.on_shutdown.append(_settled)
    app[numbers.COUNTING] = Counting(database, vault, shelf, in_force)
    chat = Pages(chat_templates(), catalogs, in_force.programme, assets={})
    in_force.follow(chat.use)
    app[READ_OVER] = Pages(chat_templates(), catalogs, in_force.programme, {}, recordings, RECORDINGS)
    app[reflecting.OWN_CHECKINS] = reflecting.OwnCheckins(Setting(vault, shelf, Speaking(catalogs)), chat)
    set_up_templates(app, add_assets(app, STATIC, "/console/static"))
    app.router.add_get(f"{built.PREFIX}/{{name}}", built.serve)
    app.add_routes(signing_in.routes())
    app.add_routes([*previewing.ROUTES, *flowing.ROUTES])
    app.add_routes(office.routes())
    app.add_routes(
        [
            web.post("/sign-out", access.leave),
            web.get("/digest", overview.digest_page),
            web.get("/digest/telegram", messenger.messenger_page),
            web.post("/digest/telegram", messenger.make),
            web.post("/digest/telegram/end", messenger.end),
            web.get("/digest/{day}", overview.digest_page),
            web.post("/digest/seen", seeing.see),
            web.get("/people", specialist.people_page),
            web.get("/people/{person}", specialist.person_page),
            web.post("/people/{person}/admit", admitting.admit),
            web.post("/people/{person}/reply", replying.reply),
            web.post("/people/{person}/snooze", snoozing.snooze),
            web.post("/people/{person}/contact", noting.note_contact),
            web.post("/people/{person}/translation", translating.translate),
            web.post("/people/{person}/agreements", agreeing.propose_agreement),
            web.post("/people/{person}/agreements/{number:[1-9][0-9]{0,8}}", agreeing.act_on_agreement),
            web.get("/invite", inviting.invite_page),
            web.post("/invite", inviting.make_link),
            *script_routes.routes(),
            *programme_routes.ROUTES,
            web.get("/numbers", numbers.numbers_page),
            web.get("/numbers/{month}", numbers.numbers_page),
            web.post("/numbers/{month}/file", numbers.numbers_file),
            web.get("/own", reflecting.own_page),
            web.post("/own", reflecting.begin_own),
            web.post("/own/answer", reflecting.answer_own),
            web.post("/own/delete", reflecting.delete_own),
            web.get("/own/{number}", reflecting.own_sheet),
            web.post("/own/{number}/delete", reflecting.delete_own),
            web.get("/hours", hours.hours_page),
            web.post("/hours", hours.save_hours),
            web.get("/demo/mail", demo.mail_page),
        ]
    )


async def _settled(app: web.Application) -> None:
    """Nobody who was promised a mail goes without because of a restart."""
    await app[DESK].outgoing.settled()
