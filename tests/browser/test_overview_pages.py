"""A full overview, cards of a workplace, and the page of the messenger in a real browser, in both directions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from aiohttp.test_utils import TestServer
from playwright.async_api import Browser

from storage import scripts, staff_addresses
from tests.bot.attention_script import PUBLISHED, SOURCE, agreed, line
from tests.bot.digest_samples import NOW, TODAY, YESTERDAY
from tests.bot.staff_world import MarkedArabic, world
from tests.bot.test_overview_page import agrees, shares
from tests.browser.looking import AT_A_DESK_AND_ON_A_PHONE, inspect, window
from tests.browser.test_console_pages import Office, come_in, open_everything

BOT, OTHER = "telegram:700001", "telegram:700002"
LONG_AGO = YESTERDAY - timedelta(days=40)


@asynccontextmanager
async def busy_day(folder: Path, language: str) -> AsyncIterator[Office]:
    """Requests of every kind, agreements, news, a workplace and something hard; two bots, one of which tells."""
    async with world(folder, MarkedArabic()) as service:
        at, texts = NOW - timedelta(days=390), {"en": PUBLISHED.texts["en"]}
        await service.database.write(lambda conn: scripts.publish(conn, "acts", {"acts": SOURCE}, texts, "staff:1", at))
        service.bots = {BOT: "medvind_bot", OTHER: "other_bot"}
        anna = await service.staff("Anna", language=language)
        kari = await service.staff("Kari", "coordinator", language=language)
        first = await service.person("S.K.", anna, name="Sara K")
        second, third = await service.person("M.A.", anna), await service.person("T.T.", anna)
        contact = [line("contact", "yes"), line("how", "message"), line("when_then", "week")]
        await shares(
            service, first, *contact, line("help", "letters", "interpreter", own="رسالة من المدرسة"), at=LONG_AGO
        )
        work = [line("knew", "mostly"), line("amount", "much"), line("meaning", "yes"), line("change", "pause")]
        hard = [line("hard", "noise"), line("good", own="تعلمت كلمة جديدة"), line("week", point=3).taken_back()]
        await shares(service, first, *work, *hard, number=8)
        await shares(service, second, line("news", "interview", own="خبر"), line("still", "enough"))
        await shares(service, third, line("quiet", "weeks_4"), line("talk", "specialist"), at=LONG_AGO)
        for person in (first, second):
            await agrees(service, agreed(person, "specialist", TODAY, what="اتصال بالمتجر"))
            await agrees(service, agreed(person, "together", TODAY + timedelta(days=3), number=2))
        await service.database.write(lambda conn: staff_addresses.put(conn, service.vault, anna, BOT, "55", NOW))
        server = TestServer(service.application())
        await server.start_server()
        try:
            yield Office(service, str(server.make_url("")).rstrip("/"), anna, kari)
        finally:
            await server.close()


@AT_A_DESK_AND_ON_A_PHONE
async def test_a_busy_day_is_open_to_everybody(
    browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    async with busy_day(tmp_path, language) as at, window(browser, size) as context:
        page, mark = await context.new_page(), f"busy_{language}_{size[0]}"
        await come_in(page, at, at.specialist)
        assert await page.locator(".overview > dl > div").count() == 9
        await inspect(page, mark)
        await open_everything(page)
        await inspect(page, f"{mark}_opened")
        await page.locator("form[action='/digest/seen'] button").first.click()
        await page.wait_for_load_state()
        assert await page.locator(".overview > dl > div").count() == 8
        await page.locator(".more-pages summary").click()
        await page.get_by_role("navigation").get_by_role("link", name="Telegram").click()
        await inspect(page, f"messenger_{mark}")
        await page.locator("form[action='/digest/telegram'] button").click()
        await page.wait_for_load_state()
        assert await page.locator("a.key").count() == 1
        await inspect(page, f"messenger_made_{mark}")
