"""Texts that can be listened to in the web chat: for whom, which, where from, and that nobody else is changed."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import msgspec
import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import Connection
from yarl import URL

from bot.app import Parts, opened, web_app
from bot.config import SCRIPTS, Settings
from bot.messages import Tap
from storage import people
from tests.bot.phone import OURS, Phone
from tests.bot.test_audio_recordings import recorded

NewClient = Callable[..., Awaitable[TestClient]]
RECORDED = (
    "en/reading/can_change.mp3",
    "en/topics/may_ask.mp3",
    "en/topics/may_ask/work.m4a",
    "en/phone_shared/seen_by_others.mp3",
    "en/ui/yes.ogg",
    "en/situation/work_now/job.mp3",
)
LISTENING = """
dialogue: reading
title: How I read and answer
language: en

steps:

  way:
    ask: |
      Do you want to read, to listen, or both?
    answer: one of
    options:
      read: Read
      listen: Listen
      both: Both
    tags: choice:reading
"""


@dataclass
class Place:
    """A deployment that is served, and the personal link of one person."""

    parts: Parts
    token: str


@asynccontextmanager
async def deployment(folder: Path, audio: Path | None) -> AsyncIterator[Place]:
    """With the demo's programme, in which ``reading`` stands in the menu."""
    settings = Settings(folder=folder, audio=audio)
    async with opened(settings, secrets.token_bytes(32)) as parts:
        token = secrets.token_urlsafe(16)

        def add(conn: Connection) -> None:
            sam = {"name": "Sam", "pseudonym": "S.K.", "language": "en", "time_zone": "Europe/Oslo"}
            person = people.add_participant(conn, parts.vault, **sam, now=parts.now())
            people.new_link(conn, parts.vault, people.Who(person), token, parts.now(), None)

        await parts.database.write(add)
        yield Place(parts, token)


@pytest.fixture
async def phone(tmp_path: Path, aiohttp_client: NewClient) -> AsyncIterator[Phone]:
    async with deployment(tmp_path, recorded(tmp_path, *RECORDED)) as place:
        phone = Phone(await aiohttp_client(web_app(place.parts)), place)
        await phone.arrive()
        yield phone


async def opens(phone: Phone, dialogue: str) -> str:
    """The page on which a dialogue has been begun."""
    tap = msgspec.json.encode(Tap(0, "", "open", (dialogue,))).decode()
    return await (await phone.post("/chat", [("id", secrets.token_hex(8)), ("tap", tap)])).text()


async def chooses(phone: Phone, way: str) -> str:
    """The page after somebody chose how to take in the texts, and no faces."""
    await opens(phone, "reading")
    await phone.press(way)
    return await (await phone.press("No")).text()


def players(page: str) -> list[tuple[str, str]]:
    """Every voice on a page: where it comes from, and what it is called."""
    tags = re.findall(r"<audio[^>]*>", page)
    assert all('controls preload="none"' in tag and 'lang="en"' in tag for tag in tags)
    return [(_of(tag, "src"), _of(tag, "aria-label").translate({0x2068: None, 0x2069: None})) for tag in tags]


def _of(tag: str, name: str) -> str:
    found = re.search(f'{name}="([^"]*)"', tag)
    assert found is not None, tag
    return unescape(found[1])


# Who listens ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["Listen", "Both"])
async def test_who_chose_to_listen_can_play_what_is_recorded(phone: Phone, way: str) -> None:
    assert players(await chooses(phone, way)) == [("/audio/en/reading/can_change", "Listen to this text")]
    assert players(await opens(phone, "topics"))[1:] == [
        ("/audio/en/topics/may_ask", "Listen to this text"),
        ("/audio/en/topics/may_ask/work", "Listen: The workplace"),
    ]


async def test_yes_can_be_played_and_a_question_is_answered_beside_it(phone: Phone) -> None:
    await chooses(phone, "Listen")
    assert players(await opens(phone, "phone_shared"))[1:] == [
        ("/audio/en/phone_shared/seen_by_others", "Listen to this text"),
        ("/audio/en/ui/yes", "Listen: Yes"),
    ]
    await phone.press("Yes")
    assert phone.sees("There is a button called")


async def test_what_is_ticked_beside_a_voice_is_sent(phone: Phone) -> None:
    await chooses(phone, "Listen")
    await opens(phone, "topics")
    await phone.press("Send", "The workplace")
    assert phone.sees("I do not ask about the rest.")


async def test_no_player_stands_inside_something_that_is_pressed(phone: Phone) -> None:
    await chooses(phone, "Listen")
    for dialogue in ("topics", "phone_shared"):
        page = await opens(phone, dialogue)
        inside = re.findall(r"<(?:button|label)\b(?:(?!</(?:button|label)>).)*<audio", page, re.DOTALL)
        assert [address for address, name in players(page) if name.startswith("Listen: ")]
        assert inside == []


async def test_who_reads_meets_nothing_new(phone: Phone) -> None:
    assert players(await opens(phone, "topics")) == []
    assert players(await chooses(phone, "Read")) == []
    assert players(await opens(phone, "topics")) == []


async def test_the_choice_can_be_taken_back(phone: Phone) -> None:
    assert players(await chooses(phone, "Both"))
    assert players(await chooses(phone, "Read")) == []


async def test_a_socket_brings_the_players_too(phone: Phone) -> None:
    await chooses(phone, "Listen")
    here = str(phone.client.make_url("/")).rstrip("/")
    socket = await phone.client.ws_connect("/chat/socket?after=0", headers={"Origin": here})
    tap = msgspec.to_builtins(Tap(0, "", "open", ("topics",)))
    await socket.send_json({"id": "a-message-of-mine", "text": "", "tap": tap})
    frame = await socket.receive_json()
    assert ("/audio/en/topics/may_ask", "Listen to this text") in players(frame["messages"])
    assert players(frame["answer"]) == [("/audio/en/topics/may_ask/work", "Listen: The workplace")]
    await socket.close()


# The files --------------------------------------------------------------------------------------------------------


async def test_a_recording_is_served_whole_and_in_parts_and_kept_for_a_day(phone: Phone) -> None:
    whole = await phone.client.get("/audio/en/topics/may_ask/work")
    assert (whole.status, await whole.text()) == (200, "en/topics/may_ask/work.m4a")
    assert whole.headers["Content-Type"] == "audio/mp4"
    assert whole.headers["Cache-Control"] == "private, max-age=86400"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "media-src 'self'" in whole.headers["Content-Security-Policy"]
    part = await phone.client.get("/audio/en/topics/may_ask/work", headers={"Range": "bytes=3-8"})
    assert (part.status, await part.text(), part.headers["Content-Range"]) == (206, "topics", "bytes 3-8/26")
    again = await phone.client.get("/audio/en/topics/may_ask/work", headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")


async def test_only_people_who_are_signed_in_get_a_recording(phone: Phone) -> None:
    phone.client.session.cookie_jar.clear()
    for address in ("/audio/en/topics/may_ask", "/audio/en/nothing/here"):
        refused = await phone.client.get(address)
        assert (refused.status, await refused.text()) == (403, "403: Forbidden")


@pytest.mark.parametrize(
    "address",
    [
        *("/audio/en/topics/nothing", "/audio/nb/topics/may_ask", "/audio/en/topics/may_ask.mp3", "/audio/en/topics"),
        *("/audio/en/../../programme.yaml", "/audio/en/%2e%2e%2f%2e%2e%2fprogramme.yaml", "/audio/..%2fprogramme/yaml"),
        *(
            "/audio/../programme.yaml",
            "/audio/en/%2fetc%2fpasswd",
            "/audio/en//etc/passwd",
            "/audio/en/topics%00may_ask",
        ),
    ],
)
async def test_no_address_leads_to_another_file(phone: Phone, address: str) -> None:
    asked = str(phone.client.make_url("/")).rstrip("/") + address
    answer = await phone.client.session.get(URL(asked, encoded=True), headers=OURS)
    assert answer.status == 404


# Where nothing is recorded ----------------------------------------------------------------------------------------


async def test_without_recordings_nobody_is_asked_whether_to_listen(tmp_path: Path, aiohttp_client: NewClient) -> None:
    async with deployment(tmp_path, None) as place:
        assert place.parts.recordings.files == {}
        phone = Phone(await aiohttp_client(web_app(place.parts)), place)
        await phone.arrive()
        menu = msgspec.json.encode(Tap(0, "", "menu")).decode()
        await phone.post("/chat", [("id", "the-menu-of-mine"), ("tap", menu)])
        assert phone.sees("How I read and answer")
        for page in (await opens(phone, "reading"), await (await phone.get("/me/settings")).text()):
            assert "Do you want faces?" in page
            assert "Do you want to read, to listen, or both?" not in page
        assert (await phone.get("/audio/en/topics/may_ask")).status == 404


async def test_with_recordings_the_menu_and_the_settings_ask(phone: Phone) -> None:
    menu = msgspec.json.encode(Tap(0, "", "menu")).decode()
    await phone.post("/chat", [("id", "the-menu-of-mine"), ("tap", menu)])
    assert phone.sees("How I read and answer")
    for page in (await opens(phone, "reading"), await (await phone.get("/me/settings")).text()):
        assert "Do you want to read, to listen, or both?" in page


async def test_a_dialogue_that_asks_nothing_else_is_left_out_without_recordings(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    shutil.copytree(SCRIPTS, scripts)
    (scripts / "reading.yaml").write_text(LISTENING, encoding="utf-8")
    async with opened(Settings(folder=tmp_path, scripts=scripts), secrets.token_bytes(32)) as parts:
        assert "reading" not in parts.programme.dialogues
