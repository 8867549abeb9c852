"""Getting in on the staff pages: inviting, being asked who it is, and hearing once that messages do not get through."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from sqlalchemy import Connection, select

from bot.console.desk import DESK
from bot.messages import Outbound
from storage import addresses, audit, people, schema
from tests.bot.digest_samples import NOW, TODAY, YESTERDAY, line
from tests.bot.page_forms import Seen
from tests.bot.staff_world import SAME_SITE, MarkedArabic, World, world
from tests.bot.test_console import page, visible

BOT = "telegram:4711"
Browser = TestClient[Request, Application]
INVITE = "Make a link"
IS_IT = "Is this the person?"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        made.bots = {BOT: "medvind_bot"}
        yield made


async def sent(browser: Browser, **fields: str) -> ClientResponse:
    """The form of the page for inviting, filled in."""
    return await browser.post("/invite", data=fields, headers=SAME_SITE)


def link_in(html: str) -> str:
    found = re.search(r'<code class="key" dir="ltr" translate="no">([^<]+)</code>', html)
    assert found, html
    return found[1]


def code_in(html: str) -> str:
    found = re.search(r'<code class="key large" dir="ltr" translate="no">([^<]+)</code>', html)
    assert found, html
    return found[1]


async def knocks(service: World, text: str, where: str = "100") -> Outbound | None:
    return await service.application()[DESK].admission.knock(BOT, where, text, "", service.now)


async def waits(service: World, person: int, staff: int, where: str = "100") -> str:
    """Somebody with an invitation of this person waits: their number."""
    async with service.browsing(staff) as browser:
        html = await page(await sent(browser, who="known", person=str(person), where=BOT))
    await knocks(service, link_in(html).partition("start=")[2], where)
    standing = await standing_of(service, where)
    assert standing is not None
    assert standing.check_number is not None
    return standing.check_number


async def standing_of(service: World, where: str = "100") -> addresses.Standing | None:
    return await service.database.read(lambda conn: addresses.standing_at(conn, service.vault, BOT, where))


async def everybody(service: World) -> list[people.Participant]:
    def read(conn: Connection) -> list[people.Participant]:
        ids = conn.scalars(select(schema.participant.c.id).order_by(schema.participant.c.id))
        return [people.participant(conn, service.vault, one) for one in ids]

    return await service.database.read(read)


async def actions(service: World, person: int) -> list[tuple[str, str]]:
    found = await service.database.read(lambda conn: audit.records(conn, person))
    return [(one.actor, one.action) for one in found]


# Inviting ------------------------------------------------------------------------------------------------------------


async def test_a_specialist_invites_somebody_new(service: World) -> None:
    anna = await service.staff("Anna")
    async with service.browsing(anna) as browser:
        form = Seen(await page(await browser.get("/invite"))).form(INVITE)
        assert form.hidden == [("who", "new"), ("specialist", str(anna))]
        html = await page(
            await sent(browser, **dict(form.hidden), name=" Sam  Olsen ", pseudonym="S.O.", language="en", where=BOT)
        )
    (person,) = await everybody(service)
    assert (person.name, person.pseudonym, person.language, person.state) == ("Sam Olsen", "S.O.", "en", "active")
    assert person.time_zone == "UTC"
    assert await service.database.read(lambda conn: people.specialist_of(conn, person.id)) == anna
    assert await actions(service, person.id) == [
        (f"staff:{anna}", "participant.added"),
        (f"staff:{anna}", "invitation.made"),
    ]
    said = visible(html)
    assert said.startswith("A link for S.O. You see this only now. Give it to the person yourself, and do not open it.")
    assert "It opens once, until 20 May." in said
    assert "When it was opened, the overview of Anna asks whether it is the right person." in said
    assert "the person writes this code to @medvind_bot in Telegram." in said
    assert re.fullmatch(r"https://t\.me/medvind_bot\?start=[\w-]{22}", link_in(html))
    assert re.fullmatch("[0-9A-Z]{4}-[0-9A-Z]{4}", code_in(html))
    assert await knocks(service, code_in(html)) is not None
    assert (await standing_of(service)) is not None


async def test_nobody_new_is_added_while_something_is_missing_and_the_others_go_on(service: World) -> None:
    anna = await service.staff("Anna")
    known = await service.person("S.K.", anna)
    lines = tuple(replace(one, checked=service.now.date()) for one in service.programme.lines)
    service.programme = replace(service.programme, example=False, lines=lines)
    fields = {"name": "Sam", "pseudonym": "S.O.", "language": "en", "specialist": str(anna), "where": BOT}
    async with service.browsing(anna) as browser:
        html = await page(await browser.get("/invite"))
        assert [form.hidden[0] for form in Seen(html).forms if form.hidden] == [("who", "known")]
        said = visible(html)
        assert "Nobody new can be added now. Everybody who is here goes on." in said
        assert "Nobody has signed that taking part changes no benefit, support or place." in said
        assert "help line" not in said
        refused = await sent(browser, who="new", **fields)
        assert refused.status == 422
        assert "Nobody new can be added now." in visible(await refused.text())
        assert len(await everybody(service)) == 1
        link_in(await page(await sent(browser, who="known", person=str(known), where=BOT)))
        service.programme = replace(service.programme, example=True)
    async with service.browsing(anna) as browser:
        link_in(await page(await sent(browser, who="new", **fields)))


async def test_a_coordinator_invites_for_a_specialist_and_meets_no_answers(service: World) -> None:
    anna, bo, kari = [await service.staff(name, role) for name, role in STAFF]
    await service.share(await service.person("A.A.", anna), line("good", own="An answer"), at=YESTERDAY)
    await service.person("B.B.", bo)
    async with service.browsing(kari) as browser:
        html = await page(await browser.get("/invite"))
        assert "An answer" not in html
        assert "Name of A.A." not in html, "a coordinator meets pseudonyms"
        assert re.findall(r'<optgroup label="(\w+)"><option value="\d">\u2068([\w.]+)\u2069<', html) == [
            ("Anna", "A.A."),
            ("Bo", "B.B."),
        ]
        fields = {"who": "new", "name": "Sam", "pseudonym": "S.O.", "language": "en", "where": BOT}
        assert "the overview of Bo asks" in visible(await page(await sent(browser, **fields, specialist=str(bo))))
    added = (await everybody(service))[-1]
    assert await service.database.read(lambda conn: people.specialist_of(conn, added.id)) == bo


STAFF = (("Anna", "specialist"), ("Bo", "specialist"), ("Kari", "coordinator"))


async def test_somebody_who_is_here_gets_a_new_link_and_the_old_one_opens_nothing(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    async with service.browsing(anna) as browser:
        first, second = [await page(await sent(browser, who="known", person=str(person), where=BOT)) for _ in range(2)]
    assert link_in(first) != link_in(second)
    closed = await knocks(service, code_in(first), "100")
    opened = await knocks(service, code_in(second), "200")
    assert closed is not None
    assert opened is not None
    assert closed.text != opened.text
    assert await standing_of(service, "100") is None
    assert (await standing_of(service, "200")) is not None


async def test_a_link_to_the_web_chat(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    service.bots = {}
    async with service.browsing(anna) as browser:
        asked = await page(await browser.get("/invite"))
        assert Seen(asked).forms[2].hidden == [("who", "known"), ("where", "web")]
        assert "in Telegram" not in asked
        html = await page(await sent(browser, who="known", person=str(person), where="web"))
        link = link_in(html)
        assert link.startswith(str(browser.make_url("/c/")))
        proxied = {**SAME_SITE, "X-Forwarded-Proto": "https"}
        behind = await browser.post("/invite", data={"who": "known", "person": "1", "where": "web"}, headers=proxied)
        assert behind.status == 401, "over https the session has another name"
    assert "as often as the person wants" in visible(html)
    assert "Code" not in visible(html)
    token = link.rpartition("/")[2]
    owner = await service.database.read(lambda conn: people.open_link(conn, service.vault, token, service.now))
    assert owner == people.Who(participant_id=person)
    assert (f"staff:{anna}", "link.made") in await actions(service, person)


async def test_a_person_who_is_reached_there_needs_a_word_about_the_old_chat(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    number = await waits(service, person, anna)
    fields = {"who": "known", "person": str(person), "where": BOT}
    async with service.browsing(anna) as browser:
        await browser.post(f"/people/{person}/admit", data=answer(number), headers=SAME_SITE)
        refused = await sent(browser, **fields)
        assert refused.status == 422
        assert "S.K. has a chat there already." in visible(await refused.text())
        assert await standing_of(service) == (person, "active", None)
        html = await page(await sent(browser, **fields, moved="yes"))
    assert await standing_of(service) is None
    queued = await service.database.read(lambda conn: list(conn.scalars(select(schema.outbox.c.state))))
    assert queued == ["cancelled"]
    assert (f"staff:{anna}", "address.detached") in await actions(service, person)
    await knocks(service, code_in(html), "200")
    assert (await standing_of(service, "200")) is not None


async def test_what_cannot_be_used_comes_back_with_a_sentence_and_changes_nothing(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    await service.person("S.K.", anna)
    his = await service.person("B.B.", bo)
    good = {"who": "new", "name": "Sam", "pseudonym": "S.O.", "language": "en", "specialist": str(anna), "where": BOT}
    unknown = "This cannot be chosen any more."
    wrong = [
        (good | {"name": " "}, "A name and a pseudonym are needed."),
        (good | {"pseudonym": ""}, "A name and a pseudonym are needed."),
        (good | {"name": "x" * 81}, "There is room for 80 letters."),
        (good | {"pseudonym": "s.k. "}, "Somebody has this pseudonym already."),
        (good | {"language": "xx"}, unknown),
        (good | {"specialist": str(bo)}, unknown),
        (good | {"where": "telegram:1"}, unknown),
        ({"who": "known", "person": str(his), "where": BOT}, unknown),
        ({"who": "known", "person": "999", "where": BOT}, unknown),
        ({"who": "known", "where": BOT}, unknown),
        ({}, unknown),
    ]
    async with service.browsing(anna) as browser:
        for fields, sentence in wrong:
            refused = await sent(browser, **fields)
            assert refused.status == 422
            html = await refused.text()
            assert sentence in visible(html), fields
            assert (' aria-describedby="name-hint trouble" aria-invalid="true"' in html) == (fields.get("name") == " ")
            assert ('"pseudonym-hint trouble" aria-invalid="true"' in html) == (
                fields.get("pseudonym") in ("", "s.k. ")
            )
        again = await (await sent(browser, **good | {"name": '<b>"Sam"', "pseudonym": "S.K."})).text()
    assert Seen(again).forms[1].texts["name"] == '<b>"Sam"', "what was typed is still there"
    assert len(await everybody(service)) == 2
    assert await service.database.read(lambda conn: conn.execute(select(schema.invitation)).all()) == []


async def test_loading_the_page_with_the_link_again_adds_nobody_twice(service: World) -> None:
    anna = await service.staff("Anna")
    fields = {"who": "new", "name": "Sam", "pseudonym": "S.O.", "language": "en", "specialist": str(anna), "where": BOT}
    async with service.browsing(anna) as browser:
        assert (await sent(browser, **fields)).status == 200
        assert (await sent(browser, **fields)).status == 422
    assert len(await everybody(service)) == 1


async def test_nobody_else_makes_links(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    fields = {"who": "known", "person": str(person), "where": "web"}
    async with service.visitor() as visitor:
        assert (await visitor.get("/invite")).status == 401
        assert (await sent(visitor, **fields)).status == 401
    async with service.browsing(anna) as browser:
        forged = await browser.post("/invite", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
        assert forged.status == 403
        assert await actions(service, person) == []
        assert "no-store" in (await sent(browser, **fields)).headers["Cache-Control"]


async def test_a_service_without_specialists_says_so(service: World) -> None:
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        html = await page(await browser.get("/invite"))
        assert "There is no specialist yet who could accompany somebody." in visible(html)
        assert INVITE not in html
        assert (await sent(browser, who="new", name="A", pseudonym="B", language="en", where=BOT)).status == 422


# Is this the person? -------------------------------------------------------------------------------------------------


def answer(number: str, said: str = "yes") -> dict[str, str]:
    return {"channel": BOT, "number": number, "answer": said}


async def test_the_overview_asks_and_a_yes_lets_the_person_in(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    number = await waits(service, person, anna)
    async with service.browsing(anna) as browser:
        html = await page(await browser.get("/digest"))
        assert visible(html).startswith(
            f"{IS_IT} The invitation of S.K. was opened. The number there is {number}. "
            "Ask the person for the number they see. Nothing is sent before you have answered. "
            "Yes, it is the same number No Tuesday 6 May"
        )
        form = Seen(html).form("No")
        data = form.sent("Yes, it is the same number")
        done = await browser.post(form.action, data=data, headers=SAME_SITE)
        said = visible(await page(done))
        assert done.url.path == "/digest"
        assert said.startswith("S.K. can start now. Tuesday 6 May")
        assert IS_IT not in visible(await page(await browser.get("/digest")))
    assert await standing_of(service) == (person, "active", None)
    queued = await service.database.read(lambda conn: list(conn.execute(select(schema.outbox))))
    assert [(row.participant_id, row.channel, row.state) for row in queued] == [(person, BOT, "queued")]
    assert (f"staff:{anna}", "address.confirmed") in await actions(service, person)


async def test_a_no_closes_the_invitation_and_sends_nothing(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    await waits(service, person, anna)
    async with service.browsing(anna) as browser:
        form = Seen(await page(await browser.get("/digest"))).form("No")
        said = visible(await page(await browser.post(form.action, data=form.sent("No"), headers=SAME_SITE)))
        assert said.startswith("The invitation of S.K. is closed. You can make a new one. Tuesday 6 May")
    assert await standing_of(service) is None
    assert await service.database.read(lambda conn: conn.execute(select(schema.outbox)).all()) == []


async def test_nobody_else_is_asked_or_can_answer(service: World) -> None:
    anna, bo, kari = [await service.staff(name, role) for name, role in STAFF]
    person = await service.person("S.K.", anna)
    number = await waits(service, person, anna)
    async with service.browsing(bo) as browser:
        assert IS_IT not in await page(await browser.get("/digest"))
        refused = [await browser.post(f"/people/{who}/admit", data=answer(number), headers=SAME_SITE) for who in ODD]
        assert {one.status for one in refused} == {404}
        assert len({await one.text() for one in refused}) == 1
        assert "S.K." not in visible(await page(await browser.get(f"/digest?answered={person}")))
    async with service.browsing(kari) as browser:
        assert (await browser.post(f"/people/{person}/admit", data=answer(number), headers=SAME_SITE)).status == 404
    async with service.browsing(anna) as browser:
        forged = await browser.post(
            f"/people/{person}/admit", data=answer(number), headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert forged.status == 403
        for data in ({}, answer(number, "maybe"), answer(number, "")):
            assert (await browser.post(f"/people/{person}/admit", data=data, headers=SAME_SITE)).status == 404
    assert await standing_of(service) == (person, "waiting", number)


ODD = ("1", "999", "x", "-1", "9" * 30, "١")


async def test_an_answer_to_a_page_from_before_lets_nobody_in(service: World) -> None:
    """Somebody else has come to wait since the page was opened: their number is another one."""
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    old = await waits(service, person, anna, "100")
    new = await waits(service, person, anna, "200")
    async with service.browsing(anna) as browser:
        for said in ("yes", "no"):
            after = await browser.post(f"/people/{person}/admit", data=answer(old, said), headers=SAME_SITE)
            assert f"The number there is {new}." in visible(await page(after))
            assert "can start now" not in visible(await after.text())
    assert await standing_of(service, "200") == (person, "waiting", new)


async def test_the_question_stands_on_todays_page_alone_and_a_made_up_address_says_nothing(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    await waits(service, person, anna)
    async with service.browsing(anna) as browser:
        assert IS_IT not in await page(await browser.get("/digest/2025-05-05"))
        for asked in (person, 999, "x", "9" * 5000, ""):
            assert "can start now" not in await page(await browser.get(f"/digest?answered={asked}"))


# Messages do not get through -----------------------------------------------------------------------------------------

NOT_THROUGH = "Messages do not get through Medvind cannot reach S.K. in the messenger now. Why am I seeing this?"


async def blocked(service: World, person: int) -> None:
    """Somebody who was let in cannot be reached any more."""

    def work(conn: Connection) -> None:
        addresses.add_address(conn, service.vault, person, BOT, str(person), service.now)
        assert addresses.unreachable(conn, person, BOT, service.now)

    await service.database.write(work)


async def test_that_messages_do_not_get_through_is_said_on_one_day(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    person = await service.person("S.K.", anna)
    service.now = NOW + timedelta(hours=1)  # After the digest time, so it belongs to the digest of the next day.
    await blocked(service, person)
    async with service.browsing(anna) as browser, service.browsing(bo) as other:
        html = await page(await browser.get("/digest"))
        assert visible(html) == f"{NOT_THROUGH} Tuesday 6 May · Anna Nothing new shared. Earlier: Monday 5 May"
        assert "The messenger told us so on \u20686 May\u2069. It does not say why. You see this once." in html
        assert "Messages do not" not in await page(await other.get("/digest"))
        for elsewhere in (f"/people/{person}", "/people", "/digest/2025-05-05"):
            assert "Messages do not" not in await page(await browser.get(elsewhere))
    for days, said in ((1, True), (2, False)):
        service.now = NOW + timedelta(days=days)
        async with service.browsing(anna) as browser:
            assert ("Messages do not" in await page(await browser.get("/digest"))) is said
            assert "Messages do not" not in await page(await browser.get(f"/digest/{TODAY}"))


async def test_somebody_who_is_there_again_or_was_passed_on_is_not_named(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    back, passed = await service.person("B.B.", anna), await service.person("P.P.", anna)
    for person in (back, passed):
        await blocked(service, person)

    def change(conn: Connection) -> None:
        assert addresses.reachable(conn, back, BOT, service.now)
        people.assign(conn, passed, bo, service.now)

    await service.database.write(change)
    async with service.browsing(anna) as browser:
        assert "Messages do not" not in await page(await browser.get("/digest"))


@pytest.mark.parametrize("state", ["active", "paused", "stopped"])
async def test_whoever_cannot_be_reached_reads_the_same_whatever_they_do(tmp_path: Path, state: str) -> None:
    """What a person does or leaves undone neither causes the notice nor shows in it."""
    seen = []
    for folder, here in ((tmp_path / "a", "active"), (tmp_path / "b", state)):
        async with world(folder) as service:
            anna = await service.staff("Anna")
            person = await service.person("S.K.", anna)
            await service.database.write(lambda conn, person=person, here=here: people.set_state(conn, person, here))
            await blocked(service, person)
            await service.conversation(person, "expired" if here == "stopped" else "open")
            async with service.browsing(anna) as browser:
                seen.append([await (await browser.get(path)).read() for path in ("/digest", f"/people/{person}")])
    assert seen[0] == seen[1]


async def test_the_questions_are_asked_in_the_language_of_the_specialist(tmp_path: Path) -> None:
    async with world(tmp_path, MarkedArabic()) as service:
        service.bots = {BOT: "medvind_bot"}
        anna = await service.staff("Anna", language="ar")
        person = await service.person("S.K.", anna)
        await waits(service, person, anna)
        async with service.browsing(anna) as browser:
            html = await page(await browser.get("/digest"))
    assert f"ع {IS_IT} ع The invitation of S.K. was opened." in visible(html)
