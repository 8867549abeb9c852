"""Medvind with its bots, put together as ``bot.app`` does it, for people who are there already."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import web
from sqlalchemy import Connection

from benchmarks import turns
from benchmarks.telegram.plan import Plan, account
from bot.admission import Admission
from bot.app import Parts, running, web_app
from bot.channels.telegram.bot import Ground, Rhythm, TelegramBot, Ways, channel_of
from bot.messages import Inbound
from storage import addresses

TOGETHER = 200


@asynccontextmanager
async def opened(plan: Plan, address: str) -> AsyncIterator[web.Application]:
    """Its web pages, while its bots run."""
    async with turns.deployed(plan.url, plan.people) as parts:
        await parts.database.write(lambda conn: _addresses(conn, parts, plan))
        if plan.queued:
            await _begin(parts, plan)
        bots = _bots(parts, plan, address)
        async with running(bots):
            yield web_app(parts, bots=bots)


def _bots(parts: Parts, plan: Plan, address: str) -> list[TelegramBot]:
    """Like ``bot.app.telegram_bots``, with the plan's limits in place of those of the settings."""
    database, vault, catalogs, programme = parts.database, parts.vault, parts.catalogs, parts.programme
    admission = Admission(database=database, vault=vault, catalogs=catalogs, first=programme.languages)
    ground = Ground(database, vault, catalogs, programme, parts.turns, admission, parts.now)
    ways, rhythm = Ways(plan.api, plan.per_second, address), Rhythm(chat_interval=plan.chat_interval)
    return [TelegramBot(token, ground, ways, rhythm) for token in plan.tokens]


def _addresses(conn: Connection, parts: Parts, plan: Plan) -> None:
    for person in range(1, plan.people + 1):
        channel = channel_of(plan.token(person))
        addresses.add_address(conn, parts.vault, person, channel, str(account(person)), parts.now())


async def _begin(parts: Parts, plan: Plan) -> None:
    """Everybody begins, and nobody sends them the first question yet."""
    for first in range(1, plan.people + 1, TOGETHER):
        people = range(first, min(first + TOGETHER, plan.people + 1))
        await asyncio.gather(*(parts.turns.submit(_start(plan, person)) for person in people))


def _start(plan: Plan, person: int) -> Inbound:
    now = datetime.now(UTC)
    return Inbound(channel_of(plan.token(person)), str(account(person)), "begin", now, tap=turns.START)
