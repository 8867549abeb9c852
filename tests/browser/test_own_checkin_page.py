"""The pages of an own check-in and of the numbers in a real browser: in both directions, on a phone and a desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from bot.wording.own_checkin import OWN_CHECKIN
from tests.bot.staff_world import MarkedArabic, World, world
from tests.bot.test_numbers import a_month, publish_weekly
from tests.bot.test_own_checkin import shipped, with_own
from tests.browser.looking import AT_A_DESK_AND_ON_A_PHONE, DESK, PHONE, inspect, window
from tests.browser.test_console_pages import Office, come_in, open_everything


@asynccontextmanager
async def signed_in(
    browser: Browser, made: World, staff: int, size: tuple[int, int]
) -> AsyncIterator[tuple[Page, str]]:
    """A window in which this member of staff has come in, and where the service is."""
    async with TestServer(made.application()) as server, window(browser, size) as context:
        page, address = await context.new_page(), str(server.make_url("")).rstrip("/")
        await come_in(page, Office(made, address, staff, staff), staff)
        yield page, address


async def press(page: Page, name: str) -> None:
    async with page.expect_navigation(wait_until="load"):
        await page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_an_own_check_in_is_open_to_everybody(browser: Browser, tmp_path: Path, size: tuple[int, int]) -> None:
    name = f"own_{size[0]}"
    async with world(tmp_path) as made:
        await with_own(made, shipped().source, "own_checkin")
        anna = await made.staff("Anna")
        await made.person("S.K.", anna, "Samira Khoury")
        async with signed_in(browser, made, anna, size) as (page, address):
            await page.goto(f"{address}/own")
            await inspect(page, f"{name}_begin")
            await press(page, "Begin")
            await press(page, "My belief in a job for someone")
            await inspect(page, f"{name}_choice")
            await press(page, "Not right now, and I may say so")
            await page.get_by_role("textbox").fill("Samira came on time every day")
            await press(page, "Send")
            assert await page.get_by_role("alert").inner_text() == OWN_CHECKIN["staff/own_names"]
            assert await page.get_by_role("textbox").input_value() == "Samira came on time every day"
            await inspect(page, f"{name}_names")
            await page.get_by_role("textbox").fill("On time every day")
            await press(page, "Send")
            while await page.get_by_role("button", name="Skip", exact=True).count():
                await press(page, "Skip")
            await open_everything(page)
            await inspect(page, f"{name}_list")
            await page.goto(f"{address}/own/1")
            await inspect(page, f"{name}_sheet")


@AT_A_DESK_AND_ON_A_PHONE
async def test_the_numbers_are_open_to_everybody(
    browser: Browser, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    async with world(tmp_path, MarkedArabic()) as made:
        await publish_weekly(made)
        await a_month(made)
        kari = await made.staff("Kari", "coordinator", language=language)
        async with signed_in(browser, made, kari, size) as (page, address):
            await page.goto(f"{address}/numbers")
            await open_everything(page)
            await inspect(page, f"numbers_{language}_{size[0]}")
