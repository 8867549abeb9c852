"""Telegram on three real processes: one asks and sends, all may be brought messages, and any of them may go."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from tests.bot.digest_samples import plain
from tests.bot.many_processes import Service, service
from tests.bot.turn_world import Person
from tests.prove.ledger import audit
from tests.prove.people import Talker
from tests.storage.databases import PostgresqlDatabases
from tests.telegram_stand_in import Bot, Limits, Phone, StandIn
from tests.waiting import until

PEOPLE = 12
STEPS = ("There are limits.", "Nobody reads your answers right away.", "Who can see an answer that you keep?")


@asynccontextmanager
async def three_with(url: str, folder: Path, server: StandIn, account: Bot, **settings: str) -> AsyncIterator[Service]:
    given = {
        "MEDVIND_TELEGRAM_TOKENS": account.token,
        "MEDVIND_TELEGRAM_API": server.url,
        "MEDVIND_TELEGRAM_PER_SECOND": "1000",
        **settings,
    }
    async with service(url, folder, **given) as made:
        await made.start()
        yield made
        assert made.trouble() == ""


@pytest.fixture
def url(postgresql_databases: PostgresqlDatabases) -> Iterator[str]:
    with postgresql_databases.url() as url:
        yield url


async def shows(phone: Phone, words: str) -> None:
    """Wait until the bot has said this."""
    await phone.until(lambda it: any(words in plain(bubble.text) for bubble in it.said))


async def each_once(three: Service, person: Person, phone: Phone) -> None:
    """What stands on the phone is what was sent: in the order in which it was said, and nothing of it twice."""
    stored: list[int] = []
    for _ in range(100):
        stored, shown = await three.sent(person), [bubble.id for bubble in phone.said]
        if len(stored) == len(shown) and all(one in (0, other) for one, other in zip(stored, shown, strict=True)):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"stored as sent: {stored}; on the phone: {[(b.id, b.text[:40]) for b in phone.said]}")


async def test_a_conversation_goes_on_when_the_leader_is_killed_or_stands_still(url: str, tmp_path: Path) -> None:
    async with await StandIn.start(limits=Limits.none()) as server:
        account = server.add_bot()
        async with three_with(url, tmp_path, server, account) as three:
            person, phone = await three.on_the_phone(server, account, 9_000_001)
            await phone.type("/start")
            await shows(phone, "Hello Person9000001.")
            await each_once(three, person, phone)

            first = await three.leader()
            await three.kill(first)
            await phone.tap("OK")
            await shows(phone, STEPS[0])
            await each_once(three, person, phone)

            second = await three.leader()
            three.freeze(second)
            await phone.tap("OK")
            await shows(phone, STEPS[1])
            third = await three.leader()
            assert len({first, second, third}) == 3
            three.freeze(second, signal.SIGCONT)
            await phone.tap("OK")
            await shows(phone, STEPS[2])
            await each_once(three, person, phone)

            assert await three.stop(third) == 0
            await phone.tap("Only me")
            await shows(phone, "Do you want to start?")
            assert await three.leader() == second
            await each_once(three, person, phone)
            assert await person.answered() == {"free_choice": "ok", "limits": "ok", "not_live": "ok", "explained": "me"}


async def test_a_rolling_restart_under_load_loses_and_doubles_nothing(url: str, tmp_path: Path) -> None:
    async with await StandIn.start(limits=Limits.none()) as server:
        account = server.add_bot()
        webhook = {"MEDVIND_TELEGRAM_MODE": "webhook", "MEDVIND_ADDRESS": "{proxy}"}
        async with three_with(url, tmp_path, server, account, **webhook) as three:
            everybody = [await three.on_the_phone(server, account, 9_000_001 + n) for n in range(PEOPLE)]
            talkers = [Talker(person.id, phone, Random(person.id)) for person, phone in everybody]
            live = [asyncio.create_task(talker.live()) for talker in talkers]
            for port in three.ports:
                said = sum(len(talker.said) for talker in talkers)
                await until(lambda: sum(len(talker.said) for talker in talkers) >= said + 3 * PEOPLE)  # noqa: B023
                assert await three.stop(port) == 0
                await three.start(port)
            for task in live:
                task.cancel()
            await asyncio.gather(*live, return_exceptions=True)
            assert all(three.proxy.served[port] for port in three.ports)
            await until(lambda: not account.updates.pending)
            for person, phone in everybody:
                await each_once(three, person, phone)
            found = await three.database.read(lambda conn: audit(conn, three.world.vault, talkers, frozenset()))
        assert found.accepted >= 9 * PEOPLE
        assert (found.lost, found.doubled, found.misfiled) == (0, 0, 0)
