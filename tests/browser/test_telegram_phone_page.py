"""The page of the Telegram stand-in: a phone that can be looked at and used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest_asyncio
from aiohttp import FormData
from playwright.async_api import Browser, Page, expect

from tests.bot.bot_api_caller import SAM, Caller, board, calling
from tests.browser.looking import no_wider

SCREEN = {"width": 360, "height": 640}
SILENT_MP3 = (b"\xff\xfb\x10\xc4" + bytes(100)) * 20


@dataclass
class Held:
    """A phone in the hand: the page, and the bot on the other side."""

    page: Page
    api: Caller
    errors: list[str]

    async def open(self, **more: str) -> None:
        asked = "&".join(f"{name}={value}" for name, value in {"user": str(SAM), "bot": "medvind_bot", **more}.items())
        await self.page.goto(f"{self.api.telegram.url}/phone?{asked}")
        await self.page.wait_for_function("() => document.documentElement.dataset.version")

    async def newest(self) -> dict[str, Any]:
        """The update that waits last."""
        return (await self.api.updates())[-1]


@pytest_asyncio.fixture(loop_scope="session")
async def held(browser: Browser) -> AsyncIterator[Held]:
    async with calling() as api:
        page = await browser.new_page(viewport=SCREEN)  # type: ignore[arg-type]
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield Held(page, api, errors)
        await page.close()
        assert not errors


async def test_it_says_that_it_is_not_telegram(held: Held) -> None:
    await held.open()
    await expect(held.page.get_by_text("not Telegram")).to_be_visible()
    await held.page.goto(held.api.telegram.url)
    await expect(held.page.get_by_text("This is not Telegram")).to_be_visible()
    await held.page.get_by_role("link", name=f"Phone of {SAM}").click()
    await expect(held.page.get_by_role("heading", name="Medvind")).to_be_visible()


async def test_words_go_out_and_come_in(held: Held) -> None:
    await held.open()
    await held.page.get_by_label("Message", exact=True).fill("Hei <b>du</b>")
    await held.page.keyboard.press("Enter")
    await expect(held.page.locator("[data-message='1']")).to_contain_text("Hei <b>du</b>")
    assert (await held.newest())["message"]["text"] == "Hei <b>du</b>"
    await held.api.say("<i>Hei</i> <script>x</script> /help", entities=[{"type": "bold", "offset": 0, "length": 3}])
    answer = held.page.locator("[data-message='2']")
    await expect(answer).to_contain_text("<i>Hei</i> <script>x</script>")
    await expect(answer.locator("b")).to_have_text("<i>")
    await answer.get_by_role("button", name="/help").click()
    await expect(held.page.locator("[data-message='3']")).to_contain_text("/help")


async def test_buttons_are_tapped(held: Held) -> None:
    await held.open()
    await held.api.say("How was it?", [("Good", "g"), ("Hard", "h")])
    button = held.page.get_by_role("group", name="Buttons of message 1").get_by_role("button", name="Hard")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    tap = (await held.newest())["callback_query"]
    assert tap["data"] == "h"
    await held.api.result("answerCallbackQuery", callback_query_id=tap["id"], text="Saved")
    await expect(held.page.get_by_role("status")).to_have_text("Saved")
    await expect(button).to_have_attribute("aria-busy", "false")
    await held.api.result("editMessageReplyMarkup", chat_id=SAM, message_id=1, **board([("Fine", "f")]))
    await expect(button).to_have_count(0)
    await expect(held.page.get_by_role("button", name="Fine")).to_be_visible()


async def test_an_alert_has_to_be_closed(held: Held) -> None:
    await held.open()
    await held.api.say("x", [("A", "a")])
    await held.page.get_by_role("button", name="A", exact=True).click()
    tap = (await held.newest())["callback_query"]
    await held.api.result("answerCallbackQuery", callback_query_id=tap["id"], text="Look here", show_alert=True)
    await expect(held.page.get_by_role("dialog")).to_contain_text("Look here")
    await held.page.get_by_role("button", name="OK").click()
    await expect(held.page.get_by_role("dialog")).to_be_hidden()


async def test_a_row_of_buttons_runs_from_left_to_right_under_arabic_words_too(held: Held) -> None:
    await held.open()
    await held.api.say("كيف كان الأسبوع؟", [("1", "1"), ("٢", "2"), ("ثلاثة", "3")])
    words = held.page.locator("[data-message='1'] .words")
    await expect(words).to_have_attribute("dir", "auto")
    assert await words.evaluate("each => getComputedStyle(each).direction") == "rtl"
    places = [
        (await held.page.locator(f"[data-data='{data}']").bounding_box() or {"x": 0.0})["x"] for data in ("1", "2", "3")
    ]
    assert places == sorted(places)
    assert len(set(places)) == 3


async def test_everything_fits_on_a_small_phone(held: Held) -> None:
    await held.open()
    await held.api.say("word " * 200 + "w" * 200, [(str(each), str(each)) for each in range(8)], [("l" * 90, "l")])
    await expect(held.page.locator("[data-message='1']")).to_be_visible()
    await no_wider(held.page)
    box = await held.page.get_by_role("button", name="Send").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= SCREEN["width"]
    assert box["y"] + box["height"] <= SCREEN["height"]


async def test_the_menu_follows_the_language_of_the_phone(held: Held) -> None:
    for code, words in (("", "Get help"), ("ar", "مساعدة")):
        await held.api.result("setMyCommands", commands=[{"command": "help", "description": words}], language_code=code)
    await held.open()
    await held.page.get_by_role("button", name="Menu").click()
    await expect(held.page.get_by_role("list", name="Commands")).to_contain_text("Get help")
    await held.page.get_by_label("Phone's language").select_option("ar")
    await expect(held.page.get_by_role("list", name="Commands")).to_contain_text("مساعدة")
    await held.page.get_by_role("list", name="Commands").get_by_role("button").click()
    await expect(held.page.locator("[data-message='1']")).to_contain_text("/help")
    message = (await held.newest())["message"]
    assert (message["text"], message["from"]["language_code"]) == ("/help", "ar")


async def test_a_link_with_a_code_starts_the_bot(held: Held) -> None:
    await held.api.result("setMyDescription", description="Short check-ins")
    await held.page.goto(f"{held.api.telegram.url}/t.me/medvind_bot?start=CODE_1&user=77")
    await expect(held.page.get_by_text("Short check-ins")).to_be_visible()
    await expect(held.page.get_by_label("Message", exact=True)).to_be_hidden()
    await held.page.get_by_role("button", name="Start").click()
    await expect(held.page.get_by_label("Message", exact=True)).to_be_visible()
    message = (await held.newest())["message"]
    assert (message["text"], message["from"]["id"]) == ("/start CODE_1", 77)


async def test_a_bot_is_blocked_and_started_again(held: Held) -> None:
    await held.open()
    await held.page.get_by_role("button", name="Block").click()
    await expect(held.page.get_by_role("button", name="Restart")).to_be_visible()
    assert (await held.api.call("sendMessage", chat_id=SAM, text="x"))[0] == 403
    await held.page.get_by_role("button", name="Restart").click()
    await expect(held.page.get_by_label("Message", exact=True)).to_be_visible()
    assert (await held.newest())["message"]["text"] == "/start"


async def test_an_own_message_is_changed(held: Held) -> None:
    await held.open()
    await held.api.phone.type("befor")
    await held.page.get_by_role("button", name="Edit message 1").click()
    await held.page.get_by_label("Message", exact=True).fill("before")
    await held.page.get_by_role("button", name="Save").click()
    await expect(held.page.locator("[data-message='1']")).to_contain_text("edited")
    assert (await held.newest())["edited_message"]["text"] == "before"


async def test_something_else_than_words_is_sent(held: Held) -> None:
    await held.open()
    await held.page.get_by_role("button", name="Attach").click()
    await held.page.get_by_role("button", name="voice", exact=True).click()
    await expect(held.page.locator("[data-kind='voice']")).to_be_visible()
    assert "voice" in (await held.newest())["message"]


async def test_a_recording_of_the_bot_can_be_played(held: Held) -> None:
    await held.open()
    form = FormData({"chat_id": str(SAM), "caption": "Hear this"})
    form.add_field("voice", SILENT_MP3, filename="voice.mp3")
    async with held.api.session.post(held.api.address("sendVoice"), data=form) as response:
        assert response.status == 200
    player = held.page.get_by_label("Recording of message 1")
    await expect(player).to_be_visible()
    assert await player.evaluate("async (each) => { each.muted = true; await each.play(); return each.duration }") > 0.2
    await no_wider(held.page)
