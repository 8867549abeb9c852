"""Staff in a messenger: a link made on the staff pages opens a chat that says each working day that the overview is
ready, and nothing else. What is written there is read by nobody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, select

from bot.config import SCRIPTS
from bot.console import add_console
from bot.console.one_tap import add_one_tap
from bot.delivery.outcomes import Failed, Gone, Later, Outcome, Refused, Shut, Unclear
from bot.delivery.outcomes import Sent as Handed
from bot.mailing import Post, Sent
from bot.messages import Outbound
from bot.shelf import ScriptShelf
from bot.staff_chats import StaffChats
from bot.staff_door import LIFETIME, StaffLink, make_link
from storage import digests, people, schema, staff_addresses
from storage.database import Database
from storage.people import Staff, Who
from storage.staff_addresses import Chat
from storage.vault import Vault
from tests.bot.front_door import CHANNEL, FrontDoor, opened, shown
from tests.bot.mail_of_the_day import send_due
from tests.bot.staff_world import SAME_SITE
from tests.bot.telegram_cases import ON_SQLITE
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import TurnWorld, catalogs, programme
from tests.storage.databases import everything
from tests.telegram_stand_in import Phone
from tests.waiting import until

TUESDAY = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
"""Eight in Oslo."""
PAGES = "https://medvind.example.org"
READY = f"Your overview is ready.\n{PAGES}/digest"
STARTED = "You are told here when your overview is ready. Nobody reads what is written here."
UNREAD = "Nobody reads what is written here. Your overview is on the staff pages."
CLOSED = "I cannot open this. You can ask for a new code where you got this one."


# At the door ----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def door(database: Database, vault: Vault) -> FrontDoor:
    return await opened(database, vault)


async def link(door: FrontDoor, staff: Staff | None = None) -> StaffLink:
    someone = staff or door.specialist
    return await door.database.write(lambda conn: make_link(conn, door.vault, someone, door.now, door.random))


async def chats(door: FrontDoor) -> list[Chat]:
    return await door.database.read(lambda conn: staff_addresses.chats(conn, door.specialist.id))


async def test_a_link_opens_a_chat_and_what_is_written_there_gets_one_sentence(door: FrontDoor) -> None:
    made = await link(door)
    assert shown(await door.knocks("100", f"/start {made.token}")) == STARTED
    assert await chats(door) == [Chat(CHANNEL, "active", door.now)]
    for text in ("Hello", "/start", f"/start {made.token}", "stop", "", "/help"):
        assert shown(await door.knocks("100", text)) == UNREAD
    stored = await door.database.read(everything)
    assert b"Hello" not in stored
    records = await door.database.read(lambda conn: conn.execute(select(schema.audit)).all())
    assert [(one.actor, one.action) for one in records] == [(f"staff:{door.specialist.id}", "messenger connected")]


async def test_a_link_opens_once_and_for_an_hour(door: FrontDoor) -> None:
    first, made = await link(door), await link(door)
    assert shown(await door.knocks("1", first.token)) == CLOSED
    assert shown(await door.knocks("2", made.token)) == STARTED
    assert shown(await door.knocks("3", made.token)) == CLOSED
    late = await link(door)
    door.forward(seconds=LIFETIME.total_seconds())
    assert shown(await door.knocks("4", late.token)) == CLOSED
    assert made.token not in repr(made)
    assert made.link("medvind_bot") == f"https://t.me/medvind_bot?start={made.token}"


async def test_an_invitation_that_is_opened_in_a_chat_of_the_staff_stays_unused(door: FrontDoor) -> None:
    await door.knocks("100", (await link(door)).token)
    person = await door.person()
    invitation = await door.invitation(person)
    assert shown(await door.knocks("100", invitation.token)) == UNREAD
    assert await door.standing("100") is None
    await door.comes_to_wait("200", person)


async def test_a_link_of_the_staff_that_is_opened_where_somebody_waits_stays_unused(door: FrontDoor) -> None:
    _, number = await door.comes_to_wait("100")
    made = await link(door)
    assert number in shown(await door.knocks("100", made.token))
    assert await chats(door) == []
    assert shown(await door.knocks("200", made.token)) == STARTED


async def test_whoever_has_left_is_a_stranger(door: FrontDoor) -> None:
    await door.knocks("100", (await link(door)).token)
    gone = schema.staff.update().values(active=False)
    await door.database.write(lambda conn: conn.execute(gone) and None)
    assert shown(await door.knocks("100", "Hello")) == CLOSED


async def test_the_chat_speaks_the_language_of_whoever_it_tells(door: FrontDoor) -> None:
    await door.database.write(lambda conn: conn.execute(schema.staff.update().values(language="ar")) and None)
    assert shown(await door.knocks("100", (await link(door)).token)) == f"ar: {STARTED}"


# What becomes of a message --------------------------------------------------------------------------------------------


class FakeBot:
    """Keeps what it is told to say, and answers as it was asked to."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.said: list[tuple[str, str]] = []

    async def tell(self, address: str, message: Outbound) -> Outcome:
        self.said.append((address, message.text))
        return self.outcomes.pop(0) if self.outcomes else Handed("1")


class Postbox:
    """Keeps the mails."""

    def __init__(self) -> None:
        self.kept: list[EmailMessage] = []

    async def send(self, message: EmailMessage) -> None:
        self.kept.append(message)


class Tuesday:
    """A specialist with a chat with whom somebody has shared something, at the digest time and after it."""

    def __init__(self, door: FrontDoor, bot: FakeBot | None) -> None:
        self.door, self.bot, self.postbox = door, bot, Postbox()
        self.catalogs = catalogs()
        self.now = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)

    async def sends(self, minutes: int = 0, *, mail: bool = True) -> list[Sent]:
        now, door = self.now + timedelta(minutes=minutes), self.door
        bots = {CHANNEL: self.bot} if self.bot is not None else {}
        told = StaffChats(door.database, self.catalogs, bots, PAGES, lambda: now)
        post = Post(self.postbox, "medvind@example.org", PAGES) if mail else None
        return await send_due(
            now, database=door.database, vault=door.vault, catalogs=self.catalogs, post=post, chats=told
        )

    async def states(self, **asked: bool) -> list[str]:
        return [one.state for one in await self.sends(**asked)]

    @property
    def mails(self) -> int:
        return len(self.postbox.kept)


def shares(conn: Connection, door: FrontDoor, person: int, at: datetime) -> None:
    card = digests.sealed_card(
        people.participant(conn, door.vault, person).cipher,
        participant_id=person,
        conversation=1,
        step="talk/sharing",
        dialogue="talk",
        version=1,
        language="en",
        lines=b"[]",
        shared_at=at,
    )
    digests.put_cards(conn, [card])


async def tuesday(door: FrontDoor, *outcomes: Outcome, bot: bool = True) -> Tuesday:
    await door.knocks("100", (await link(door)).token)
    person = await door.person()
    await door.database.write(lambda conn: shares(conn, door, person, door.now))
    return Tuesday(door, FakeBot(*outcomes) if bot else None)


async def test_the_messenger_is_told_at_the_digest_time_in_place_of_the_mail(door: FrontDoor) -> None:
    day = await tuesday(door)
    assert await day.sends(-1) == []
    for minutes in (0, 1, 60):
        await day.sends(minutes)
    assert day.bot is not None
    assert day.bot.said == [("100", READY)]
    assert day.mails == 0
    assert await day.door.database.read(lambda c: digests.digest_state(c, door.specialist.id, "2026-03-03")) == "sent"


async def test_without_anything_new_nothing_is_said(door: FrontDoor) -> None:
    day = await tuesday(door)
    await door.database.write(lambda conn: digests.remove_cards(conn, [(1, 1, "talk/sharing")]))
    assert await day.sends() == []


@pytest.mark.parametrize(
    ("outcome", "with_mail", "without"),
    [
        (Handed("1"), ("sent", 0), "sent"),
        (Unclear("lost"), ("held", 0), "held"),
        (Later(30), ("later", 0), "later"),
        (Failed("away"), ("sent", 1), "later"),
        (Shut("revoked"), ("sent", 1), "later"),
        (Gone("blocked"), ("sent", 1), "held"),
        (Refused("no"), ("sent", 1), "held"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Outcome) else "",
)
async def test_a_mail_comes_in_its_place_only_when_it_surely_did_not_arrive(
    door: FrontDoor, outcome: Outcome, with_mail: tuple[str, int], without: str
) -> None:
    day = await tuesday(door, outcome, outcome)
    assert await day.states(mail=False) == [without]
    assert day.mails == 0
    await door.database.write(lambda conn: conn.execute(schema.digest.delete()) and None)
    await door.database.write(lambda conn: staff_addresses.reachable(conn, door.specialist.id, CHANNEL, door.now))
    assert (await day.states(), day.mails) == ([with_mail[0]], with_mail[1])


async def test_what_the_messenger_puts_off_is_told_a_minute_later(door: FrontDoor) -> None:
    day = await tuesday(door, Later(30))
    assert [one.state for one in await day.sends()] == ["later"]
    assert [one.state for one in await day.sends(1)] == ["sent"]
    assert await day.sends(2) == []
    assert day.bot is not None
    assert [address for address, _ in day.bot.said] == ["100", "100"]


async def test_what_may_have_arrived_is_never_told_twice_and_the_page_says_so(door: FrontDoor) -> None:
    day = await tuesday(door, Unclear("lost"))
    assert [one.state for one in await day.sends()] == ["held"]
    assert await day.sends(1) == []
    assert await day.sends(200) == []
    assert day.bot is not None
    assert (len(day.bot.said), day.mails) == (1, 0)


async def test_whoever_has_blocked_the_bot_is_told_by_mail_from_then_on(door: FrontDoor) -> None:
    day = await tuesday(door, Gone("blocked"))
    assert (await day.states(), day.mails) == (["sent"], 1)
    (chat,) = await chats(door)
    assert (chat.state, chat.since) == ("unreachable", day.now)
    person = await door.person("T.")
    await door.database.write(lambda conn: shares(conn, door, person, day.now + timedelta(hours=1)))
    day.now += timedelta(days=1)
    assert (await day.states(), day.mails) == (["sent"], 2)
    assert day.bot is not None
    assert len(day.bot.said) == 1


async def test_a_bot_that_is_not_there_any_more_is_no_reason_for_silence(door: FrontDoor) -> None:
    day = await tuesday(door, bot=False)
    assert (await day.states(), day.mails) == (["sent"], 1)


async def test_without_mail_only_those_with_a_chat_are_told(door: FrontDoor) -> None:
    day = await tuesday(door)
    await door.database.write(lambda conn: staff_addresses.remove(conn, door.specialist.id, CHANNEL) and None)
    assert await day.sends(mail=False) == []
    assert await door.database.read(lambda conn: digests.digest_state(conn, door.specialist.id, "2026-03-03")) is None


# A real bot -----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def pages(t: TelegramWorld) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """The specialist's browser."""
    world, app = t.world, web.Application()

    async def bots() -> dict[str, str]:
        return {t.bot.channel: await t.bot.username()}

    add_console(
        app,
        database=world.database,
        vault=world.vault,
        catalogs=catalogs(),
        shelf=ScriptShelf(),
        scripts_folder=SCRIPTS,
        now=lambda: world.clock.now,
        programme=programme(),
        bots=bots,
    )
    add_one_tap(app)
    owner = Who(staff_id=world.specialist)
    await world.database.write(lambda conn: people.new_link(conn, world.vault, owner, "kim", world.clock.now))
    async with TestClient(TestServer(app)) as browser:
        await signs_in(browser)
        yield browser


async def signs_in(browser: TestClient[web.Request, web.Application]) -> None:
    """As every morning."""
    await browser.post("/s/kim", headers=SAME_SITE, allow_redirects=False)


async def made_link(browser: TestClient[web.Request, web.Application], channel: str) -> str:
    """The token of a link that the specialist makes."""
    answer = await browser.post("/digest/telegram", data={"channel": channel}, headers=SAME_SITE)
    assert answer.status == 200
    (token,) = re.findall(r'href="https://t\.me/\w+\?start=([\w-]{22})"', await answer.text())
    return str(token)


@ON_SQLITE
async def test_a_specialist_makes_a_link_opens_it_and_is_told_in_the_morning(world: TurnWorld) -> None:
    async with telegram(world) as t, pages(t) as browser:
        first = await (await browser.get("/digest/telegram")).text()
        assert "Make a link for" in first
        assert '<a href="/digest/telegram" aria-current="page">Telegram</a>' in first
        phone = Phone(8_000_001, "en", t.server, t.account)
        t.server.person(phone.id)
        await phone.start(await made_link(browser, t.bot.channel))
        await phone.until(lambda it: bool(it.said) and it.last.text == STARTED)
        await phone.type("Can you see this?")
        await phone.until(lambda it: it.last.text == UNREAD)
        assert b"Can you see this?" not in await world.database.read(everything)
        page = await (await browser.get("/digest/telegram")).text()
        assert "tells you since" in page
        assert "Make a link for" not in page

        person = await world.person()
        await world.database.write(lambda conn: put_card(conn, world, person.id))
        t.world.clock.now = TUESDAY
        await signs_in(browser)
        told = StaffChats(world.database, catalogs(), {t.bot.channel: t.bot}, PAGES, lambda: world.clock.now)
        sent = await send_due(
            TUESDAY, database=world.database, vault=world.vault, catalogs=catalogs(), post=None, chats=told
        )
        assert [one.state for one in sent] == ["sent"]
        assert phone.last.text == READY

        await phone.block()
        await until(lambda: is_state(world, "unreachable"))
        assert "does not reach you since" in await (await browser.get("/digest/telegram")).text()
        await phone.unblock()
        await until(lambda: is_state(world, "active"))
        for _ in range(2):
            ended = await browser.post(
                "/digest/telegram/end", data={"channel": t.bot.channel}, headers=SAME_SITE, allow_redirects=False
            )
            assert ended.status == 303
        assert await world.database.read(lambda conn: staff_addresses.chats(conn, world.specialist)) == []
        records = await world.database.read(lambda conn: conn.execute(select(schema.audit.c.action)).scalars().all())
        assert [one for one in records if one.startswith("messenger")] == ["messenger connected", "messenger ended"]


@ON_SQLITE
async def test_a_message_whose_answer_is_lost_is_held(world: TurnWorld) -> None:
    async with telegram(world) as t, pages(t) as browser:
        phone = Phone(8_000_001, "en", t.server, t.account)
        t.server.person(phone.id)
        await phone.start(await made_link(browser, t.bot.channel))
        await phone.until(lambda it: bool(it.said))
        person = await world.person()
        await world.database.write(lambda conn: put_card(conn, world, person.id))
        t.world.clock.now = TUESDAY
        await signs_in(browser)
        t.server.faults.cut("sendMessage")
        told = StaffChats(world.database, catalogs(), {t.bot.channel: t.bot}, PAGES, lambda: world.clock.now)
        postbox = Postbox()
        post = Post(postbox, "medvind@example.org", PAGES)
        for minutes in (0, 1):
            now = TUESDAY + timedelta(minutes=minutes)
            await send_due(now, database=world.database, vault=world.vault, catalogs=catalogs(), post=post, chats=told)
        assert [bubble.text for bubble in phone.said].count(READY) == 1
        assert postbox.kept == []
        html = await (await browser.get("/digest")).text()
        assert "may not have reached you" in html


@ON_SQLITE
async def test_only_a_bot_that_is_there_can_be_asked_for_and_only_by_a_specialist(world: TurnWorld) -> None:
    async with telegram(world) as t, pages(t) as browser:
        asked = {"channel": "telegram:1"}
        assert (await browser.post("/digest/telegram", data=asked, headers=SAME_SITE)).status == 404
        assert (await browser.post("/digest/telegram", data={"channel": t.bot.channel})).status == 403
        coordinator = schema.staff.update().values(role="coordinator")
        await world.database.write(lambda conn: conn.execute(coordinator) and None)
        assert (await browser.get("/digest/telegram")).status == 404


def put_card(conn: Connection, world: TurnWorld, person: int) -> None:
    card = digests.sealed_card(
        people.participant(conn, world.vault, person).cipher,
        participant_id=person,
        conversation=1,
        step="weekly_checkin/sharing",
        dialogue="weekly_checkin",
        version=1,
        language="en",
        lines=b"[]",
        shared_at=world.clock.now,
    )
    digests.put_cards(conn, [card])


async def is_state(world: TurnWorld, state: str) -> bool:
    found = await world.database.read(lambda conn: staff_addresses.chats(conn, world.specialist))
    return [one.state for one in found] == [state]
