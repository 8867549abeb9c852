"""The web chat on real turns and a real database: forms, sockets, two tabs, a database that is away, and the doors."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientWebSocketResponse
from aiohttp.test_utils import TestClient

from bot.dates import weekday_and_date
from bot.messages import Tap
from storage import people
from tests.bot.page_forms import Seen
from tests.bot.phone import OURS, Phone
from tests.bot.real_chat import RealChat, real_chat
from tests.running_demo import assets
from tests.waiting import PATIENCE

NewClient = Callable[..., Awaitable[TestClient]]

SMALL_STEPS = ("ui/ok", "ui/ok", "ui/ok")
TO_THE_TOPICS = (*SMALL_STEPS, "onboarding/explained/me", "onboarding/taking_part/yes", "situation/work_now/neither")
TOPICS = ("sure", "work", "search", "outside", "help", "good")
HEAVIEST = 100_000
"""Bytes of a page with everything it loads, uncompressed."""


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[RealChat]:
    async with real_chat(tmp_path) as site:
        yield site


@pytest.fixture
async def phone(site: RealChat, aiohttp_client: NewClient) -> Phone:
    return Phone(await aiohttp_client(site.app), site)


# Plain forms ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_onboarding_and_check_in_with_plain_forms(phone: Phone, language: str) -> None:
    site: RealChat = phone.site

    def text(context: str) -> str:
        return site.text(context, language)

    await onboard(phone, language)
    assert phone.sees(text("onboarding/start"), text("ui/page.done_title"))
    await phone.press(text("ui/page.start"))
    await phone.press(text("weekly_checkin/week/2"))
    await phone.press(text("weekly_checkin/job_sure/2"))
    await phone.press(text("ui/page.send"), text("weekly_checkin/more_sure/words"))
    await phone.press(text("ui/page.send"), text("weekly_checkin/hard/work"), text("weekly_checkin/hard/outside"))
    hard = (text("weekly_checkin/what_hard/noise"), text("weekly_checkin/what_hard/money"))
    await phone.press(text("ui/page.send"), *hard, text="الضجيج <b>loud</b>")
    await phone.press(text("ui/page.send"), text("weekly_checkin/help/interpreter"))
    await phone.press(text("ui/skip"))
    offered = [text(f"weekly_checkin/{label}") for label in ("week.label", "what_hard.label/outside", "help.label")]
    assert phone.sees(
        *offered, text("weekly_checkin/what_hard/money"), "الضجيج <b>loud</b>", text("ui/share.all_but_private")
    )
    assert not phone.sees(text("weekly_checkin/good.label"))
    assert await site.shared() == []
    await phone.press(text("ui/share.choose"))
    lines = {label: box for form in phone.page.forms for label, box in form.boxes.items()}
    picked = [label for label in lines if label.startswith((offered[0], offered[2]))]
    assert len(lines) == 7
    await phone.press(text("ui/share_page.send"), *picked)
    day, by = (weekday_and_date(date(2026, 3, each), language) for each in (3, 5))
    shared = site.parts.catalogs.ui(language)["ui/share.shared.asks"].format(reader="Kim Berg", day=day, by=by)
    assert phone.sees(shared, text("choose_time/change"))
    assert await site.shared() == ["weekly_checkin/week", "weekly_checkin/help"]
    assert await site.answers() == [
        ("onboarding/free_choice", "ok", language),
        ("onboarding/limits", "ok", language),
        ("onboarding/not_live", "ok", language),
        ("onboarding/explained", "me", language),
        ("onboarding/taking_part", "yes", language),
        ("situation/work_now", "neither", language),
        ("weekly_checkin/week", "2", language),
        ("weekly_checkin/job_sure", "2", language),
        ("weekly_checkin/more_sure", "words", language),
        ("weekly_checkin/hard", "work outside", language),
        ("weekly_checkin/what_hard", "noise money", language),
        ("weekly_checkin/help", "interpreter", language),
        ("weekly_checkin/good", "skipped", language),
    ]


async def onboard(phone: Phone, language: str) -> None:
    """Through the onboarding, with every topic to be asked about and no choice of how to share."""
    await phone.arrive(language)
    for context in TO_THE_TOPICS:
        await phone.press(phone.site.text(context, language))
    topics = [phone.site.text(f"topics/may_ask/{topic}", language) for topic in TOPICS]
    await phone.press(phone.site.text("ui/page.send", language), *topics)
    await phone.press(phone.site.text("ui/skip", language))


async def check_in(phone: Phone, language: str = "en") -> None:
    """Through the onboarding, to the first question of the check-in."""
    await onboard(phone, language)
    await phone.press(phone.site.text("ui/page.start", language))


async def test_what_is_not_understood_changes_nothing_and_is_said(phone: Phone) -> None:
    await check_in(phone)
    await phone.press("Skip")
    await phone.press("Skip")
    await phone.press("Send", text="  \u200f ")
    assert phone.sees("I see no answer. You can write one, choose one or skip.")
    await phone.press("Send", text="Ring the café")
    too_many = ("Finding jobs", "CV or application", "Interview", "Hours")
    await phone.press("Send", "Nothing special")
    await phone.press("Send", *too_many)
    assert phone.sees("Here there is room for 3 answers.")
    await phone.press("Send", "Finding jobs", "Not now")
    assert phone.sees('"Not now" cannot stand with another answer.')
    assert [name for name, *_ in await phone.site.answers()][-1] == "weekly_checkin/hard"


async def test_back_and_another_answer_keep_both(phone: Phone) -> None:
    await check_in(phone)
    await phone.press("Hard")
    await phone.press("Back")
    await phone.press("Good")
    assert phone.sees("Your answer is changed.", "How sure are you that there is a job for you?")
    assert [answer for answer in await phone.site.answers() if answer[0] == "weekly_checkin/week"] == [
        ("weekly_checkin/week", "2", "en"),
        ("weekly_checkin/week", "4", "en"),
    ]


async def test_the_language_changes_in_the_middle_and_the_place_stays(phone: Phone) -> None:
    site: RealChat = phone.site
    await check_in(phone)
    await phone.press("Good")
    response = await phone.press("العربية")
    assert '<html lang="ar" dir="rtl">' in await response.text()
    assert phone.sees(site.text("weekly_checkin/job_sure", "ar").strip())
    await phone.press(site.text("weekly_checkin/job_sure/4", "ar"))
    assert (await site.answers())[-2:] == [("weekly_checkin/week", "4", "en"), ("weekly_checkin/job_sure", "4", "ar")]


async def test_a_check_in_that_was_open_for_too_long_is_closed_honestly(phone: Phone) -> None:
    await check_in(phone)
    phone.site.now += timedelta(days=4)
    await phone.press("Good")
    assert phone.sees("This check-in is closed. Only you can see its answers. You can start a new one.")
    assert "weekly_checkin/week" not in [name for name, *_ in await phone.site.answers()]
    await phone.press("Start a check-in")
    assert phone.sees("How was your week, all in all?")


async def test_pausing_ends_what_is_open(phone: Phone) -> None:
    await check_in(phone)
    await phone.press("Skip")
    await phone.press("Skip")
    await phone.press("Send", text="pause")
    assert phone.sees("You have a break now. Nobody is told.", "How long is your break?")
    await phone.press("Two weeks")
    assert phone.sees("Your break is until", "Your answers are saved")
    assert await phone.site.shared() == []


# Sockets --------------------------------------------------------------------------------------------------------


class Tab:
    """A browser with scripts: what it has seen, and its socket."""

    def __init__(self, client: TestClient, page: str) -> None:
        self.client = client
        self.last = int(re.search(r'data-last="(\d+)"', page)[1])  # type: ignore[index]
        self.seen = re.findall(r'<li class="[^"]*" id="(m\d+)"', page)
        self.words = Seen(page).words
        self.answer = page.partition('id="answer"')[2]
        self.socket: ClientWebSocketResponse = None  # type: ignore[assignment]

    @classmethod
    async def opened(cls, client: TestClient) -> Tab:
        tab = cls(client, await (await client.get("/chat")).text())
        await tab.connect()
        return tab

    async def connect(self) -> None:
        """As after a lost connection: only what is new is asked for."""
        here = str(self.client.make_url("")).rstrip("/")
        self.socket = await self.client.ws_connect(f"/chat/socket?after={self.last}", headers={"Origin": here})
        await self.socket.send_str("look")
        await self.frame()

    async def send(self, name: str, *, text: str = "", tap: Tap | None = None) -> None:
        await self.socket.send_str(msgspec.json.encode({"id": name, "text": text, "tap": tap}).decode())

    async def frame(self) -> dict[str, Any]:
        """What comes next. Nothing may come twice."""
        frame: dict[str, Any] = await self.socket.receive_json(timeout=PATIENCE)
        if "messages" in frame:
            self.last, self.answer = frame["last"], frame["answer"]
            self.words += Seen(frame["messages"]).words
            new = re.findall(r'<li class="[^"]*" id="(m\d+)"', frame["messages"])
            assert not set(new) & set(self.seen)
            self.seen += new
        return frame

    async def stored(self, name: str) -> None:
        """Until this message is acknowledged."""
        while (frame := await self.frame()).get("stored") != name:
            assert "refused" not in frame
            assert "away" not in frame

    def tap(self, choice: str) -> Tap:
        """The button with this choice, as it is on the page now."""
        taps = [msgspec.json.decode(each, type=Tap) for each in self._values()]
        return next(tap for tap in taps if tap.choices == (choice,))

    def _values(self) -> list[str]:
        return [each.replace("&#34;", '"') for each in re.findall(r'name="tap" value="([^"]*)"', self.answer)]


@pytest.fixture
async def tab(phone: Phone) -> Tab:
    """A tab at the first question of the check-in."""
    await check_in(phone)
    return await Tab.opened(phone.client)


async def test_a_lost_connection_loses_and_doubles_nothing(site: RealChat, tab: Tab) -> None:
    await tab.send("first-answer", tap=tab.tap("4"))
    await tab.stored("first-answer")
    assert "How sure are you that there is a job for you?" in tab.words
    answer = tab.tap("5")
    await tab.send("second-answer", tap=answer)
    await tab.socket.close()
    await tab.connect()
    await tab.send("second-answer", tap=answer)
    await tab.stored("second-answer")
    assert [answer[:2] for answer in (await site.answers())[6:]] == [
        ("weekly_checkin/week", "4"),
        ("weekly_checkin/job_sure", "5"),
    ]
    fresh = await Tab.opened(tab.client)
    assert sorted(fresh.seen) == sorted(tab.seen)


async def test_two_tabs_show_the_same_and_take_one_answer_to_a_question(site: RealChat, phone: Phone, tab: Tab) -> None:
    other = await Tab.opened(phone.client)
    mine, theirs = tab.tap("4"), other.tap("2")
    await asyncio.gather(tab.send("from-one-tab", tap=mine), other.send("from-the-other", tap=theirs))
    await asyncio.gather(tab.stored("from-one-tab"), other.stored("from-the-other"))
    assert len([name for name, *_ in await site.answers() if name == "weekly_checkin/week"]) == 1
    late = await Tab.opened(phone.client)
    assert late.words.count("This button belongs to an earlier question. Here is the one that waits.") == 1
    await late.send("from-a-third", tap=late.tap("5"))
    await late.stored("from-a-third")
    for each in (tab, other):
        while each.last < late.last:
            await each.frame()
        assert "Do you have a next step?" in each.words
        assert sorted(each.seen) == sorted(set(each.seen))


ODD = ('"\\u0000"', '"\\ud83d"', '"\\u202e\\u2066"', f'"{"a" * 5000}"', '"👩‍👩‍👧‍👦"', "7", "[]", "null", '"')


@pytest.mark.parametrize("odd", ODD)
async def test_words_of_any_kind_are_kept_or_refused_but_never_end_the_chat(site: RealChat, tab: Tab, odd: str) -> None:
    for choice in ("4", "5"):
        await tab.send(f"to-the-words-{choice}", tap=tab.tap(choice))
        await tab.stored(f"to-the-words-{choice}")
    await tab.socket.send_str(f'{{"id": "odd-words", "text": {odd}}}')
    frame = await tab.frame()
    while "refused" not in frame and frame["stored"] != "odd-words":
        frame = await tab.frame()
    if '"next_step"' not in tab.answer.replace("&#34;", '"').replace("weekly_checkin/", ""):
        await tab.send("back-again", text="back")
        await tab.stored("back-again")
    await tab.send("at-the-end", text="Ring the café")
    await tab.stored("at-the-end")
    assert "Was something hard this week?" in tab.words


async def test_a_revoked_link_ends_the_chat_that_is_open(site: RealChat, tab: Tab) -> None:
    await site.parts.database.write(lambda conn: people.revoke_links(conn, people.Who(site.participant), site.now))
    await tab.send("after-the-end", tap=tab.tap("4"))
    message = await tab.socket.receive(timeout=PATIENCE)
    assert tab.socket.close_code == 4401, message
    assert len(await site.answers()) == 6


# The database is away -------------------------------------------------------------------------------------------


async def test_an_answer_waits_for_a_locked_database_on_the_page(site: RealChat, phone: Phone) -> None:
    await check_in(phone)
    await phone.press("Skip")
    await phone.press("Skip")
    with site.locked():
        await phone.press("Send", text="Ring the café\nand ask")
        assert phone.status == 503
        assert phone.sees("Not saved yet", "Ring the café\nand ask", "Help now")
        helping = await phone.client.get("/help?language=en")
        assert helping.status == 200
        assert "116 123" in await helping.text()
    await phone.press("Try again")
    assert phone.status == 200
    assert phone.sees("Was something hard this week?", "Ring the café\nand ask")
    assert [name for name, *_ in await site.answers()].count("weekly_checkin/next_step") == 1


async def test_a_socket_says_that_nothing_is_stored_and_takes_it_later(site: RealChat, tab: Tab) -> None:
    answer = tab.tap("4")
    with site.locked():
        await tab.send("waits-for-it", tap=answer)
        assert await tab.frame() == {"away": "waits-for-it"}
    await tab.send("waits-for-it", tap=answer)
    await tab.stored("waits-for-it")
    assert (await site.answers())[-1] == ("weekly_checkin/week", "4", "en")


async def test_help_is_there_when_the_database_is_gone_for_good(site: RealChat, phone: Phone) -> None:
    await check_in(phone)
    await site.parts.database.close()
    response = await phone.get("/chat")
    assert phone.status in (500, 503)
    assert phone.sees("Help now")
    await phone.get("/help?language=ar")
    assert (phone.status, response.content_type) == (200, "text/html")
    assert phone.sees("113", "116 123")


# Doors ----------------------------------------------------------------------------------------------------------


async def test_the_link_is_exchanged_for_a_cookie_and_left_nowhere(site: RealChat, phone: Phone) -> None:
    response = await phone.get(f"/c/{site.token}")
    assert "link.js" in await response.text()
    response = await phone.arrive()
    assert response.history[0].headers["Location"] == "/chat"
    assert response.history[0].cookies["medvind"]["httponly"]
    assert site.token not in response.history[0].cookies["medvind"].value
    assert site.token not in await response.text()
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"


async def test_links_that_open_nothing_are_all_alike(site: RealChat, phone: Phone) -> None:
    someone = people.Who(site.participant)
    await site.link(someone, "revoked-link")
    await site.parts.database.write(lambda conn: people.revoke_links(conn, someone, site.now))
    await site.link(someone, "expired-link", site.now + timedelta(hours=1))
    site.now += timedelta(hours=2)
    pages = set()
    for token in ("never-was-there", "revoked-link", "expired-link", site.token, site.staff_token):
        for response in (await phone.get(f"/c/{token}"), await phone.post(f"/c/{token}", [("language", "en")])):
            assert response.status == 404
            assert not response.cookies
            pages.add(await response.text())
    assert len(pages) == 1
    assert phone.sees("This link does not work", "Help now")


async def test_every_page_of_the_whole_site_is_guarded(site: RealChat, phone: Phone) -> None:
    await check_in(phone)
    page = await (await phone.client.get("/chat")).text()
    paths = [
        "/",
        "/chat",
        "/help",
        f"/c/{site.token}",
        "/c/none",
        f"/s/{site.staff_token}",
        "/digest",
        "/scripts",
        "/nowhere",
    ]
    for path in [*paths, *assets(page)]:
        response = await phone.client.get(path, allow_redirects=False)
        assert response.status < 500, path
        assert "default-src 'none'" in response.headers["Content-Security-Policy"], path
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"], path
        assert response.headers["X-Content-Type-Options"] == "nosniff", path
        assert response.headers["Referrer-Policy"] == "same-origin", path
        assert "Set-Cookie" not in response.headers, path
    for path in ("/chat", f"/c/{site.token}", "/chat/close", f"/s/{site.staff_token}"):
        response = await phone.client.post(
            path, data={"language": "en"}, headers={"Origin": "https://elsewhere.example"}
        )
        assert response.status == 403, path


async def test_a_participant_opens_no_page_of_staff_and_the_other_way_round(site: RealChat, phone: Phone) -> None:
    await phone.arrive()
    for path in ("/digest", "/people", f"/people/{site.participant}", "/scripts"):
        assert (await phone.client.get(path)).status in (401, 403, 404), path
    phone.client.session.cookie_jar.clear()
    opened = await phone.client.post(f"/s/{site.staff_token}", headers=OURS, allow_redirects=False)
    assert opened.status == 303
    assert (await phone.client.get("/digest")).status == 200
    assert (await phone.client.get("/chat")).status == 403


async def test_the_longest_page_with_all_it_loads_is_light(site: RealChat, phone: Phone) -> None:
    await check_in(phone)
    for _ in range(2):
        await phone.press("Skip")
    await phone.press("Send", text="x" * 200)
    await phone.press("Send", "At work", "Looking for work", "Outside work")
    response = await phone.get("/chat")
    page = await response.read()
    loaded = [await (await phone.client.get(path)).read() for path in assets(page.decode())]
    assert len(loaded) == 3
    assert len(page) + sum(map(len, loaded)) <= HEAVIEST
