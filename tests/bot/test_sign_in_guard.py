"""What stands around signing in: headers, cookies, the log, who is counted as one client, and a demo's door."""

from __future__ import annotations

import ast
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from pydantic import ValidationError

from bot.channels.http import AccessLog
from bot.config import Settings, wrong_settings
from bot.console.signing_in import routes
from bot.console.signing_in.identity import BACK
from bot.signing_in.limits import OF_A_CLIENT, client_of
from tests.bot.sign_in_world import SITE, Door, ask, door, post, sign_in
from tests.bot.staff_world import SAME_SITE, MarkedArabic
from tests.storage.databases import everything

ROOT = Path(__file__).parents[2]
HTTPS = {"X-Forwarded-Proto": "https"}
PAGES = [route.path for route in routes() if route.method == "GET"]  # type: ignore[attr-defined]


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    async with door(tmp_path) as made:
        yield made


@pytest.mark.parametrize("page", PAGES)
async def test_every_page_has_the_headers_that_browsers_keep_to(at: Door, page: str) -> None:
    await at.with_app()
    async with at.browser() as browser:
        await sign_in(at, browser)
        for answer in (await browser.get(page, headers=HTTPS), await browser.get(page, allow_redirects=False)):
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "publickey-credentials-get=(self)" in answer.headers["Permissions-Policy"]
            html = await answer.text()
            assert "<style" not in html
            assert " style=" not in html
            assert "<script>" not in html
        secure = await browser.get(page, headers=HTTPS)
        assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


async def test_cookies_are_of_this_host_alone_and_out_of_reach_of_scripts(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser:
        asked = await browser.post(
            "/sign-in", data={"mail": "anna@example.org"}, headers=SAME_SITE | HTTPS, allow_redirects=False
        )
        (begun,) = asked.cookies.values()
        session = (await sign_in(at, browser)).cookies["medvind-staff"]
    assert begun.key == "__Host-medvind-mail"
    assert (begun["secure"], begun["httponly"], begun["samesite"], begun["path"], begun["domain"]) == (
        True, True, "Lax", "/", ""
    )  # fmt: skip
    assert (session["httponly"], session["samesite"], session["path"]) == (True, "Lax", "/")
    assert len(session.value) >= 43, "256 bits"


async def test_opening_a_page_changes_nothing(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser:
        await sign_in(at, browser)
        before = await at.service.database.read(everything)
        for page in PAGES:
            await browser.get(page, allow_redirects=False)
            await browser.head(page, allow_redirects=False)
        assert await at.service.database.read(everything) == before


async def test_every_form_wants_to_come_from_here(at: Door) -> None:
    async with at.browser() as browser:
        for route in routes():
            if route.method == "POST":  # type: ignore[attr-defined]
                path = route.path.replace("{number:[1-9][0-9]{0,17}}", "1")  # type: ignore[attr-defined]
                for headers in ({}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}):
                    assert (await browser.post(path, data={}, headers=headers)).status == 403, path


async def test_no_log_holds_what_opens_something(at: Door, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await at.with_app()
    app = at.service.application()
    server = TestServer(app)
    await server.start_server(access_log_class=AccessLog)
    try:
        at.server = server
        async with at.browser() as browser:
            await browser.get(f"{BACK}?code=a-secret-code&state=a-secret-state")
            await browser.get("/enrol#a-secret-token")
            await ask(browser, "anna@example.org", "/people")
            await post(browser, "/sign-in/code", code="a-secret-code")
    finally:
        await server.close()
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert BACK in logged
    assert "a-secret" not in logged
    assert "anna@" not in logged


# A demo's door


def test_only_a_demo_has_one_tap_and_nothing_can_switch_it_on() -> None:
    """One place adds it, where there is the clock of a demo. No setting and no argument of a command is about it."""
    calls = []
    for path in (ROOT / "bot").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.If):
                inside = [ast.unparse(one) for one in node.body]
                calls += [(path.name, ast.unparse(node.test)) for one in inside if "add_one_tap(" in one]
        text = ast.unparse(tree)
        if path.name not in ("serving.py", "one_tap.py"):
            assert "add_one_tap" not in text, path
    assert calls == [("serving.py", "clock is not None")]
    assert not [name for name in Settings.model_fields if "tap" in name or "demo" in name]


async def test_a_real_service_has_no_such_pages(tmp_path: Path) -> None:
    from bot.app import master_key, opened, web_app

    settings = Settings(folder=tmp_path, key="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")  # type: ignore[arg-type]
    async with opened(settings, master_key(settings)) as parts:
        paths = {resource.canonical for resource in web_app(parts).router.resources()}
    assert "/sign-in" in paths
    assert not [path for path in paths if path.startswith("/s/")]


# Who is one client


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "client"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 0, "192.0.2.1"),
        ("127.0.0.1", "203.0.113.9", 1, "203.0.113.9"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", 2, "127.0.0.1"),
        ("127.0.0.1", "", 1, "127.0.0.1"),
        ("2001:db8:1:2:aaaa::1", "", 0, "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::9", "", 0, "2001:db8:1:2::"),
        (None, "", 0, ""),
        ("127.0.0.1", "unknown", 1, "unknown"),
    ],
)
def test_a_client_is_whoever_our_own_proxy_saw(remote: str | None, forwarded: str, proxies: int, client: str) -> None:
    assert client_of(remote, forwarded, proxies) == client


# Settings of the organisation's sign-in

ORGANISATION = {
    "oidc_issuer": "https://id.example/realms/one",
    "oidc_client_id": "medvind",
    "oidc_client_secret": "secret",
    "address": SITE,
}


def told(**changed: object) -> str:
    with pytest.raises(ValidationError) as refused:
        Settings(**{**ORGANISATION, **changed})  # type: ignore[arg-type]
    return "\n".join(wrong_settings(refused.value))


def test_the_organisation_needs_an_issuer_a_name_a_secret_and_our_address(tmp_path: Path) -> None:
    assert Settings(**ORGANISATION).oidc_secret() == "secret"  # type: ignore[arg-type]
    assert "MEDVIND_OIDC_CLIENT_ID is needed" in told(oidc_client_id="")
    assert "MEDVIND_OIDC_CLIENT_SECRET is needed" in told(oidc_client_secret="")
    assert "MEDVIND_ADDRESS" in told(address="")
    for wrong in ("http://id.example", "https://id.example/?x=1", "id.example", "https://id.example/#x", "https://"):
        assert "has to begin with https://" in told(oidc_issuer=wrong)
    assert "0 to 9" in told(proxies=10)
    file = tmp_path / "secret"
    assert "MEDVIND_OIDC_CLIENT_SECRET_FILE: this file cannot be read." in told(
        oidc_client_secret="", oidc_client_secret_file=file
    )
    file.write_text("from a file\n")
    assert Settings(**{**ORGANISATION, "oidc_client_secret": "", "oidc_client_secret_file": file}).oidc_secret() == (  # type: ignore[arg-type]
        "from a file"
    )
    assert "secret" not in repr(Settings(**ORGANISATION)).replace("client_secret", "")  # type: ignore[arg-type]


# Languages


async def test_who_is_not_signed_in_reads_the_language_of_the_browser(tmp_path: Path) -> None:
    async with door(tmp_path, catalogs=MarkedArabic()) as at, at.browser() as browser:
        for wished, language in (
            ("ar-SY,ar;q=0.9,en;q=0.8", "ar"),
            ("tlh, en-GB", "en"),
            ("", "en"),
            ("x" * 500, "en"),
        ):
            for page in ("/sign-in", "/sign-in/code", "/enrol", "/people"):
                html = await (await browser.get(page, headers={"Accept-Language": wished})).text()
                assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in html


async def test_nobody_fills_the_audit_from_outside(at: Door) -> None:
    """What needs no code, no passkey and no session is written down only as often as it is allowed."""
    async with at.browser() as browser:
        for _ in range(OF_A_CLIENT.most + 10):
            for path in ("/sign-in/code", "/sign-in/second", "/sign-in/passkey", "/enrol", "/enrol/app", "/confirm"):
                await post(browser, path, code="AAAA-AAAA", token="x" * 22, credential="{}")
            await browser.get(f"{BACK}?code=x&state=y", allow_redirects=False)
    assert len(await at.audit()) <= OF_A_CLIENT.most
