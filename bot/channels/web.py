"""The web chat: a page behind a personal link. It works with plain forms; a script makes it quicker, not different."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.catalogs import Catalogs
from bot.channels.assets import add_assets
from bot.channels.http import SAID_KINDLY, protect
from bot.channels.web_audio import play
from bot.channels.web_help import HelpPages
from bot.channels.web_link import open_chat, show_languages
from bot.channels.web_news import News
from bot.channels.web_pages import Pages, chat_templates
from bot.channels.web_socket import Sockets
from bot.channels.web_talk import close_chat, open_socket, show_chat, show_help, take_answer
from bot.channels.web_visit import CHAT, Chat, said_kindly
from bot.programme import InForce, Programme
from bot.recordings import SILENCE, Recordings
from storage.database import Database
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.turns import Turns

_HERE = Path(__file__).parent


def add_chat(
    app: web.Application,
    *,
    turns: Turns,
    database: Database,
    vault: Vault,
    catalogs: Catalogs,
    programme: Programme | InForce,
    now: Callable[[], datetime],
    recordings: Recordings = SILENCE,
) -> None:
    """Add the chat's pages to an application. Raises ValueError when no language of the programme can be offered."""
    protect(app, database=database, vault=vault, now=now)
    assets = add_assets(app, _HERE / "static", "/static/chat")
    in_force = InForce.of(programme)
    pages = Pages(chat_templates(), catalogs, in_force.programme, assets, recordings)
    help_pages, sockets = HelpPages(pages, catalogs, in_force.programme), Sockets()
    in_force.follow(pages.use)
    in_force.follow(help_pages.use)
    app[CHAT] = Chat(turns, database, vault, now, pages, help_pages, sockets)
    app[SAID_KINDLY] = said_kindly
    turns.listeners.append(sockets.told)
    app.router.add_get("/c/{token}", show_languages)
    app.router.add_post("/c/{token}", open_chat)
    app.router.add_get("/chat", show_chat)
    app.router.add_post("/chat", take_answer)
    app.router.add_get("/chat/socket", open_socket)
    app.router.add_post("/chat/close", close_chat)
    app.router.add_get("/help", show_help)
    app.router.add_get("/audio/{language}/{context:.+}", play)
    news = News(sockets, database=database, vault=vault, now=now)

    async def watch(app: web.Application) -> AsyncIterator[None]:
        watching = asyncio.create_task(news.watch())
        yield
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    app.cleanup_ctx.append(watch)
    app.on_shutdown.append(_close_sockets)


async def _close_sockets(app: web.Application) -> None:
    await app[CHAT].sockets.close()
