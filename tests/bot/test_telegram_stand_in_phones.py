"""People of the stand-in: what they can do, and which updates the bot gets from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.bot.bot_api_caller import NOON, SAM, Caller, board, calling
from tests.telegram_stand_in import Phone
from tests.telegram_stand_in.contents import KINDS
from tests.telegram_stand_in.groups import ANONYMOUS, Channel, Group


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    async with calling() as made:
        yield made


async def newest(api: Caller) -> dict[str, Any]:
    """The update that was made last."""
    return (await api.updates())[-1]


async def test_words_arrive_as_they_were_written(api: Caller) -> None:
    number = await api.phone.type("  Hei på deg\n")
    assert (await newest(api))["message"] == {
        "message_id": number,
        "from": {"id": SAM, "is_bot": False, "first_name": "Sam", "language_code": "nb"},
        "chat": {"id": SAM, "first_name": "Sam", "type": "private"},
        "date": NOON,
        "text": "Hei på deg",
    }
    assert [(bubble.mine, bubble.text) for bubble in api.phone.screen] == [(True, "Hei på deg")]
    with pytest.raises(ValueError, match="nothing"):
        await api.phone.type(" \n")


async def test_a_long_text_is_cut_at_4096_units(api: Caller) -> None:
    await api.phone.type("a" + "😀" * 3_000)
    texts = [update["message"]["text"] for update in await api.updates()]
    assert [len(text.encode("utf-16-le")) // 2 for text in texts] == [4_095, 1_906]
    assert "".join(texts) == "a" + "😀" * 3_000


async def test_a_start_link_sends_its_code(api: Caller) -> None:
    await api.phone.start("abc-DEF_1")
    message = (await newest(api))["message"]
    assert message["text"] == "/start abc-DEF_1"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    for payload in ("a b", "x" * 65, "å"):
        with pytest.raises(ValueError, match="start parameter"):
            await api.phone.start(payload)


async def test_a_tap_brings_the_message_with_its_buttons(api: Caller) -> None:
    message = await api.say("How was it?", [("Good", "g"), ("Hard", "h")])
    tap = await api.phone.tap("Hard")
    found = (await newest(api))["callback_query"]
    assert (found["id"], found["data"], found["from"]["id"]) == (tap, "h", SAM)
    assert found["message"]["message_id"] == message["message_id"]
    assert found["message"]["reply_markup"] == board([("Good", "g"), ("Hard", "h")])["reply_markup"]
    assert found["message"]["text"] == "How was it?"


async def test_a_button_is_found_by_label_or_data_under_the_newest_message(api: Caller) -> None:
    first = await api.say("1", [("Yes", "y1")])
    await api.say("2", [("Yes", "y2")])
    assert api.bot.callbacks[await api.phone.tap("Yes")].data == "y2"
    assert api.bot.callbacks[await api.phone.tap("y1")].data == "y1"
    assert api.bot.callbacks[await api.phone.tap("Yes", first["message_id"])].data == "y1"
    assert await api.phone.tap("Yes") != await api.phone.tap("Yes")
    with pytest.raises(LookupError):
        await api.phone.tap("Maybe")


async def test_a_button_that_is_gone_can_be_tapped_only_on_a_stale_screen(api: Caller) -> None:
    number = (await api.say("1", [("Old", "o")]))["message_id"]
    await api.result("editMessageReplyMarkup", chat_id=SAM, message_id=number, **board([("New", "n")]))
    with pytest.raises(LookupError):
        await api.phone.tap("Old")
    assert api.bot.callbacks[await api.phone.tap("Old", number, stale=True)].data == "o"
    assert api.bot.callbacks[await api.phone.tap("New", number, stale=True)].data == "n"


async def test_a_message_can_be_changed_for_48_hours(api: Caller) -> None:
    number = await api.phone.type("befor")
    api.telegram.clock.forward(60)
    await api.phone.edit(number, "before")
    found = (await newest(api))["edited_message"]
    assert (found["message_id"], found["text"]) == (number, "before")
    assert (found["date"], found["edit_date"]) == (NOON, NOON + 60)
    assert (api.phone.screen[0].text, api.phone.screen[0].edited) == ("before", True)
    theirs = (await api.say("x"))["message_id"]
    with pytest.raises(ValueError, match="own"):
        await api.phone.edit(theirs, "y")
    api.telegram.clock.forward(48 * 3_600)
    with pytest.raises(ValueError, match="48 hours"):
        await api.phone.edit(number, "z")


@pytest.mark.parametrize("kind", KINDS)
async def test_other_contents_are_no_text(api: Caller, kind: str) -> None:
    await api.phone.send_kind(kind)
    message = (await newest(api))["message"]
    assert kind in message
    assert "text" not in message
    assert api.phone.screen[-1].kind == kind


async def test_a_picture_can_have_a_caption(api: Caller) -> None:
    await api.phone.send_photo("My desk")
    assert (await newest(api))["message"]["caption"] == "My desk"
    assert api.phone.screen[-1].text == "My desk"
    await api.phone.send_voice()
    assert "voice" in (await newest(api))["message"]
    await api.phone.send_sticker()
    assert "sticker" in (await newest(api))["message"]
    with pytest.raises(ValueError, match="no caption"):
        await api.phone.send_kind("dice", "words")


async def test_a_content_of_tomorrow_is_none_that_is_known(api: Caller) -> None:
    await api.phone.send_unknown()
    assert set((await newest(api))["message"]) == {"message_id", "from", "chat", "date", "hologram"}
    assert api.phone.screen[-1].kind == "other"


@pytest.mark.parametrize("origin", ["hidden_user", "user", "chat", "channel"])
async def test_a_forwarded_message_says_where_it_is_from(api: Caller, origin: str) -> None:
    await api.phone.forward("Somebody's words", origin)
    message = (await newest(api))["message"]
    assert message["forward_origin"]["type"] == origin
    assert (message["text"], message["from"]["id"]) == ("Somebody's words", SAM)


async def test_an_answer_shows_what_it_answers(api: Caller) -> None:
    question = (await api.say("Well?"))["message_id"]
    await api.phone.type("Yes", reply_to=question)
    assert (await newest(api))["message"]["reply_to_message"]["text"] == "Well?"


async def test_blocking_and_unblocking_are_told(api: Caller) -> None:
    await api.phone.block()
    told = (await newest(api))["my_chat_member"]
    assert (told["chat"]["id"], told["from"]["id"]) == (SAM, SAM)
    assert told["old_chat_member"] == {"user": api.bot.user(), "status": "member"}
    assert told["new_chat_member"] == {"user": api.bot.user(), "status": "kicked", "until_date": 0}
    with pytest.raises(ValueError, match="blocked"):
        await api.phone.type("x")
    await api.phone.start()
    *_, told, started = await api.updates()
    assert told["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert started["message"]["text"] == "/start"


async def test_a_message_can_be_taken_off_the_screen_without_telling(api: Caller) -> None:
    number = await api.phone.type("x")
    before = await api.updates()
    await api.phone.delete(number)
    assert api.phone.screen == []
    assert await api.updates() == before


async def test_a_test_can_wait_for_what_it_wants_to_see(api: Caller) -> None:
    waiting = asyncio.create_task(api.phone.until(lambda phone: bool(phone.said)))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    await api.say("There")
    await waiting
    with pytest.raises(AssertionError, match="There"):
        await api.phone.until(lambda phone: len(phone.said) == 2, seconds=0.05)


async def test_somebody_can_act_on_every_message(api: Caller) -> None:
    heard: list[str] = []
    api.phone.chat.listeners.append(lambda chat, message: heard.append(message["text"]))
    number = (await api.say("one"))["message_id"]
    await api.phone.type("mine")
    await api.result("editMessageText", chat_id=SAM, message_id=number, text="two")
    assert heard == ["one", "two"]


async def test_a_bot_is_put_into_a_group(api: Caller) -> None:
    group = Group(api.bot, -55)
    group.add_bot(by=api.phone)
    joined, welcomed = await api.updates()
    assert joined["my_chat_member"]["chat"] == {"id": -55, "title": "A group", "type": "group"}
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert welcomed["message"]["new_chat_members"] == [api.bot.user()]
    await api.result("sendMessage", chat_id=-55, text="Not here")
    assert await api.result("leaveChat", chat_id=-55) is True
    assert (await newest(api))["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert await api.refused("sendMessage", chat_id=-55, text="x") == "Forbidden: bot is not a member of the group chat"
    assert "private chats" in await api.refused("leaveChat", chat_id=SAM)


async def test_in_a_group_a_bot_hears_commands_and_its_name(api: Caller) -> None:
    group = Group(api.bot, -55)
    group.add_bot(by=api.phone)
    for text in ("not for you", "/start", "hello @Medvind_bot"):
        group.write(api.phone, text)
    group.write_anonymously("/stop")
    group.write_anonymously("not for you")
    messages = [update["message"] for update in (await api.updates())[2:]]
    assert [message["text"] for message in messages] == ["/start", "hello @Medvind_bot", "/stop"]
    assert messages[-1]["from"] == ANONYMOUS
    assert messages[-1]["sender_chat"]["id"] == -55
    await api.result("leaveChat", chat_id=-55)
    before = len(await api.updates())
    group.write(api.phone, "/start")
    assert len(await api.updates()) == before


async def test_an_administrator_hears_everything(api: Caller) -> None:
    group = Group(api.bot, -55)
    group.add_bot(by=api.phone, status="administrator")
    group.write(api.phone, "anything")
    assert (await newest(api))["message"]["text"] == "anything"


async def test_a_bot_that_is_taken_out_may_not_write(api: Caller) -> None:
    group = Group(api.bot, -55)
    group.add_bot(by=api.phone)
    group.remove_bot(by=api.phone)
    assert (await newest(api))["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    status, answer = await api.call("sendMessage", chat_id=-55, text="x")
    assert (status, answer["description"]) == (403, "Forbidden: bot was kicked from the group chat")


async def test_a_group_that_grows_gets_another_id(api: Caller) -> None:
    group = Group(api.bot, -55)
    group.add_bot(by=api.phone)
    group.migrate(-1_000_055)
    went, came = [update["message"] for update in (await api.updates())[-2:]]
    assert (went["chat"]["id"], went["migrate_to_chat_id"]) == (-55, -1_000_055)
    assert (came["chat"]["id"], came["migrate_from_chat_id"]) == (-1_000_055, -55)
    status, answer = await api.call("sendMessage", chat_id=-55, text="x")
    assert (status, answer["description"]) == (400, "Bad Request: group chat was upgraded to a supergroup chat")
    assert answer["parameters"] == {"migrate_to_chat_id": -1_000_055}
    await api.result("sendMessage", chat_id=-1_000_055, text="x")
    assert group.id == -1_000_055
    assert came["message_id"] == 1


async def test_posts_of_a_channel_come_from_nobody(api: Caller) -> None:
    channel = Channel(api.bot, -1_000_077)
    channel.add_bot(by=api.phone, status="administrator")
    number = channel.post("News")
    channel.edit(number, "Old news")
    _, posted, edited = await api.updates()
    assert posted["channel_post"]["text"] == "News"
    assert "from" not in posted["channel_post"]
    assert edited["edited_channel_post"]["text"] == "Old news"
    with pytest.raises(ValueError, match="negative"):
        Group(api.bot, 5)


async def test_two_phones_of_one_person_are_the_same_chat(api: Caller) -> None:
    again = Phone(SAM, "ar", api.telegram, api.bot)
    await again.type("x")
    assert api.phone.screen == again.screen
    assert (await newest(api))["message"]["from"]["language_code"] == "ar"
