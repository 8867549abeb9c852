"""The baseline: a bot as many projects write it. python-telegram-bot's ``Application`` with its default HTTP client,
and a handler that opens one ORM session and one transaction for each message.

What it can do without is left out: it is alone on its web server, knows by heart who is where in the check-in, and
reads no answer (``benchmarks.baseline`` has the script's). As the library's manual says, it answers a pressed button.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from benchmarks import baseline
from benchmarks.checkin import TURNS
from benchmarks.telegram.plan import FIRST_ACCOUNT, Plan

PAGE = "/telegram"


@asynccontextmanager
async def opened(plan: Plan, address: str) -> AsyncIterator[web.Application]:
    """Its web pages, while its bot runs."""
    async with baseline.talking(plan.url) as talk:
        application = ApplicationBuilder().token(plan.tokens[0]).base_url(f"{plan.api}/bot").updater(None).build()
        handler = _Handler(talk)
        application.add_handler(MessageHandler(filters.TEXT, handler.answer))
        application.add_handler(CallbackQueryHandler(handler.answer))
        app = web.Application()
        app.router.add_post(PAGE, _Page(application).take)
        async with application:
            await application.start()
            await application.bot.set_webhook(address + PAGE)
            yield app
            await application.stop()


class _Handler:
    """What the bot does with each message."""

    def __init__(self, talk: baseline.Talk) -> None:
        self._talk = talk

    async def answer(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_user is not None
        assert context.user_data is not None
        place: dict[Any, int] = context.user_data
        turn = place.get("turn", 0)
        place["turn"] = turn + 1
        if update.callback_query is not None:
            await update.callback_query.answer()
        said = await self._talk(update.effective_user.id - FIRST_ACCOUNT, turn // TURNS, turn % TURNS)
        keys = [[InlineKeyboardButton(each["label"], callback_data=each["name"])] for each in said.get("buttons", ())]
        markup = InlineKeyboardMarkup(keys) if keys else None
        await context.bot.send_message(update.effective_user.id, said["text"], reply_markup=markup)


class _Page:
    """Where Telegram brings updates. It says yes when everything is done, as many at a time as Telegram likes."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        self._application = application

    async def take(self, request: web.Request) -> web.Response:
        update = Update.de_json(await request.json(), self._application.bot)
        await self._application.process_update(update)
        return web.Response(status=HTTPStatus.OK)
