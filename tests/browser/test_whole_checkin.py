"""The whole way in a browser on a small phone, against the demo as it is started: the onboarding, a check-in, some
answers kept and some shared, and the specialist's page that shows just that.
"""

from __future__ import annotations

import os
import re
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.bot.digest_samples import plain
from tests.bot.shown_text import shown
from tests.bot.turn_world import TOPICS
from tests.browser.looking import picture
from tests.browser.phone_screen import fits, joined
from tests.running_demo import Demo, running_demo

ROOT = Path(__file__).parents[2]
SMALL_PHONE = {"width": 360, "height": 640}
OWN_WORDS = "الضجيج <b>too loud</b>"


@dataclass
class Person:
    """Somebody with the chat open on a phone. ``wrong`` is whatever the browser complained about."""

    page: Page
    language: str
    wrong: list[str] = field(default_factory=list)
    screens: int = 0

    def text(self, context: str) -> str:
        """A text as it stands on the screen."""
        return shown(context, self.language)

    async def arrive(self, demo: Demo, *, scripts: bool = True) -> None:
        """Open the link and tap the language."""
        await self.page.goto(demo.chat)
        await self.look()
        await self.page.click(f"button[value={self.language}]")
        await expect(self.page.locator(".waiting")).to_be_visible()
        assert "/c/" not in self.page.url
        if scripts:
            await joined(self.page)
        await self.look()

    async def answer(self, *contexts: str, words: str = "") -> None:
        """Tick all but the last of these, write the words, press the last, and look at what comes."""
        before = await self.asked()
        for context in contexts[:-1]:
            await self.page.locator("#answer label.option", has_text=self.exactly(context)).locator("input").check()
        if words:
            await self.page.fill("#answer textarea", words)
        await self.page.locator("#answer button", has_text=self.exactly(contexts[-1])).click()
        await self.page.wait_for_function(
            "(before) => document.querySelector('#answer')?.getAttribute('aria-labelledby') !== before", arg=before
        )
        # Without scripts the page opens at the first of the new messages, and several may stand before the question.
        first = self.page.locator(":target")
        await expect(first if await first.count() else self.page.locator(".waiting, .done").last).to_be_in_viewport()
        if await self.page.locator("form.many").count():
            await expect(self.page.locator("form.many .send")).to_be_in_viewport(ratio=1)
        await self.look()

    def exactly(self, context: str) -> re.Pattern[str]:
        """The text of a button, and not one that begins so."""
        words = r"[\u2066-\u2069\s]*".join(map(re.escape, self.text(context).split()))
        return re.compile(rf"^[\u2066-\u2069\s]*{words}[\u2066-\u2069\s]*$")

    async def asked(self) -> str | None:
        """Which question waits."""
        return await self.page.locator("#answer").get_attribute("aria-labelledby")

    async def look(self) -> None:
        """Whatever holds for every screen."""
        await fits(self.page)
        assert await self.page.evaluate("document.dir") == ("rtl" if self.language == "ar" else "ltr")
        self.screens += 1
        await picture(self.page, f"{self.language}_{self.screens:02}", full_page=False)

    async def sees(self, *words: str) -> None:
        """All this is on the page, whatever signs keep its directions apart."""
        shown = " ".join(plain(await self.page.locator("main").inner_text()).split())
        for each in words:
            assert " ".join(each.split()) in shown, each


@asynccontextmanager
async def phone(browser: Browser, demo: Demo, language: str, **options: object) -> AsyncIterator[Person]:
    """A phone in this language. Whatever it loads comes from the demo, and nothing in it goes wrong."""
    context = await browser.new_context(viewport=SMALL_PHONE, has_touch=True, locale=language, **options)  # type: ignore[arg-type]
    person = Person(await context.new_page(), language)
    here = urlsplit(demo.chat).netloc

    def asked_for(url: str) -> None:
        if urlsplit(url).netloc != here:
            person.wrong.append(url)

    context.on("request", lambda request: asked_for(request.url))
    person.page.on("websocket", lambda opened: asked_for(opened.url))
    person.page.on("pageerror", lambda error: person.wrong.append(str(error)))
    yield person
    await context.close()
    assert person.wrong == []


async def onboarding(person: Person) -> None:
    for _ in range(3):
        await person.answer("ui/ok")
    await person.answer("onboarding/explained/me")
    await person.answer("onboarding/taking_part/yes")
    await person.answer("situation/work_now/neither")
    await person.answer(*(f"topics/may_ask/{topic}" for topic in TOPICS), "ui/page.send")
    await person.answer("sharing_choice/way/ask")
    await person.sees(person.text("onboarding/start"))


async def check_in(person: Person) -> None:
    """Up to the lines that can be shared."""
    await person.answer("ui/page.start")
    await person.answer("weekly_checkin/week/2")
    await person.answer("weekly_checkin/job_sure/4")
    await person.answer("ui/skip")
    await person.answer("weekly_checkin/hard/work", "weekly_checkin/hard/outside", "ui/page.send")
    hard = ("weekly_checkin/what_hard/noise", "weekly_checkin/what_hard/money")
    await person.answer(*hard, "ui/page.send", words=OWN_WORDS)
    await person.answer("weekly_checkin/help/interpreter", "ui/page.send")
    await person.answer("weekly_checkin/good/rested", "ui/page.send")


async def share(person: Person, labels: Sequence[str]) -> None:
    await person.answer("ui/share.choose")
    boxes = person.page.locator("#answer label.option")
    assert await boxes.count() == 7
    assert await person.page.locator("#answer input:checked").count() == 0
    for context in labels:
        await boxes.filter(has=person.page.locator("b", has_text=person.exactly(context))).locator("input").check()
    await person.answer("ui/share_page.send")


async def digest(context: BrowserContext, demo: Demo) -> Page:
    """The specialist's page, opened with the specialist's link."""
    page = await context.new_page()
    specialist = next(link for link in demo.links if "/s/" in link)
    await page.goto(specialist)
    await page.get_by_role("main").get_by_role("button").click()
    await page.goto(urljoin(specialist, "/digest"))
    return page


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_what_is_shared_is_all_that_the_specialist_sees(browser: Browser, tmp_path: Path, language: str) -> None:
    with running_demo(tmp_path) as demo:
        async with phone(browser, demo, language) as person:
            await person.arrive(demo)
            await onboarding(person)
            await expect(person.page.locator(".me").last).to_contain_text(person.text("sharing_choice/way/ask"))
            await expect(person.page.locator(".me .state").last).to_have_text(person.text("ui/page.saved"))
            await check_in(person)
            await person.sees(person.text("weekly_checkin/what_hard.label/outside"), OWN_WORDS)
            desk = await browser.new_context()
            staff = await digest(desk, demo)
            assert "S.K." not in await staff.locator("main").inner_text()
            await share(person, ["weekly_checkin/week.label", "weekly_checkin/what_hard.label/own_words"])
            await person.sees(person.text("weekly_checkin/goodbye").splitlines()[0])
            await staff.reload()
            card = staff.locator("#p1")
            assert await card.locator("dt").all_inner_texts() == ["Week", "Hard, in my own words"]
            assert await card.locator("q, dd").filter(has_text="too loud").count()
            seen = await staff.locator("main").inner_text()
            assert "Hard" in seen
            assert OWN_WORDS in plain(seen)
            for kept in ("Money", "Noise", "interpreter", "Rest", "Quite sure"):
                assert kept not in seen
            await desk.close()


async def test_without_scripts_the_whole_way_is_the_same(browser: Browser, tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        async with phone(browser, demo, "ar", java_script_enabled=False) as person:
            await person.page.goto(demo.chat)
            await person.page.click("button[value=ar]")
            assert await person.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
            await onboarding(person)
            await check_in(person)
            await person.answer("ui/share.none")
            desk = await browser.new_context()
            assert "S.K." not in await (await digest(desk, demo)).locator("main").inner_text()
            await desk.close()


async def test_a_demo_that_is_killed_goes_on_where_it_was(browser: Browser, tmp_path: Path) -> None:
    """The phone notices nothing but a wait: what was tapped while nobody listened is sent when somebody does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with running_demo(tmp_path, port=port, ending=signal.SIGKILL) as demo:
        async with phone(browser, demo, "en") as person:
            await person.arrive(demo)
            await person.answer("ui/ok")
            before = await person.asked()
            os.kill(demo.pid, signal.SIGKILL)
            await person.page.locator("#answer button", has_text=person.exactly("ui/ok")).click()
            await expect(person.page.locator(".me .waits")).to_be_visible()
            with running_demo(tmp_path, port=port):
                await expect(person.page.locator("#answer")).not_to_have_attribute("aria-labelledby", before or "")
                await person.sees(person.text("onboarding/not_live"))
                await expect(person.page.locator(".me")).to_have_count(2)
                await expect(person.page.locator("#waits")).to_have_count(0)
                await person.answer("ui/ok")
                await person.page.reload()
                await expect(person.page.locator(".me")).to_have_count(3)
                await person.sees(person.text("onboarding/explained"))
