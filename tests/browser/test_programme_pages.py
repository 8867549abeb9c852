"""The pages of the programme in a real browser: two coordinators change a help number with the keyboard alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page
from sqlalchemy import Connection

from bot.programme import InForce
from bot.programme.versions import bring_in, readable
from storage import programmes, scripts
from tests.bot.digest_samples import NOW
from tests.bot.staff_world import World, world
from tests.bot.test_numbers import a_month, publish_weekly
from tests.bot.test_programme_page import TEXT
from tests.browser.looking import AT_A_DESK_AND_ON_A_PHONE, PHONE, inspect, window
from tests.browser.test_console_pages import Office, come_in, open_everything

PARTS = ("service", "help", "statements", "role", "dialogues", "text")


@asynccontextmanager
async def office(folder: Path, language: str) -> AsyncIterator[tuple[Office, int]]:
    """A service that is no example, the pages of it, and two coordinators."""
    async with world(folder) as service:
        await publish_weekly(service)
        text = TEXT.replace("check-in: weekly_checkin", "check-in: weekly")
        await service.database.write(lambda conn: bring_in(conn, service.vault, text, NOW.date(), NOW) and None)
        service.in_force = InForce(readable(text), 1)
        service.programme_file = folder / "programme.yaml"
        service.programme_file.write_text(TEXT.replace("113", "110"), encoding="utf-8")
        noor = await service.staff("Noor", "coordinator", language)
        bo = await service.staff("Bo", "coordinator", language)
        await publish_all(service)
        server = TestServer(service.application())
        await server.start_server()
        try:
            yield Office(service, str(server.make_url("")).rstrip("/"), bo, noor), bo
        finally:
            await server.close()


async def publish_all(service: World) -> None:
    """Every dialogue that the programme names is there, each as the same few lines."""

    def publish(conn: Connection) -> None:
        assert service.in_force is not None
        for name in service.in_force.programme.dialogues:
            for_staff = "for: specialist\n" if name == service.in_force.programme.own_check_in else ""
            source = f"dialogue: {name}\ntitle: A\nlanguage: en\n{for_staff}steps:\n  a:\n    say: Hello.\n"
            scripts.publish(conn, name, {name: source}, {"en": {f"{name}.title": "A", f"{name}/a": "Hello."}}, "x", NOW)

    await service.database.write(publish)


@AT_A_DESK_AND_ON_A_PHONE
async def test_two_coordinators_change_a_number_on_pages_that_are_open_to_everybody(
    browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    mark = f"{language}_{size[0]}"
    async with office(tmp_path, language) as (at, bo):
        async with window(browser, size) as context:
            page = await context.new_page()
            await come_in(page, at, at.coordinator)
            await page.goto(f"{at.address}/programme")
            assert await page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
            await inspect(page, f"programme_{mark}")
            for part in PARTS:
                await page.goto(f"{at.address}/programme/{part}")
                await inspect(page, f"programme_{part}_{mark}")
            await page.goto(f"{at.address}/programme/help")
            await page.locator("#f-help-ambulance").fill("many")
            await keep(page)
            assert await page.locator("#f-help-ambulance").input_value() == "many"
            await inspect(page, f"programme_wrong_{mark}")
            await page.locator("#f-help-ambulance").fill("112")
            await keep(page)
            await inspect(page, f"programme_draft_{mark}")
            await page.locator("#note").fill("They moved.")
            await press(page, "form[action='/programme/draft/send'] button")
            await inspect(page, f"programme_waits_{mark}")
        async with window(browser, size) as context:
            page = await context.new_page()
            await come_in(page, at, bo)
            await page.goto(f"{at.address}/programme")
            await inspect(page, f"programme_proposed_{mark}")
            await press(page, "button[value='agree']")
            await open_everything(page)
            await inspect(page, f"programme_agreed_{mark}")
            await page.goto(f"{at.address}/programme/versions/1")
            await inspect(page, f"programme_version_{mark}")
        latest = await at.service.database.read(lambda conn: programmes.latest(conn, at.service.vault))
        assert latest is not None
        assert (latest.version, readable(latest.text).ambulance) == (2, "112")


async def test_numbers_are_taken_with_a_purpose(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path, "en") as (at, _), window(browser, PHONE) as context:
        await a_month(at.service)
        page = await context.new_page()
        await come_in(page, at, at.coordinator)
        await page.goto(f"{at.address}/numbers")
        await inspect(page, "numbers_with_purpose")
        await page.locator("#purpose").select_option("report")
        async with page.expect_download() as waiting:
            await page.locator("form[action$='/file'] button").click()
        assert (await waiting.value).suggested_filename == "medvind-2025-04.xlsx"


async def keep(page: Page) -> None:
    await press(page, "form.fill-in button.main")


async def press(page: Page, button: str) -> None:
    """With the keyboard."""
    await page.locator(button).focus()
    async with page.expect_navigation(wait_until="load"):
        await page.keyboard.press("Enter")
