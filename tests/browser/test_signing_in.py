"""Signing in, in a real browser: with a passkey of its own, with a code from a link, and without JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pyotp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.console.desk import DESK as DESK_OF
from bot.mailing import Post
from bot.signing_in.provider import Provider
from bot.signing_in.sessions import PROVED
from bot.signing_in.setting import SigningIn
from storage import factors
from tests.bot.organisation import CLIENT, SECRET, Organisation, organisation
from tests.bot.sign_in_world import SECRET as APP
from tests.bot.sign_in_world import Door, Letters
from tests.bot.staff_world import world
from tests.browser.looking import AT_A_DESK_AND_ON_A_PHONE, DESK, PHONE, inspect, window

ORGANISATION = web.AppKey("organisation", Organisation)
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[tuple[Door, str]]:
    """Pages at a name, because passkeys belong to no bare number, and an organisation with its own sign-in."""
    async with world(folder) as service, organisation(lambda: service.now) as theirs:
        provider = Provider(theirs.issuer, CLIENT, SECRET, lambda: service.now)
        app = service.application(signing=SigningIn("", 0, provider))
        app[ORGANISATION] = theirs
        server = TestServer(app)
        await server.start_server()
        address, letters = f"http://localhost:{server.port}", Letters()
        app[DESK_OF].outgoing.post = Post(letters, "medvind@example.org", address)
        try:
            yield Door(service, server, letters), address
        finally:
            await server.close()


async def with_passkeys(context: BrowserContext, page: Page) -> None:
    """A device that makes passkeys and whose owner always agrees."""
    session = await context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


async def press(page: Page, form: str) -> None:
    """The button of a form, and the page it leads to."""
    async with page.expect_navigation(wait_until="load"):
        await page.locator(f'form[action="{form}"] button').click()


@AT_A_DESK_AND_ON_A_PHONE
async def test_a_passkey_is_set_up_and_opens_the_pages(
    browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    mark = f"{language}_{size[0]}"
    async with office(tmp_path) as (at, address), window(browser, size) as context:
        staff = await at.service.staff("Anna", language=language)
        page = await context.new_page()
        await with_passkeys(context, page)
        token = await at.invited(staff)
        await page.goto(f"{address}/enrol#{token}")
        await expect(page.locator("#token")).to_have_value(token)
        assert page.url == f"{address}/enrol", "the token has left the address bar"
        await inspect(page, f"enrol_{mark}")
        await press(page, "/enrol")
        await inspect(page, f"enrol_set_up_{mark}")
        assert await page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        await page.locator("#name").fill("رقم 1")
        await press(page, "/enrol/passkey")
        assert await page.locator(".codes li").count() == 10
        await inspect(page, f"codes_{mark}")
        await page.goto(f"{address}/account")
        await inspect(page, f"account_{mark}")
        await press(page, "/sign-out")
        await page.goto(f"{address}/people")
        await inspect(page, f"sign_in_{mark}")
        await press(page, "/sign-in/passkey")
        assert page.url == f"{address}/people"
        at.service.now += PROVED
        await page.goto(f"{address}/account")
        await press(page, "/account/app")
        assert page.url == f"{address}/confirm?back=/account"
        await inspect(page, f"confirm_{mark}")
        await press(page, "/confirm/passkey")
        assert page.url == f"{address}/account"
        await press(page, "/account/app")
        await inspect(page, f"app_{mark}")


async def test_a_passkey_that_is_not_given_leaves_another_way(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path) as (_, address), window(browser, PHONE) as context:
        page = await context.new_page()
        await with_passkeys(context, page)
        await page.goto(f"{address}/sign-in")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await expect(page.get_by_role("alert")).to_contain_text("The passkey was not used.")
        await inspect(page, "sign_in_passkey_failed")
        await expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_link_from_the_mail_and_the_app_open_the_pages(browser: Browser, tmp_path: Path, scripts: bool) -> None:
    """With scripts the link fills the code in; without them it is typed."""
    async with office(tmp_path) as (at, address), window(browser, PHONE, java_script_enabled=scripts) as context:
        staff = await at.service.staff("Anna")
        await at.write(lambda conn: factors.put_app(conn, at.service.vault, staff, APP, 0, at.service.now))
        page = await context.new_page()
        await page.goto(f"{address}/sign-in")
        await expect(page.locator("form[data-passkey]")).to_be_visible(visible=scripts)
        await page.locator("#mail").fill("anna@example.org")
        await press(page, "/sign-in")
        code = await at.code()
        other = await context.new_page()
        await other.goto(f"{address}/sign-in/code#{code}")
        if scripts:
            await expect(other.locator("#code")).to_have_value(code)
            await inspect(other, "code_from_link")
        else:
            await other.locator("#code").fill(code)
        await press(other, "/sign-in/code")
        await other.locator("#code").fill("000000")
        await press(other, "/sign-in/second")
        if scripts:
            await inspect(other, "second_wrong")
        await other.locator("#code").fill(pyotp.TOTP(APP).at(at.service.now))
        await other.locator("#code").press("Enter")
        await other.wait_for_url(f"{address}/digest")


async def test_in_another_browser_the_link_says_what_to_do(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path) as (_, address), window(browser, PHONE, color_scheme="dark") as context:
        page = await context.new_page()
        await page.goto(f"{address}/sign-in/code#K7QF-2M9T")
        assert "only in the browser where you asked" in await page.locator("main").inner_text()
        await inspect(page, "code_elsewhere_dark")


async def test_the_organisation_opens_the_pages(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path) as (at, address), window(browser, DESK) as context:
        await at.service.staff("Anna")
        theirs, page = at.server.app[ORGANISATION], await context.new_page()

        async def answer(route) -> None:  # type: ignore[no-untyped-def]
            await route.fulfill(status=303, headers={"Location": str(theirs.visit(route.request.url))})

        await page.route(f"{theirs.issuer}/authorize**", answer)
        await page.goto(f"{address}/people")
        await page.get_by_role("button", name="Sign in with your organisation").click()
        await page.wait_for_url(f"{address}/people")
        assert await page.get_by_role("button", name="Sign out").count() == 1
