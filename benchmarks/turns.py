"""Medvind's own turn, whole: encrypted, rendered, with commands and with every table that it fills in earnest."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection

import bot
from benchmarks.checkin import DIALOGUE, PEOPLE, REPLIES, script, source
from benchmarks.load import Turn
from bot.app import spare_collector
from bot.catalogs import Catalogs
from bot.messages import Inbound, Outbound, Tap
from bot.programme import Programme, load_programme
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
    database, vault = await open_storage(url, secrets.token_bytes(32))
    await database.write(lambda conn: _people(conn, vault))
    turns = Turns(database=database, vault=vault, catalogs=_catalogs(), programme=_programme())
    asked: dict[int, Outbound] = {}
    spare_collector()

    async def turn(person: int, before: int, step: int) -> None:
        inbound = _inbound(person, f"{before}.{step}", step, asked.get(person))
        receipt = await turns.submit(inbound)
        asked[person] = receipt.messages[-1][1]

    yield turn
    await database.close()


def _inbound(person: int, message: str, step: int, asked: Outbound | None) -> Inbound:
    """What a browser sends: a tap that names the question it was made for, or typed words."""
    now = datetime.now(UTC)
    if step == 0 or asked is None:
        return Inbound("web", str(person), message, now, tap=START)
    reply = REPLIES[step - 1]
    assert asked.step == f"{DIALOGUE}/{reply.step}", "the replies follow the script"
    if not reply.choices:
        return Inbound("web", str(person), message, now, text=reply.text)
    tap = Tap(asked.conversation, asked.step, "choose", reply.choices)
    return Inbound("web", str(person), message, now, tap=tap)


def _people(conn: Connection, vault: Vault) -> None:
    now = datetime.now(UTC)
    texts = {"en": {text.context: text.text for text in texts_of(script())}}
    scripts.publish(conn, DIALOGUE, {DIALOGUE: source()}, texts, "bench", now)
    for number in range(1, PEOPLE + 1):
        person = people.add_participant(
            conn, vault, name="Sam Karim", pseudonym="S.K.", language="en", time_zone="Europe/Oslo", now=now
        )
        assert person == number, "the database was empty"


def _catalogs() -> Catalogs:
    return Catalogs.load(ROOT.parent / "locales", allow_drafts=True)


def _programme() -> Programme:
    """The demo's, with the measured check-in as its only dialogue."""
    demo = load_programme(ROOT / "demo" / "programme.yaml", date(2026, 1, 1))
    return replace(demo, first=DIALOGUE, check_in=DIALOGUE, later=())
