"""The clock on the pages of a demo: who may turn it, what they see then, and that a real service has no such thing."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import get_args
from urllib.parse import urljoin

import pytest

from bot.passing import Happened, What
from storage import people
from storage.people import Who
from tests.bot.passing_world import Client, PassingWorld, at, turned
from tests.bot.staff_world import SAME_SITE
from tests.bot.turn_world import MONDAY, TurnWorld
from tests.running_demo import Visitor, running_demo

TURNED = "The clock of this demo was turned."
PAGES = {"specialist": ("/digest", "/people", "/invite", "/demo/mail", "/demo"), "coordinator": ("/scripts", "/demo")}


@pytest.fixture
def there(sqlite_world: TurnWorld, tmp_path: Path) -> PassingWorld:
    return turned(sqlite_world, tmp_path)


async def page(client: Client, path: str) -> str:
    """What stands on it."""
    answer = await client.get(path)
    assert answer.status == 200, path
    return re.sub("[\u2066-\u2069]", "", unescape(await answer.text()))


async def turn(client: Client, by: str, back: str = "/demo") -> str:
    """Press a button: where that leads."""
    fields = {"by": by, "back": back}
    answer = await client.post("/demo/turn", data=fields, headers=SAME_SITE, allow_redirects=False)
    assert answer.status == 303
    return answer.headers["Location"]


@pytest.mark.parametrize("role", PAGES)
async def test_every_page_shows_the_time_and_turns_it(there: PassingWorld, role: str) -> None:
    staff = there.world.specialist if role == "specialist" else await there.staff(role)
    async with there.browsing(staff) as client:
        for path in PAGES[role]:
            shown = await page(client, path)
            assert shown.count('<form class="sheet clock"') == 1, path
            assert '<a href="/demo"' in shown
            assert "<strong>Monday 2 March 09:30</strong>" in shown
            assert "was turned" not in shown
        for hour, path in enumerate(PAGES[role], start=10):
            assert await turn(client, "hour", path) == path
            assert f"<strong>Monday 2 March {hour}:30</strong>" in await page(client, path)


async def test_it_shows_what_happened_and_for_whom_and_nobodys_words(there: PassingWorld) -> None:
    amina = await there.takes_part()
    async with there.browsing(await there.staff("coordinator")) as client:
        assert "Nothing yet." in await page(client, "/demo")
        assert await turn(client, "week") == "/demo"
        assert "Nothing yet." in await page(client, "/demo")
        assert await turn(client, "week", "/scripts") == "/scripts"
        shown = await page(client, "/demo")
    assert "<strong>Monday 16 March 09:30</strong>" in shown
    assert "The clock of this demo was turned." in shown
    items = re.findall(r'<span class="when">(.+?)</span> (.+?)</li>', shown)
    assert items == [
        ("Friday 13 March 12:30", "A.: an open conversation closes. Nobody is told."),
        ("Wednesday 11 March 12:30", "A.: a reminder comes. There is only one."),
        ("Tuesday 10 March 12:30", "A.: a check-in comes."),
    ]
    assert "Amina" not in shown
    assert amina.texts[-1] not in shown


async def test_an_erased_person_is_not_named_any_more(there: PassingWorld) -> None:
    amina = await there.takes_part()
    await there.turning.turn("next")
    await there.world.database.write(lambda conn: people.erase(conn, amina.id))
    async with there.browsing(there.world.specialist) as client:
        assert "Nothing yet." in await page(client, "/demo")


async def test_a_mail_that_came_is_on_its_page(there: PassingWorld) -> None:
    amina = await there.takes_part()
    await there.until(at(10))
    await amina.finds()
    await amina.chooses("4")
    while amina.waits.kind == "asked":
        await amina.skips_one()
    await amina.presses("share_all")
    async with there.browsing(there.world.specialist) as client:
        assert await turn(client, "next") == "/demo"
        assert "Kim Berg: a mail comes." in await page(client, "/demo")
        assert "Wednesday 11 March 08:00" in await page(client, "/demo/mail")


async def test_without_a_next_thing_it_says_so(there: PassingWorld) -> None:
    async with there.browsing(there.world.specialist) as client:
        assert await turn(client, "next", "/digest") == "/demo?nothing"
        assert "Nothing comes by itself now." in await page(client, "/demo?nothing")


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "https://elsewhere.example/demo", "/demo\r\nX: y", "/sign-out", "", "/digest?x=//y"]
)
async def test_it_leads_to_no_other_place(there: PassingWorld, back: str) -> None:
    async with there.browsing(there.world.specialist) as client:
        assert await turn(client, "day", back) == "/demo"


async def test_only_its_own_buttons_turn_it(there: PassingWorld) -> None:
    async with there.browsing(there.world.specialist) as client:
        for fields in ({"by": "year"}, {}):
            assert (await client.post("/demo/turn", data=fields, headers=SAME_SITE)).status == 404
        assert (await client.post("/demo/turn", data={"by": "day"})).status == 403
        assert (await client.get("/demo/turn")).status == 405
        client.session.cookie_jar.clear()
        assert (await client.post("/demo/turn", data={"by": "day"}, headers=SAME_SITE)).status == 401
        assert (await client.get("/demo")).status == 401
    assert not there.turning.is_turned


async def test_who_is_in_stays_in_however_far_it_is_turned(there: PassingWorld) -> None:
    amina = await there.takes_part()
    expires = MONDAY + timedelta(hours=1)
    await there.world.database.write(
        lambda conn: people.new_link(conn, there.world.vault, Who(amina.id), "for-an-hour", MONDAY, expires)
    )
    chat = await there.link(Who(amina.id))
    async with there.browsing(there.world.specialist) as client:
        await client.post(chat, data={"language": "en"}, headers=SAME_SITE)
        for _ in range(20):
            await turn(client, "week")
        assert "Monday 20 July" in await page(client, "/digest")
        assert (await client.get("/chat")).status == 200
        assert (await client.get("/c/for-an-hour")).status == 200
        there.turning.clock.turn_to(there.clock.now() + timedelta(days=400))
        assert (await client.get("/digest")).status == 401, "only a turn by these buttons keeps it open"


async def test_it_is_worded_in_the_language_of_the_reader(there: PassingWorld) -> None:
    await there.takes_part()
    await there.turning.turn("next")
    async with there.browsing(await there.staff("specialist", "ar")) as client:
        shown = await page(client, "/demo")
    assert '<html lang="ar" dir="rtl">' in shown
    assert "الثلاثاء 10 مارس 12:30" in shown
    assert "A.: تصل الأسئلة." in shown


async def test_whatever_can_happen_has_words(there: PassingWorld) -> None:
    everything = get_args(What)
    amina = await there.world.person()
    for what in everything:
        there.turning.happened.append(Happened(MONDAY, what, Who(amina.id)))
    async with there.browsing(there.world.specialist) as client:
        shown = await page(client, "/demo")
    said = re.findall(r'<span class="when">Monday 2 March 09:30</span> A\.: (.+?)</li>', shown)
    assert len(said) == len(set(said)) == len(everything)


async def test_a_real_service_has_no_such_page_and_no_such_words(there: PassingWorld) -> None:
    await there.takes_part()
    routes = {resource.canonical for resource in there.app(demo=False).router.resources()}
    assert not [route for route in routes if route.startswith("/demo") and route != "/demo/mail"]
    async with there.browsing(there.world.specialist, demo=False) as client:
        for path in ("/digest", "/people", "/invite"):
            shown = await page(client, path)
            assert "clock" not in shown
            assert "/demo" not in shown
        assert (await client.get("/demo")).status == 404
        assert (await client.post("/demo/turn", data={"by": "week"}, headers=SAME_SITE)).status == 404
    assert there.clock.now() == MONDAY


# As a program ---------------------------------------------------------------------------------------------------------


def test_a_demo_remembers_how_far_it_was_turned_until_it_starts_afresh(tmp_path: Path) -> None:
    for fresh, before, after in ((False, False, True), (False, True, True), (True, False, False)):
        with running_demo(tmp_path, fresh=fresh) as demo:
            visitor, link = Visitor(), next(link for link in demo.links if "/s/" in link)
            visitor.post(link, {})
            assert (TURNED in visitor.get(urljoin(link, "/demo"))) is before
            if after:
                assert TURNED in visitor.post(urljoin(link, "/demo/turn"), {"by": "week", "back": "/digest"})
    assert not (tmp_path / "var/demo/clock").exists()
