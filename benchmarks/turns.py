"""Medvind's own turn, whole: encrypted, rendered, with commands and with every table that it fills in earnest."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection

import bot
from benchmarks.checkin import DIALOGUE, PEOPLE, REPLIES, script, source
from benchmarks.load import Turn
from bot.app import Parts, now
from bot.catalogs import Catalogs
from bot.collector import spare_collector
from bot.config import Settings
from bot.messages import Inbound, Outbound, Tap
from bot.programme import InForce, Programme, load_programme
from bot.shelf import ScriptShelf
from bot.turns import Turns
from dialogues.texts import texts_of
from storage import people, scripts
from storage.opening import open_storage
from storage.vault import Vault

ROOT = Path(bot.__file__).parent
START = Tap(conversation=0, step="", action="start")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Turn]:
    """Medvind's turn on an empty database."""
    async with deployed(url) as parts:
        spare_collector()
        yield turn_of(parts)


def turn_of(parts: Parts, mark: str = "", offset: int = 0) -> Turn:
    """One turn of a deployment. ``mark`` begins the ids of its messages, ``offset`` is added to people's numbers."""
    asked: dict[int, Outbound] = {}

    async def turn(person: int, before: int, step: int) -> None:
        inbound = _inbound(person + offset, f"{mark}{before}.{step}", step, asked.get(person))
        receipt = await parts.turns.submit(inbound)
        asked[person] = receipt.messages[-1][1]

    return turn


@asynccontextmanager
async def deployed(url: str, many: int = PEOPLE, key: bytes = b"") -> AsyncIterator[Parts]:
    """Medvind on an empty database, with so many people, numbered from 1; with none of them on one that is there."""
    database, vault = await open_storage(url, key or secrets.token_bytes(32))
    if many:
        await database.write(lambda conn: _people(conn, vault, many))
    catalogs, programme, shelf = _catalogs(), _programme(), ScriptShelf()
    turns = Turns(database=database, vault=vault, catalogs=catalogs, programme=programme, shelf=shelf)
    yield Parts(Settings.model_construct(), database, vault, catalogs, InForce(programme), shelf, turns, now)
    await turns.close()
    await database.close()


def _inbound(person: int, message: str, step: int, asked: Outbound | None) -> Inbound:
    """What a browser sends: a tap that names the question it was made for, or typed words."""
    at = datetime.now(UTC)
    if step == 0 or asked is None:
        return Inbound("web", str(person), message, at, tap=START)
    reply = REPLIES[step - 1]
    assert asked.step == f"{DIALOGUE}/{reply.step}", "the replies follow the script"
    if not reply.choices:
        return Inbound("web", str(person), message, at, text=reply.text)
    tap = Tap(asked.conversation, asked.step, "choose", reply.choices)
    return Inbound("web", str(person), message, at, tap=tap)


def _people(conn: Connection, vault: Vault, many: int) -> None:
    at = datetime.now(UTC)
    texts = {"en": {text.context: text.text for text in texts_of(script())}}
    scripts.publish(conn, DIALOGUE, {DIALOGUE: source()}, texts, "bench", at)
    for number in range(1, many + 1):
        person = people.add_participant(
            conn, vault, name="Sam Karim", pseudonym="S.K.", language="en", time_zone="Europe/Oslo", now=at
        )
        assert person == number, "the database was empty"


def _catalogs() -> Catalogs:
    return Catalogs.load(ROOT.parent / "locales", allow_drafts=True)


def _programme() -> Programme:
    """The demo's, with the measured check-in as its only dialogue."""
    demo = load_programme(ROOT / "demo" / "programme.yaml", date(2026, 1, 1))
    return demo.of_one(DIALOGUE)
