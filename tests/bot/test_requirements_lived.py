"""What the studies behind Medvind ask of people's days with it, as docs/requirements.md lists it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.messages import Tap
from storage import schema
from tests.bot.digest_samples import NOW, YESTERDAY, line, plain
from tests.bot.page_forms import Seen
from tests.bot.staff_pages import fetched
from tests.bot.staff_world import SAME_SITE, World, world
from tests.bot.test_numbers import a_month, publish_weekly, share
from tests.bot.turn_world import TurnWorld

Browser = TestClient[web.Request, web.Application]
SECRET = "The heron stood in the car park"
PASSKEYS = re.compile(r'<script src="/console/static/signing-in\.js\?v=[0-9a-f]+" type="module"></script>')
"""What asks the device for a passkey. It takes nothing of a page along."""
OF_ALL = ("/scripts", "/numbers", "/numbers/2025-04")
FILE = "/numbers/2025-04/file"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        await publish_weekly(made)
        yield made


# Words that answer no question ----------------------------------------------------------------------------------------


async def test_words_that_answer_no_question_reach_no_specialist(sqlite_world: TurnWorld) -> None:
    """There is no chat: what is typed into nothing, beside buttons, or after the end stays with the person."""
    amina = await sqlite_world.person(pseudonym="A.K.")
    await amina.says(SECRET)
    await amina.onboards()
    await amina.says(SECRET)
    await amina.says("start")
    await amina.says(SECRET)
    await amina.skips_all()
    await amina.says(SECRET)
    assert await sqlite_world.count(schema.card) == 0
    sqlite_world.clock.forward(days=1)
    pages = await fetched(sqlite_world, sqlite_world.specialist, ["/digest", "/people", f"/people/{amina.id}"])
    assert {status for status, _, _ in pages.values()} == {200}
    assert not [address for address, (_, _, html) in pages.items() if "heron" in html.decode()]


async def test_one_tap_for_an_interpreter_is_the_first_thing_that_the_specialist_reads(sqlite_world: TurnWorld) -> None:
    amina = await sqlite_world.person(language="ar", pseudonym="A.K.")
    other = await sqlite_world.person(pseudonym="B.K.")
    for person, answer in ((other, "sure"), (amina, "help")):
        await person.onboards()
        await person.says("start")
        await person.skips_to("job_sure")
        await person.chooses("4")
        if answer == "help":
            await person.skips_to("help")
            await person.chooses("interpreter")
        await person.skips_to("sharing")
        await person.presses("share_all")
        sqlite_world.clock.forward(minutes=10)
    _, _, html = (await fetched(sqlite_world, sqlite_world.specialist, ["/digest"]))["/digest"]
    words = plain(Seen(html.decode()).words)
    assert 0 < words.index("Asked for an interpreter") < words.index("A.K.") < words.index("New shared check-ins")
    assert words.index("New shared check-ins") < words.index("B.K.")


# A question of one's own ----------------------------------------------------------------------------------------------


async def test_a_question_in_own_words_comes_with_the_next_short_check_in(sqlite_world: TurnWorld) -> None:
    amina = await sqlite_world.person()
    await amina.onboards()
    await amina.taps(Tap(0, "", "open", ("my_question",)))
    await amina.chooses("yes")
    await amina.says("How calm was the bus?")
    await amina.skips_all()
    for _ in range(14 * 8):
        await sqlite_world.until(sqlite_world.clock.now + timedelta(hours=3))
        if await amina.finds() and amina.waits.step == "pulse/day":
            break
        await amina.skips_all()
    await amina.chooses("3")
    assert "Your own question: How calm was the bus?" in amina.texts[-1]
    await amina.chooses("4")
    await amina.skips_all()
    assert (await amina.answered())["about_first"] == "4"
    assert await sqlite_world.count(schema.card) == 0


# Nothing is counted against a specialist, and nothing is carried off --------------------------------------------------


async def pages(service: World, role: str) -> dict[str, bytes]:
    """All that somebody sees who looks at everybody together."""
    async with service.browsing(await service.staff("Kari", role)) as browser:
        answers = [(address, await browser.get(address)) for address in OF_ALL]
        return {address: await answer.read() for address, answer in answers if answer.status == 200}


@pytest.mark.parametrize(("role", "seen"), [("coordinator", OF_ALL), ("administrator", OF_ALL[1:])])
async def test_what_a_specialist_opens_and_answers_and_when_is_on_no_page_of_others(
    service: World, role: str, seen: tuple[str, ...]
) -> None:
    await a_month(service)
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    await share(service, person, NOW - timedelta(days=5), help="letters")
    before = await pages(service, role)
    assert tuple(before) == seen
    assert b"Letters from offices" in before["/numbers/2025-04"]
    async with service.browsing(anna) as browser:
        for _ in range(3):
            assert (await browser.get("/digest")).status == 200
        html = await (await browser.get(f"/people/{person}")).text()
        form = Seen(html).form("Yes, I will")
        sent = await browser.post(form.action, data=form.sent("Yes, I will"), headers=SAME_SITE, allow_redirects=False)
        assert sent.status == 303
    assert await pages(service, role) == before


async def everything_opened(service: World, staff: int, person: int) -> dict[str, tuple[str, str, str]]:
    """Address -> type, disposition and text of every page that opens for somebody, of all there are."""
    known = defaultdict(lambda: "1", token="x", day="2025-05-05", person=str(person), month="2025-04")
    found: dict[str, tuple[str, str, str]] = {}
    async with service.browsing(staff) as browser:
        resources = {route.resource for route in service.application().router.routes() if route.method == "GET"}
        for resource in resources - {None}:
            address = str(resource.canonical).format_map(known)  # type: ignore[union-attr]
            answer = await browser.get(address, allow_redirects=False)
            if answer.status == 200:
                disposition = answer.headers.get("Content-Disposition", "")
                found[address] = (answer.content_type, disposition, plain(await answer.text()))
    return found


@pytest.mark.parametrize(("role", "reads"), [("specialist", True), ("coordinator", False), ("administrator", False)])
async def test_staff_get_pages_to_read_and_no_file_but_the_numbers(service: World, role: str, reads: bool) -> None:
    """Nothing files itself, nothing can be carried off in bulk, and only one's own specialist reads an answer."""
    await a_month(service)
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    await service.share(person, line("good", "rested", own=SECRET), at=YESTERDAY)
    one = anna if role == "specialist" else await service.staff("Kari", role)
    found = await everything_opened(service, one, person)
    files = {address for address, (kind, disposition, _) in found.items() if kind != "text/html" or disposition}
    assert files == set()
    async with service.browsing(one) as browser:
        taken = await browser.post(FILE, data={"as": "csv", "purpose": "report"}, headers=SAME_SITE)
        assert (taken.status, "Content-Disposition" in taken.headers) == ((404, False) if reads else (200, True))
    assert {address for address, (_, _, text) in found.items() if SECRET in text} == (
        {f"/people/{person}", "/digest"} if reads else set()
    )
    assert not [address for address, (_, _, text) in found.items() if "<script" in PASSKEYS.sub("", text)]


async def test_no_page_gives_somebody_a_dialogue_or_makes_it_a_condition(service: World) -> None:
    """A coordinator writes what is asked, and invites; no form is about a person and a dialogue, or about duty."""
    sent: set[str] = set()
    await service.staff("Anna")
    pages = ("", "/checkin", "/checkin/publish", "/checkin/examples", "/checkin/history", "/checkin/texts")
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        for address in (*(f"/scripts{tab}" for tab in pages), "/numbers", "/numbers/2025-04", "/invite"):
            html = await (await browser.get(address)).text()
            for form in Seen(html).forms:
                sent.add(form.action)
                fields = {*form.texts, *(name for name, _ in form.hidden)}
                about_people = {"person", "participant", "pseudonym", "specialist", "who"}
                assert not fields & {"dialogue", "script", "mandatory", "required"}
                assert not (form.action.startswith("/scripts") and fields & about_people)
    writing = {address for address in sent if address.startswith("/scripts")}
    assert sent - writing - {""} == {"/invite", "/sign-out"}, "an empty one is a dialog of the page itself"
    assert "/scripts/checkin/change" in writing
