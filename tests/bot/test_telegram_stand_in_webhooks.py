"""How the stand-in brings updates to an address: with which header, in which order, how often and how long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.bot.bot_api_caller import SAM, Caller, board, calling, settled
from tests.telegram_stand_in import Phone
from tests.telegram_stand_in.updates import TAP_LIFE
from tests.waiting import until

GONE_FOR = 23 * 3_600


@dataclass
class Receiver:
    """The bot's address. ``statuses`` are answered in turn, then 200; while ``open`` is not set nothing is."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    arrived: list[dict[str, Any]] = field(default_factory=list)
    seen: list[web.Request] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    most: int = 0
    now: int = 0

    async def receive(self, request: web.Request) -> web.Response:
        self.seen.append(request)
        self.arrived.append(await request.json())
        self.now += 1
        self.most = max(self.most, self.now)
        await self.open.wait()
        self.now -= 1
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.answer if status == 200 else {}, status=status, headers=self.headers)

    @property
    def words(self) -> list[str]:
        """What arrived, in order: words of messages and data of taps."""
        return [
            (each.get("message") or each.get("edited_message") or {}).get("text") or each["callback_query"]["data"]
            for each in self.arrived
        ]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    made.open.set()
    application = web.Application()
    application.router.add_post("/hook", made.receive)
    server = TestServer(application)
    await server.start_server()
    made.url = str(server.make_url("/hook"))
    yield made
    made.open.set()
    await server.close()


@pytest.fixture
async def api(receiver: Receiver) -> AsyncIterator[Caller]:
    async with calling() as made:
        yield made


async def hooked(api: Caller, receiver: Receiver, **given: Any) -> None:
    await api.result("setWebhook", url=receiver.url, **given)


async def pending(api: Caller) -> int:
    return int((await api.result("getWebhookInfo"))["pending_update_count"])


async def test_an_update_is_posted_with_the_secret(api: Caller, receiver: Receiver) -> None:
    await hooked(api, receiver, secret_token="s3-cret_")
    await api.phone.type("hello")
    await until(lambda: receiver.words == ["hello"])
    (request,) = receiver.seen
    assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3-cret_"
    assert request.content_type == "application/json"
    await until(lambda: not api.bot.updates.pending)
    assert await pending(api) == 0


async def test_what_waited_before_is_brought_too(api: Caller, receiver: Receiver) -> None:
    await api.phone.type("before")
    await hooked(api, receiver)
    await until(lambda: receiver.words == ["before"])
    assert "X-Telegram-Bot-Api-Secret-Token" not in receiver.seen[0].headers


@pytest.mark.parametrize("secret", ["with space", "å", "x" * 257])
async def test_a_secret_has_few_kinds_of_signs(api: Caller, receiver: Receiver, secret: str) -> None:
    assert "secret token" in await api.refused("setWebhook", url=receiver.url, secret_token=secret)
    assert (await api.result("getWebhookInfo"))["url"] == ""


async def test_what_is_known_of_a_webhook(api: Caller, receiver: Receiver) -> None:
    await hooked(api, receiver, max_connections=500, allowed_updates=["message"])
    info = await api.result("getWebhookInfo")
    assert (info["url"], info["max_connections"], info["allowed_updates"]) == (receiver.url, 100, ["message"])
    receiver.statuses = [500]
    await api.phone.type("x")
    await until(lambda: len(receiver.arrived) == 2)
    info = await api.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert info["last_error_date"] == int(api.telegram.clock.now())


async def test_far_from_home_a_webhook_needs_https_and_a_usual_port() -> None:
    async with calling(local=False) as api:
        assert "An HTTPS URL must be provided" in await api.refused("setWebhook", url="http://bot.example/hook")
        api.telegram.clock.forward(1)
        assert "only on ports 80, 88, 443 or 8443" in await api.refused("setWebhook", url="https://bot.example:81/")
        api.telegram.clock.forward(1)
        assert await api.result("setWebhook", url="https://bot.invalid:8443/hook") is True
        assert (await api.call("setWebhook", url="ftp://bot.example/"))[0] in (400, 429)


async def test_the_first_failure_is_tried_again_at_once_and_then_later_and_later(
    api: Caller, receiver: Receiver
) -> None:
    receiver.statuses = [500] * 6
    await hooked(api, receiver)
    await api.phone.type("x")
    await until(lambda: len(receiver.arrived) == 2)
    for number, pause in enumerate((2, 4, 8, 16), start=3):
        await api.waits()
        api.telegram.clock.forward(pause - 0.5)
        await settled()
        assert len(receiver.arrived) == number - 1
        api.telegram.clock.forward(0.5)
        await until(lambda number=number: len(receiver.arrived) == number)  # type: ignore[misc]


async def test_pauses_grow_to_one_or_two_minutes_and_no_further(api: Caller, receiver: Receiver) -> None:
    receiver.statuses = [500] * 100
    await hooked(api, receiver)
    await api.phone.type("x")
    await until(lambda: len(receiver.arrived) == 2)
    for number in range(3, 12):
        await api.waits()
        api.telegram.clock.forward(120)
        await until(lambda number=number: len(receiver.arrived) == number)  # type: ignore[misc]
    await api.waits()
    api.telegram.clock.forward(59)
    await settled()
    assert len(receiver.arrived) == 11


async def test_a_wish_to_wait_is_heard(api: Caller, receiver: Receiver) -> None:
    receiver.statuses, receiver.headers = [503], {"Retry-After": "7000"}
    await hooked(api, receiver)
    await api.phone.type("x")
    await until(lambda: len(receiver.arrived) == 1)
    await api.waits()
    api.telegram.clock.forward(3_599)
    await settled()
    assert len(receiver.arrived) == 1
    api.telegram.clock.forward(1)
    await until(lambda: len(receiver.arrived) == 2)


async def test_what_would_come_too_late_is_dropped(api: Caller, receiver: Receiver) -> None:
    await api.say("x", [("A", "tapped")])
    receiver.statuses, receiver.headers = [503, 503], {"Retry-After": str(TAP_LIFE + 1)}
    await hooked(api, receiver)
    await api.phone.tap("A")
    await api.phone.type("words")
    await until(lambda: len(receiver.arrived) == 2)
    await until(lambda: [update.kind for update in api.bot.updates.expired] == ["callback_query"])
    await api.waits()
    assert await pending(api) == 1
    api.telegram.clock.forward(TAP_LIFE + 1)
    await until(lambda: len(receiver.arrived) == 3)
    assert receiver.words[-1] == "words"


async def test_what_grew_too_old_behind_another_is_not_brought(api: Caller, receiver: Receiver) -> None:
    await api.say("x", [("A", "first"), ("B", "second")])
    receiver.open.clear()
    await hooked(api, receiver)
    await api.phone.tap("A")
    await api.phone.tap("B")
    await until(lambda: receiver.words == ["first"])
    api.telegram.clock.forward(TAP_LIFE)
    await api.phone.tap("A")
    receiver.open.set()
    await until(lambda: len(receiver.arrived) == 2)
    assert receiver.words == ["first", "first"]


async def test_an_unreachable_address_is_tried_again(api: Caller, receiver: Receiver) -> None:
    await api.result("setWebhook", url="http://127.0.0.1:9/")
    await api.phone.type("kept")
    await until(lambda: api.bot.webhook is not None and api.bot.webhook.attempts == 2)
    await api.waits()
    api.telegram.clock.forward(2)
    await until(lambda: api.bot.webhook is not None and api.bot.webhook.attempts == 3)
    await hooked(api, receiver)
    await until(lambda: receiver.words == ["kept"])


async def test_a_failing_update_holds_up_its_own_queue_only(api: Caller, receiver: Receiver) -> None:
    await api.say("x", [("A", "tap")])
    other = Phone(5, "en", api.telegram, api.bot)
    receiver.statuses = [500, 500]
    await hooked(api, receiver)
    await api.phone.type("first")
    await until(lambda: len(receiver.arrived) == 2)
    await api.waits()
    await api.phone.type("second")
    await other.type("other")
    await api.phone.tap("A")
    await until(lambda: len(receiver.arrived) == 4)
    await settled()
    assert receiver.words[:2] == ["first", "first"]
    assert sorted(receiver.words[2:]) == ["other", "tap"]
    api.telegram.clock.forward(2)
    await until(lambda: len(receiver.arrived) == 6)
    assert receiver.words[4:] == ["first", "second"]


async def test_messages_of_a_chat_come_one_after_the_other(api: Caller, receiver: Receiver) -> None:
    receiver.open.clear()
    await hooked(api, receiver)
    await api.phone.type("one")
    await api.phone.type("two")
    await until(lambda: len(receiver.arrived) == 1)
    await settled()
    assert receiver.words == ["one"]
    receiver.open.set()
    await until(lambda: receiver.words == ["one", "two"])


async def test_a_message_and_a_tap_are_brought_at_the_same_time(api: Caller, receiver: Receiver) -> None:
    await api.say("x", [("A", "tap")])
    receiver.open.clear()
    await hooked(api, receiver)
    await api.phone.type("words")
    await api.phone.tap("A")
    await until(lambda: sorted(receiver.words) == ["tap", "words"])
    receiver.open.set()


async def test_there_are_at_most_so_many_connections(api: Caller, receiver: Receiver) -> None:
    receiver.open.clear()
    await hooked(api, receiver, max_connections=3)
    for number in range(8):
        await Phone(number + 10, "en", api.telegram, api.bot).type(str(number))
    await until(lambda: receiver.now == 3)
    await settled()
    assert receiver.most == 3
    receiver.open.set()
    await until(lambda: len(receiver.arrived) == 8)
    assert receiver.most == 3


async def test_an_answer_can_be_a_call_and_the_bot_never_hears_of_it(api: Caller, receiver: Receiver) -> None:
    receiver.answer = {"method": "sendMessage", "chat_id": SAM, "text": "By the way", **board([("A", "a")])}
    await hooked(api, receiver)
    await api.phone.type("x")
    await until(lambda: len(api.phone.said) == 1)
    assert (api.phone.last.text, api.phone.last.labels) == ("By the way", ("A",))
    call = api.telegram.log.calls[-1]
    assert (call.method, call.status, call.reply) == ("sendMessage", 200, True)


async def test_a_refused_call_in_an_answer_is_noted_only(api: Caller, receiver: Receiver) -> None:
    receiver.answer = {"method": "sendMessage", "chat_id": 404, "text": "x"}
    await hooked(api, receiver)
    await api.phone.type("x")
    await until(lambda: api.telegram.log.count("sendMessage", 400) == 1)
    await settled()
    assert len(receiver.arrived) == 1


@pytest.mark.parametrize("method", ["deleteWebhook", "getMe", "setWebhook"])
async def test_some_calls_are_not_done_as_an_answer(api: Caller, receiver: Receiver, method: str) -> None:
    receiver.answer = {"method": method, "url": ""}
    await hooked(api, receiver)
    await api.phone.type("x")
    await until(lambda: len(receiver.arrived) == 1)
    await settled()
    assert not any(call.reply for call in api.telegram.log.calls)
    assert (await api.result("getWebhookInfo"))["url"] == receiver.url


async def test_an_address_that_is_gone_for_23_hours_is_given_up(api: Caller, receiver: Receiver) -> None:
    receiver.statuses, receiver.headers = [410] * 40, {"Retry-After": "3600"}
    await hooked(api, receiver)
    await api.phone.type("x")
    for hour in range(24):
        await until(lambda hour=hour: len(receiver.arrived) == hour + 1)  # type: ignore[misc]
        await api.waits()
        assert (await api.result("getWebhookInfo"))["url"] == receiver.url
        api.telegram.clock.forward(3_600 if hour < 23 else 1)
    await Phone(5, "en", api.telegram, api.bot).type("y")
    await until(lambda: api.bot.webhook is None)
    assert [each["message"]["text"] for each in await api.updates()] == ["x", "y"]


async def test_an_address_that_is_back_is_not_given_up(api: Caller, receiver: Receiver) -> None:
    receiver.statuses = [410, 200, 410]
    await hooked(api, receiver)
    await api.phone.type("x")
    await until(lambda: len(receiver.arrived) == 2)
    api.telegram.clock.forward(GONE_FOR + 1)
    await api.phone.type("y")
    await until(lambda: len(receiver.arrived) == 4)
    assert (await api.result("getWebhookInfo"))["url"] == receiver.url


async def test_a_deleted_webhook_gets_nothing_more(api: Caller, receiver: Receiver) -> None:
    receiver.statuses = [500, 500]
    await hooked(api, receiver)
    await api.phone.type("x")
    await until(lambda: len(receiver.arrived) == 2)
    await api.result("deleteWebhook")
    api.telegram.clock.forward(10)
    await settled()
    assert len(receiver.arrived) == 2
    assert [each["message"]["text"] for each in await api.updates()] == ["x"]


async def test_a_new_token_has_no_webhook(api: Caller, receiver: Receiver) -> None:
    await hooked(api, receiver)
    api.bot.revoke()
    await api.phone.type("x")
    await settled()
    assert receiver.arrived == []
    assert len(await api.updates()) == 1


async def test_withheld_updates_are_brought_later(api: Caller, receiver: Receiver) -> None:
    api.telegram.faults.withhold = True
    await hooked(api, receiver)
    await api.phone.type("x")
    await settled()
    assert receiver.arrived == []
    api.telegram.faults.withhold = False
    await until(lambda: receiver.words == ["x"])


async def test_an_update_can_be_brought_twice(api: Caller, receiver: Receiver) -> None:
    api.telegram.faults.double(times=1)
    await hooked(api, receiver)
    await api.phone.type("x")
    await api.phone.type("y")
    await until(lambda: len(receiver.arrived) == 3)
    assert receiver.words == ["x", "x", "y"]
    assert receiver.arrived[0] == receiver.arrived[1]


async def test_a_message_and_a_tap_can_be_swapped(api: Caller, receiver: Receiver) -> None:
    await api.say("x", [("A", "tap")])
    api.telegram.faults.swap(times=1)
    await hooked(api, receiver)
    await api.phone.type("words")
    await api.waits()
    assert receiver.arrived == []
    await api.phone.tap("A")
    await until(lambda: receiver.words == ["tap", "words"])
    first, second = receiver.arrived
    assert first["update_id"] > second["update_id"]


async def test_a_swapped_message_does_not_wait_for_ever(api: Caller, receiver: Receiver) -> None:
    api.telegram.faults.swap(times=1)
    await hooked(api, receiver)
    await api.phone.type("alone")
    await Phone(5, "en", api.telegram, api.bot).type("somebody else")
    await until(lambda: receiver.words == ["somebody else"])
    await api.waits()
    api.telegram.clock.forward(30)
    await until(lambda: receiver.words == ["somebody else", "alone"])
