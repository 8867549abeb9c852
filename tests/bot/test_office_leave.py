"""Leave on the staff pages: specialists plan their own, a coordinator for somebody who is ill, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from storage import audit, leave
from storage.leave import Leave
from tests.bot.digest_samples import NOW
from tests.bot.staff_world import SAME_SITE, World, world
from tests.bot.test_console import page, visible


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def may(day: int) -> date:
    return date(2025, 5, day)


async def planned(service: World, *who: int) -> list[Leave]:
    found = await service.database.read(lambda conn: leave.leaves(conn, who))
    return [one for each in who for one in found.get(each, [])]


async def sent(service: World, by: int, address: str = "/leave", **fields: str) -> tuple[int, str]:
    async with service.browsing(by) as browser:
        answer = await browser.post(address, data=fields, headers=SAME_SITE)
        return answer.status, await answer.text()


async def test_a_specialist_plans_leave_and_is_told_when_the_next_overview_comes(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    status, html = await sent(service, anna, first="2025-05-12", last="2025-05-16", cover=str(bo), staff=str(bo))
    assert status == 200
    said = visible(html)
    assert "12 May to 16 May Bo reads meanwhile." in said
    assert "The first overview after it comes on Monday 19 May." in said
    assert await planned(service, anna, bo) == [Leave(anna, may(12), may(16), bo)], "only their own"
    async with service.browsing(bo) as browser:
        assert "You read for Anna: 12 May to 16 May." in visible(await page(await browser.get("/leave")))
    records = await service.database.read(lambda conn: audit.since(conn, "leave.planned", NOW))
    assert [(one.actor, one.details) for one in records] == [
        (f"staff:{anna}", {"staff": anna, "first": "2025-05-12", "last": "2025-05-16", "cover": bo})
    ]


async def test_a_coordinator_plans_it_for_somebody_who_is_ill(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    noor = await service.staff("Noor", "coordinator")
    status, html = await sent(service, noor, staff=str(anna), first="2025-05-06", last="2025-05-07", cover=str(bo))
    assert status == 200
    said = visible(html)
    assert "Anna 6 May Nobody reads meanwhile." in said, "who began today was told that Anna reads"
    assert "Anna 7 May Bo reads meanwhile." in said
    status, html = await sent(service, noor, "/leave/end", staff=str(anna))
    assert status == 200
    assert "7 May" not in visible(html)
    for nobody in ("", "999", str(noor)):
        fields = {"staff": nobody, "first": "2025-05-08", "last": "2025-05-08"}
        assert (await sent(service, noor, **fields))[0] == 422
        assert (await sent(service, noor, "/leave/end", staff=nobody))[0] == 404


async def test_whoever_is_back_has_no_leave_any_more(service: World) -> None:
    anna = await service.staff("Anna")
    await sent(service, anna, first="2025-05-12", last="2025-05-16")
    status, html = await sent(service, anna, "/leave/end")
    assert status == 200
    assert "No leave is planned." in visible(html)
    assert await planned(service, anna) == []
    status, _ = await sent(service, anna, "/leave/end")
    assert status == 200, "a second press changes nothing"
    records = await service.database.read(lambda conn: audit.since(conn, "leave.ended", NOW))
    assert len(records) == 1


@pytest.mark.parametrize(
    ("first", "last", "cover", "said", "where"),
    [
        ("tomorrow", "2025-05-16", "", "2025-05-06", "first"),
        ("2025-05-12", "", "", "2025-05-06", "last"),
        ("2025-05-16", "2025-05-12", "", "The last day is before the first day.", "last"),
        ("2025-05-05", "2025-05-12", "", "The first day is over.", "first"),
        ("2025-05-12", "2026-07-12", "", "This is more than a year.", "last"),
        ("2025-05-12", "2025-05-16", "anna", "Anna is away then.", "cover"),
        ("2025-05-12", "2025-05-16", "bo", "Bo is away then too: 14 May to 15 May.", "cover"),
        ("2025-05-19", "2025-05-20", "", "Anna reads for Cara then: 19 May.", "first"),
        ("2025-05-12", "2025-05-16", "noor", "This cannot be chosen any more.", "cover"),
    ],
)
async def test_what_cannot_be_planned_is_said_beside_its_field(
    service: World, first: str, last: str, cover: str, said: str, where: str
) -> None:
    numbers = {
        "anna": await service.staff("Anna"),
        "bo": await service.staff("Bo"),
        "cara": await service.staff("Cara"),
        "noor": await service.staff("Noor", "coordinator"),
    }
    anna, bo, cara = numbers["anna"], numbers["bo"], numbers["cara"]
    await service.database.write(lambda conn: leave.put(conn, Leave(bo, may(14), may(15)), may(6)) and None)
    await service.database.write(lambda conn: leave.put(conn, Leave(cara, may(19), may(19), anna), may(6)) and None)
    chosen = str(numbers[cover]) if cover else ""
    status, html = await sent(service, anna, first=first, last=last, cover=chosen)
    assert status == 422
    assert said in visible(html)
    assert f'id="{where}-trouble"' in html
    assert f'{where}-trouble" aria-invalid="true"' in html
    assert f'value="{last}"' in html, "what was typed is kept"
    assert await planned(service, anna) == []
