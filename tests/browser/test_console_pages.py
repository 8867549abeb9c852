"""The staff pages in a real browser: in both directions, on a phone and a desk, without JavaScript, by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from bot.channels.mail import FolderSender
from bot.mailing import Post
from tests.bot.digest_samples import NOW, WEEK, YESTERDAY, line
from tests.bot.mail_of_the_day import send_due
from tests.bot.staff_world import World, world
from tests.browser.looking import AT_A_DESK_AND_ON_A_PHONE, DESK, PHONE, inspect, picture, window

PAGES = {
    "digest": "/digest",
    "quiet_day": "/digest/2025-04-30",
    "person": "/people/1",
    "people": "/people",
    "hours": "/hours",
    "mail": "/demo/mail",
    "nowhere": "/people/999",
}


@dataclass
class Office:
    """A running service with a specialist, a coordinator and a day's worth of cards."""

    service: World
    address: str
    specialist: int
    coordinator: int


@asynccontextmanager
async def office(folder: Path, language: str, people: int = 3) -> AsyncIterator[Office]:
    async with world(folder) as service:
        anna = await service.staff("Anna", language=language)
        kari = await service.staff("Kari", "coordinator", language=language)
        await _fill(service, anna, people)
        post = Post(FolderSender(service.mail_folder), "medvind@example.org", "http://127.0.0.1")
        await send_due(NOW, database=service.database, vault=service.vault, catalogs=service.catalogs, post=post)
        broken = "dialogue: broken\nlanguage: en\n\nsteps:\n\n  hello:\n    say: Hi {nam}.\n"
        (service.scripts_folder / "broken.yaml").write_text(broken, encoding="utf-8")
        server = TestServer(service.application(demo=True))
        await server.start_server()
        try:
            yield Office(service, str(server.make_url("")).rstrip("/"), anna, kari)
        finally:
            await server.close()


async def _fill(service: World, anna: int, people: int) -> None:
    """Six weeks of one person, with long own words in Arabic; the others shared a little; one is silent."""
    first = await service.person("S.K.", anna, name="Sara K")
    for week, point in enumerate((4, 5, 4, 4, 4, 2)):
        lines = [line("week", point=point), line("sure", point=3)]
        await service.share(first, *lines, at=YESTERDAY - (6 - week) * WEEK)
    await service.share(
        first,
        line("week", point=2),
        line("sure", point=4),
        line("hard", "noise", "boss"),
        line("help", "letters", "interpreter", own="رسالة من المدرسة لا أفهمها " * 9),
        line("good", own="I closed the till alone."),
        at=YESTERDAY,
    )
    for number in range(2, people + 1):
        person = await service.person(f"P.{number}", anna)
        at = YESTERDAY + timedelta(minutes=number)
        await service.share(person, line("week", point=3), line("good", "rested"), at=at)
    await service.person("Z.Z.", anna)


async def come_in(page: Page, at: Office, staff: int) -> None:
    link = await at.service.link(staff, f"token-{staff}-{id(page)}")
    await page.goto(at.address + link)
    async with page.expect_navigation(wait_until="load"):
        await page.get_by_role("main").get_by_role("button").click()


async def open_everything(page: Page) -> None:
    await page.locator("details:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")


@AT_A_DESK_AND_ON_A_PHONE
async def test_pages_are_open_to_everybody(
    browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    async with office(tmp_path, language) as at, window(browser, size) as context:
        page = await context.new_page()
        mark = f"{language}_{size[0]}"
        await page.goto(at.address + await at.service.link(at.specialist, "door"))
        await inspect(page, f"door_{mark}")
        await come_in(page, at, at.specialist)
        box = await page.get_by_role("banner").bounding_box()
        assert box is not None
        assert box["height"] < (100 if size == DESK else 190), "one line at a desk; on a phone two, and signing out"
        for name, path in PAGES.items():
            await page.goto(at.address + path)
            assert await page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
            await inspect(page, f"{name}_{mark}")
            await open_everything(page)
            await inspect(page, f"{name}_opened_{mark}")
        await page.get_by_role("banner").get_by_role("button").click()
        await inspect(page, f"signed_out_{mark}")
        await come_in(page, at, at.coordinator)
        await inspect(page, f"scripts_{mark}")
        await open_everything(page)
        await inspect(page, f"scripts_opened_{mark}")


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_full_day_folds_on_a_phone_in_the_dark(browser: Browser, tmp_path: Path, language: str) -> None:
    async with office(tmp_path, language, people=9) as at, window(browser, PHONE, color_scheme="dark") as context:
        page = await context.new_page()
        await come_in(page, at, at.specialist)
        assert await page.locator("details.folded").count() == 9
        await inspect(page, f"full_day_{language}_dark")
        await open_everything(page)
        await inspect(page, f"full_day_opened_{language}_dark")


async def test_everything_works_without_javascript(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path, "en") as at, window(browser, PHONE, java_script_enabled=False) as context:
        page = await context.new_page()
        await come_in(page, at, at.specialist)
        card = page.locator("#p1")
        whole = card.locator(".own > q")
        assert not await whole.is_visible()
        await card.locator(".own > summary").click()
        assert await whole.is_visible()
        assert (await whole.inner_text()).count("المدرسة") == 9
        await card.get_by_role("link", name="S.K.").click()
        assert page.url.endswith("/people/1")
        more = page.locator(".more-pages")
        hours = more.get_by_role("link", name="My hours")
        assert not await hours.is_visible()
        await more.locator("summary").focus()
        await page.keyboard.press("Enter")
        await hours.focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/hours")
        assert await more.locator("summary.here").count() == 1
        await page.get_by_role("button", name="Sign out").click()
        await page.goto(at.address + "/digest")
        assert await page.get_by_role("heading").inner_text() == "Sign in"


async def test_the_keyboard_reaches_what_opens_and_shows_where_it_is(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path, "en") as at, window(browser, DESK) as context:
        page = await context.new_page()
        await come_in(page, at, at.specialist)
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        assert await page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
        why = page.locator(".order .why")
        for _ in range(30):
            await page.keyboard.press("Tab")
            if await why.locator("summary").evaluate("summary => summary === document.activeElement"):
                break
        ring = "getComputedStyle(document.activeElement).outlineStyle"
        assert await page.evaluate(ring) == "solid"
        await page.keyboard.press("Enter")
        assert await why.get_attribute("open") is not None


async def test_own_words_keep_their_own_direction(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path, "en") as at, window(browser, DESK) as context:
        page = await context.new_page()
        await come_in(page, at, at.specialist)
        arabic = page.locator("#p1 .ask q").first
        assert await arabic.evaluate("q => getComputedStyle(q).direction") == "rtl"
        assert await page.locator("#p1 q").last.evaluate("q => getComputedStyle(q).direction") == "ltr"


async def test_paper_has_the_cards_with_everything_open(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path, "en") as at, window(browser, DESK) as context:
        page = await context.new_page()
        await come_in(page, at, at.specialist)
        await page.emulate_media(media="print")
        assert not await page.get_by_role("navigation").first.is_visible()
        assert await page.locator("#p1 .own > q").is_visible()
        assert not await page.locator("#p1 .own > summary q").is_visible()
        await picture(page, "paper")


async def test_a_large_font_breaks_nothing(browser: Browser, tmp_path: Path) -> None:
    """Twice the size on a phone, as in WCAG 2.2, 1.4.4 and 1.4.10."""
    async with office(tmp_path, "en", people=9) as at, window(browser, (320, 640)) as context:
        page = await context.new_page()
        await come_in(page, at, at.specialist)
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        await open_everything(page)
        await inspect(page, "large_font")
