"""Two clicks: from the link in the message to the end of every act of a specialist's day, without scripts.

A press of a button is a click, and so is a link, and so is opening what is folded. Choosing from a list is none.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from sqlalchemy import Connection

from bot.lines import CardLine, encode_lines
from bot.mailing import Post, compose_mail
from storage import digests, people, replies, scripts, snoozes
from tests.bot.attention_script import PUBLISHED, SOURCE, line
from tests.bot.digest_samples import NOW, TODAY, YESTERDAY
from tests.bot.staff_world import SAME_SITE, World, world
from tests.bot.test_mailing import Postbox
from tests.bot.test_person_page import CARD, Browser

MOST = 2


@dataclass(frozen=True)
class Act:
    """A button: where it sends what, and how many clicks lead to it."""

    address: str
    sent: tuple[tuple[str, str], ...]
    clicks: int


@dataclass
class Walked(HTMLParser):
    """The links and the buttons of a page, each with the clicks that it takes from where the page begins."""

    before: int
    links: dict[str, int] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._folds, self._form = [False], None  # type: tuple[list[bool], dict[str, str] | None]
        self._fields: list[tuple[str, str]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        clicks = self.before + sum(self._folds) + 1
        match tag:
            case "details":
                self._folds.append("open" not in given)
            case "a" if given.get("href", "").startswith("/"):
                address = urldefrag(given["href"]).url
                self.links[address] = min(clicks, self.links.get(address, clicks))
            case "form":
                self._form, self._fields = given, []
            case "input" if given.get("type") in ("hidden", "date") and self._form is not None:
                self._fields.append((given["name"], given["value"]))
            case "select":
                self._select = given["name"]
            case "option" if self._select and self._form is not None:
                self._fields.append((self._select, given["value"]))
                self._select = ""
            case "button" if self._form is not None:
                pressed = [(given["name"], given["value"])] if "name" in given else []
                self.acts.append(Act(self._form["action"], (*self._fields, *pressed), clicks))

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._folds.pop()
        if tag == "form":
            self._form = None


def walked(html: str, before: int) -> Walked:
    """A page to which so many clicks have led."""
    page = Walked(before)
    page.feed(html)
    return page


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        made.programme = replace(made.programme, role_card=CARD)
        texts, at = {"en": PUBLISHED.texts["en"]}, NOW - timedelta(days=390)
        await made.database.write(lambda conn: scripts.publish(conn, "acts", {"acts": SOURCE}, texts, "staff:1", at))
        yield made


@pytest.fixture
async def anna(service: World) -> int:
    return await service.staff("Anna")


@pytest.fixture
async def samira(service: World, anna: int) -> int:
    """She asked for contact and for help, and told news."""
    person = await service.person("S.K.", anna)
    await shares(service, person, line("contact", "yes"), line("help", "money"), line("news", "sick"))
    return person


async def shares(service: World, person: int, *lines: CardLine) -> None:
    def put(conn: Connection) -> None:
        card = digests.sealed_card(
            people.participant(conn, service.vault, person).cipher, participant_id=person, conversation=7,
            step="acts/sharing", dialogue="acts", version=1, language="ar", lines=encode_lines(lines),
            shared_at=YESTERDAY + timedelta(hours=1),
        )  # fmt: skip
        digests.put_cards(conn, [card])

    await service.database.write(put)


async def acts_of_the_day(service: World, browser: Browser, staff: int) -> Iterator[Act]:
    """All that can be done from the link in the message, with the clicks it takes: on the page it opens, and on the
    pages that one more click opens."""
    member = await service.database.read(lambda conn: people.staff(conn, service.vault, staff))
    post = Post(Postbox(), "medvind@example.org", "https://medvind.example.org")
    mail = compose_mail(member, TODAY, service.catalogs, post).get_content()
    (link,) = [word for word in mail.split() if word.startswith("https://")]
    first = walked(await opened(browser, urlsplit(link).path), 0)
    pages = [walked(await opened(browser, address), clicks) for address, clicks in first.links.items() if clicks == 1]
    return (act for page in (first, *pages) for act in page.acts)


async def opened(browser: Browser, address: str) -> str:
    answer = await browser.get(address)
    assert answer.status == 200, address
    return await answer.text()


async def pressed(service: World, browser: Browser, staff: int, **wanted: str) -> int:
    """Press the first button that sends this: how many clicks it took."""
    found = sorted(
        (act for act in await acts_of_the_day(service, browser, staff) if wanted.items() <= {*act.sent}),
        key=lambda act: act.clicks,
    )
    assert found, wanted
    answer = await browser.post(found[0].address, data=found[0].sent, headers=SAME_SITE, allow_redirects=False)
    assert answer.status == 303, await answer.text()
    return found[0].clicks


@pytest.mark.parametrize("code", ["yes", "together", "try", "talk_first", "not_my_role"])
async def test_a_request_is_answered_in_two_clicks(service: World, anna: int, samira: int, code: str) -> None:
    async with service.browsing(anna) as browser:
        assert await pressed(service, browser, anna, code=code, about="7|acts/sharing|acts/help") == MOST
    (reply,) = (await service.database.read(lambda conn: replies.of_people(conn, [samira]))).values()
    assert reply.code == code
    assert (reply.who is not None) == (code == "not_my_role"), "who does it is chosen beforehand, by the role card"


async def test_a_request_is_put_off_in_two_clicks(service: World, anna: int, samira: int) -> None:
    async with service.browsing(anna) as browser:
        assert await pressed(service, browser, anna, about="7|acts/sharing|acts/help", until="2025-05-07") == MOST
    assert len(await service.database.read(lambda conn: snoozes.of_staff(conn, anna, [samira]))) == 1


async def test_news_is_seen_in_one(service: World, anna: int, samira: int) -> None:
    async with service.browsing(anna) as browser:
        assert await pressed(service, browser, anna, line="7|acts/sharing|acts/news") == 1
    (reply,) = (await service.database.read(lambda conn: replies.of_people(conn, [samira]))).values()
    assert reply.code == "seen"


async def test_a_contact_is_noted_in_two(service: World, anna: int, samira: int) -> None:
    async with service.browsing(anna) as browser:
        assert await pressed(service, browser, anna, day=TODAY.isoformat()) == MOST


def test_what_is_folded_takes_a_click_more() -> None:
    html = '<details><summary></summary><form action="/x"><button name="a" value="b"></button></form></details>'
    assert walked(html, 1).acts == [Act("/x", (("a", "b"),), 3)]
    assert walked(html.replace("<details", "<details open"), 1).acts[0].clicks == MOST
