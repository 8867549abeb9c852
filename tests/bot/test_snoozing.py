"""Putting a request off: for the specialist's own eyes, until one of their working days, and the person's day stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from storage import people, replies, schema, snoozes
from storage.replies import Reply
from tests.bot.digest_samples import NOW, YESTERDAY, line, plain
from tests.bot.page_forms import Seen
from tests.bot.staff_world import World, world
from tests.bot.test_hours_page import mailing_at, words
from tests.bot.test_person_page import CARD, HELP, Browser, actions, errands, looked, sent

ABOUT = "3|checkin/sharing|checkin/help"
THURSDAY = datetime(2025, 5, 8, 8, 0, tzinfo=UTC)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        made.programme = replace(made.programme, role_card=CARD)
        yield made


@pytest.fixture
async def anna(service: World) -> int:
    return await service.staff("Anna")


@pytest.fixture
async def samira(service: World, anna: int) -> int:
    """Somebody who asked for help on Monday. Today is Tuesday."""
    person = await service.person("S.K.", anna)
    await service.share(person, HELP, at=YESTERDAY, conversation=3)
    return person


async def put_off(browser: Browser, person: int, until: str = "2025-05-08", status: int = 303, **more: str) -> str:
    return await sent(browser, f"/people/{person}/snooze", status, **{"about": ABOUT, "until": until, **more})


async def overview(browser: Browser) -> str:
    return plain(words(await (await browser.get("/digest")).text()))


async def test_a_request_is_put_off_and_comes_back_by_itself(service: World, anna: int, samira: int) -> None:
    async with service.browsing(anna) as browser:
        page = Seen(plain(await (await browser.get(f"/people/{samira}")).text()))
        form = page.form("Put off")
        assert await sent(browser, form.action, **{**dict(form.hidden), "until": "2025-05-08"}) == (
            f"/people/{samira}#requests"
        )
        shown = await overview(browser)
        assert "Asked for help" not in shown.partition("New shared check-ins")[0]
        assert "Put off by you: 1." in shown
        page = await looked(browser, f"/people/{samira}")
        assert "You put it off until Thursday 8 May. Nobody else sees that." in page.words
    service.now = THURSDAY
    async with service.browsing(anna) as browser:
        shown = await overview(browser)
        assert "Asked for help (1) S.K." in shown
        assert "Put off by you" not in shown
        assert "You put it off" not in (await looked(browser, f"/people/{samira}")).words


async def test_the_day_that_the_person_expects_stays_and_the_page_says_so(
    service: World, anna: int, samira: int
) -> None:
    """She was told that it is read on Tuesday and answered by Thursday."""
    async with service.browsing(anna) as browser:
        assert "Answer by Thursday 8 May." in (await looked(browser, f"/people/{samira}")).words
        await put_off(browser, samira, "2025-05-12")
        said = (await looked(browser, f"/people/{samira}")).words
        assert "For S.K. the day stays: Thursday 8 May." in said
        assert "Answer by Thursday 8 May." in said
    service.now = datetime(2025, 5, 20, 9, 0, tzinfo=UTC)
    async with service.browsing(anna) as browser:
        later = (await looked(browser, f"/people/{samira}")).words
    assert "Answer by Thursday 8 May." in later, "the same words after the day"


async def test_nobody_is_told_and_no_record_has_it(service: World, anna: int, samira: int) -> None:
    bo = await service.staff("Bo")
    async with service.browsing(anna) as browser:
        await put_off(browser, samira)
    assert await actions(service, samira) == []
    assert await errands(service, samira) == ()
    await service.database.write(lambda conn: people.assign(conn, samira, bo, YESTERDAY - timedelta(days=1)))
    await service.database.write(lambda conn: people.let_see(conn, samira, datetime(1970, 1, 1, tzinfo=UTC)))
    async with service.browsing(bo) as browser:
        assert "Asked for help (1)" in await overview(browser), "another specialist puts off nothing by it"
        assert "put it off" not in (await looked(browser, f"/people/{samira}")).words


async def test_it_can_be_taken_back_and_changed(service: World, anna: int, samira: int) -> None:
    async with service.browsing(anna) as browser:
        await put_off(browser, samira, "2025-05-08")
        await put_off(browser, samira, "2025-05-07")
        assert "until Wednesday 7 May" in (await looked(browser, f"/people/{samira}")).words
        await put_off(browser, samira, act="back")
        assert "Asked for help (1)" in await overview(browser)
        await put_off(browser, samira, act="back")


async def test_only_working_days_are_offered(service: World, anna: int, samira: int) -> None:
    service.is_holiday = lambda day: day == date(2025, 5, 7)
    async with service.browsing(anna) as browser:
        html = await (await browser.get(f"/people/{samira}")).text()
        offered = ["2025-05-08", "2025-05-09", "2025-05-12", "2025-05-13", "2025-05-14"]
        assert [day for day in offered if f'<option value="{day}">' in html] == offered
        assert html.count('<option value="2025-') == len(offered)
        for day in ("2025-05-07", "2025-05-10", "2025-05-15", "2025-05-06", "soon", ""):
            assert "This day cannot be chosen now." in await put_off(browser, samira, day, 422)
    kept = await service.database.read(lambda conn: snoozes.of_staff(conn, anna, [samira]))
    assert kept == {}


async def test_only_what_is_asked_of_this_specialist_can_be_put_off(service: World, anna: int, samira: int) -> None:
    await service.share(samira, line("good", "rested"), at=YESTERDAY, conversation=4)
    bo = await service.staff("Bo")
    other = await service.person("P.W.", bo)
    await service.share(other, HELP, at=YESTERDAY, conversation=3)
    async with service.browsing(anna) as browser:
        await put_off(browser, other, status=404)
        await put_off(browser, samira, status=404, about="4|checkin/sharing|checkin/good")
        await put_off(browser, samira, status=404, about="")
        await sent(browser, "/people/x/snooze", 404, about=ABOUT, until="2025-05-08")
        answer = await browser.post(f"/people/{samira}/snooze", data={}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status == 403
    async with service.browsing(await service.staff("Nora", role="coordinator")) as browser:
        await put_off(browser, samira, status=404)


async def test_what_was_put_off_is_told_on_its_day_as_what_is_new(service: World, anna: int, samira: int) -> None:
    """She asked for it herself: the overview of that day is ready, and has it."""
    async with service.browsing(anna) as browser:
        await put_off(browser, samira, "2025-05-08")
    found = {}
    for day in (7, 8, 9):
        found[day] = await mailing_at(service, datetime(2025, 5, day, 8, 0, tzinfo=UTC)).find()
    assert found == {7: [], 8: [[anna]], 9: []}
    reply = Reply(samira, 3, "checkin/sharing", "checkin/help", "yes", None, anna, NOW)
    await service.database.write(lambda conn: replies.put(conn, reply) and None)
    assert await mailing_at(service, THURSDAY).find() == [], "it has its answer"


async def test_enough_is_said_to_the_specialist_alone(service: World, anna: int, samira: int) -> None:
    await service.share(samira, HELP, at=YESTERDAY, conversation=4)
    async with service.browsing(anna) as browser:
        assert "more than" not in await overview(browser)
    for most, said in ((2, False), (1, True)):
        change = schema.staff.update().where(schema.staff.c.id == anna).values(most_open=most)
        await service.database.write(lambda conn: conn.execute(change) and None)  # noqa: B023
        async with service.browsing(anna) as browser:
            assert ("That is more than the 1 that you named." in await overview(browser)) is said
