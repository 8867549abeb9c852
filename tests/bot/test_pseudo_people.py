"""No text for participants is written in the program: in a pseudo-language none of their pages has a plain word,
whatever they have answered, taken back or mistyped, and whatever goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection

from bot.app import Parts, opened, web_app
from bot.catalogs.language import RIGHT_TO_LEFT
from bot.catalogs.pseudo import PSEUDO
from bot.channels.http import LARGEST_BODY
from bot.channels.web_me import _DONE
from bot.config import Settings
from bot.messages import Tap
from bot.my_page.parts import PARTS
from storage import people
from tests.bot.chat_site import Interrupted
from tests.bot.plain_text import loose_names, plain_on_page, plain_words
from tests.bot.pseudo_data import of_the_programme, own_names
from tests.bot.staff_world import SAME_SITE
from tests.bot.turn_world import Person, TurnWorld
from tests.bot.wording_talk import strings

MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
TYPED = ("menu", "question", "language", "mydata", "pause")
"""Words that open something in the chat."""
STAFF = {"medvind-staff": "of-somebody"}
"""The cookie of a session that the database would have to know."""
BROWSER = {"Accept": "text/html,application/xhtml+xml", **SAME_SITE}


class Broken(Interrupted):
    """A database that can be taken away, or break as nothing should."""

    breaks = False

    def _check(self) -> None:
        super()._check()
        if self.breaks:
            raise RuntimeError("a mistake of ours")


@dataclass
class Site:
    """The whole site, and Sam, who takes part. ``seen`` are the statuses and addresses that were looked at."""

    client: TestClient[Any, Any]
    parts: Parts
    database: Broken
    sam: Person
    code: str
    data: Collection[str] = ()
    seen: list[tuple[int, str]] = field(default_factory=list)

    async def look(self, address: str, **posted: str) -> str:
        """Open a page, or send a form: what stands there is in the language."""
        sent = self.client.post(address, data=posted) if posted else self.client.get(address)
        return await self.read(address, await sent)

    async def read(self, address: str, answer: ClientResponse) -> str:
        """Look at one answer."""
        html, tag = await answer.text(), self.code.replace("_", "-")
        assert f'lang="{tag}"' in html, (address, answer.status, html[:300])
        assert plain_on_page(html, tag, self.data) == [], (address, answer.status)
        assert loose_names(html, {"Sam", "Kim"}) == [], (address, answer.status)
        self.seen.append((answer.status, address))
        return html


@asynccontextmanager
async def site(folder: Path, code: str) -> AsyncIterator[Site]:
    """A site that offers the pseudo-languages, for a browser that is set to one of them."""
    headers = {**BROWSER, "Accept-Language": code.replace("_", "-")}
    async with opened(Settings(folder=folder, pseudo=True), bytes(range(32)), lambda: MONDAY) as parts:
        database = Broken(parts.database)
        app = web_app(replace(parts, database=database))  # type: ignore[arg-type]
        world = TurnWorld(parts.database, parts.vault, 0, parts.programme)
        world.turns = parts.turns
        world.specialist = await parts.database.write(lambda conn: _specialist(conn, parts))
        sam = await world.person("Sam", code)
        await parts.database.write(lambda conn: people.new_link(conn, parts.vault, people.Who(sam.id), "token", MONDAY))
        words = {"Sam", "Kim", "start", "yes", *TYPED}
        data = frozenset(words | own_names(parts.catalogs) | of_the_programme())
        async with TestClient(TestServer(app), headers=headers) as client:
            yield Site(client, parts, database, sam, code, data)


def _specialist(conn: Connection, parts: Parts) -> int:
    values = {"name": "Kim", "mail": "k@example.org", "role": "specialist", "language": "en", "time_zone": "UTC"}
    return people.add_staff(conn, parts.vault, **values, now=MONDAY)


async def answers(person: Person) -> None:
    """Answer what waits as somebody does who says yes to everything."""
    waits = person.waits
    chosen = [button for button in waits.buttons if button.tap.action == "choose"]
    if waits.kind == "offered":
        lines = tuple(button.tap.choices[0] for button in waits.buttons if button.tap.choices)
        await person.taps(Tap(waits.conversation, waits.step, "share_lines" if lines else "share_all", lines))
    elif chosen:
        await person.taps(chosen[0])
    else:
        await person.says("Sam")
    if person.waits is waits:
        await person.skips_one()


@pytest.mark.parametrize("code", PSEUDO)
async def test_no_page_of_a_participant_is_plain(tmp_path: Path, code: str) -> None:
    """The chat as it goes on, the share step, the menu, "Help now", and all of My page, before anything is shared."""
    async with site(tmp_path, code) as made:
        sam = made.sam
        await made.look("/c/token")
        await made.look("/c/token", language=code)
        await sam.onboards()
        await sam.says("start")
        for _ in range(40):
            await made.look("/chat")
            if sam.waits.kind == "offered":
                break
            await (sam.chooses("4") if sam.step == "week" else sam.skips_one())
        for word in TYPED:
            await sam.says(word)
            await made.look("/chat")
        for address in ("/help", "/me", *(f"/me/{part}" for part in PARTS)):
            await made.look(address)
    assert len(made.seen) > 25
    for message in sam.told:
        assert not [word for text in strings(message) for word in plain_words(text, made.data)], message


async def test_no_page_is_plain_when_everything_was_answered_and_shared(tmp_path: Path) -> None:
    """Every dialogue that people can open, all of it shared, then seen, taken back, taken away and deleted."""
    async with site(tmp_path, RIGHT_TO_LEFT) as made:
        sam = made.sam
        await made.look("/c/token", language=made.code)
        await sam.onboards()
        await sam.says("start")
        while sam.told[-1].kind != "closed":
            await answers(sam)
        for dialogue in sorted(made.parts.programme.opened_by_people):
            before = len(sam.told)
            await sam.taps(Tap(0, "", "open", (dialogue,)))
            while sam.told[-1].kind != "closed" and len(sam.told) < before + 60:
                await answers(sam)
        held = {dialogue for dialogue, state in await sam.conversations() if state == "closed"}
        assert len(held) > 20
        await made.look("/chat")
        assert "/me/withdraw" in await made.look("/me/sent")
        for address in ("/me", *(f"/me/{part}" for part in PARTS), *(f"/me/sent?done={done}" for done in _DONE)):
            await made.look(address)
        await made.look("/me/copy", **{"as": "html"})
        await made.look("/me/answer/delete", conversation="2", name="weekly_checkin/week", page="private")
        await made.look("/me/conversation/delete", conversation="2", page="private")
        await made.look("/me/delete", sure="no")
        await made.look("/me/delete", sure="yes")
        await made.look("/chat")
    assert len(made.seen) > 20
    for message in sam.told:
        assert not [word for text in strings(message) for word in plain_words(text, made.data)], message


@pytest.mark.parametrize("code", PSEUDO)
async def test_no_page_is_plain_when_something_is_wrong(tmp_path: Path, code: str) -> None:
    """A mistyped address, an old link, a session that is over, what no page of ours sent, a database that is away, and
    a mistake of ours."""
    async with site(tmp_path, code) as made:
        for address in ("/", "/chatt", "/me/none/none", "/c/none", "/chat", "/me", "/me/sent", "/me/in/none"):
            await made.look(address)
        for address in ("/c/none", "/chat", "/me/copy", "/me/delete", "/me/in/none"):
            await made.look(address, text="Hello", language=code)
        await made.read("/help", await made.client.delete("/help"))
        await made.look("/c/token", language=code)
        await made.look("/chat", tap="{")
        await made.look("/chat", text="x" * (LARGEST_BODY + 1))
        await made.read("json", await made.client.post("/chat", json={}))
        await made.read("elsewhere", await made.client.post("/chat", headers={"Sec-Fetch-Site": "cross-site"}))
        made.database.away = True
        for address in ("/chat", "/me", "/c/token"):
            await made.look(address)
        await made.look("/chat", text="Sam", language=code)
        await made.read("staff", await made.client.get("/digest", cookies=STAFF))
        made.database.away, made.database.breaks = False, True
        for address in ("/chat", "/me/sent"):
            await made.look(address)
        await made.read("staff", await made.client.get("/digest", cookies=STAFF))
    statuses = {status for status, _ in made.seen}
    assert statuses >= {400, 403, 404, 405, 413, 415, 500, 503}, made.seen
