"""The web chat over HTTP, as a browser without scripts uses it, and as somebody who means harm does."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select, text

from bot.channels.http import AccessLog
from bot.messages import Tap
from storage import people, schema
from tests.bot.chat_site import ChatSite, chat_site
from tests.bot.page_forms import Fields
from tests.bot.phone import OURS, Phone

NewClient = Callable[..., Awaitable[TestClient]]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[ChatSite]:
    async with chat_site(tmp_path) as site:
        yield site


@pytest.fixture
async def phone(site: ChatSite, aiohttp_client: NewClient) -> Phone:
    return Phone(await aiohttp_client(site.app), site)


async def sessions(site: ChatSite) -> int:
    return await site.database.read(lambda conn: conn.scalar(select(func.count()).select_from(schema.web_session)))


# The personal link


async def test_opening_the_link_changes_nothing(phone: Phone) -> None:
    response = await phone.get(f"/c/{phone.site.token}")
    assert phone.status == 200
    assert phone.sees("English", "Norsk bokmål", "العربية")
    assert not response.cookies
    assert await sessions(phone.site) == 0
    assert phone.site.turns.received == []


async def test_a_tap_on_a_language_opens_the_chat_without_the_token(phone: Phone) -> None:
    response = await phone.arrive()
    assert str(response.url.relative()) == "/chat"
    assert [past.status for past in response.history] == [303]
    assert phone.sees("How was your week, all in all?")
    assert phone.site.token not in await response.text()


async def test_the_cookie_is_out_of_reach(phone: Phone) -> None:
    response = await phone.post(f"/c/{phone.site.token}", [("language", "en")], allow_redirects=False)
    cookie = response.cookies["medvind"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/", "")
    assert len(cookie.value) >= 22
    assert cookie.value != phone.site.token


async def test_over_https_the_cookie_is_bound_to_the_host(phone: Phone) -> None:
    response = await phone.post(
        f"/c/{phone.site.token}",
        [("language", "en")],
        headers={**OURS, "X-Forwarded-Proto": "https"},
        allow_redirects=False,
    )
    cookie = response.cookies["__Host-medvind"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]


async def test_neither_token_is_stored(phone: Phone) -> None:
    response = await phone.post(f"/c/{phone.site.token}", [("language", "en")], allow_redirects=False)
    secret = response.cookies["medvind"].value
    tables = [table.name for table in schema.metadata.sorted_tables]

    def everything(conn: object) -> str:
        return "".join(repr(conn.execute(text(f'SELECT * FROM "{name}"')).all()) for name in tables)  # type: ignore[attr-defined]

    stored = await phone.site.database.read(everything)
    assert phone.site.token not in stored
    assert secret not in stored


async def test_the_language_is_told_and_the_conversation_begun_once(phone: Phone) -> None:
    await phone.arrive("ar")
    await phone.arrive("ar")
    actions = [(inbound.tap.action, inbound.tap.choices) for inbound in phone.site.turns.received if inbound.tap]
    assert actions == [("language", ("ar",)), ("start", ())]
    assert {inbound.channel for inbound in phone.site.turns.received} == {"web"}
    assert {inbound.address for inbound in phone.site.turns.received} == {str(phone.site.participant)}


async def test_every_link_that_opens_nothing_looks_the_same(phone: Phone) -> None:
    site = phone.site
    staff = {"name": "A", "mail": "a@example.org", "role": "specialist", "language": "en", "time_zone": "UTC"}
    staff_id = await site.database.write(lambda conn: people.add_staff(conn, site.vault, **staff, now=site.now))
    await site.link(people.Who(staff_id=staff_id), "of-somebody-on-the-staff")
    await site.link(people.Who(site.participant), "expired", site.now + timedelta(days=1))
    site.now += timedelta(days=2)
    pages = set()
    for token in ("never-was", "expired", "of-somebody-on-the-staff"):
        pages.add(await (await phone.get(f"/c/{token}")).text())
        assert phone.status == 404
        pages.add(await (await phone.post(f"/c/{token}", [("language", "en")])).text())
        assert phone.status == 404
    await site.database.write(lambda conn: people.revoke_links(conn, people.Who(site.participant), site.now))
    pages.add(await (await phone.get(f"/c/{site.token}")).text())
    assert len(pages) == 1
    assert phone.sees("This link does not work", "You can ask for a new one.")
    assert await sessions(site) == 0


async def test_somebody_unknown_is_spoken_to_in_the_language_of_the_browser(phone: Phone) -> None:
    response = await phone.get("/c/nothing", **{"Accept-Language": "ar-SY,ar;q=0.9,en;q=0.8"})
    assert 'lang="ar" dir="rtl"' in await response.text()
    response = await phone.get("/c/nothing", **{"Accept-Language": "no"})
    assert 'lang="nb" dir="ltr"' in await response.text()
    response = await phone.get("/chat?language=ar", **{"Accept-Language": "no"})
    assert 'lang="ar" dir="rtl"' in await response.text()


# The conversation without scripts


async def test_a_whole_conversation_with_plain_forms(phone: Phone) -> None:
    await phone.arrive()
    response = await phone.press("Good")
    assert [past.status for past in response.history] == [303]
    await phone.press("Skip")
    await phone.press("Send", "Sleep", text="Letters,\r\nmany of them")
    assert phone.sees("You: Sleep\nLetters,\nmany of them")
    await phone.press("Send", text="Ring the café")
    assert phone.sees("This is what Kim will see.", "Week", "Good", "Private. It stays with you unless you choose it.")
    await phone.press("Choose")
    await phone.press("Share what I chose", "Week Good")
    assert phone.sees("Thank you, Sam.", "Your answers are saved")
    taps = [(inbound.tap, inbound.text) for inbound in phone.site.turns.received[1:]]
    assert taps == [
        (Tap(1, "week", "choose", ("week4",)), ""),
        (Tap(1, "work", "skip"), ""),
        (Tap(1, "hard", "choose", ("hard3",)), "Letters,\nmany of them"),
        (None, "Ring the café"),
        (Tap(1, "share", "share_choose"), ""),
        (Tap(1, "share", "share_lines", ("week",)), ""),
    ]


async def test_nothing_is_ticked_beforehand_and_sending_nothing_is_allowed(phone: Phone) -> None:
    await phone.arrive()
    for button in ("Good", "Skip", "Skip", "Skip", "Choose", "Share what I chose"):
        await phone.press(button)
    assert phone.site.turns.received[-1].tap == Tap(1, "share", "share_lines", ())


async def test_the_same_form_sent_twice_counts_once(phone: Phone) -> None:
    await phone.arrive()
    form = phone.page.form("Good")
    await phone.post(form.action, form.sent("Good"))
    await phone.post(form.action, form.sent("Good"))
    assert len(phone.site.turns.received) == 2
    assert phone.sees("Do you have a job or a work trial now?")


async def test_an_old_button_says_which_question_it_was_made_for(phone: Phone) -> None:
    await phone.arrive()
    old = phone.page.form("Good")
    await phone.press("Very good")
    fields = [(name, "another-id" if name == "id" else value) for name, value in old.sent("Very hard")]
    await phone.post(old.action, fields)
    assert phone.site.turns.received[-1].tap == Tap(1, "week", "choose", ("week1",))
    assert phone.sees("Do you have a job or a work trial now?")


async def test_language_can_be_changed_in_the_middle(phone: Phone) -> None:
    await phone.arrive()
    await phone.press("العربية")
    assert phone.site.turns.received[-1].tap == Tap(0, "", "language", ("ar",))
    assert phone.sees("كيف كان الأسبوع بشكل عام؟")


async def test_after_the_last_question_a_new_check_in_can_be_started(phone: Phone) -> None:
    await phone.arrive()
    phone.site.turns.talks.clear()
    await phone.get("/chat")
    assert phone.sees("Your answers are saved")
    await phone.press("Start a check-in")
    assert phone.sees("How was your week, all in all?")


async def test_what_people_write_stays_text(phone: Phone) -> None:
    await phone.arrive()
    for button in ("Good", "Skip", "Skip"):
        await phone.press(button)
    response = await phone.press("Send", text="<script>alert(1)</script>\"'&\u202e")
    html = await response.text()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;\u202e" in html


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_there_is_one_live_region_and_every_message_has_its_direction(phone: Phone, language: str) -> None:
    await phone.arrive(language)
    html = await (await phone.get("/chat")).text()
    assert html.count('aria-live="polite"') == 1
    assert html.count('role="log"') == 1
    marked = f'lang="{language}" dir="{ {"en": "ltr", "ar": "rtl"}[language] }"'
    messages = re.findall(r'<li class="bot[^>]*>|<section id="answer"[^>]*>', html)
    assert len(messages) >= 3
    assert all(marked in tag for tag in messages)


async def test_machine_drafts_and_examples_are_marked(phone: Phone) -> None:
    await phone.arrive("en")
    assert phone.sees("Example. This is not a real service.")
    assert not phone.sees("A machine translated this.")
    html = await (await phone.press("العربية")).text()
    assert html.count('class="banner') == 2


# When the database is away


async def test_an_answer_that_cannot_be_stored_stays_on_the_page(phone: Phone) -> None:
    await phone.arrive()
    for button in ("Good", "Skip", "Skip"):
        await phone.press(button)
    phone.site.lose_database()
    form = phone.page.form("Send")
    await phone.post(form.action, form.sent("Send", text="\nRing <the> café"))
    assert phone.status == 503
    assert phone.sees("Not saved yet", "Help now")
    again = phone.page.form("Try again")
    assert again.texts == {"text": "\nRing <the> café"}
    assert dict(again.hidden)["id"] == dict(form.hidden)["id"]
    await phone.press("Try again")
    assert phone.status == 503
    phone.site.find_database()
    await phone.press("Try again")
    assert phone.status == 200
    assert phone.site.turns.received[-1].text == "\nRing <the> café"


async def test_a_tap_that_cannot_be_stored_can_be_sent_again(phone: Phone) -> None:
    await phone.arrive()
    phone.site.lose_database()
    await phone.press("Good")
    phone.site.find_database()
    await phone.press("Try again")
    assert phone.site.turns.received[-1].tap == Tap(1, "week", "choose", ("week4",))


async def test_a_page_that_cannot_be_read_says_so(phone: Phone) -> None:
    await phone.arrive()
    phone.site.lose_database()
    for path in ("/chat", f"/c/{phone.site.token}"):
        await phone.get(path)
        assert phone.status == 503
        assert phone.sees("The page cannot be opened at the moment.", "Help now")


async def test_help_needs_neither_database_nor_session(phone: Phone) -> None:
    phone.site.lose_database()
    html = await (await phone.get("/help?language=en")).text()
    assert phone.status == 200
    assert phone.sees("113", "116 123", "Nobody reads your answers right away.", "Nobody has checked them.")
    assert 'href="tel:116123"' in html
    assert '<bdo dir="ltr">116 123</bdo>' in html
    arabic = await (await phone.get("/help?language=ar")).text()
    assert 'lang="ar" dir="rtl"' in arabic
    assert '<blockquote lang="nb" dir="ltr">' in arabic
    assert (await phone.get("/help?language=xx")).status == 200


async def test_help_is_one_tap_from_everywhere(phone: Phone) -> None:
    pages = [await phone.get("/c/nothing"), await phone.get(f"/c/{phone.site.token}"), await phone.get("/chat")]
    pages.append(await phone.arrive("ar"))
    for page, language in zip(pages, ("en", "en", "en", "ar"), strict=True):
        assert f'<a class="help" href="/help?language={language}">' in await page.text()


async def test_a_mistake_of_ours_is_a_page_and_a_line_without_words(
    phone: Phone, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phone.arrive()

    async def broken(inbound: object) -> None:
        raise ValueError(f"cannot take {inbound}")

    phone.site.turns.submit = broken  # type: ignore[assignment,method-assign]
    form = phone.page.form("Good")
    await phone.post(form.action, form.sent("Good"))
    assert phone.status == 500
    assert phone.sees("That did not work", "Help now")
    logged = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(logged) == 1
    assert logged[0].startswith("ValueError at ")
    assert "week4" not in logged[0]


# Leaving


async def test_closing_ends_the_session_everywhere(phone: Phone) -> None:
    await phone.arrive()
    before = phone.client.session.cookie_jar.filter_cookies(phone.client.make_url("/"))["medvind"].value
    form = phone.page.form("Close on this phone")
    response = await phone.post(form.action, form.sent("Close on this phone"), allow_redirects=False)
    assert response.status == 303
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["medvind"].value == ""
    assert await sessions(phone.site) == 0
    await phone.get("/chat", Cookie=f"medvind={before}")
    assert phone.status == 403
    assert phone.sees("This page is closed", "Open your personal link again.")


async def test_closing_works_while_the_database_is_away(phone: Phone) -> None:
    await phone.arrive()
    form = phone.page.form("Close on this phone")
    phone.site.lose_database()
    response = await phone.post(form.action, form.sent("Close on this phone"), allow_redirects=False)
    assert (response.status, response.cookies["medvind"].value) == (303, "")


async def test_a_session_ends_by_itself(phone: Phone) -> None:
    await phone.arrive()
    phone.site.now += timedelta(days=31)
    await phone.get("/chat")
    assert phone.status == 403


async def test_an_answer_without_a_session_goes_nowhere(phone: Phone) -> None:
    await phone.post("/chat", [("id", "some-message"), ("text", "hello")])
    assert phone.status == 403
    assert phone.site.turns.received == []


# Harm


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "HERE"}, 303),
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "HERE"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://example.org"}, 403),
    ],
)
async def test_only_our_own_pages_can_send(phone: Phone, headers: dict[str, str], status: int) -> None:
    await phone.arrive()
    here = str(phone.client.make_url("")).rstrip("/")
    headers = {name: here if value == "HERE" else value for name, value in headers.items()}
    for path in ("/chat", "/chat/close", f"/c/{phone.site.token}"):
        fields = [("id", "some-message"), ("text", "hello")]
        response = await phone.post(path, fields, headers=headers, allow_redirects=False)
        assert response.status == status, path


@pytest.mark.parametrize(
    "fields",
    [
        [("text", "hello")],
        [("id", "short"), ("text", "hello")],
        [("id", "x" * 65), ("text", "hello")],
        [("id", "some message"), ("text", "hello")],
        [("id", "some-message"), ("tap", "{")],
        [("id", "some-message"), ("tap", '{"conversation":1,"step":"week","action":"erase"}')],
        [("id", "some-message"), ("tap", '{"conversation":"1","step":"week","action":"skip"}')],
        [("id", "some-message"), ("tap", '{"conversation":1,"step":"' + "x" * 301 + '","action":"skip"}')],
        [
            ("id", "some-message"),
            ("tap", '{"conversation":1,"step":"week","action":"choose"}'),
            *[("choice", "x")] * 201,
        ],
    ],
)
async def test_what_no_page_of_ours_sends_is_refused(phone: Phone, fields: Fields) -> None:
    await phone.arrive()
    await phone.post("/chat", fields)
    assert phone.status == 400
    assert len(phone.site.turns.received) == 1


async def test_large_bodies_and_files_are_refused(phone: Phone) -> None:
    await phone.arrive()
    await phone.post("/chat", [("id", "some-message"), ("text", "x" * 200_000)])
    assert phone.status == 413
    for kind in ("multipart/form-data; boundary=x", "application/json", "text/plain"):
        response = await phone.client.post("/chat", data=b"text=x", headers={**OURS, "Content-Type": kind})
        assert response.status == 415


@pytest.mark.parametrize("path", ["/chat", "/c/x", "/nowhere", "/help", "/chat/close", "/static/chat/none.css"])
async def test_every_answer_carries_the_guard(phone: Phone, path: str) -> None:
    response = await phone.get(path)
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == ("private, max-age=3600" if path == "/help" else "no-store")


async def test_the_log_holds_neither_token_nor_words(
    site: ChatSite, aiohttp_client: NewClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = TestServer(site.app)
    await server.start_server(access_log_class=AccessLog)
    client = await aiohttp_client(server)
    phone = Phone(client, site)
    await phone.arrive()
    for button in ("Good", "Skip", "Skip"):
        await phone.press(button)
    await phone.press("Send", text="Ring the café")
    await phone.get("/nowhere/secret")
    cookie = client.session.cookie_jar.filter_cookies(client.make_url("/"))["medvind"].value
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "POST /c/{token} 303" in logged
    for secret in (site.token, cookie, "café", "week4", "secret"):
        assert secret not in logged


# What a phone has to fetch


async def test_the_first_load_is_light_and_comes_from_here_alone(phone: Phone) -> None:
    await phone.arrive("ar")
    response = await phone.client.get("/chat", headers={"Accept-Encoding": "identity"})
    html = await response.text()
    weight = len(html.encode())
    fetched = [part.partition('"')[0] for part in html.split('href="/static')[1:] + html.split('src="/static')[1:]]
    for address in set(fetched):
        asset = await phone.client.get("/static" + address, headers={"Accept-Encoding": "identity"})
        assert asset.status == 200
        assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        body = await asset.read()
        weight += len(body)
        assert b"http:" not in body.replace(b"http://www.w3.org/2000/svg", b"")
        assert b"https:" not in body
    assert len(set(fetched)) == 3
    weight += len(await (await phone.client.get("/help?language=ar")).read())
    assert weight < 100_000
    assert "http:" not in html
    assert "https:" not in html


async def test_files_are_sent_compressed_to_whoever_can_read_that(phone: Phone) -> None:
    plain = await phone.client.get("/static/chat/chat.css", headers={"Accept-Encoding": "identity"})
    zipped = await phone.client.get("/static/chat/chat.css", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert int(zipped.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    assert await zipped.read() == await plain.read()
