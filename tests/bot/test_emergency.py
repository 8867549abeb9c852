"""Emergencies: a specialist who is not assigned sees what somebody shared, for an hour; and who hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from sqlalchemy import Connection, select

from bot.channels.mail import NotTaken
from bot.console.desk import DESK
from bot.delivery.outcomes import Failed, Outcome, Sent
from bot.mailing import Post
from bot.messages import Outbound
from bot.staff_chats import StaffChats
from bot.staff_notices import MOST_TRIES, StaffNotices
from storage import audit, digests, emergencies, people, schema, staff_addresses
from tests.bot.digest_samples import NOW, YESTERDAY, line
from tests.bot.staff_world import SAME_SITE, World, world
from tests.bot.test_console import page, visible
from tests.bot.test_office_participants import errands

Browser = TestClient[Request, Application]
SECRET = "My rent is not paid"
WHY = "Called  the office in tears"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def sara_of(service: World, specialist: int | None) -> int:
    """Somebody who shared something yesterday."""
    sara = await service.person("S.K.", specialist, name="Sara K")
    await service.share(sara, line("good", own=SECRET), at=YESTERDAY)
    return sara


async def asks(browser: Browser, who: object, why: str = WHY) -> tuple[int, str, str]:
    """Status, where it leads, and the page."""
    data = {"who": str(who), "why": why}
    answer = await browser.post("/emergency", data=data, headers=SAME_SITE, allow_redirects=False)
    return answer.status, answer.headers.get("Location", ""), await answer.text()


async def actions(service: World, person: int) -> list[tuple[str, str]]:
    found = await service.database.read(lambda conn: audit.records(conn, person))
    return [(one.actor, one.action) for one in found]


async def queued(service: World) -> list[tuple[int, str, str]]:
    table = schema.staff_notice
    asked = select(table.c.staff_id, table.c.kind, table.c.state).order_by(table.c.id)
    return await service.database.read(lambda conn: [tuple(row) for row in conn.execute(asked)])


# Opening --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("called", ["S.K.", " s.k. ", "1"])
async def test_a_specialist_who_is_not_assigned_sees_what_was_shared_for_an_hour(service: World, called: str) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    sara = await sara_of(service, anna)
    async with service.browsing(bo) as browser:
        assert (await browser.get(f"/emergency/{sara}")).status == 404
        assert (await asks(browser, called))[:2] == (303, f"/emergency/{sara}")
        html = await page(await browser.get(f"/emergency/{sara}"))
        assert SECRET in html
        assert "Open until 09:00 Anna works with this person." in visible(html)
        for not_theirs in ("Propose", "Send the answer", "/reply", "/agreements", "/contact"):
            assert not_theirs not in html, "it is for reading"
        assert (await browser.get(f"/people/{sara}")).status == 404
        assert SECRET not in await page(await browser.get("/digest"))
        assert "S.K. Open until 09:00" in visible(await page(await browser.get("/emergency")))
        service.now = NOW + timedelta(minutes=60) - timedelta(microseconds=1)
        assert (await browser.get(f"/emergency/{sara}")).status == 200
        service.now = NOW + timedelta(minutes=60)
        assert (await browser.get(f"/emergency/{sara}")).status == 404, "it ends by itself"
        assert "S.K." not in await page(await browser.get("/emergency"))
    opened = [one for one in await actions(service, sara) if one[0] == f"staff:{bo}"]
    assert opened == [(f"staff:{bo}", f"emergency {what}") for what in ("opened", "read", "read")]


async def test_it_shows_no_more_than_the_persons_own_specialist_sees(service: World) -> None:
    anna, bo, cara = [await service.staff(name) for name in ("Anna", "Bo", "Cara")]
    sara = await sara_of(service, anna)
    service.now = NOW + timedelta(hours=1)
    await service.database.write(lambda conn: people.assign(conn, sara, cara, service.now))
    async with service.browsing(bo) as browser:
        await asks(browser, sara)
        assert "Nothing is shared here." in visible(await page(await browser.get(f"/emergency/{sara}")))
        await service.database.write(lambda conn: people.let_see(conn, sara, YESTERDAY))
        assert SECRET in await page(await browser.get(f"/emergency/{sara}"))


async def test_somebody_whom_nobody_accompanies_can_be_opened(service: World) -> None:
    anna, bo, eve = await service.staff("Anna"), await service.staff("Bo"), await service.staff("Eve", "administrator")
    sara = await sara_of(service, anna)
    gone = schema.assignment.update().values(until=NOW)
    await service.database.write(lambda conn: conn.execute(gone) and None)
    never = await service.person("N.N.", None)
    async with service.browsing(bo) as browser:
        await asks(browser, sara)
        html = await page(await browser.get(f"/emergency/{sara}"))
        assert SECRET in html, "what the last specialist could see"
        assert "Nobody works with this person now." in visible(html)
        await asks(browser, never)
        assert "Nothing is shared here." in visible(await page(await browser.get(f"/emergency/{never}")))
    assert [one[:2] for one in await queued(service)] == [(eve, "emergency_anywhere")] * 2


async def test_it_ends_by_its_button_and_only_for_whoever_pressed(service: World) -> None:
    anna, bo, cara = [await service.staff(name) for name in ("Anna", "Bo", "Cara")]
    sara = await sara_of(service, anna)
    async with service.browsing(bo) as browser, service.browsing(cara) as hers:
        await asks(browser, sara)
        await asks(hers, sara)
        for _ in range(2):
            ended = await browser.post(f"/emergency/{sara}/end", headers=SAME_SITE, allow_redirects=False)
            assert (ended.status, ended.headers["Location"]) == (303, "/emergency")
        assert (await browser.get(f"/emergency/{sara}")).status == 404
        assert (await hers.get(f"/emergency/{sara}")).status == 200
    assert [action for _, action in await actions(service, sara)].count("emergency ended") == 1


@pytest.mark.parametrize(
    ("who", "why", "said", "where"),
    [
        ("Z.Z.", WHY, "Nobody is called so.", "who"),
        ("99", WHY, "Nobody is called so.", "who"),
        ("", WHY, "Nobody is called so.", "who"),
        ("D.D.", WHY, "More than one person is called so. Write the number.", "who"),
        ("O.O.", WHY, "You work with this person.", "who"),
        ("S.K.", "  ", "Write in a few words why.", "why"),
        ("S.K.", "x" * 301, "There is room for 300 letters.", "why"),
    ],
)
async def test_what_cannot_be_opened_is_said(service: World, who: str, why: str, said: str, where: str) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    await sara_of(service, anna)
    for pseudonym, specialist in (("D.D.", anna), ("d.d.", None), ("O.O.", bo)):
        await service.person(pseudonym, specialist)
    async with service.browsing(bo) as browser:
        status, _, html = await asks(browser, who, why)
    assert status == 422
    assert said in visible(html)
    assert f'id="{where}-trouble"' in html
    assert f"{where}-trouble" in html.partition('aria-invalid="true"')[0][-200:]
    assert why.strip() in html, "what was typed is kept"
    assert await queued(service) == []
    tried = await service.database.read(lambda conn: audit.since(conn, "emergency refused", NOW))
    assert len(tried) == (who not in ("O.O.", "S.K."))


async def test_nobody_tries_out_who_is_here(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    sara = await sara_of(service, anna)
    async with service.browsing(bo) as browser:
        for number in range(100, 110):
            await asks(browser, number)
        status, _, html = await asks(browser, sara)
        assert status == 422
        assert "You have tried this too often." in visible(html)
        service.now = NOW + timedelta(minutes=61)
        assert (await asks(browser, sara))[0] in (303, 422)
    assert len(await service.database.read(lambda conn: audit.since(conn, "emergency refused", NOW))) == 10


async def test_who_was_erased_cannot_be_opened_and_leaves_no_reason_behind(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    sara = await sara_of(service, anna)
    async with service.browsing(bo) as browser:
        await asks(browser, sara)
        await service.database.write(lambda conn: people.erase(conn, sara))
        assert (await browser.get(f"/emergency/{sara}")).status == 404
        assert (await browser.get("/emergency")).status == 200
        status, _, html = await asks(browser, sara)
        assert (status, "Nobody is called so." in visible(html)) == (422, True)
    assert await service.database.read(lambda conn: emergencies.since(conn, NOW)) == []


async def test_whoever_leaves_the_staff_sees_nothing_more(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    sara = await sara_of(service, anna)
    async with service.browsing(bo) as browser:
        await asks(browser, sara)
    await service.leave(bo)
    seen = await service.database.read(
        lambda conn: digests.cards_in_emergency(conn, service.vault, bo, sara, service.now)
    )
    assert seen == []


async def test_it_wants_a_proof_of_a_moment_ago(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    sara = await sara_of(service, anna)
    async with service.browsing(bo) as browser:
        service.now = NOW + timedelta(minutes=20)
        html = await page(await browser.get("/emergency"))
        assert 'href="/confirm?back=/emergency"' in html
        assert 'id="why"' not in html, "nothing is typed in vain"
        status, place, _ = await asks(browser, sara)
    assert (status, place.startswith("/confirm")) == (303, True)
    assert await queued(service) == []


# Telling --------------------------------------------------------------------------------------------------------------


class Postbox:
    """Takes mails, after some that are refused."""

    def __init__(self, refused: int = 0, *, later: bool = True) -> None:
        self.mails: list[EmailMessage] = []
        self._refused = refused
        self._later = later

    async def send(self, message: EmailMessage) -> None:
        if self._refused:
            self._refused -= 1
            raise NotTaken("busy", later=self._later)
        self.mails.append(message)


class Chat:
    """A bot that says things, or cannot."""

    def __init__(self, outcome: Outcome | None = None) -> None:
        self.said: list[str] = []
        self._outcome = outcome or Sent("1")

    async def tell(self, address: str, message: Outbound) -> Outcome:
        self.said.append(message.text)
        return self._outcome


def notices(service: World, post: Postbox | None, chat: Chat | None = None) -> StaffNotices:
    pages = "https://medvind.example.org"
    way = None if post is None else Post(post, "medvind@example.org", pages)
    bots = {"telegram:1": chat} if chat else {}
    chats = StaffChats(service.database, service.catalogs, bots, pages, lambda: service.now) if chat else None  # type: ignore[arg-type]
    return StaffNotices(service.database, service.vault, service.catalogs, way, lambda: service.now, chats)  # type: ignore[arg-type]


async def told(found: StaffNotices) -> None:
    for group in await found.find():
        await found.do(group)


async def opened(service: World) -> tuple[int, int, int, int]:
    """Anna's Sara is opened by Bo; Eve is administrator."""
    anna, bo, eve = await service.staff("Anna"), await service.staff("Bo"), await service.staff("Eve", "administrator")
    sara = await sara_of(service, anna)
    async with service.browsing(bo) as browser:
        await asks(browser, sara)
        await asks(browser, sara)
    return anna, bo, eve, sara


async def test_the_specialist_and_all_administrators_are_told_once_and_nothing_of_anybody(service: World) -> None:
    await opened(service)
    post = Postbox()
    for _ in range(2):
        await told(notices(service, post))
    assert sorted(mail["To"] for mail in post.mails) == ["anna@example.org", "eve@example.org"]
    for mail in post.mails:
        text = mail.get_content()
        assert "Bo" in text
        assert "09:00" in text
        assert "https://medvind.example.org/emergency" in text
        for kept in ("S.K.", "Sara", "tears", SECRET):
            assert kept not in mail.as_string()


async def test_they_are_told_as_soon_as_it_is_opened(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    sara, post = await sara_of(service, anna), Postbox()
    async with service.browsing(bo) as browser:
        outgoing = browser.app[DESK].outgoing
        outgoing.post = Post(post, "medvind@example.org", "https://medvind.example.org")
        await asks(browser, sara)
        await outgoing.settled()
    assert [mail["To"] for mail in post.mails] == ["anna@example.org"]
    assert [state for _, _, state in await queued(service)] == ["sent"]


async def test_in_a_messenger_where_there_is_one_and_by_mail_where_it_takes_nothing(service: World) -> None:
    anna, _, _, _ = await opened(service)
    await service.database.write(
        lambda conn: staff_addresses.put(conn, service.vault, anna, "telegram:1", "55", service.now)
    )
    chat, post = Chat(), Postbox()
    await told(notices(service, post, chat))
    assert len(chat.said) == 1
    assert chat.said[0].endswith("\nhttps://medvind.example.org/emergency")
    assert [mail["To"] for mail in post.mails] == ["eve@example.org"]
    async with service.browsing(await service.staff("Cara")) as browser:
        await asks(browser, "S.K.")
    post = Postbox()
    await told(notices(service, post, Chat(Failed("away"))))
    assert sorted(mail["To"] for mail in post.mails) == ["anna@example.org", "eve@example.org"]


async def test_a_notice_is_never_lost_while_mail_is_away(service: World) -> None:
    await opened(service)
    post = Postbox(refused=2)
    await told(notices(service, post))
    assert post.mails == []
    await told(notices(service, post))
    assert post.mails == [], "not at once again"
    service.now += timedelta(seconds=11)
    await told(notices(service, post))
    assert len(post.mails) == 2
    assert {state for _, _, state in await queued(service)} == {"sent"}


async def test_a_process_that_dies_in_the_middle_leaves_it_to_another(service: World) -> None:
    await opened(service)

    class Dying(Postbox):
        async def send(self, message: EmailMessage) -> None:
            raise RuntimeError("the process ends here")

    with pytest.raises(RuntimeError):
        await told(notices(service, Dying()))
    post = Postbox()
    await told(notices(service, post))
    assert post.mails == [], "the other one may be at it still"
    service.now += timedelta(minutes=3)
    await told(notices(service, post))
    assert len(post.mails) == 2


async def test_what_nobody_ever_takes_is_given_up_and_logged(service: World, caplog: pytest.LogCaptureFixture) -> None:
    await opened(service)
    await told(notices(service, Postbox(refused=1, later=False)))
    assert sorted(state for _, _, state in await queued(service)) == ["given_up", "sent"]
    assert "is given up" in caplog.text
    async with service.browsing(await service.staff("Cara")) as browser:
        await asks(browser, "S.K.")
    for _ in range(MOST_TRIES):
        await told(notices(service, Postbox(refused=9)))
        service.now += timedelta(minutes=6)
    assert sorted(state for _, _, state in await queued(service)) == ["given_up"] * 3 + ["sent"]


async def test_the_person_is_told_once_in_the_chat(service: World) -> None:
    _, bo, _, sara = await opened(service)
    assert [(one.kind, one.about, one.at) for one in await errands(service, sara)] == [
        ("emergency", f"{bo}|{NOW.isoformat()}", NOW)
    ]


# Who finds it afterwards ----------------------------------------------------------------------------------------------


async def test_the_own_specialist_finds_who_and_why_and_administrators_find_no_name(service: World) -> None:
    anna, bo, eve, sara = await opened(service)
    async with service.browsing(anna) as browser:
        said = visible(await page(await browser.get("/emergency")))
        assert "S.K. Bo opened it on 6 May at 08:00. It ends at 09:00. The reason: Called the office in tears" in said
    async with service.browsing(eve) as browser:
        html = await page(await browser.get("/emergency"))
        assert f"Number {sara} Bo opened it on 6 May at 08:00." in visible(html)
        for kept in ("S.K.", "Sara", "tears"):
            assert kept not in html
        assert (await browser.get(f"/emergency/{sara}")).status == 404
        answer = await browser.post("/emergency", data={"who": str(sara), "why": "x"}, headers=SAME_SITE)
        assert answer.status == 404
    service.now = NOW + timedelta(hours=2)
    async with service.browsing(bo) as browser:
        assert "S.K." not in await page(await browser.get("/emergency"))
    service.now = NOW + timedelta(days=91)
    async with service.browsing(eve) as browser:
        assert "Nothing was opened in the last 90 days." in visible(await page(await browser.get("/emergency")))


async def test_the_reason_lies_sealed(service: World) -> None:
    *_, sara = await opened(service)

    def read(conn: Connection) -> tuple[bytes, str]:
        sealed = conn.scalar(select(schema.emergency.c.sealed_reason))
        cipher = people.participant(conn, service.vault, sara).cipher
        return sealed or b"", emergencies.of(conn, cipher, sara)[0].reason

    sealed, reason = await service.database.read(read)
    assert b"tears" not in sealed
    assert reason == "Called the office in tears"
