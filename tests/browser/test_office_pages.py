"""The pages of coordinators, administrators and auditors, leave and emergencies, in a real browser, a day of each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from bot.config import Settings
from bot.console.office.settings import SETTINGS
from storage import audit
from tests.bot.digest_samples import NOW, YESTERDAY, line
from tests.bot.staff_world import World, world
from tests.browser.looking import DESK, PHONE, inspect, window

WAYS = [("en", DESK, "light"), ("ar", PHONE, "dark")]


@dataclass
class Service:
    """A running service with somebody in each role, and a browser page."""

    world: World
    address: str
    page: Page
    mark: str

    async def comes_in(self, staff: int) -> None:
        """Somebody presses the button behind their link."""
        await self.page.goto(self.address + await self.world.link(staff, f"in-{staff}-{self.mark}"))
        await self.page.get_by_role("main").get_by_role("button").click()
        await self.page.wait_for_load_state("load")

    async def opens(self, path: str, name: str) -> None:
        """A page, which is looked at."""
        await self.page.goto(self.address + path)
        await self.looks(name)

    async def looks(self, name: str) -> None:
        """No barrier, nothing wider than the window."""
        await inspect(self.page, f"{name}_{self.mark}")

    async def presses(self, button: str) -> None:
        """A button of a form, by where the form leads."""
        await self.clicks(f'form[action="{button}"] button')

    async def clicks(self, button: str) -> None:
        """A button, until the next page is there with its style sheets: a click alone waits for less."""
        await self.page.locator(button).click()
        await self.page.wait_for_load_state("load")


@asynccontextmanager
async def service(
    browser: Browser, folder: Path, language: str, size: tuple[int, int], scheme: str, **options: bool
) -> AsyncIterator[Service]:
    async with world(folder) as made:
        app = made.application()
        app[SETTINGS] = Settings(folder=folder / "other", key="A" * 43 + "=")
        server = TestServer(app)
        await server.start_server()
        try:
            async with window(browser, size, color_scheme=scheme, **options) as context:
                address = str(server.make_url("")).rstrip("/")
                yield Service(made, address, await context.new_page(), f"{language}_{size[0]}_{scheme}")
        finally:
            await server.close()


@pytest.mark.parametrize(("language", "size", "scheme"), WAYS)
async def test_a_day_of_each_role(
    browser: Browser, tmp_path: Path, language: str, size: tuple[int, int], scheme: str
) -> None:
    async with service(browser, tmp_path, language, size, scheme) as at:
        made, page = at.world, at.page
        anna = await made.staff("Anna Lie", language=language, mail="anna@example.org")
        bo = await made.staff("Bo Dahl", language=language, mail="bo@example.org")
        noor = await made.staff("Noor Lind", "coordinator", language, mail="noor@example.org")
        adam = await made.staff("Adam Moen", "administrator", language, mail="adam@example.org")
        ida = await made.staff("Ida Vik", "auditor", language, mail="ida@example.org")
        sara = await made.person("S.K.", anna, name="Sara K")
        alone = await made.person("A.M.", None, name="Amina M")
        await made.share(sara, line("week", point=2), line("good", own="أغلقت الصندوق وحدي."), at=YESTERDAY)

        await at.comes_in(noor)
        await at.opens("/participants", "participants")
        assert await page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        await page.locator(f"#who-{alone}").check()
        await page.locator("#to").select_option(str(bo))
        await at.clicks('form[action="/participants"][method="post"] button')
        assert await page.locator('form[action="/participants"][method="post"]').count() == 0
        await at.opens(f"/participants/{sara}", "participant")
        await page.locator("#zone").fill("Nowhere/There")
        await at.presses(f"/participants/{sara}/zone")
        assert await page.locator("#zone").get_attribute("aria-invalid") == "true"
        await at.looks("participant_refused")
        await at.opens("/leave", "leave")
        await page.locator("#first").fill("2025-05-12")
        await page.locator("#last").fill("2025-05-16")
        await page.locator("#cover").select_option(str(bo))
        await at.presses("/leave")
        await at.looks("leave_planned")

        await at.comes_in(bo)
        await at.opens("/emergency", "emergency")
        await page.locator("#who").fill("S.K.")
        await page.locator("#why").fill("Called the office in tears")
        await at.presses("/emergency")
        assert page.url.endswith(f"/emergency/{sara}")
        await at.looks("emergency_person")
        await at.opens("/emergency", "emergency_open")
        await at.comes_in(anna)
        await at.opens("/emergency", "emergency_about_yours")
        await at.opens("/leave", "leave_own")

        await at.comes_in(adam)
        await at.looks("staff")
        await page.locator("#name").fill("Kim Berg")
        await page.locator("#mail").fill("kim@example.org")
        await page.locator("#role-translator").check()
        await at.presses("/staff")
        await at.looks("staff_added")
        await at.opens(f"/staff/{anna}", "member")
        await at.opens("/settings", "settings")
        await at.opens("/emergency", "emergency_everywhere")

        await at.comes_in(ida)
        await at.looks("log")
        await page.locator("#participant").fill("Sara")
        await at.clicks("form.find button")
        await at.looks("log_refused")
        await page.locator("#participant").fill(str(sara))
        await at.clicks("form.find button")
        assert await page.locator("tbody tr").count() >= 2
        await at.looks("log_narrowed")


async def test_everything_works_without_javascript_and_with_the_keyboard(browser: Browser, tmp_path: Path) -> None:
    async with service(browser, tmp_path, "en", PHONE, "light", java_script_enabled=False) as at:
        made, page = at.world, at.page
        adam = await made.staff("Adam", "administrator")
        anna = await made.staff("Anna")
        await made.person("S.K.", anna)
        await at.comes_in(adam)
        await page.get_by_role("link", name="Anna").focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/staff/{anna}")
        await page.locator(f'form[action="/staff/{anna}/disable"] button').focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**done=disabled**")
        said = await page.locator("[role=status]").all_inner_texts()
        assert [each.replace("\u2068", "").replace("\u2069", "") for each in said] == [
            "Anna is not on the staff any more.",
            "1 participant has no specialist now. Coordinators see it.",
        ]
        assert len(await made.database.read(lambda conn: audit.since(conn, "staff.disabled", NOW))) == 1
