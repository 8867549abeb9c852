"""What can go wrong between a bot and the stand-in: on purpose, by count or by seeded chance."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from random import Random

import pytest
from aiohttp import ClientError

from tests.bot.bot_api_caller import SAM, Caller, calling
from tests.telegram_stand_in import Faults, Limits
from tests.waiting import PATIENCE

MESSAGE = {"chat_id": SAM, "text": "x"}


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    async with calling(limits=Limits.none()) as made:
        yield made


async def test_a_dropped_call_does_nothing(api: Caller) -> None:
    api.telegram.faults.drop("sendMessage")
    with pytest.raises(ClientError):
        await api.call("sendMessage", **MESSAGE)
    assert api.phone.screen == []
    await api.result("sendMessage", **MESSAGE)
    assert api.telegram.log.count("sendMessage", 0) == 1


async def test_a_cut_call_is_done_and_not_answered(api: Caller) -> None:
    api.telegram.faults.cut("sendMessage")
    with pytest.raises(ClientError):
        await api.call("sendMessage", **MESSAGE)
    assert [bubble.text for bubble in api.phone.screen] == ["x"]
    assert (api.telegram.log.calls[-1].status, len(api.telegram.log.sent)) == (0, 1)


async def test_a_delayed_call_is_done_and_answered_late(api: Caller) -> None:
    api.telegram.faults.delay("sendMessage", 60)
    given_up = asyncio.create_task(api.call("sendMessage", **MESSAGE))
    await api.phone.until(lambda phone: len(phone.screen) == 1)
    assert not given_up.done()
    given_up.cancel()
    api.telegram.faults.delay("sendMessage", 60)
    waiting = asyncio.create_task(api.result("sendMessage", **MESSAGE))
    await api.phone.until(lambda phone: len(phone.screen) == 2)
    api.telegram.clock.forward(59)
    await asyncio.sleep(0.02)
    assert not waiting.done()
    api.telegram.clock.forward(1)
    assert (await waiting)["message_id"] == 2


@pytest.mark.parametrize("status", [500, 502])
async def test_a_broken_server_answers_with_a_page(api: Caller, status: int) -> None:
    api.telegram.faults.fail("sendMessage", status)
    async with api.session.post(api.address("sendMessage"), json=MESSAGE) as response:
        assert response.status == status
        assert response.content_type == "text/html"
        assert "<html>" in await response.text()
    assert api.phone.screen == []


async def test_half_an_answer_is_no_json(api: Caller) -> None:
    api.telegram.faults.truncate("sendMessage")
    async with api.session.post(api.address("sendMessage"), json=MESSAGE) as response:
        assert response.status == 200
        with pytest.raises(json.JSONDecodeError):
            json.loads(await response.text())
    assert len(api.phone.screen) == 1


async def test_a_fault_strikes_its_own_method_and_so_often(api: Caller) -> None:
    api.telegram.faults.fail("sendMessage", times=2, after=1)
    assert [(await api.call("getMe"))[0] for _ in range(3)] == [200] * 3
    statuses = []
    for _ in range(5):
        async with api.session.post(api.address("sendmessage"), json=MESSAGE) as response:
            statuses.append(response.status)
    assert statuses == [200, 502, 502, 200, 200]


async def test_a_fault_can_strike_every_method(api: Caller) -> None:
    api.telegram.faults.fail(times=2)
    for method in ("getMe", "getChat"):
        async with api.session.post(api.address(method)) as response:
            assert response.status == 502
    await api.result("getMe")


def test_chance_is_seeded() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(Random(seed))
        faults.drop("x", chance=0.3)
        return [faults.strike("x") is not None for _ in range(1_000)]

    assert struck(5) == struck(5)
    assert struck(5) != struck(6)
    assert 200 < sum(struck(5)) < 400


async def test_faults_can_be_cleared(api: Caller) -> None:
    api.telegram.faults.fail("getMe", times=100)
    api.telegram.faults.withhold = True
    api.telegram.faults.clear()
    await api.phone.type("x")
    await api.result("getMe")
    assert len(await api.updates()) == 1


async def test_other_calls_go_on_while_one_is_delayed(api: Caller) -> None:
    api.telegram.faults.delay("sendMessage", 60)
    waiting = asyncio.create_task(api.result("sendMessage", **MESSAGE))
    await api.phone.until(lambda phone: len(phone.screen) == 1)
    await api.result("getMe")
    api.telegram.clock.forward(60)
    await waiting


async def test_open_connections_end_when_the_port_is_refused(api: Caller) -> None:
    waiting = asyncio.create_task(api.updates(timeout=50))
    api.telegram.faults.delay("getMe", 60)
    delayed = asyncio.create_task(api.call("getMe"))
    await asyncio.sleep(0.02)
    await api.telegram.refuse()
    ended = await asyncio.wait_for(asyncio.gather(waiting, delayed, return_exceptions=True), PATIENCE)
    assert [isinstance(each, ClientError) for each in ended] == [True, True]
    await api.telegram.listen()
