"""App: the one place that knows all parts and puts them together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import Connection

from bot.calendars import PUBLIC, Calendar
from bot.catalogs import Catalogs
from bot.channels.mail import FolderSender, SmtpSender
from bot.channels.web import add_chat
from bot.channels.web_me import add_my_page
from bot.config import Settings
from bot.console import add_console
from bot.console.desk import no_bots
from bot.console.office.settings import SETTINGS
from bot.digest.attention import attention
from bot.mailing import Post
from bot.my_page.parts import Sources
from bot.programme import InForce, Programme, load_programme, read_file
from bot.programme.following import followed
from bot.programme.in_force import as_it_is
from bot.programme.versions import Standing, bring_in, standing
from bot.publishing import Checked, NotPublished, Worded, beside_console, publish, read_folder, waiting
from bot.reading_aloud import unheard
from bot.recordings import SILENCE, Recordings
from bot.shelf import ScriptShelf
from bot.signing_in.provider import Provider
from bot.signing_in.setting import SigningIn
from bot.staff_chats import StaffChats
from bot.translating import Translator
from bot.translating.libre import LibreTranslate
from bot.turns import Turns
from dialogues.problems import Problem
from storage.database import Database
from storage.opening import open_storage
from storage.refusal import StartRefused
from storage.scripts import latest_version
from storage.vault import Vault, read_master_key

if TYPE_CHECKING:
    from bot.channels.telegram.bot import TelegramBot

TLS_FROM_THE_START = 465
"""The port of mail servers that speak TLS before anything else (RFC 8314, 3.3)."""

_log = logging.getLogger(__name__)


class DialogueMissing(StartRefused):
    """The programme names a dialogue that was never published and that no script of the folder is."""


@dataclass(frozen=True)
class Parts:
    """A Medvind that is ready to serve."""

    settings: Settings
    database: Database
    vault: Vault
    catalogs: Catalogs
    in_force: InForce
    shelf: ScriptShelf
    turns: Turns
    now: Callable[[], datetime]
    problems: tuple[Problem, ...] = ()
    """What is wrong in the scripts of the folder, so that none of it was published."""
    recordings: Recordings = SILENCE
    translator: Translator | None = None
    """The program that translates people's own words, where there is one."""

    @property
    def programme(self) -> Programme:
        """The programme that is in force now."""
        return self.in_force.programme

    def is_holiday(self, day: date) -> bool:
        """Whether nobody works on this day in the programme's country."""
        return Calendar(self.programme.country).is_holiday(PUBLIC, day)


def now() -> datetime:
    """The clock of the running program."""
    return datetime.now(UTC)


def master_key(settings: Settings) -> bytes:
    """The key of this deployment. Raises KeyMissing."""
    return read_master_key(settings.key.get_secret_value() or None, settings.key_file)


def load_texts(settings: Settings, today: date) -> tuple[Programme, Catalogs]:
    """The programme and the languages it offers. Raises ProgrammeRefused."""
    programme = load_programme(settings.programme, today)
    return programme, catalogs_for(settings, programme)


def catalogs_for(settings: Settings, programme: Programme, *, with_pseudo: bool = False) -> Catalogs:
    """The languages that a programme offers. An example offers the pseudo-languages as well, where the settings say
    so; no service does."""
    return Catalogs.load(
        settings.locales,
        allow_drafts=programme.machine_drafts,
        only=programme.languages,
        with_pseudo=with_pseudo or (settings.pseudo and programme.example),
    )


async def standing_beside(settings: Settings, database: Database, vault: Vault, today: date) -> Standing:
    """The programme that is in force beside the programme file. Raises ProgrammeRefused for the file."""
    path, text = settings.programme, read_file(settings.programme)
    return await database.read(lambda conn: standing(conn, vault, text, today, str(path)))


@asynccontextmanager
async def opened(
    settings: Settings,
    master_key: bytes,
    clock: Callable[[], datetime] = now,
    *,
    only: str = "",
    with_pseudo: bool = False,
) -> AsyncIterator[Parts]:
    """All parts, with the scripts of the folder published, or ``only`` one of them.

    Raises StartRefused, ProgrammeRefused, NotPublished and StorageAway.
    """
    attention()
    load_programme(settings.programme, clock().date())
    checked = read_folder(settings.scripts)
    if not settings.database_url:
        make_folder(settings.folder)
    database, vault = await open_storage(settings.database(), master_key)
    try:
        found = await standing_beside(settings, database, vault, clock().date())
        programme, catalogs = found.programme, catalogs_for(settings, found.programme, with_pseudo=with_pseudo)
        if only:
            await _publish(database, checked.only(only), catalogs, programme, clock())
        else:
            checked, wordings, _ = await database.read(
                lambda conn: beside_console(conn, settings.scripts, catalogs, checked=checked)
            )
            if not checked.problems:
                await _publish(database, checked, wordings, programme, clock())
        if not only:
            await database.read(lambda conn: _all_there(conn, programme, settings, checked))
            found = await _bring_in(settings, database, vault, clock())
        shelf = ScriptShelf()
        recordings = await asyncio.to_thread(Recordings.read, settings.audio) if settings.audio else SILENCE
        adapt = as_it_is if settings.audio else partial(_unheard, shelf)
        adapted = await database.read(lambda conn: adapt(conn, found.programme))
        in_force = InForce(adapted, found.version, adapt)
        turns = Turns(
            database=database,
            vault=vault,
            catalogs=catalogs,
            programme=adapted,
            shelf=shelf,
            address=settings.address,
            translates=bool(settings.translate_url),
            recordings=recordings,
        )
        in_force.follow(turns.use)
        async with followed(database, vault, in_force):
            yield Parts(
                settings,
                database,
                vault,
                catalogs,
                in_force,
                shelf,
                turns,
                clock,
                checked.problems,
                recordings,
                translator(settings),
            )
        await turns.close()
    finally:
        await database.close()


async def _bring_in(settings: Settings, database: Database, vault: Vault, now: datetime) -> Standing:
    """Bring the programme file into force, as far as one person may: what is guarded waits for two."""
    path, text = settings.programme, read_file(settings.programme)
    found = await database.write(lambda conn: bring_in(conn, vault, text, now.date(), now, str(path)))
    if found.waits:
        _log.warning(
            "%s differs from what was agreed to in: %s. What was agreed to stays in force until two coordinators agree "
            "(medvind programme publish --by ... --second ..., or on the staff pages)",
            path.name,
            ", ".join(found.waits),
        )
    return found


def _unheard(shelf: ScriptShelf, conn: Connection, programme: Programme) -> Programme:
    return unheard(conn, shelf, programme)


async def _publish(database: Database, checked: Checked, catalogs: Worded, programme: Programme, now: datetime) -> None:
    """Bring the scripts of the folder into use. A start is nobody, so what takes two people waits; an example has no
    two people."""
    second = None if programme.example else ""
    held = {} if programme.example else await database.read(lambda conn: waiting(conn, checked, catalogs))
    for name in held:
        _log.warning("%s waits: two people have to publish it (medvind publish %s --by ... --second ...)", name, name)
    await database.write(lambda conn: publish(conn, checked, catalogs, by="start", now=now, second=second))


def make_folder(folder: Path) -> None:
    """A folder to keep data in. Raises StartRefused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartRefused(
            f"The folder {folder} cannot be made ({error.strerror}). Name another one in MEDVIND_FOLDER."
        ) from None


def _all_there(conn: Connection, programme: Programme, settings: Settings, checked: Checked) -> None:
    """A mistake in a script keeps nobody from going on with what was published before. Raises NotPublished where
    nothing was, and DialogueMissing."""
    missing = [name for name in programme.dialogues if latest_version(conn, name) is None]
    if missing and checked.problems:
        raise NotPublished(checked.problems)
    if missing:
        raise DialogueMissing(
            f"{settings.programme} names {', '.join(missing)}, and there is no such script in {settings.scripts}. "
            "Write the script, or take the name out of the programme."
        )


def translator(settings: Settings) -> Translator | None:
    """The program that translates people's own words, or None without one."""
    return LibreTranslate(settings.translate_url, settings.translation_key()) if settings.translate_url else None


def telegram_bots(parts: Parts) -> Sequence[TelegramBot]:
    """The bots of the settings. Without one nothing of Telegram is loaded."""
    settings = parts.settings
    tokens = settings.bot_tokens()
    if not tokens:
        return ()
    from bot.admission import Admission
    from bot.channels.telegram.bot import Ground, TelegramBot, Ways

    database, vault, catalogs, programme = parts.database, parts.vault, parts.catalogs, parts.programme
    admission = Admission(database=database, vault=vault, catalogs=catalogs, first=programme.languages)
    ground = Ground(database, vault, catalogs, programme, parts.turns, admission, parts.now, parts.recordings)
    address = settings.address if settings.telegram_mode == "webhook" else ""
    ways = Ways(settings.telegram_api, settings.telegram_per_second, address)
    bots = [TelegramBot(token, ground, ways) for token in tokens]
    for bot in bots:
        parts.in_force.follow(bot.use)
    return bots


def staff_chats(parts: Parts, bots: Sequence[TelegramBot], pages: str) -> StaffChats | None:
    """How staff are told in a messenger, or None without a bot. ``pages`` is the address of the pages."""
    if not bots:
        return None
    return StaffChats(parts.database, parts.catalogs, {bot.channel: bot for bot in bots}, pages, parts.now)


@asynccontextmanager
async def running(bots: Sequence[TelegramBot]) -> AsyncIterator[None]:
    """While this is open, the bots talk."""
    tasks = [asyncio.create_task(bot.run()) for bot in bots]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def web_app(parts: Parts, demo_mail: Path | None = None, bots: Sequence[TelegramBot] = ()) -> web.Application:
    """The pages of participants and staff, and those where Telegram brings messages."""
    app = web.Application()
    for bot in bots:
        if bot.webhook is not None:
            bot.webhook.add_to(app)
    add_chat(
        app,
        turns=parts.turns,
        database=parts.database,
        vault=parts.vault,
        catalogs=parts.catalogs,
        programme=parts.in_force,
        now=parts.now,
        recordings=parts.recordings,
    )
    translates = parts.translator is not None
    is_recorded = bool(parts.recordings.files)
    sources = Sources(parts.vault, parts.shelf, parts.catalogs, parts.in_force, translates, is_recorded)
    add_my_page(app, sources, [bot.delivery.forget for bot in bots])
    add_console(
        app,
        database=parts.database,
        vault=parts.vault,
        catalogs=parts.catalogs,
        shelf=parts.shelf,
        scripts_folder=parts.settings.scripts,
        now=parts.now,
        programme=parts.in_force,
        locales=parts.settings.locales,
        recordings=parts.recordings,
        programme_file=parts.settings.programme,
        demo_mail=demo_mail,
        bots=(lambda: _usernames(bots)) if bots else no_bots,
        is_holiday=parts.is_holiday,
        signing=_signing_in(parts, demo=demo_mail is not None),
    )
    app[SETTINGS] = parts.settings
    return app


def _signing_in(parts: Parts, *, demo: bool) -> SigningIn:
    """How staff sign in. The demo is wherever the browser found it, and belongs to no organisation."""
    settings, provider = parts.settings, None
    if settings.oidc_issuer and not demo:
        secret = settings.oidc_secret()
        provider = Provider(settings.oidc_issuer, settings.oidc_client_id, secret, parts.now)
    return SigningIn("" if demo else settings.address, settings.proxies, provider)


async def _usernames(bots: Sequence[TelegramBot]) -> Mapping[str, str]:
    """What the bots are called, by channel. One that Telegram cannot be asked about is left out."""
    names = {bot.channel: await bot.username() for bot in bots}
    return {channel: name for channel, name in names.items() if name}


def post(settings: Settings, pages: str, demo_mail: Path | None) -> Post | None:
    """How mail leaves: to a folder in the demo, by the mail server where there is one, else not at all."""
    if demo_mail is not None:
        return Post(FolderSender(demo_mail), settings.mail_from, pages)
    if not settings.smtp_host:
        return None
    password = settings.smtp_password.get_secret_value()
    sender = SmtpSender(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_user or None,
        password or None,
        use_tls=settings.smtp_port == TLS_FROM_THE_START,
    )
    return Post(sender, settings.mail_from, pages)
