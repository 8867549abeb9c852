"""Signing in with a code by mail and a second step: what opens, what does not, and what nobody learns from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from bot.console.desk import DESK
from bot.delivery.outcomes import Outcome, Sent
from bot.messages import Outbound
from bot.signing_in.limits import OF_A_CLIENT, OF_AN_ADDRESS
from bot.staff_chats import StaffChats
from storage import factors, schema, staff_addresses
from tests.bot.page_forms import Seen
from tests.bot.sign_in_world import Browser, Door, ask, door, post, sign_in, where
from tests.bot.test_console import visible
from tests.storage.databases import counts, everything

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    async with door(tmp_path) as made:
        yield made


async def is_in(browser: Browser, page: str = "/account") -> bool:
    return (await browser.get(page)).status == 200


# Coming in


async def test_a_code_by_mail_and_one_of_the_app_open_the_page_that_was_asked_for(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser:
        first = await browser.get("/people")
        assert first.status == 401
        form = Seen(await first.text()).form("Send me a code")
        assert ("back", "/people") in form.hidden
        assert where(await post(browser, form.action, mail=" Anna@Example.org", back="/people")) == (
            303,
            "/sign-in/code",
        )
        code = await at.code()
        assert where(await post(browser, "/sign-in/code", code=f" {code.lower()} ")) == (303, "/sign-in/second")
        assert not await is_in(browser), "one step is not enough"
        assert where(await post(browser, "/sign-in/second", code=at.shown())) == (303, "/people")
        assert await is_in(browser)
        assert where(await browser.get("/sign-in", allow_redirects=False)) == (303, "/digest")


async def test_looking_at_pages_changes_nothing_whoever_looks(at: Door) -> None:
    """A mail program that opens every link of a mail, and its headers, leaves the code as it was."""
    await at.with_app()
    async with at.browser() as browser, at.browser() as scanner:
        await ask(browser)
        code = await at.code()
        assert f"/sign-in/code#{code}" in (await at.mailed())[-1]
        before = await at.service.database.read(everything)
        for look in (scanner.get, scanner.head, browser.get, browser.head):
            for page in ("/sign-in", "/sign-in/code", "/sign-in/second", "/enrol"):
                answer = await look(page)
                assert (answer.status, bool(answer.cookies)) == (200, False)
        assert await at.service.database.read(everything) == before
        assert (await post(browser, "/sign-in/code", code=code)).status == 303


async def test_who_has_no_address_here_learns_nothing(at: Door) -> None:
    await at.with_app()
    told = []
    for mail in ("anna@example.org", "nobody@example.org"):
        async with at.browser() as browser:
            before = await at.service.database.read(counts)
            asked = await ask(browser, mail)
            after = await at.service.database.read(counts)
            page = await browser.get("/sign-in/code")
            wrong = await post(browser, "/sign-in/code", code="AAAA-AAAA")
            told.append(
                (
                    where(asked),
                    sorted(asked.headers.keys()),
                    len(asked.cookies["medvind-mail"].value),
                    {name: n - before.get(name, 0) for name, n in after.items() if n != before.get(name)},
                    await page.text(),
                    await wrong.text(),
                )
            )
    assert told[0] == told[1]
    assert len(await at.mailed()) == 1


async def test_who_has_left_gets_no_code(at: Door) -> None:
    await at.service.leave(await at.with_app())
    async with at.browser() as browser:
        assert (await ask(browser)).status == 303
        assert await at.mailed() == []


@pytest.mark.parametrize("mail", ["", "anna", "a b@example.org", "a@b" * 100])
async def test_what_is_no_address_is_said_beside_the_field(at: Door, mail: str) -> None:
    async with at.browser() as browser:
        answer = await ask(browser, mail)
        html = await answer.text()
        assert answer.status == 422
        assert 'aria-invalid="true"' in html
        assert "Write an address for mail, like" in visible(html)


async def test_a_recovery_code_helps_in_once(at: Door) -> None:
    codes = await at.paper(await at.with_app())
    for code, opens in ((codes[0], True), (codes[0], False), (codes[1].lower().replace("-", " "), True)):
        async with at.browser() as browser:
            await ask(browser)
            await post(browser, "/sign-in/code", code=await at.code())
            answer = await post(browser, "/sign-in/second", code=code)
            assert (answer.status == 303) == opens
            assert await is_in(browser) == opens


async def test_who_has_set_up_nothing_is_told_whom_to_ask(at: Door) -> None:
    await at.service.staff("Anna")
    async with at.browser() as browser:
        await ask(browser)
        (letter,) = await at.mailed()
        assert "ask an administrator" in letter
        assert "#" not in letter


async def test_the_messenger_brings_the_code_too(at: Door) -> None:
    staff = await at.with_app()
    said: list[tuple[str, str]] = []

    class Bot:
        async def tell(self, address: str, message: Outbound) -> Outcome:
            said.append((address, message.text))
            return Sent("1")

    service = at.service
    outgoing = at.server.app[DESK].outgoing
    outgoing.chats = StaffChats(service.database, service.catalogs, {"telegram:1": Bot()}, "", lambda: service.now)  # type: ignore[arg-type]
    await at.write(lambda conn: staff_addresses.put(conn, service.vault, staff, "telegram:1", "100", service.now))
    async with at.browser() as browser:
        await ask(browser)
        code = await at.code()
        assert [(address, code in text) for address, text in said] == [("100", True)]


# What does not open


async def test_a_code_opens_only_in_the_browser_that_asked_for_it(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser, at.browser() as other:
        await ask(browser)
        code = await at.code()
        assert "only in the browser where you asked" in visible(await (await other.get("/sign-in/code")).text())
        assert (await post(other, "/sign-in/code", code=code)).status == 422
        await ask(other, "nobody@example.org")
        assert (await post(other, "/sign-in/code", code=code)).status == 422
        assert (await post(browser, "/sign-in/code", code=code)).status == 303


async def test_a_code_opens_once(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser:
        asked = await ask(browser)
        kept = asked.cookies["medvind-mail"].value
        code = await at.code()
        assert (await post(browser, "/sign-in/code", code=code)).status == 303
        browser.cookie_jar.update_cookies({"medvind-mail": kept}, at.server.make_url("/"))
        assert (await post(browser, "/sign-in/code", code=code)).status == 422


@pytest.mark.parametrize(("after", "opens"), [(10 * MINUTE - timedelta(seconds=1), True), (10 * MINUTE, False)])
async def test_a_code_lasts_ten_minutes(at: Door, after: timedelta, opens: bool) -> None:
    await at.with_app()
    async with at.browser() as browser:
        await ask(browser)
        code = await at.code()
        at.service.now += after
        assert ((await post(browser, "/sign-in/code", code=code)).status == 303) == opens


async def test_after_three_wrong_codes_the_right_one_opens_nothing(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser:
        await ask(browser)
        code = await at.code()
        said = [visible(await (await post(browser, "/sign-in/code", code="AAAA-AAAA")).text()) for _ in range(3)]
        assert ["not the right code" in text for text in said] == [True, True, False]
        assert "Ask for a new one" in said[-1]
        assert (await post(browser, "/sign-in/code", code=code)).status == 422


async def test_a_code_of_the_app_is_taken_once_even_in_the_next_step_of_time(at: Door) -> None:
    await at.with_app()
    code = at.shown()
    for later, opens in ((0, True), (0, False), (30, False), (31, True)):
        at.service.now += timedelta(seconds=later)
        typed = at.shown() if later == 31 else code
        async with at.browser() as browser:
            await ask(browser)
            await post(browser, "/sign-in/code", code=await at.code())
            assert ((await post(browser, "/sign-in/second", code=typed)).status == 303) == opens


@pytest.mark.parametrize(("seconds", "opens"), [(-60, False), (-30, True), (30, True), (60, False)])
async def test_clocks_may_differ_by_one_step(at: Door, seconds: int, opens: bool) -> None:
    await at.with_app()
    async with at.browser() as browser:
        await ask(browser)
        await post(browser, "/sign-in/code", code=await at.code())
        answer = await post(browser, "/sign-in/second", code=at.shown(seconds))
        assert (answer.status == 303) == opens


async def test_the_second_step_cannot_come_first_or_too_late(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser:
        assert (await post(browser, "/sign-in/second", code=at.shown())).status == 422
        await ask(browser)
        await post(browser, "/sign-in/code", code=await at.code())
        at.service.now += 10 * MINUTE
        late = await post(browser, "/sign-in/second", code=at.shown())
        assert late.status == 422
        assert "took too long" in visible(await late.text())


async def test_codes_of_the_app_cannot_be_tried_out(at: Door) -> None:
    """Five after one mail, and ten within a quarter of an hour, from whatever browsers."""
    await at.with_app()
    statuses = []
    for _ in range(3):
        async with at.browser() as browser:
            await ask(browser)
            await post(browser, "/sign-in/code", code=await at.code())
            statuses += [(await post(browser, "/sign-in/second", code="000000")).status for _ in range(6)]
            assert (await post(browser, "/sign-in/second", code=at.shown())).status == 429
    assert statuses == [422] * 5 + [429] + [422] * 5 + [429] * 7
    at.service.now += 16 * MINUTE
    async with at.browser() as browser:
        assert (await sign_in(at, browser)).status == 303


async def test_an_address_gets_few_codes_and_a_client_few_answers(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser:
        for _ in range(OF_A_CLIENT.most):
            assert where(await ask(browser)) == (303, "/sign-in/code")
        assert len(await at.mailed()) == OF_AN_ADDRESS.most
        refused = await ask(browser, "somebody@example.org")
        assert refused.status == 429
        assert "quarter of an hour" in visible(await refused.text())
        at.service.now += 15 * MINUTE
        assert (await ask(browser)).status == 303


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "https://elsewhere.example/", "/people?x=1", "/\\elsewhere", "/people\r\nX: y", "x"]
)
async def test_nobody_is_led_anywhere_else(at: Door, back: str) -> None:
    await at.with_app()
    async with at.browser() as browser:
        await ask(browser, back=back)
        await post(browser, "/sign-in/code", code=await at.code())
        assert where(await post(browser, "/sign-in/second", code=at.shown())) == (303, "/digest")


async def test_another_site_cannot_send_these_forms(at: Door) -> None:
    async with at.browser() as browser:
        for page in ("/sign-in", "/sign-in/code", "/sign-in/second", "/sign-in/passkey/options", "/enrol", "/confirm"):
            refused = await browser.post(page, data={}, headers={"Sec-Fetch-Site": "cross-site"})
            assert refused.status == 403


# Sessions


async def test_each_sign_in_has_a_new_session_and_the_one_before_ends(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser, at.browser() as thief:
        tokens = []
        for _ in range(2):
            tokens.append((await sign_in(at, browser)).cookies["medvind-staff"].value)
            at.service.now += MINUTE
        assert tokens[0] != tokens[1]
        thief.cookie_jar.update_cookies({"medvind-staff": tokens[0]}, at.server.make_url("/"))
        assert not await is_in(thief)
        assert await is_in(browser)


@pytest.mark.parametrize(
    ("role", "idle"), [("specialist", 480), ("coordinator", 480), ("administrator", 30), ("auditor", 30)]
)
async def test_a_session_ends_when_nobody_uses_it_and_after_twelve_hours(at: Door, role: str, idle: int) -> None:
    await at.with_app("Anna", role)
    async with at.browser() as browser:
        begun = at.service.now
        await sign_in(at, browser)
        while at.service.now < begun + timedelta(hours=12) - idle * MINUTE:
            at.service.now += (idle - 1) * MINUTE
            assert await is_in(browser)
        at.service.now = begun + timedelta(hours=12)
        assert not await is_in(browser)
        await sign_in(at, browser)
        at.service.now += idle * MINUTE
        assert not await is_in(browser)


async def test_signing_out_ends_it_here_and_in_the_records(at: Door) -> None:
    await at.with_app()
    async with at.browser() as browser:
        token = (await sign_in(at, browser)).cookies["medvind-staff"].value
        out = await post(browser, "/sign-out")
        assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
        browser.cookie_jar.update_cookies({"medvind-staff": token}, at.server.make_url("/"))
        assert not await is_in(browser)


# What is kept


async def test_who_came_in_and_who_did_not_is_in_the_audit_and_no_secret_anywhere(at: Door) -> None:
    staff = await at.with_app()
    async with at.browser() as browser:
        await ask(browser)
        await post(browser, "/sign-in/code", code="AAAA-AAAA")
        code = await at.code()
        await post(browser, "/sign-in/code", code=code)
        await post(browser, "/sign-in/second", code="000000")
        session = (await post(browser, "/sign-in/second", code=at.shown())).cookies["medvind-staff"].value
        stored = await at.service.database.read(everything)
        await post(browser, "/sign-out")
    who = f"staff:{staff}"
    assert await at.audit() == [
        ("somebody", "sign_in.refused", {"how": "mail", "why": "wrong"}),
        (who, "sign_in.refused", {"how": "code", "why": "wrong"}),
        (who, "signed_in", {"how": "app"}),
        (who, "signed_out", None),
    ]
    for secret in (code, code.replace("-", ""), at.shown(), session, "JBSWY3DP", "anna@example.org"):
        assert secret.encode() not in stored


async def test_what_was_begun_and_tried_is_forgotten(at: Door) -> None:
    from storage.purging import purge

    await at.with_app()
    async with at.browser() as browser:
        await ask(browser)
    now = at.service.now + timedelta(days=2)
    await at.write(lambda conn: purge(conn, sessions=now, tries=now, unread=now, doors=now))

    def left(conn: Connection) -> list[int]:
        tables = (schema.sign_in, schema.sign_in_try)
        return [conn.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]

    assert await at.service.database.read(left) == [0, 0]


async def test_ways_in_are_counted(at: Door) -> None:
    staff = await at.with_app()
    await at.paper(staff)
    assert await at.service.database.read(lambda conn: factors.ways(conn, staff)) == (0, True, 10, False)
