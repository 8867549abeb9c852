"""Pictures in the web chat and in the terminal: with the same in words, and nothing that a page does not allow."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

from bot.channels.terminal_screen import Screen
from bot.history import Entry
from bot.messages import Outbound
from tests.bot.chat_site import ChatSite, chat_site
from tests.bot.digest_samples import plain
from tests.bot.phone import Phone
from tests.bot.picture_samples import ENGLISH, month_picture, web_picture

NewClient = Callable[..., Awaitable[TestClient]]
MONTH = month_picture("Hard", "Good")
EVIL = web_picture("</svg><script>alert(1)</script>", 'Letters" onload="x', lines={1: (2,)})


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[ChatSite]:
    async with chat_site(tmp_path) as site:
        yield site


@pytest.fixture
async def phone(site: ChatSite, aiohttp_client: NewClient) -> Phone:
    phone = Phone(await aiohttp_client(site.app), site)
    await phone.arrive()
    return phone


def tell(site: ChatSite, message: Outbound) -> int:
    """Have the participant told this: its number."""
    entries = site.turns.talks[site.participant].entries
    entries.append(Entry(len(entries) + 1, message, ""))
    return len(entries)


async def test_a_picture_stands_below_its_words(phone: Phone) -> None:
    seq = tell(phone.site, Outbound("said", "en", "Your month:", picture=MONTH))
    html = await (await phone.get("/chat")).text()
    assert phone.sees("Your month:", "Week 1: Week: Hard", "Week 2: Week: Good")
    figure = html[html.index("Your month:") : html.index("</figure>")]
    assert figure.index("<figcaption>") < figure.index("<li>") < figure.index("<svg")
    assert f'id="m{seq}-picture-title"' in html


async def test_words_that_the_text_says_are_there_once(phone: Phone) -> None:
    tell(phone.site, Outbound("said", "en", "Your month:\nWeek 1: Week: Hard\nWeek 2: Week: Good", picture=MONTH))
    await phone.get("/chat")
    assert plain(phone.page.words).count("Week 1: Week: Hard") == 1


async def test_in_arabic_it_reads_from_the_right(phone: Phone) -> None:
    tell(phone.site, Outbound("said", "ar", "شهرك", picture=MONTH))
    html = await (await phone.get("/chat")).text()
    assert '<figure class="picture" lang="ar" dir="rtl">' in html
    assert 'text-anchor="end"' in html


async def test_what_somebody_wrote_is_never_part_of_the_page(phone: Phone) -> None:
    tell(phone.site, Outbound("said", "en", "Your web:", picture=EVIL))
    html = await (await phone.get("/chat")).text()
    assert "<script>alert" not in html
    assert not re.search(r"<[^>]*\sonload=", html)
    assert not re.search(r"<svg[^>]*xmlns.*?style=", html)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_terminal_says_it_in_words(direction: str) -> None:
    screen = Screen(ENGLISH, direction)  # type: ignore[arg-type]
    shown = [plain(line).strip("\u2067") for line in screen.shown(Outbound("said", "en", "Your month:", picture=MONTH))]
    assert [line.replace("\u2067", "").strip() for line in shown] == [
        "Your month:",
        "Week 1: Week: Hard",
        "Week 2: Week: Good",
        "",
    ]


def test_the_terminal_says_nothing_twice() -> None:
    message = Outbound("said", "en", "Your month:\nWeek 1: Week: Hard\nWeek 2: Week: Good", picture=MONTH)
    assert len(Screen(ENGLISH, "ltr").shown(message)) == 2
