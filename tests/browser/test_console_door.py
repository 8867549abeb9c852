"""Inviting and letting in, in a real browser: in both directions, on a phone and a desk, without JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page
from sqlalchemy import Connection

from bot.console.desk import DESK
from storage import addresses
from tests.bot.digest_samples import NOW, YESTERDAY, line
from tests.bot.staff_world import World, world
from tests.browser.looking import AT_A_DESK_AND_ON_A_PHONE, PHONE, inspect, window
from tests.browser.test_console_pages import Office, come_in

BOT = "telegram:4711"
COLOURS = "all => all.map(one => getComputedStyle(one)[one.hasAttribute(`fill`) ? `fill` : `stroke`])"


@asynccontextmanager
async def office(folder: Path, language: str) -> AsyncIterator[Office]:
    """A specialist, two of whose people are here, and a coordinator. One of the two cannot be reached."""
    async with world(folder) as service:
        service.bots = {BOT: "medvind_bot"}
        anna = await service.staff("Anna", language=language)
        kari = await service.staff("Kari", "coordinator", language=language)
        await service.staff("Bo", language=language)
        await service.share(await service.person("A.B.", anna), line("week", point=3), at=YESTERDAY)
        lost = await service.person("S.K.", anna)
        await service.database.write(lambda conn: lose(conn, service, lost))
        server = TestServer(service.application())
        await server.start_server()
        try:
            yield Office(service, str(server.make_url("")).rstrip("/"), anna, kari)
        finally:
            await server.close()


def lose(conn: Connection, service: World, person: int) -> None:
    since = NOW - timedelta(hours=2)
    addresses.add_address(conn, service.vault, person, BOT, "5", since)
    assert addresses.unreachable(conn, person, BOT, since)


async def invite(page: Page, at: Office, name: str, pseudonym: str) -> str:
    """Fill in the form as a person does: the code that comes of it."""
    await page.goto(f"{at.address}/invite")
    await page.locator("#name").fill(name)
    await page.locator("#pseudonym").fill(pseudonym)
    async with page.expect_navigation(wait_until="load"):
        await page.locator("form[aria-labelledby=new] button").click()
    return await page.locator(".key.large").inner_text()


async def knock(at: Office, code: str) -> None:
    admission = at.service.application()[DESK].admission
    assert await admission.knock(BOT, f"at {code}", code, "", at.service.now) is not None


@AT_A_DESK_AND_ON_A_PHONE
async def test_somebody_is_invited_and_let_in(
    browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    """Without JavaScript: forms and links alone."""
    mark = f"{language}_{size[0]}"
    async with office(tmp_path, language) as at, window(browser, size) as context:
        page = await context.new_page()
        await come_in(page, at, at.specialist)
        await page.goto(f"{at.address}/invite")
        assert await page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        await inspect(page, f"invite_{mark}")
        codes = [await invite(page, at, f"Name {number}", f"N.{number}") for number in (1, 2)]
        await inspect(page, f"invited_{mark}")
        for code in codes:
            await knock(at, code)
        await page.goto(f"{at.address}/digest")
        assert await page.locator(".ask-who").count() == 2
        await page.locator("details:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
        await inspect(page, f"who_{mark}")
        for said in ("yes", "no"):
            async with page.expect_navigation(wait_until="load"):
                await page.locator(f".ask-who button[value={said}]").first.click()
            await inspect(page, f"said_{said}_{mark}")
        assert await page.locator(".ask-who").count() == 0
        await page.goto(f"{at.address}/invite")
        await page.locator("#pseudonym").fill("N.1")
        await page.locator("#name").fill("Another")
        async with page.expect_navigation(wait_until="load"):
            await page.locator("form[aria-labelledby=new] button").click()
        await inspect(page, f"invite_refused_{mark}")


async def test_without_javascript_and_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path, "en") as at, window(browser, PHONE, java_script_enabled=False) as context:
        page = await context.new_page()
        await come_in(page, at, at.specialist)
        await knock(at, await invite(page, at, "Sam", "S.O."))
        await page.goto(f"{at.address}/digest")
        await page.get_by_role("button", name="Yes, it is the same number").focus()
        async with page.expect_navigation(wait_until="load"):
            await page.keyboard.press("Enter")
        assert await page.get_by_role("status").inner_text() == "\u2068S.O.\u2069 can start now."


async def test_the_picture_of_the_link_is_black_on_white_in_the_dark(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path, "en") as at, window(browser, PHONE, color_scheme="dark") as context:
        page = await context.new_page()
        await come_in(page, at, at.coordinator)
        await invite(page, at, "Sam", "S.O.")
        picture = page.get_by_role("img", name="The link as a picture, for the camera of a phone")
        size = await picture.bounding_box()
        assert size is not None
        assert 200 <= size["width"] == pytest.approx(size["height"], abs=2)
        colours = await picture.locator("path").evaluate_all(COLOURS)
        assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
        await inspect(page, "invited_dark")
