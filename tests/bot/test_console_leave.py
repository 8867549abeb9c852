"""The pages of specialists who are away, or who read for somebody: the days of the mails, and nobody who was silent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage import audit, leave
from storage.leave import Leave
from tests.bot.digest_samples import line
from tests.bot.staff_world import World, world


def may(day: int, hour: int = 9) -> datetime:
    return datetime(2025, 5, day, hour, 0, tzinfo=UTC)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def page(service: World, staff_id: int, address: str) -> tuple[int, str]:
    async with service.browsing(staff_id) as browser:
        answer = await browser.get(address)
        return answer.status, await answer.text()


async def away(service: World, staff_id: int, cover: int | None) -> None:
    asked = Leave(staff_id, date(2025, 5, 5), date(2025, 5, 7), cover)
    await service.database.write(lambda conn: leave.put(conn, asked, date(2025, 5, 1)))


async def sharing(service: World, pseudonym: str, specialist: int, at: datetime) -> int:
    person = await service.person(pseudonym, specialist)
    number = await service.checkin(person, at)
    await service.share(person, line("week", point=3), at=at, conversation=number)
    return person


async def test_the_page_after_leave_shows_what_the_mail_speaks_of(service: World) -> None:
    anna = await service.staff("Anna")
    await away(service, anna, None)
    await sharing(service, "A.A.", anna, may(2))
    await sharing(service, "B.B.", anna, may(6))
    service.now = may(8)
    status, html = await page(service, anna, "/digest")
    assert (status, "A.A." in html, "B.B." in html) == (200, True, True)
    assert "/digest/2025-05-02" in html, "the day before is a working day"


async def test_a_holiday_is_no_day_before(service: World) -> None:
    anna = await service.staff("Anna")
    service.is_holiday = lambda day: day == date(2025, 5, 5)
    await sharing(service, "A.A.", anna, may(2))
    _, html = await page(service, anna, "/digest")
    assert "A.A." in html
    assert "/digest/2025-05-02" in html


async def test_a_cover_finds_the_card_and_the_person_and_nobody_silent(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    await away(service, anna, bo)
    early, silent = await sharing(service, "E.E.", anna, may(4)), await service.person("S.S.", anna)
    told = await sharing(service, "T.T.", anna, may(5))
    status, html = await page(service, bo, "/digest")
    assert (status, "T.T." in html, "E.E." in html, "S.S." in html) == (200, True, False, False)
    assert (await page(service, bo, f"/people/{told}"))[0] == 200
    nowhere = await page(service, bo, "/people/999")
    assert nowhere[0] == 404
    for person in (early, silent):
        assert await page(service, bo, f"/people/{person}") == nowhere
    assert "T.T." not in (await page(service, bo, "/people"))[1]
    opened = await service.database.read(lambda conn: audit.records(conn, told))
    assert [(one.actor, one.action) for one in opened] == [
        (f"staff:{bo}", "digest opened"),
        (f"staff:{bo}", "person opened"),
    ]


@pytest.mark.parametrize("wanted", ["0", "01", "-1", "1e3", "²", "9" * 40, "x"])
async def test_what_is_no_number_is_nobody(service: World, wanted: str) -> None:
    bo = await service.staff("Bo")
    assert (await page(service, bo, f"/people/{wanted}"))[0] == 404
