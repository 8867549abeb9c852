"""The overview as a page: what was asked stays until it is taken up, and one press makes news go."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.lines import CardLine, encode_lines
from storage import agreements, audit, contact_log, digests, leave, people, replies, scripts
from storage.agreements import Agreement
from storage.leave import Leave
from storage.replies import Reply
from tests.bot.attention_script import PUBLISHED, SOURCE, agreed, line
from tests.bot.digest_samples import NOW, TODAY, YESTERDAY, plain
from tests.bot.staff_world import SAME_SITE, World, world
from tests.bot.test_console import visible

LONG_AGO = YESTERDAY - timedelta(days=300)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        at = NOW - timedelta(days=390)
        texts = {"en": PUBLISHED.texts["en"]}
        await made.database.write(lambda conn: scripts.publish(conn, "acts", {"acts": SOURCE}, texts, "staff:1", at))
        yield made


async def shares(service: World, person: int, *lines: CardLine, at: datetime = YESTERDAY, number: int = 7) -> None:
    def put(conn: Connection) -> None:
        card = digests.sealed_card(
            people.participant(conn, service.vault, person).cipher,
            participant_id=person,
            conversation=number,
            step="acts/sharing",
            dialogue="acts",
            version=1,
            language="ar",
            lines=encode_lines(lines),
            shared_at=at,
        )
        digests.put_cards(conn, [card])

    await service.database.write(put)


async def agrees(service: World, made: Agreement) -> None:
    def put(conn: Connection) -> None:
        agreements.put(conn, people.participant(conn, service.vault, made.participant_id).cipher, made)

    await service.database.write(put)


async def overview(service: World, staff: int, address: str = "/digest") -> str:
    async with service.browsing(staff) as browser:
        response = await browser.get(address)
        assert response.status == 200
        return await response.text()


async def test_a_request_waits_for_as_long_as_it_takes_and_leads_to_its_answers(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    await shares(service, person, line("help", "money"), at=LONG_AGO)
    html = await overview(service, anna)
    assert "Asked for help (1) S.K. Money Requests open: 1." in visible(html)
    assert f'<a href="/people/{person}#requests"' in html
    assert visible(html).count("S.K.") == 1, "the card of then is not new"

    reply = Reply(person, 7, "acts/sharing", "acts/help", "talk_first", None, anna, NOW)
    await service.database.write(lambda conn: replies.put(conn, reply) and None)
    assert "Nothing new shared." in visible(await overview(service, anna))
    then = await overview(service, anna, f"/digest/{LONG_AGO.date() + timedelta(days=1)}")
    assert "Asked for help (1) S.K. Money New shared check-ins (1)" in visible(then)
    assert "Requests open" not in then


async def test_whoever_asked_to_be_got_in_touch_with_waits_for_a_contact(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    await shares(service, person, line("quiet", "weeks_8"))
    assert "Asked you to get in touch (1) S.K. After 8 weeks" in visible(await overview(service, anna))
    await service.database.write(lambda conn: contact_log.add(conn, person, anna, TODAY) and None)
    assert "get in touch (1)" not in visible(await overview(service, anna))


async def test_an_agreement_whose_day_has_come_is_there_and_leads_to_agreements(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    await agrees(service, agreed(person, "specialist", TODAY, what="اتصال"))
    await agrees(service, agreed(person, "participant", TODAY + timedelta(days=2), number=2))
    html = await overview(service, anna)
    assert plain("Agreements today (1) S.K. اتصال Anna, 6 May") in visible(html)
    assert f'<a href="/people/{person}#agreements"' in html
    opened = await service.database.read(lambda conn: audit.records(conn, person))
    assert [one.action for one in opened] == ["digest opened"]
    await shares(service, person, line("week", point=3))
    assert "Open Anna اتصال 6 May S.K. Send CV 8 May" in visible(await overview(service, anna))


async def test_one_press_says_that_news_was_seen(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    person = await service.person("S.K.", anna)
    await shares(service, person, line("news", "interview"), line("help", "money"), at=LONG_AGO)
    html = await overview(service, anna)
    assert "News (1) S.K. An interview Seen" in visible(html)
    (form,) = re.findall(r'<form method="post" action="/digest/seen">.*?</form>', html)
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert values == {"person": str(person), "line": "7|acts/sharing|acts/news"}

    refused = [
        {**values, "line": "7|acts/sharing|acts/help"},
        {**values, "person": "9999"},
        {**values, "person": "٣"},
        {},
    ]
    for someone, asked in [(bo, values), *((anna, wrong) for wrong in refused)]:
        async with service.browsing(someone) as browser:
            assert (await browser.post("/digest/seen", data=asked, headers=SAME_SITE)).status == 404
    async with service.browsing(anna) as browser:
        for _ in range(2):
            pressed = await browser.post("/digest/seen", data=values, headers=SAME_SITE, allow_redirects=False)
            assert (pressed.status, pressed.headers["Location"]) == (303, "/digest")
        assert "News (1)" not in visible(await (await browser.get("/digest")).text())
    kept = await service.database.read(lambda conn: audit.records(conn, person))
    seen = [(one.actor, one.details) for one in kept if one.action == "line seen"]
    assert seen == [(f"staff:{anna}", {"conversation": 7, "step": "acts/sharing", "line": "acts/news"})]
    assert await service.database.read(lambda conn: replies.untold(conn, person)) == []


async def test_opening_a_page_is_not_seeing(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    await shares(service, person, line("news", "sick"))
    for address in ("/digest", f"/people/{person}", "/digest"):
        html = await overview(service, anna, address)
    assert "News (1)" in visible(html)


async def test_the_workload_is_for_the_specialists_own_eyes(service: World) -> None:
    anna, kari = await service.staff("Anna"), await service.staff("Kari", "coordinator")
    await shares(service, await service.person("S.K.", anna), line("help", "letters", "money"))
    said = visible(await overview(service, anna))
    assert "Requests open: 1. New this week: 1. 1 may be not your role." in said
    async with service.browsing(kari) as browser:
        assert (await browser.get("/digest")).status == 404
        assert "Requests open" not in await (await browser.get("/scripts")).text()


async def test_a_cover_is_asked_what_was_asked_and_meets_no_agreement(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    first = date(2025, 5, 5)
    away = Leave(anna, first, first + timedelta(days=9), bo)
    await service.database.write(lambda conn: leave.put(conn, away, date(2025, 1, 1)))
    person = await service.person("S.K.", anna)
    number = await service.checkin(person, YESTERDAY - timedelta(minutes=5))
    await shares(service, person, line("help", "money"), number=number)
    await agrees(service, agreed(person, "specialist", TODAY))
    said = visible(await overview(service, bo))
    assert "Asked for help (1) S.K. Money" in said
    assert "Agreements today" not in said
    assert "Send CV" not in said
