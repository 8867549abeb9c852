"""The account page: what one signs in with and where one is signed in, and what a change of it wants and ends."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from bot.signing_in import enrolling
from storage import factors, people, staff_sessions
from tests.bot.page_forms import Seen
from tests.bot.sign_in_world import (
    Browser,
    Door,
    SoftPasskey,
    asked,
    door,
    enrolled,
    post,
    shows_passkey,
    sign_in,
    where,
)
from tests.bot.staff_world import SAME_SITE, MarkedArabic
from tests.bot.test_console import visible

MINUTE = timedelta(minutes=1)
ROLES = ["specialist", "coordinator", "translator", "administrator", "auditor"]


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    async with door(tmp_path) as made:
        yield made


async def account(browser: Browser) -> str:
    answer = await browser.get("/account")
    assert answer.status == 200
    return await answer.text()


async def signed_in(at: Door, browser: Browser, mail: str = "anna@example.org") -> None:
    """Half a minute later than anybody before, so that the app shows another code."""
    at.service.now += timedelta(seconds=31)
    assert (await sign_in(at, browser, mail)).status == 303


# Sessions


@pytest.mark.parametrize("role", ROLES)
async def test_everybody_has_an_account_and_sees_how_they_came_in(at: Door, role: str) -> None:
    await at.with_app("Anna", role)
    async with at.browser() as browser:
        await signed_in(at, browser)
        text = visible(await account(browser))
        assert "With a code by mail and the app · Here" in text
        assert "Last used" in text


async def test_others_are_ended_and_this_one_stays(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser, at.browser() as other:
        await signed_in(at, other)
        await signed_in(at, browser)
        assert visible(await account(browser)).count("With a code by mail and the app") == 2
        assert where(await post(browser, "/account/sessions/end")) == (303, "/account")
        assert (await other.get("/account")).status == 401
        html = await account(browser)
        assert "/account/sessions/end" not in html
    assert [action for _, action, _ in await at.audit()] == ["signed_in", "signed_in", "sessions.ended"]


async def test_all_sessions_of_somebody_can_be_ended_at_once(at: Door) -> None:
    staff = await at.with_app()
    async with at.browser() as browser, at.browser() as half:
        await signed_in(at, browser)
        at.service.now += MINUTE
        await post(half, "/sign-in", mail="anna@example.org")
        await post(half, "/sign-in/code", code=await at.code())
        await at.write(lambda conn: enrolling.end_sessions(conn, staff, at.service.now))
        assert (await browser.get("/account")).status == 401
        assert (await post(half, "/sign-in/second", code=at.shown())).status == 422, "what was begun is over as well"


async def test_that_a_session_is_used_is_noted_to_the_minute(at: Door) -> None:
    staff = await at.with_app()
    async with at.browser() as browser:
        await signed_in(at, browser)
        begun, noted = at.service.now, []
        for seconds in (30, 60, 90):
            at.service.now = begun + timedelta(seconds=seconds)
            await account(browser)
            (session,) = await at.service.database.read(
                lambda conn: staff_sessions.of(conn, at.service.vault, staff, "", at.service.now)
            )
            noted.append((session.used_at - begun).total_seconds())
    assert noted == [0, 60, 60]


# Proving it again


async def changes(browser: Browser) -> list[tuple[int, str]]:
    pages = ("passkeys/options", "passkeys", "passkeys/1/remove", "app", "app/set", "app/remove", "codes")
    more = ("organisation", "organisation/remove")
    return [where(await post(browser, f"/account/{page}")) for page in (*pages, *more)]


async def test_no_change_without_a_proof_of_a_moment_ago(at: Door) -> None:
    staff = await at.with_app()
    await at.paper(staff)
    before = await at.service.database.read(lambda conn: factors.ways(conn, staff))
    async with at.browser() as browser:
        await signed_in(at, browser)
        at.service.now += 10 * MINUTE
        assert set(await changes(browser)) == {(303, "/confirm?back=/account")}
    assert await at.service.database.read(lambda conn: factors.ways(conn, staff)) == before


async def test_a_code_proves_it_for_ten_minutes_and_leads_back(at: Door) -> None:
    staff = await at.with_app()
    (paper, *_) = await at.paper(staff)
    async with at.browser() as browser:
        await signed_in(at, browser)
        for code in (at.shown, lambda: paper):
            at.service.now += 10 * MINUTE
            form = Seen(await (await browser.get("/confirm?back=/people")).text()).form("Go on")
            assert ("back", "/people") in form.hidden
            wrong = await post(browser, "/confirm", code="000000", back="/people")
            assert wrong.status == 422
            assert "not the right code" in visible(await wrong.text())
            assert where(await post(browser, "/account/app"))[0] == 303
            assert where(await post(browser, "/confirm", code=code(), back="/people")) == (303, "/people")
            assert (await post(browser, "/account/app")).status == 200
    assert [details for _, action, details in await at.audit() if action == "confirmed"] == [
        {"how": "app"},
        {"how": "code"},
    ]


async def test_a_passkey_proves_it_too_and_only_ones_own(at: Door) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey()
    other, another = await at.service.staff("Bo"), SoftPasskey(credential_id=b"credential-of-bo")
    async with at.browser() as browser, at.browser() as bo:
        await enrolled(at, bo, other, another)
        await enrolled(at, browser, staff, key)
        at.service.now += 10 * MINUTE
        for tried, expected in ((another, 422), (key, 303)):
            options = await asked(browser, "/confirm/passkey/options")
            answer = await post(browser, "/confirm/passkey", credential=tried.proof(options), back="/people")
            assert answer.status == expected
        assert (await post(browser, "/account/app")).status == 200


async def test_wrong_codes_are_limited_here_as_well(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser:
        await signed_in(at, browser)
        at.service.now += 16 * MINUTE
        tried = [(await post(browser, "/confirm", code="000000")).status for _ in range(11)]
        assert tried == [422] * 10 + [429]
        assert (await post(browser, "/confirm", code=at.shown())).status == 429


async def test_one_press_is_enough_in_a_demo_and_nowhere_else(at: Door) -> None:
    anna = await at.with_app()
    async with at.service.browsing(anna) as demo:
        at.service.now += 10 * MINUTE
        refused = await demo.post("/account/codes", headers=SAME_SITE, allow_redirects=False)
        assert where(refused) == (303, "/confirm?back=/account")
        assert "It is me" in await (await demo.get("/confirm?back=/account")).text()
        told = await demo.post("/confirm/demo", headers=SAME_SITE, data={"back": "/account"}, allow_redirects=False)
        assert where(told) == (303, "/account")
        assert (await demo.post("/account/codes", headers=SAME_SITE)).status == 200
    async with at.browser() as browser:
        await signed_in(at, browser)
        assert "It is me" not in await (await browser.get("/confirm")).text()
        assert (await post(browser, "/confirm/demo")).status == 404


# What one signs in with


async def test_another_passkey_is_added_named_used_and_removed(at: Door) -> None:
    await at.with_app()
    key = SoftPasskey()
    async with at.browser() as browser:
        await signed_in(at, browser)
        made = key.made(await asked(browser, "/account/passkeys/options"))
        assert where(await post(browser, "/account/passkeys", credential=made, name=" <b>work</b>  phone ")) == (
            303,
            "/account",
        )
        html = await account(browser)
        assert "&lt;b&gt;work&lt;/b&gt; phone" in html
        again = key.made(await asked(browser, "/account/passkeys/options"))
        twice = await post(browser, "/account/passkeys", credential=again)
        assert (twice.status, "could not check" in await twice.text()) == (422, True)
        async with at.browser() as phone:
            assert (await shows_passkey(phone, key)).status == 303
        removes = re.search(r'action="(/account/passkeys/\d+/remove)"', html)
        assert removes
        assert where(await post(browser, removes[1])) == (303, "/account")
        assert (await post(browser, removes[1])).status == 404
        async with at.browser() as phone:
            assert (await shows_passkey(phone, key)).status == 422


async def test_the_last_way_in_stays(at: Door) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey()
    async with at.browser() as browser:
        await enrolled(at, browser, staff, key)
        for page in ("/account/passkeys/1/remove",):
            refused = await post(browser, page)
            assert refused.status == 422
            assert "only way to sign in" in visible(await refused.text())
        await sets_app(at, browser)
        assert where(await post(browser, "/account/passkeys/1/remove")) == (303, "/account")
        refused = await post(browser, "/account/app/remove")
        assert (refused.status, "only way to sign in" in await refused.text()) == (422, True)
    assert await at.service.database.read(lambda conn: factors.ways(conn, staff)) == (0, True, 10, False)


async def sets_app(at: Door, browser: Browser) -> str:
    """Its secret."""
    shown = await (await post(browser, "/account/app")).text()
    found = re.search(r'<code class="key" dir="ltr" translate="no">([A-Z2-7]{32})</code>', shown)
    assert found
    assert "<svg" in shown
    wrong = await post(browser, "/account/app/set", code="12345")
    assert (wrong.status, found[1] in await wrong.text()) == (422, True)
    code = pyotp.TOTP(found[1]).at(at.service.now)
    assert where(await post(browser, "/account/app/set", code=code)) == (303, "/account")
    return found[1]


async def test_another_app_takes_the_place_of_the_first_and_its_code_was_used(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser:
        await signed_in(at, browser)
        secret = await sets_app(at, browser)
        for app, opens in ((at.shown(), False), (pyotp.TOTP(secret).at(at.service.now), False)):
            async with at.browser() as other:
                await post(other, "/sign-in", mail="anna@example.org")
                await post(other, "/sign-in/code", code=await at.code())
                assert ((await post(other, "/sign-in/second", code=app)).status == 303) == opens


CHANGES: dict[str, Callable[[Door, Browser], object]] = {
    "app": sets_app,
    "app removed": lambda at, browser: post(browser, "/account/app/remove"),
    "passkey removed": lambda at, browser: post(browser, "/account/passkeys/1/remove"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_ends_all_other_sessions_and_a_mail_says_so(at: Door, change: str) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey()
    async with at.browser() as browser, at.browser() as other:
        await enrolled(at, browser, staff, key)
        if change != "app":
            await sets_app(at, browser)
        at.service.now += timedelta(seconds=31)
        assert (await shows_passkey(other, key)).status == 303
        await CHANGES[change](at, browser)  # type: ignore[misc]
        assert (await other.get("/account")).status == 401
        assert (await browser.get("/account")).status == 200
    assert "was added or removed" in (await at.mailed())[-1]


async def test_new_codes_take_the_place_of_the_old_and_are_shown_once(at: Door) -> None:
    old = await at.paper(await at.with_app())
    async with at.browser() as browser:
        await signed_in(at, browser)
        shown = await (await post(browser, "/account/codes")).text()
        new = re.findall(r'<li><code class="key">([0-9A-Z]{4}-[0-9A-Z]{4})</code></li>', shown)
        assert len(set(new)) == 10
        assert "You have 10 codes left." in visible(await account(browser))
        at.service.now += 10 * MINUTE
        assert (await post(browser, "/confirm", code=old[0])).status == 422
        assert (await post(browser, "/confirm", code=new[0])).status == 303
        assert "You have 9 codes left." in visible(await account(browser))


async def test_the_language_of_the_pages_is_chosen_here(tmp_path: Path) -> None:
    async with door(tmp_path, catalogs=MarkedArabic()) as at, at.browser() as browser:
        staff = await at.with_app()
        await signed_in(at, browser)
        assert where(await post(browser, "/account/language", language="ar")) == (303, "/account")
        assert '<html lang="ar" dir="rtl"' in await account(browser)
        assert (await post(browser, "/account/language", language="tlh")).status == 404
        found = await at.service.database.read(lambda conn: people.staff(conn, at.service.vault, staff))
    assert found.language == "ar"


async def test_nobody_removes_what_is_somebody_elses(at: Door) -> None:
    anna, key = await at.service.staff("Anna"), SoftPasskey()
    await at.with_app("Bo")
    async with at.browser() as browser, at.browser() as bo:
        await enrolled(at, browser, anna, key)
        await signed_in(at, bo, "bo@example.org")
        assert (await post(bo, "/account/passkeys/1/remove")).status == 404
        assert (await shows_passkey(browser, key)).status == 303
