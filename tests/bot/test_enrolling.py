"""The one-time link by which somebody sets up how they sign in: it opens once, for a day, and for nobody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from bot.console.desk import DESK
from bot.signing_in.enrolling import send_enrolment
from storage import factors, people
from tests.bot.sign_in_world import Browser, Door, SoftPasskey, asked, door, enrolled, post, sign_in, where
from tests.bot.staff_world import MarkedArabic
from tests.bot.test_console import visible
from tests.storage.databases import everything

SECRET = re.compile(r'translate="no">([A-Z2-7]{32})</code>')


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    async with door(tmp_path) as made:
        yield made


async def opens(browser: Browser, token: str) -> bool:
    answer = await post(browser, "/enrol", token=token)
    return where(answer) == (303, "/enrol/set-up")


async def sets_app(at: Door, browser: Browser) -> int:
    """The status of setting up the app that the page offers."""
    found = SECRET.search(await (await browser.get("/enrol/set-up")).text())
    assert found
    return (await post(browser, "/enrol/app", code=pyotp.TOTP(found[1]).at(at.service.now))).status


async def test_an_app_is_set_up_by_the_link_without_scripts(at: Door) -> None:
    staff = await at.service.staff("Anna")
    token = await at.invited(staff)
    async with at.browser() as browser:
        assert (await browser.get("/enrol")).status == 200
        assert await opens(browser, f" https://checkin.example/enrol#{token}\n"), "the whole link can be pasted"
        page = await (await browser.get("/enrol/set-up")).text()
        assert "Hello Anna" in visible(page)
        assert "<svg" in page
        wrong = await post(browser, "/enrol/app", code="000000")
        assert (wrong.status, SECRET.findall(await wrong.text())) == (422, SECRET.findall(page))
        assert await sets_app(at, browser) == 200
        assert (await browser.get("/account")).status == 200
    assert [action for _, action, _ in await at.audit()] == ["enrolment.made", "enrolled", "signed_in", "codes.made"]
    assert await at.service.database.read(lambda conn: factors.ways(conn, staff)) == (0, True, 10, False)


async def test_it_is_used_up_when_something_is_set_up_and_not_before(at: Door) -> None:
    token = await at.invited(await at.service.staff("Anna"))
    async with at.browser() as scanner, at.browser() as browser, at.browser() as late:
        assert await opens(scanner, token), "a mail program that presses buttons takes nothing away"
        assert await opens(late, token)
        assert await opens(browser, token)
        assert await sets_app(at, browser) == 200
        assert (await late.get("/enrol/set-up")).status == 404
        assert (await post(late, "/enrol/app", code="000000")).status == 404
        assert not await opens(late, token)


@pytest.mark.parametrize(
    ("after", "still"), [(timedelta(hours=24) - timedelta(seconds=1), True), (timedelta(hours=24), False)]
)
async def test_it_lasts_a_day(at: Door, after: timedelta, still: bool) -> None:
    token = await at.invited(await at.service.staff("Anna"))
    at.service.now += after
    async with at.browser() as browser:
        assert await opens(browser, token) == still


async def test_what_opens_nothing_is_answered_alike(at: Door) -> None:
    anna, gone = await at.service.staff("Anna"), await at.service.staff("Gone")
    old = await at.invited(anna)
    left, done = await at.invited(gone), await at.invited(await at.with_app("Bo"))
    await at.invited(anna)
    await at.service.leave(gone)
    link = (await at.service.link(anna, "personal-link-of-a-demo")).rpartition("/")[2]
    person = await at.service.person("P1", anna)
    await at.write(lambda conn: people.new_link(conn, at.service.vault, people.Who(person), "A" * 22, at.service.now))
    async with at.browser() as browser:
        answers = [
            await post(browser, "/enrol", token=each) for each in (old, left, done, link, "A" * 22, "", "x" * 22)
        ]
        assert {answer.status for answer in answers} == {404}
        assert len({await answer.text() for answer in answers}) == 1


async def test_the_token_opens_no_other_door(at: Door) -> None:
    token = await at.invited(await at.service.staff("Anna"))
    async with at.browser() as browser:
        assert (await browser.get(f"/s/{token}")).status == 404
        assert (await post(browser, f"/s/{token}")).status == 404


async def test_tokens_cannot_be_tried_out(at: Door) -> None:
    token = await at.invited(await at.service.staff("Anna"))
    async with at.browser() as browser:
        for _ in range(30):
            assert not await opens(browser, "x" * 22)
        assert not await opens(browser, token)
        at.service.now += timedelta(minutes=15)
        assert await opens(browser, token)


async def test_afresh_ends_everything_that_was(at: Door) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey()
    async with at.browser() as browser, at.browser() as other:
        await enrolled(at, browser, staff, key)
        token = await at.invited(staff, afresh=True)
        assert (await browser.get("/account")).status == 401
        assert await at.service.database.read(lambda conn: factors.ways(conn, staff)) == (0, False, 0, False)
        answer = key.proof(await asked(other, "/sign-in/passkey/options"))
        assert (await post(other, "/sign-in/passkey", credential=answer)).status == 422
        assert await opens(other, token)
        assert await sets_app(at, other) == 200


async def test_a_passkey_that_is_known_already_uses_nothing_up(at: Door) -> None:
    anna, bo, key = await at.service.staff("Anna"), await at.service.staff("Bo"), SoftPasskey()
    async with at.browser() as browser:
        await enrolled(at, browser, anna, key)
    async with at.browser() as browser:
        assert (await enrolled(at, browser, bo, key)).status == 422
        assert await sets_app(at, browser) == 200
    async with at.browser() as browser:
        at.service.now += timedelta(seconds=31)
        assert (await sign_in(at, browser, "anna@example.org")).status == 422, "Anna has no app"


async def test_the_link_is_mailed_to_whoever_it_is_for_and_kept_nowhere(tmp_path: Path) -> None:
    async with door(tmp_path, catalogs=MarkedArabic()) as at:
        staff = await at.service.staff("Anna", language="ar")
        token = await at.invited(staff)
        found = await at.service.database.read(lambda conn: people.staff(conn, at.service.vault, staff))
        desk = at.server.app[DESK]
        assert await send_enrolment(desk, found, f"/enrol#{token}")
        (letter,) = at.letters.sent
        assert letter["To"] == "anna@example.org"
        assert letter["Content-Language"] == "ar"
        assert f"\nhttps://checkin.example/enrol#{token}\n" in str(letter.get_content())
        assert token.encode() not in await at.service.database.read(everything)
        desk.outgoing.post = None
        assert not await send_enrolment(desk, found, f"/enrol#{token}")
