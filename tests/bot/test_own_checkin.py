"""A specialist's own check-in: played on a page, kept for its writer alone, and told to nobody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from sqlalchemy import select

from bot.catalogs.sources import script_texts
from bot.config import SCRIPTS
from bot.wording.own_checkin import OWN_CHECKIN
from dialogues.loader import load_bundle
from dialogues.model import Script
from storage import people, reflections, schema, scripts, team_answers
from tests.bot.digest_samples import NOW
from tests.bot.page_forms import Seen
from tests.bot.staff_world import SAME_SITE, MarkedArabic, World, world
from tests.storage.databases import counts

Browser = TestClient[web.Request, web.Application]

OWN = """\
dialogue: own
title: My own check-in
language: en
for: specialist

remember:
  last_step: own/step

steps:

  hello:
    say: Hello {name}.

  sees:
    ask: Do I see a job for this person?
    answer: one of
    options:
      clearly: Clearly
      not_now: Not right now
    not again within: 3 days

  step:
    ask: Which step is small enough?
    answer: text

  same:
    when: last_step was answered
    say: |
      The step before was: {last_step}

  words:
    ask: Which words did I use?
    answer: any of
    options:
      kind: Kind ones
      hard: Hard ones
    own words: yes

  colleague:
    ask: Do I want to talk this over with a colleague?
    answer: yes or no
    tags: own:colleague

  heavy:
    ask: How heavy is it now?
    answer: one of
    options:
      light: Light
      too_heavy: Too heavy
    tags: [own:heavy, team:count]

  role:
    ask: Did I do what is not my role?
    answer: yes or no
    tags: team:count

  count_me:
    ask: May these answers count for the team?
    answer: yes or no
    tags: team

  sharing:
    share: This is what {specialist} sees.
    offer: [step]

  goodbye:
    say: That was all.
"""
OWN = OWN.replace("    answer: text\n", "    answer: text\n    label: Step\n", 1)
LINES = ["Not right now", "a phone call", "Hard ones", "Yes", "Too heavy", "No", "Yes"]


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield await with_own(made, OWN, "own")


async def with_own(made: World, source: str, dialogue: str) -> World:
    script = load_bundle({dialogue: source}, dialogue)
    texts = {"en": dict(script_texts(script))}
    await made.database.write(lambda conn: scripts.publish(conn, dialogue, {dialogue: source}, texts, "staff:1", NOW))
    made.programme = replace(made.programme, own_check_in=dialogue)
    return made


async def seen(answer: ClientResponse, status: int = 200) -> Seen:
    assert answer.status == status, await answer.text()
    return Seen(await answer.text())


async def press(browser: Browser, page: Seen, button: str, *ticked: str, text: str | None = None) -> ClientResponse:
    form = page.form(button)
    return await browser.post(form.action, data=form.sent(button, ticked, text), headers=SAME_SITE)


async def begin(browser: Browser) -> Seen:
    page = await seen(await browser.get("/own"))
    return await seen(await press(browser, page, "Begin"))


async def answer(browser: Browser, page: Seen, said: str) -> Seen:
    if any(said in form.buttons for form in page.forms):
        return await seen(await press(browser, page, said))
    if any(said in form.boxes for form in page.forms):
        return await seen(await press(browser, page, "Send", said))
    return await seen(await press(browser, page, "Send", text=said))


async def through(browser: Browser, *said: str) -> Seen:
    page = await begin(browser)
    for one in said or LINES:
        page = await answer(browser, page, one)
    return page


# Playing


async def test_it_is_played_one_question_at_a_time_and_can_be_read_afterwards(service: World) -> None:
    async with service.browsing(await service.staff("Anna")) as browser:
        page = await begin(browser)
        assert "Hello" in page.words
        assert "Do I see a job for this person?" in page.words
        assert "Which step is small enough?" not in page.words
        page = await answer(browser, page, "Not right now")
        assert "Which step is small enough?" in page.words
        for said in LINES[1:]:
            page = await answer(browser, page, said)
        assert "Begin" in page.words
        sheet = await seen(await browser.get("/own/1"))
        for line in ("a phone call", "Hard ones", "Not right now", "Too heavy", "How heavy is it now?"):
            assert line in sheet.words
        assert OWN_CHECKIN["staff/own_note"] in sheet.words
        assert "That was all." not in sheet.words


async def test_every_question_can_be_skipped_and_gone_back_to(service: World) -> None:
    async with service.browsing(await service.staff("Anna")) as browser:
        page = await begin(browser)
        page = await seen(await press(browser, page, "Skip"))
        assert OWN_CHECKIN["staff/own_passed"] in page.words
        page = await seen(await press(browser, page, "Back"))
        assert "Do I see a job for this person?" in page.words
        page = await answer(browser, page, "Clearly")
        for _ in range(6):
            page = await seen(await press(browser, page, "Skip"))
        assert "Begin" in page.words
        assert "Clearly" in (await seen(await browser.get("/own/1"))).words


async def test_it_waits_where_it_was_left(service: World) -> None:
    anna = await service.staff("Anna")
    async with service.browsing(anna) as browser:
        await answer(browser, await begin(browser), "Clearly")
    async with service.browsing(anna) as browser:
        service.now += timedelta(days=40)
        async with service.browsing(anna) as later:
            page = await seen(await later.get("/own"))
            assert "Which step is small enough?" in page.words
            assert not any("Begin" in form.buttons for form in page.forms)
            await later.post("/own", headers=SAME_SITE)
            assert await kept(service, anna) == [(1, "open")]


async def kept(service: World, staff_id: int) -> list[tuple[int, str]]:
    found = await service.database.read(lambda conn: reflections.all_of(conn, service.vault, staff_id))
    return [(one.number, one.state) for one in found]


async def test_what_cannot_be_understood_is_said_and_nothing_typed_is_lost(service: World) -> None:
    async with service.browsing(await service.staff("Anna")) as browser:
        page = await begin(browser)
        for said in ("Clearly", "a call"):
            page = await answer(browser, page, said)
        form = page.form("Send")
        refused = await browser.post(form.action, data=form.sent("Send"), headers=SAME_SITE)
        assert "I see no answer" in (await seen(refused, 422)).words


async def test_a_form_that_is_sent_twice_answers_once(service: World) -> None:
    async with service.browsing(await service.staff("Anna")) as browser:
        page = await answer(browser, await begin(browser), "Clearly")
        form = page.form("Send")
        first = await browser.post(form.action, data=form.sent("Send", text="a call"), headers=SAME_SITE)
        assert "Which words did I use?" in (await seen(first)).words
        second = await seen(
            await browser.post(form.action, data=form.sent("Send", text="a call"), headers=SAME_SITE), 422
        )
        assert OWN_CHECKIN["staff/own_moved_on"] in second.words
        assert "Which words did I use?" in second.words


@pytest.mark.parametrize("fields", [{}, {"id": "x"}, {"id": "12345678", "tap": "{"}, {"id": "12345678", "tap": "[]"}])
async def test_what_no_page_of_ours_sends_is_refused(service: World, fields: dict[str, str]) -> None:
    async with service.browsing(await service.staff("Anna")) as browser:
        await begin(browser)
        assert (await browser.post("/own/answer", data=fields, headers=SAME_SITE)).status == 404


async def test_an_answer_without_an_open_check_in_leads_to_the_page(service: World) -> None:
    async with service.browsing(await service.staff("Anna")) as browser:
        answered = await browser.post("/own/answer", data={"id": "12345678", "text": "x"}, headers=SAME_SITE)
        assert "Begin" in (await seen(answered)).words


async def test_earlier_ones_are_remembered_and_questions_rest(service: World) -> None:
    async with service.browsing(await service.staff("Anna")) as browser:
        await through(browser)
        service.now += timedelta(hours=1)
        page = await begin(browser)
        assert "Do I see a job for this person?" not in page.words
        page = await answer(browser, page, "another one")
        assert "The step before was:" in page.words
        assert "a phone call" in page.words
        await browser.post("/own/2/delete", headers=SAME_SITE)
        service.now += timedelta(days=4)
        async with service.browsing(1) as later:
            assert "Do I see a job for this person?" in (await begin(later)).words


async def test_it_speaks_the_specialists_language_and_direction(tmp_path: Path) -> None:
    async with world(tmp_path, MarkedArabic()) as made:
        await with_own(made, OWN, "own")
        async with made.browsing(await made.staff("Noor", language="ar")) as browser:
            begun = await browser.post("/own", headers=SAME_SITE)
            html = await begun.text()
            assert 'dir="rtl"' in html.partition("<body>")[0]
            assert "ع My own check-in" in html
            # The script has no Arabic: then it stands as a whole in its own language.
            assert 'lang="en" dir="ltr"' in html


async def test_the_menu_leads_there_only_where_there_is_one(service: World) -> None:
    anna = await service.staff("Anna")
    async with service.browsing(anna) as browser:
        assert 'href="/own"' in await (await browser.get("/people")).text()
    service.programme = replace(service.programme, own_check_in="")
    async with service.browsing(anna) as browser:
        assert 'href="/own"' not in await (await browser.get("/people")).text()
        page = await seen(await browser.get("/own"))
        assert OWN_CHECKIN["staff/own_none"] in page.words
        await browser.post("/own", headers=SAME_SITE)
        assert await kept(service, anna) == []


# Names


async def test_names_of_ones_own_people_are_not_kept(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    await service.person("S.K.", anna, "Samira Khoury")
    await service.person("T.T.", bo, "Tarik Tamm")
    async with service.browsing(anna) as browser:
        page = await answer(browser, await begin(browser), "Clearly")
        for words in ("call the boss with samira", "S.K. makes a call"):
            refused = await press(browser, page, "Send", text=words)
            page = await seen(refused, 422)
            assert OWN_CHECKIN["staff/own_names"] in page.words
            assert words in await refused.text()
            assert "Which step is small enough?" in page.words
        page = await answer(browser, page, "call Tarik")
        assert "Which words did I use?" in page.words
        beside = await press(browser, page, "Send", "Hard ones", text="slow Samira")
        assert OWN_CHECKIN["staff/own_names"] in (await seen(beside, 422)).words
    found = await service.database.read(lambda conn: reflections.all_of(conn, service.vault, anna))
    assert b"amira" not in found[0].session
    assert b"call Tarik" in found[0].session


# Who sees it


async def test_nobody_else_finds_what_one_wrote(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    async with service.browsing(anna) as browser:
        await through(browser)
    async with service.browsing(bo) as browser:
        nobodys = await browser.get("/own/7")
        annas = await browser.get("/own/1")
        assert (annas.status, await annas.text()) == (404, await nobodys.text())
        assert "phone" not in await (await browser.get("/own")).text()
        await browser.post("/own/1/delete", headers=SAME_SITE)
        await browser.post("/own/delete", headers=SAME_SITE)
    assert await kept(service, anna) == [(1, "closed")]


PAGES = [
    ("get", "/own"),
    ("post", "/own"),
    ("post", "/own/answer"),
    ("get", "/own/1"),
    ("post", "/own/1/delete"),
    ("post", "/own/delete"),
]
FOR_ALL_PEOPLE = [("get", "/numbers"), ("get", "/numbers/2026-01"), ("post", "/numbers/2026-01/file")]
MAY = {"specialist": PAGES, "coordinator": FOR_ALL_PEOPLE[:1], "administrator": FOR_ALL_PEOPLE[:1]}


@pytest.mark.parametrize(("method", "address"), [*PAGES, *FOR_ALL_PEOPLE])
async def test_without_a_session_no_page_opens(service: World, method: str, address: str) -> None:
    async with service.visitor() as visitor:
        assert (await visitor.request(method, address, headers=SAME_SITE)).status == 401


@pytest.mark.parametrize("role", ["specialist", "coordinator", "administrator"])
async def test_each_role_has_its_own_pages_and_no_others(service: World, role: str) -> None:
    async with service.browsing(await service.staff("Anna")) as browser:
        await through(browser)
    async with service.browsing(await service.staff("Bea", role)) as browser:
        missing = await (await browser.get("/nowhere/that/is")).text()
        assert missing
        for method, address in [*PAGES, FOR_ALL_PEOPLE[0]]:
            reply = await browser.request(method, address, headers=SAME_SITE, data={}, allow_redirects=False)
            opens = (method, address) in MAY[role] and address not in ("/own/1", "/own/answer")
            assert (reply.status in (200, 303)) == opens, (role, address, reply.status)


@pytest.mark.parametrize("role", ["translator", "auditor"])
async def test_other_roles_come_to_none_of_it(service: World, role: str) -> None:
    async with service.browsing(await service.staff("Tor", role)) as browser:
        for method, address in [*PAGES, *FOR_ALL_PEOPLE]:
            assert (await browser.request(method, address, headers=SAME_SITE)).status == 404


async def test_a_participant_has_no_way_in(service: World) -> None:
    anna = await service.staff("Anna")
    who = people.Who(participant_id=await service.person("P1", anna))
    await service.database.write(
        lambda conn: people.start_session(conn, service.vault, who, "token", NOW, timedelta(hours=1))
    )
    async with service.visitor() as visitor:
        for method, address in [*PAGES, *FOR_ALL_PEOPLE]:
            cookies = {"medvind": "token", "medvind-staff": "token"}
            assert (await visitor.request(method, address, headers=SAME_SITE, cookies=cookies)).status == 401


async def test_it_leaves_nothing_anywhere_but_in_its_own_two_tables(service: World) -> None:
    anna = await service.staff("Anna")
    await service.person("S.K.", anna)
    async with service.browsing(anna) as browser:
        before = await service.database.read(counts)
        await through(browser)
        await browser.get("/own/1")
        after = await service.database.read(counts)
    assert {name for name in after if after[name] != before.get(name)} == {"reflection", "team_answer"}
    assert not {"outbox", "card", "answer", "conversation", "inbox"} & after.keys()


def test_no_table_holds_a_belief_with_a_participant() -> None:
    for table in (schema.reflection, schema.team_answer):
        assert not [column for column in table.c if "participant" in column.name]
        assert {key.column.table.name for key in table.foreign_keys} <= {"staff"}
    assert set(schema.reflection.c.keys()) == {
        "staff_id", "number", "dialogue", "version", "state", "sealed_session", "started_at", "ended_at"
    }  # fmt: skip
    assert set(schema.team_answer.c.keys()) == {"month", "question", "lookup", "choice"}


# Afterwards


async def test_when_it_is_too_heavy_the_page_says_who_can_help(service: World) -> None:
    async with service.browsing(await service.staff("Anna")) as browser:
        page = await through(browser, *LINES[:5])
        assert OWN_CHECKIN["staff/own_heavy_title"] in page.words
        page = await answer(browser, page, "No")
        page = await answer(browser, page, "No")
        assert OWN_CHECKIN["staff/own_heavy_title"] in page.words
    async with service.browsing(await service.staff("Bo")) as browser:
        page = await through(browser, *LINES[:4], "Light")
        assert OWN_CHECKIN["staff/own_heavy_title"] not in page.words


async def test_who_wants_a_colleague_is_reminded_and_nothing_is_sent(service: World) -> None:
    async with service.browsing(await service.staff("Anna")) as browser:
        page = await through(browser)
        assert OWN_CHECKIN["staff/own_colleague"] in page.words
    async with service.browsing(await service.staff("Bo")) as browser:
        page = await through(browser, *LINES[:3], "No", *LINES[4:])
        assert OWN_CHECKIN["staff/own_colleague"] not in page.words
    assert not await service.database.read(lambda conn: conn.execute(select(schema.outbox)).all())


async def team(service: World, month: str) -> object:
    return await service.database.read(lambda conn: team_answers.counts(conn, month))


async def test_answers_count_for_the_team_only_after_a_yes_and_once(service: World) -> None:
    month, both = f"{service.now:%Y-%m}", {"own/heavy": {"too_heavy": 1}, "own/role": {"no": 1}}
    anna = await service.staff("Anna")
    for lines, counted in (
        ((*LINES[:6], "No"), {}),
        (LINES, both),
        ((*LINES[:4], "Light", "Skip", "Yes"), {"own/heavy": {"light": 1}}),
    ):
        service.now += timedelta(days=4)
        async with service.browsing(anna) as browser:
            await through(browser, *lines)
            assert await team(service, month) == counted
    async with service.browsing(anna) as browser:
        await browser.post("/own/3/delete", headers=SAME_SITE)
        assert await team(service, month) == both
        await browser.post("/own/delete", headers=SAME_SITE)
        assert await team(service, month) == {}


async def test_what_was_counted_in_a_month_that_is_over_stays(service: World) -> None:
    month = f"{service.now:%Y-%m}"
    anna = await service.staff("Anna")
    async with service.browsing(anna) as browser:
        await through(browser)
    service.now = datetime(2030, 1, 5, 9, tzinfo=service.now.tzinfo)
    async with service.browsing(anna) as browser:
        await browser.post("/own/delete", headers=SAME_SITE)
    assert await team(service, month) == {"own/heavy": {"too_heavy": 1}, "own/role": {"no": 1}}
    assert await kept(service, anna) == []


async def test_one_and_all_can_be_deleted_from_the_page(service: World) -> None:
    anna = await service.staff("Anna")
    async with service.browsing(anna) as browser:
        await through(browser)
        sheet = await seen(await browser.get("/own/1"))
        await press(browser, sheet, OWN_CHECKIN["staff/own_delete_yes"])
        assert await kept(service, anna) == []
        page = await begin(browser)
        await press(browser, page, OWN_CHECKIN["staff/own_delete_yes"])
        assert await kept(service, anna) == []
        for wrong in ("0", "x", "9999999999999999999999"):
            assert (await browser.post(f"/own/{wrong}/delete", headers=SAME_SITE)).status == 404


# The shipped one


def shipped() -> Script:
    source = (SCRIPTS / "own_checkin.yaml").read_text(encoding="utf-8")
    return load_bundle({"own_checkin": source}, "own_checkin")


async def test_the_shipped_one_is_played_to_its_end(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        await with_own(made, shipped().source, "own_checkin")
        async with made.browsing(await made.staff("Anna")) as browser:
            page = await begin(browser)
            page = await answer(browser, page, "My own limits")
            asked = 0
            while not any("Begin" in form.buttons for form in page.forms):
                labels = [label for form in page.forms for label in form.buttons]
                way = next((one for one in ("A lot", "Too heavy", "Yes") if one in labels), "Skip")
                page = await seen(await press(browser, page, way))
                asked += 1
            assert 5 <= asked <= 10
            assert OWN_CHECKIN["staff/own_heavy_title"] in page.words
        assert set(await team(made, f"{made.now:%Y-%m}")) == {  # type: ignore[call-overload]
            "own_checkin/hours", "own_checkin/not_my_role", "own_checkin/heavy"
        }  # fmt: skip


def test_the_shipped_one_asks_for_belief_in_three_parts_and_for_too_much_and_too_little() -> None:
    tags = [tag for step in shipped().steps for tag in step.tags]
    assert {"belief:job", "belief:step", "belief:basis"} <= set(tags)
    keys = set(shipped().by_key)
    assert {"own_checkin/too_much", "own_checkin/too_little", "own_checkin/colleague"} <= keys


def test_no_text_is_there_that_no_page_says() -> None:
    console = Path(__file__).parents[2] / "bot" / "console"
    places = [*console.rglob("*.html"), console / "reflecting.py", console.parent / "reflecting" / "playing.py"]
    source = "\n".join(path.read_text(encoding="utf-8") for path in places)
    for context in OWN_CHECKIN:
        assert re.search(rf"\b{context.removeprefix('staff/')}\b", source), context
