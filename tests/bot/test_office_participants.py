"""Participants on the staff pages: who accompanies whom, hand-over, time zones and invitations, and no answers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest
from sqlalchemy import Connection, select

from bot.invitation import invite
from bot.schedule import Agenda, Errand
from storage import addresses, audit, digests, invitations, people, schema
from tests.bot.digest_samples import NOW, YESTERDAY, line
from tests.bot.page_forms import Seen
from tests.bot.staff_world import SAME_SITE, World, world
from tests.bot.test_console import page, visible

LIST = "/participants"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def specialist_of(service: World, person: int) -> int | None:
    return await service.database.read(lambda conn: people.specialist_of(conn, person))


async def done(service: World, person: int) -> list[tuple[str, str]]:
    found = await service.database.read(lambda conn: audit.records(conn, person))
    return [(one.actor, one.action) for one in found]


async def errands(service: World, person: int) -> tuple[Errand, ...]:
    def read(conn: Connection) -> tuple[Errand, ...]:
        sealed = conn.scalar(select(schema.participant.c.sealed_agenda).where(schema.participant.c.id == person))
        cipher = people.participant(conn, service.vault, person).cipher
        opened = cipher.open(f"participant.agenda|{person}", sealed) if sealed else b"{}"
        return msgspec.json.decode(opened, type=Agenda).errands

    return await service.database.read(read)


async def test_the_list_shows_who_is_with_whom_and_no_answer(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    noor = await service.staff("Noor", "coordinator")
    first = await service.person("S.K.", anna, name="Sara K")
    await service.person("B.B.", bo, name="Basma")
    alone = await service.person("Z.Z.", None, name="Zara")
    await service.share(first, line("good", own="A secret of Sara"), at=YESTERDAY)
    async with service.browsing(noor) as browser:
        html = await page(await browser.get(LIST))
        said = visible(html)
        assert said.index("Z.Z.") < said.index("B.B.") < said.index("S.K."), "who has nobody comes first"
        assert "A secret of Sara" not in html
        assert re.search(r"S\.K\. Sara K Anna", said)
        narrowed = visible(await page(await browser.get(f"{LIST}?q=sara")))
        assert "S.K." in narrowed
        assert "B.B." not in narrowed
        by_number = visible(await page(await browser.get(f"{LIST}?q={alone}")))
        assert "Z.Z." in by_number
        nobody = visible(await page(await browser.get(f"{LIST}?q=nobody")))
        assert "Nobody is called so." in nobody


async def test_several_without_a_specialist_are_given_one_at_once(service: World) -> None:
    anna, noor = await service.staff("Anna"), await service.staff("Noor", "coordinator")
    one, two = await service.person("A.A.", None), await service.person("B.B.", None)
    three = await service.person("C.C.", None)
    async with service.browsing(noor) as browser:
        chosen = [("who", str(one)), ("who", str(two)), ("to", str(anna))]
        answer = await browser.post(LIST, data=chosen, headers=SAME_SITE, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, LIST)
        nobody = await browser.post(LIST, data={"to": str(anna)}, headers=SAME_SITE)
        assert nobody.status == 422
        assert "Choose at least one person." in visible(await nobody.text())
    assert [await specialist_of(service, each) for each in (one, two, three)] == [anna, anna, None]
    assert await errands(service, one) == (Errand("handover", "", NOW),), "the person is asked what Anna may see"
    assert (f"staff:{noor}", "specialist changed") in await done(service, one)


async def test_of_several_all_are_given_or_none(service: World) -> None:
    anna, noor = await service.staff("Anna"), await service.staff("Noor", "coordinator")
    await service.person("a.a.", anna)
    same, other = await service.person("A.A.", None), await service.person("B.B.", None)
    async with service.browsing(noor) as browser:
        chosen = [("who", str(other)), ("who", str(same)), ("to", str(anna))]
        answer = await browser.post(LIST, data=chosen, headers=SAME_SITE)
        assert answer.status == 422
        html = await answer.text()
        assert "somebody who is called the same: A.A." in visible(html)
        assert html.count("checked") == 2, "what was ticked stays ticked"
    assert await specialist_of(service, other) is None


async def test_hand_over_asks_the_person_and_the_old_specialist_sees_nothing_more(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    noor = await service.staff("Noor", "coordinator")
    sara = await service.person("S.K.", anna)
    await service.share(sara, line("good", "rested"), at=YESTERDAY)
    service.now = NOW + timedelta(minutes=1)
    async with service.browsing(noor) as browser:
        form = Seen(await page(await browser.get(f"{LIST}/{sara}"))).form("Change the specialist")
        answer = await browser.post(form.action, data={"to": str(bo)}, headers=SAME_SITE)
        assert "The specialist has changed. The person is asked what the new one may see." in visible(
            await answer.text()
        )
        again = await browser.post(form.action, data={"to": str(bo)}, headers=SAME_SITE, allow_redirects=False)
        assert again.status == 303

    def seen(conn: Connection) -> list[int]:
        return [len(digests.cards_for(conn, service.vault, who, None)) for who in (anna, bo)]

    assert await specialist_of(service, sara) == bo
    assert await service.database.read(seen) == [0, 0]
    assert [kind for _, kind in await done(service, sara)].count("specialist changed") == 1, "a second press is none"


async def test_who_cannot_be_chosen_any_more_is_said(service: World) -> None:
    anna, noor = await service.staff("Anna"), await service.staff("Noor", "coordinator")
    bo = await service.staff("Bo")
    sara = await service.person("S.K.", anna)
    await service.leave(bo)
    async with service.browsing(noor) as browser:
        for to in (str(bo), str(noor), "x", ""):
            answer = await browser.post(f"{LIST}/{sara}/specialist", data={"to": to}, headers=SAME_SITE)
            assert answer.status == 422
            html = await answer.text()
            assert "This cannot be chosen any more." in visible(html)
            assert 'id="to"' not in html, "there is nobody else"
        await service.staff("Cara")
        html = await (await browser.post(f"{LIST}/{sara}/specialist", data={"to": "x"}, headers=SAME_SITE)).text()
        assert 'aria-describedby="to-hint to-trouble" aria-invalid="true"' in html
    assert await specialist_of(service, sara) == anna


async def test_a_time_zone_is_one_that_exists(service: World) -> None:
    anna, noor = await service.staff("Anna"), await service.staff("Noor", "coordinator")
    sara = await service.person("S.K.", anna)
    async with service.browsing(noor) as browser:
        as_it_is = await browser.post(f"{LIST}/{sara}/zone", data={"zone": "UTC"}, headers=SAME_SITE)
        assert as_it_is.status == 200, "saving what stands there is no mistake"
        wrong = await browser.post(f"{LIST}/{sara}/zone", data={"zone": "Mars/Base"}, headers=SAME_SITE)
        assert wrong.status == 422
        html = await wrong.text()
        assert "There is no such time zone. Write it like Europe/Oslo." in visible(html)
        assert 'value="Mars/Base"' in html, "what was typed is kept"
        right = await browser.post(f"{LIST}/{sara}/zone", data={"zone": "Asia/Kabul"}, headers=SAME_SITE)
        assert "The time zone is saved." in visible(await right.text())
        same = await browser.post(f"{LIST}/{sara}/zone", data={"zone": "Asia/Kabul"}, headers=SAME_SITE)
        assert same.status == 200
    person = await service.database.read(lambda conn: people.participant(conn, service.vault, sara))
    assert person.time_zone == "Asia/Kabul"
    assert await done(service, sara) == [(f"staff:{noor}", "zone.changed")]


async def test_invitations_are_closed_and_the_page_never_says_whether_there_was_one(service: World) -> None:
    anna, noor = await service.staff("Anna"), await service.staff("Noor", "coordinator")
    invited, other = await service.person("A.A.", anna), await service.person("B.B.", anna)

    def made(conn: Connection) -> str:
        return invite(conn, service.vault, invited, "command line", NOW, Random(1)).token

    token = await service.database.write(made)
    async with service.browsing(noor) as browser:
        before = [await page(await browser.get(f"{LIST}/{one}")) for one in (invited, other)]
        assert before[0] == before[1].replace("B.B.", "A.A.").replace(f"/{other}/", f"/{invited}/").replace(
            f"Number \u2068{other}\u2069", f"Number \u2068{invited}\u2069"
        )
        for one in (invited, other):
            closed = await browser.post(f"{LIST}/{one}/invitations", headers=SAME_SITE)
            assert "No invitation of this person opens anything now." in visible(await closed.text())
    assert await service.database.write(lambda conn: invitations.claim(conn, service.vault, token, NOW)) is None


async def test_that_a_messenger_refuses_somebody_is_on_their_page_only(service: World) -> None:
    anna, noor = await service.staff("Anna"), await service.staff("Noor", "coordinator")
    sara = await service.person("S.K.", anna)

    def gone(conn: Connection) -> None:
        addresses.add_address(conn, service.vault, sara, "telegram:1", "100", NOW - timedelta(days=3))
        addresses.unreachable(conn, sara, "telegram:1", NOW - timedelta(days=2))

    await service.database.write(gone)
    async with service.browsing(noor) as browser:
        said = visible(await page(await browser.get(f"{LIST}/{sara}")))
        assert "Medvind cannot reach S.K. in the messenger now. This is so since 4 May." in said
        assert "cannot reach" not in visible(await page(await browser.get(LIST)))


async def test_who_was_erased_or_never_was_there_is_not_found(service: World) -> None:
    anna, noor = await service.staff("Anna"), await service.staff("Noor", "coordinator")
    gone = await service.person("S.K.", anna)
    await service.database.write(lambda conn: people.erase(conn, gone))
    async with service.browsing(noor) as browser:
        assert "S.K." not in await page(await browser.get(LIST))
        for number in (str(gone), "999", "x", "0", "٣", "9" * 40):
            assert (await browser.get(f"{LIST}/{number}")).status == 404
            for act in ("specialist", "zone", "invitations"):
                data = {"to": str(anna), "zone": "Europe/Oslo"}
                answer = await browser.post(f"{LIST}/{number}/{act}", data=data, headers=SAME_SITE)
                assert answer.status == 404, (number, act)


async def test_whoever_has_left_accompanies_nobody_on_the_list(service: World) -> None:
    """Also where an older Medvind left the assignment as it was."""
    anna, noor = await service.staff("Anna"), await service.staff("Noor", "coordinator")
    await service.person("S.K.", anna)
    await service.leave(anna)
    async with service.browsing(noor) as browser:
        said = visible(await page(await browser.get(LIST)))
    assert "Without a specialist" in said
    assert "Anna" not in said
