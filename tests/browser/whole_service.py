"""A whole service in a browser: people who take part, staff of every role, the mails they get, and one window."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from bot.console.desk import DESK as DESK_OF
from bot.console.desk import Desk
from bot.mailing import Post
from storage import factors
from storage.people import Who
from tests.bot.passing_world import PassingWorld, turned
from tests.bot.sign_in_world import SECRET, Letters
from tests.bot.turn_world import Person, deployed, opened
from tests.browser.looking import PHONE, no_barriers, no_wider, picture, window
from tests.browser.phone_screen import joined
from tests.storage.databases import SqliteDatabases

_SHOWS_FOCUS = """() => {
    const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
    if (here === document.body) return "";
    if (!here.matches(":focus")) return "yes";  // the button within a field for a date, with a ring of its own
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const seen = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return ring && seen ? "yes" : here.outerHTML.slice(0, 120);
}"""


@dataclass
class House:
    """A running service, and one window in which one member of staff after the other may come in."""

    there: PassingWorld
    desk: Desk
    address: str
    browser: Browser
    page: Page
    language: str
    mark: str
    letters: Letters = field(default_factory=Letters)
    pictures: int = 0

    def __post_init__(self) -> None:
        post = Post(self.letters, "medvind@example.org", self.address)
        self.desk.outgoing.post = self.there.turning.post = post

    # Who comes --------------------------------------------------------------------------------------------------------

    async def comes_in(self, role: str) -> int:
        """A new member of staff of this role, who has pressed the button behind their link."""
        staff = await self.there.staff(role, self.language)
        await self.page.goto(self.address + await self.there.link(Who(staff_id=staff)))
        await self.presses("main button")
        return staff

    async def with_app(self, role: str) -> int:
        """A new member of staff of this role, who has an authenticator app and is nowhere signed in."""
        staff, world = await self.there.staff(role, self.language), self.there.world
        now = self.there.clock.now()
        await world.database.write(lambda conn: factors.put_app(conn, world.vault, staff, SECRET, 0, now))
        return staff

    def shown_by_app(self, secret: str = SECRET) -> str:
        """What the authenticator app shows now."""
        return pyotp.TOTP(secret).at(self.there.clock.now())

    async def mailed(self) -> str:
        """The text of the last mail."""
        await self.desk.outgoing.settled()
        return str(self.letters.sent[-1].get_content())

    async def link_in_mail(self) -> str:
        """The address in the last mail."""
        found = re.search(rf"{re.escape(self.address)}\S+", await self.mailed())
        assert found, await self.mailed()
        return found[0]

    @asynccontextmanager
    async def chat(self, person: Person, language: str) -> AsyncIterator[Page]:
        """The chat of somebody who takes part, on a phone of their own."""
        async with window(self.browser, PHONE) as context:
            page = await context.new_page()
            await page.goto(self.address + await self.there.link(Who(person.id)))
            await page.click(f"button[value={language}]")
            await joined(page)
            yield page

    # What they do -----------------------------------------------------------------------------------------------------

    async def opens(self, path: str) -> None:
        """Go to a page."""
        await self.page.goto(self.address + path)

    async def presses(self, button: str) -> None:
        """A button or a link, by its selector, and the page it leads to."""
        async with self.page.expect_navigation(wait_until="load"):
            await self.page.locator(button).first.click()

    async def unfolds(self, summary: str) -> None:
        """What is folded."""
        await self.page.locator(summary).first.click()

    async def looks(self, name: str) -> None:
        """No barrier that axe knows, besides what ``sees`` looks for."""
        await self.sees(name)
        await no_barriers(self.page, name)

    async def sees(self, name: str) -> None:
        """The right direction, nothing wider than the window, and a picture for whoever wants to look."""
        direction = "rtl" if self.language == "ar" else "ltr"
        await expect(self.page.locator("html")).to_have_attribute("dir", direction)
        await no_wider(self.page, name)
        self.pictures += 1
        await picture(self.page, f"day_{self.mark}_{self.pictures:02}_{name}")

    async def walks_with_tab(self, most: int = 60) -> None:
        """Wherever the keyboard leads on this page, one sees where one is."""
        await self.page.locator(".skip").focus()
        for _ in range(most):
            await self.page.keyboard.press("Tab")
            shows = await self.page.evaluate(_SHOWS_FOCUS)
            if not shows:
                return
            assert shows == "yes", shows


@asynccontextmanager
async def house(
    browser: Browser,
    databases: SqliteDatabases,
    folder: Path,
    language: str,
    size: tuple[int, int],
    **more: object,
) -> AsyncIterator[House]:
    """A service with the shipped scripts, and a window in this language. ``more`` are options of the window."""
    with databases.url() as url:
        async with opened(url, bytes(range(32))) as (database, vault):
            there = turned(await deployed(database, vault), folder)
            app = there.app(demo=False)
            server = TestServer(app)
            await server.start_server()
            try:
                async with window(browser, size, locale=language, reduced_motion="reduce", **more) as context:
                    address = f"http://localhost:{server.port}"
                    page = await context.new_page()
                    mark = f"{language}_{size[0]}"
                    yield House(there, app[DESK_OF], address, browser, page, language, mark)
            finally:
                await server.close()
