"""How much a bot may send to the stand-in, and what it hears when that is too much."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.bot_api_caller import SAM, Caller, board, calling
from tests.telegram_stand_in import Limits, Phone
from tests.telegram_stand_in.groups import Group


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    async with calling() as made:
        yield made


async def sent(api: Caller, number: int, text: str = "x", chat: int = SAM) -> list[int]:
    """The statuses of as many messages."""
    return [(await api.call("sendMessage", chat_id=chat, text=text))[0] for _ in range(number)]


async def phones(api: Caller, number: int) -> list[int]:
    """The ids of as many people who started the bot."""
    made = [Phone(2_000 + each, "en", api.telegram, api.bot) for each in range(number)]
    for phone in made:
        await phone.start()
    return [phone.id for phone in made]


async def test_a_chat_may_have_three_at_once_and_one_a_second_after_that(api: Caller) -> None:
    assert await sent(api, 4) == [200, 200, 200, 429]
    api.telegram.clock.forward(1)
    assert await sent(api, 2) == [200, 429]
    api.telegram.clock.forward(100)
    assert await sent(api, 4) == [200, 200, 200, 429]
    assert api.telegram.log.too_many == 3
    assert len(api.phone.screen) == 7


async def test_too_much_says_when_to_go_on(api: Caller) -> None:
    await sent(api, 3)
    async with api.session.post(api.address("sendMessage"), json={"chat_id": SAM, "text": "x"}) as response:
        assert response.status == 429
        assert response.headers["Retry-After"] == "1"
        assert await response.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }
    _, answer = await api.call("sendMessage", chat_id=SAM, text="x" * 501)
    assert answer["parameters"]["retry_after"] == 2


async def test_a_long_text_counts_double(api: Caller) -> None:
    assert await sent(api, 2, "x" * 501) == [200, 429]
    api.telegram.clock.forward(100)
    assert await sent(api, 4, "x" * 500) == [200, 200, 200, 429]


async def test_other_chats_go_on(api: Caller) -> None:
    (other,) = await phones(api, 1)
    assert await sent(api, 4) == [200, 200, 200, 429]
    assert await sent(api, 1, chat=other) == [200]


async def test_there_are_at_most_thirty_a_second_in_all(api: Caller) -> None:
    people = await phones(api, 31)
    statuses = [(await sent(api, 1, chat=number))[0] for number in people]
    assert statuses == [200] * 30 + [429]
    api.telegram.clock.forward(1)
    assert await sent(api, 1, chat=people[-1]) == [200]


async def test_changes_of_messages_count_on_their_own(api: Caller) -> None:
    number = (await api.say("x"))["message_id"]
    edits = [
        (await api.call("editMessageReplyMarkup", chat_id=SAM, message_id=number, **board([("A", str(each))])))[0]
        for each in range(11)
    ]
    assert edits == [200] * 10 + [429]
    assert await sent(api, 1) == [200]


async def test_a_group_gets_twenty_a_minute(api: Caller) -> None:
    Group(api.bot, -7).add_bot(by=api.phone)
    assert await sent(api, 21, chat=-7) == [200] * 20 + [429]
    api.telegram.clock.forward(3)
    assert await sent(api, 2, chat=-7) == [200, 429]


async def test_what_is_refused_for_another_reason_does_not_count(api: Caller) -> None:
    await sent(api, 5, text="")
    assert await sent(api, 4) == [200, 200, 200, 429]


async def test_limits_can_be_set_and_left_out() -> None:
    async with calling(limits=Limits(per_chat=5, burst=5)) as api:
        assert await sent(api, 6) == [200] * 5 + [429]
    async with calling(limits=Limits.none()) as api:
        assert set(await sent(api, 60)) == {200}


async def test_another_webhook_is_set_once_a_second(api: Caller) -> None:
    await api.result("setWebhook", url="http://127.0.0.1:9/")
    assert (await api.call("setWebhook", url="http://127.0.0.1:9/x"))[0] == 429
    api.telegram.clock.forward(1)
    await api.result("setWebhook", url="http://127.0.0.1:9/x")
