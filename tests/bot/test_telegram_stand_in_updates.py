"""The stand-in's updates: numbers, lifetimes, confirming, waiting, and who may fetch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.bot.bot_api_caller import SAM, Caller, calling, settled
from tests.telegram_stand_in.updates import DAY, TAP_LIFE, WEEK
from tests.waiting import until


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    async with calling() as made:
        yield made


def texts(updates: list[dict[str, Any]]) -> list[str]:
    """The words of messages, new and changed, and the data of taps."""
    found = []
    for update in updates:
        message = update.get("message") or update.get("edited_message")
        found.append(message["text"] if message else update["callback_query"]["data"])
    return found


async def typed(api: Caller, *words: str) -> None:
    for each in words:
        await api.phone.type(each)


async def test_a_higher_offset_confirms_what_was_before(api: Caller) -> None:
    await typed(api, "a", "b", "c")
    first = await api.updates()
    assert texts(first) == texts(await api.updates()) == ["a", "b", "c"]
    assert [each["update_id"] - first[0]["update_id"] for each in first] == [0, 1, 2]
    assert texts(await api.updates(offset=first[0]["update_id"] + 1)) == ["b", "c"]
    assert texts(await api.updates()) == ["b", "c"]
    assert await api.updates(offset=first[2]["update_id"] + 1) == []
    assert await api.updates() == []


async def test_a_negative_offset_deletes_older_ones(api: Caller) -> None:
    await typed(api, "a", "b", "c")
    assert texts(await api.updates(offset=-1)) == ["c"]
    assert texts(await api.updates()) == ["c"]
    assert texts(await api.updates(offset=-5)) == ["c"]


async def test_at_most_a_hundred_come_at_once(api: Caller) -> None:
    await typed(api, *[str(number) for number in range(120)])
    assert len(await api.updates()) == 100
    assert len(await api.updates(limit=500)) == 100
    assert texts(await api.updates(limit=2)) == ["0", "1"]
    assert texts(await api.updates(limit=0)) == ["0"]


async def test_a_message_waits_24_hours_and_a_tap_150_seconds(api: Caller) -> None:
    await api.say("Well", [("Yes", "y")])
    await typed(api, "words")
    await api.phone.tap("Yes")
    api.telegram.clock.forward(TAP_LIFE - 1)
    assert texts(await api.updates()) == ["words", "y"]
    api.telegram.clock.forward(1)
    assert texts(await api.updates()) == ["words"]
    api.telegram.clock.forward(DAY - TAP_LIFE - 1)
    assert texts(await api.updates()) == ["words"]
    api.telegram.clock.forward(1)
    assert await api.updates() == []
    assert [update.kind for update in api.bot.updates.expired] == ["callback_query", "message"]


async def test_a_change_waits_24_hours_from_the_change(api: Caller) -> None:
    number = await api.phone.type("befor")
    api.telegram.clock.forward(3_600)
    await api.phone.edit(number, "before")
    api.telegram.clock.forward(DAY - 1)
    assert texts(await api.updates()) == ["before"]


async def test_after_a_week_the_next_number_is_any(api: Caller) -> None:
    await typed(api, "a")
    last = (await api.updates())[-1]["update_id"]
    api.telegram.clock.forward(WEEK - 1)
    await typed(api, "b")
    assert [each["update_id"] for each in await api.updates(offset=last)] == [last + 1]
    api.telegram.clock.forward(WEEK)
    await typed(api, "c")
    (drawn,) = await api.updates()
    assert drawn["update_id"] != last + 2


async def test_numbers_can_go_down_and_an_offset_far_ahead_confirms_nothing(api: Caller) -> None:
    await typed(api, "a")
    last = (await api.updates())[-1]["update_id"]
    assert await api.updates(offset=last + 1) == []
    api.bot.updates.step_back(1_000)
    await typed(api, "b", "c")
    again = await api.updates(offset=last + 1)
    assert texts(again) == ["b", "c"]
    assert again[0]["update_id"] == last - 999
    assert await api.updates(offset=again[-1]["update_id"] + 1) == []


async def test_only_allowed_kinds_come_and_that_is_remembered(api: Caller) -> None:
    await api.say("Well", [("Yes", "y")])
    await api.updates(allowed_updates=["callback_query"])
    await typed(api, "not wanted")
    await api.phone.tap("Yes")
    assert texts(await api.updates()) == ["y"]
    assert (await api.result("getWebhookInfo"))["allowed_updates"] == ["callback_query"]
    await api.updates(allowed_updates=[])
    await typed(api, "wanted")
    assert texts(await api.updates()) == ["y", "wanted"]
    assert "allowed_updates" not in await api.result("getWebhookInfo")


async def test_an_empty_list_leaves_out_what_must_be_asked_for(api: Caller) -> None:
    api.bot.updates.add("chat_member", {}, DAY, 1, SAM)
    assert await api.updates() == []
    await api.updates(allowed_updates=["chat_member"])
    api.bot.updates.add("chat_member", {}, DAY, 1, SAM)
    assert len(await api.updates()) == 1


async def test_a_long_poll_ends_with_the_first_update(api: Caller) -> None:
    waiting = asyncio.create_task(api.updates(timeout=50))
    await api.waits()
    assert not waiting.done()
    await typed(api, "now")
    assert texts(await waiting) == ["now"]


async def test_a_long_poll_ends_by_the_clock_and_after_fifty_seconds_at_most(api: Caller) -> None:
    waiting = asyncio.create_task(api.updates(timeout=500))
    await api.waits()
    api.telegram.clock.forward(49)
    await settled()
    assert not waiting.done()
    api.telegram.clock.forward(1)
    assert await waiting == []


async def test_an_update_that_is_not_wanted_wakes_nobody(api: Caller) -> None:
    waiting = asyncio.create_task(api.updates(timeout=50, allowed_updates=["callback_query"]))
    await api.waits()
    await typed(api, "not wanted")
    await settled()
    assert not waiting.done()
    api.telegram.clock.forward(50)
    assert await waiting == []


async def test_a_second_poller_ends_the_first(api: Caller) -> None:
    first = asyncio.create_task(api.call("getUpdates", timeout=50))
    await api.waits()
    second = asyncio.create_task(api.updates(timeout=50))
    status, answer = await first
    assert status == 409
    assert answer["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await typed(api, "for the second")
    assert texts(await second) == ["for the second"]


async def test_polling_and_a_webhook_exclude_each_other(api: Caller) -> None:
    waiting = asyncio.create_task(api.refused("getUpdates", timeout=50))
    await api.waits()
    await api.result("setWebhook", url="http://127.0.0.1:9/")
    assert await waiting == "Conflict: terminated by setWebhook request"
    status, answer = await api.call("getUpdates")
    assert status == 409
    assert answer["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    await api.result("deleteWebhook")
    assert await api.updates() == []


async def test_asking_for_the_same_again_at_once_gets_one_update(api: Caller) -> None:
    api.bot.polling.throttles = True
    await typed(api, "a", "b")
    assert texts(await api.updates(offset=0)) == ["a", "b"]
    assert texts(await api.updates(offset=0)) == ["a"]
    api.telegram.clock.forward(0.5)
    assert texts(await api.updates(offset=0)) == ["a", "b"]


async def test_asking_for_the_same_within_three_seconds_waits(api: Caller) -> None:
    api.bot.polling.throttles = True
    assert await api.updates() == []
    api.telegram.clock.forward(2.9)
    waiting = asyncio.create_task(api.updates())
    await api.waits()
    assert not waiting.done()
    api.telegram.clock.forward(3)
    assert await waiting == []
    api.telegram.clock.forward(3)
    assert await api.updates() == []


async def test_withheld_updates_come_later(api: Caller) -> None:
    api.telegram.faults.withhold = True
    await typed(api, "a")
    waiting = asyncio.create_task(api.updates(timeout=50))
    await api.waits()
    assert not waiting.done()
    api.telegram.faults.withhold = False
    assert texts(await waiting) == ["a"]


async def test_a_confirmed_update_can_come_twice(api: Caller) -> None:
    api.telegram.faults.double(times=1)
    await typed(api, "a", "b")
    last = (await api.updates())[-1]["update_id"]
    assert texts(await api.updates(offset=last + 1)) == ["a"]
    assert await api.updates(offset=last + 1) == []


async def test_any_update_can_be_put_in(api: Caller) -> None:
    number = api.bot.inject({"hologram": {"depth": 3}})
    api.bot.inject({"update_id": 5, "message": {}})
    assert await api.updates() == [
        {"update_id": number, "hologram": {"depth": 3}},
        {"update_id": 5, "message": {}},
    ]


async def test_throwing_pending_updates_away_is_done_and_noted(api: Caller) -> None:
    for method, given in (("deleteWebhook", {}), ("setWebhook", {"url": "http://127.0.0.1:9/"})):
        await typed(api, "gone")
        await api.result(method, drop_pending_updates=True, **given)
        assert (await api.result("getWebhookInfo"))["pending_update_count"] == 0
    assert api.telegram.log.dropped == ["medvind_bot deleteWebhook", "medvind_bot setWebhook"]


async def test_without_being_asked_nothing_is_thrown_away(api: Caller) -> None:
    await typed(api, "kept")
    await api.result("setWebhook", url="http://127.0.0.1:9/")
    await api.result("deleteWebhook")
    assert texts(await api.updates()) == ["kept"]
    assert api.telegram.log.dropped == []


async def test_one_number_runs_through_everything_in_private_chats(api: Caller) -> None:
    assert await api.phone.type("one") == 1
    assert (await api.say("two"))["message_id"] == 2
    await until(lambda: len(api.phone.screen) == 2)
    assert await api.phone.send_voice() == 3
