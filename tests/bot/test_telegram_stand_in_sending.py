"""What the stand-in takes from a bot, what it refuses and with which words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.bot.bot_api_caller import NOON, SAM, Caller, board, calling
from tests.telegram_stand_in import Phone
from tests.telegram_stand_in.groups import Group

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    async with calling() as made:
        made.telegram.limits.per_chat = made.telegram.limits.per_second = float("inf")
        yield made


async def test_a_message_arrives_as_it_was_sent(api: Caller) -> None:
    message = await api.say("  How was your week?\n", [("Good", "g"), ("Hard", "h")], [("Skip", "s")])
    assert message["chat"] == {"id": SAM, "first_name": "Sam", "type": "private"}
    assert (message["from"]["id"], message["date"]) == (api.bot.id, NOON)
    (bubble,) = api.phone.screen
    assert (bubble.id, bubble.mine, bubble.text) == (message["message_id"], False, "How was your week?")
    assert bubble.keyboard == ((("Good", "g"), ("Hard", "h")), (("Skip", "s"),))


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u200f \ufeff"])
async def test_an_empty_text_is_refused(api: Caller, text: str) -> None:
    assert await api.refused("sendMessage", chat_id=SAM, text=text) == "Bad Request: message text is empty"


@pytest.mark.parametrize(("sign", "most"), [("a", 4096), ("å", 4096), ("😀", 2048)])
async def test_a_text_has_at_most_4096_units(api: Caller, sign: str, most: int) -> None:
    assert len((await api.say(sign * most))["text"]) == most
    assert await api.refused("sendMessage", chat_id=SAM, text=sign * most + "a") == "Bad Request: message is too long"


async def test_length_is_counted_without_the_markup(api: Caller) -> None:
    sent = await api.say("<b>" + "a" * 4096 + "</b>", parse_mode="HTML")
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]
    too_long = "<b>" + "a" * 4097 + "</b>"
    assert "too long" in await api.refused("sendMessage", chat_id=SAM, text=too_long, parse_mode="HTML")


async def test_a_text_has_at_most_a_hundred_entities(api: Caller) -> None:
    marks = [{"type": "bold", "offset": number * 2, "length": 1} for number in range(101)]
    text = "a " * 101
    assert await api.refused("sendMessage", chat_id=SAM, text=text, entities=marks) == "Bad Request: ENTITIES_TOO_LONG"
    assert len((await api.say(text, entities=marks[:100]))["entities"]) == 100


async def test_entities_lie_within_the_text(api: Caller) -> None:
    outside = [{"type": "bold", "offset": 3, "length": 3}]
    assert "ends after the end of the text" in await api.refused(
        "sendMessage", chat_id=SAM, text="Hello", entities=outside
    )
    sent = await api.say("\n Hello", entities=[{"type": "bold", "offset": 2, "length": 5}])
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 5}]


@pytest.mark.parametrize(
    ("data", "taken"),
    [("x", True), ("x" * 64, True), ("å" * 32, True), ("", False), ("x" * 65, False), ("å" * 33, False)],
)
async def test_data_of_buttons_has_1_to_64_bytes(api: Caller, data: str, taken: bool) -> None:
    status, answer = await api.call("sendMessage", chat_id=SAM, text="x", **board([("Label", data)]))
    assert (status == 200) is taken
    assert taken or answer["description"] == "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(
    ("rows", "taken"),
    [([8], True), ([9], False), ([8] * 12 + [4], True), ([8] * 12 + [5], False), ([1] * 101, False)],
)
async def test_a_keyboard_has_at_most_eight_in_a_row_and_a_hundred(api: Caller, rows: list[int], taken: bool) -> None:
    status, answer = await api.call(
        "sendMessage", chat_id=SAM, text="x", **board(*[[("L", "d")] * width for width in rows])
    )
    assert (status == 200) is taken
    assert taken or answer["description"].startswith("Bad Request: ")


@pytest.mark.parametrize(
    "button",
    [{"text": "no data"}, {"callback_data": "d"}, {"text": " ", "callback_data": "d"}, {"text": "x", "url": "no"}, 5],
)
async def test_a_button_has_a_label_and_does_something(api: Caller, button: Any) -> None:
    markup = {"inline_keyboard": [[button]]}
    assert (await api.refused("sendMessage", chat_id=SAM, text="x", reply_markup=markup)).startswith("Bad Request: ")


async def test_markup_of_another_shape_is_refused(api: Caller) -> None:
    wrong: list[Any] = [[], {"inline_keyboard": {}}, {"inline_keyboard": [{}]}, {"buttons": []}]
    for markup in wrong:
        assert (await api.call("sendMessage", chat_id=SAM, text="x", reply_markup=markup))[0] == 400
    assert "reply_markup" not in await api.result(
        "sendMessage", chat_id=SAM, text="x", reply_markup={"remove_keyboard": True}
    )


async def test_a_button_can_be_a_link(api: Caller) -> None:
    markup = {"inline_keyboard": [[{"text": "Page", "url": "https://example.org/"}]]}
    await api.result("sendMessage", chat_id=SAM, text="x", reply_markup=markup)
    assert api.phone.last.keyboard == ((("Page", "https://example.org/"),),)
    with pytest.raises(LookupError):
        await api.phone.tap("Page")


@pytest.mark.parametrize("number", ["", 777, -5, "@somebody", "x"])
async def test_an_unknown_chat_is_not_found(api: Caller, number: Any) -> None:
    words = await api.refused("sendMessage", chat_id=number, text="x")
    assert words == f"Bad Request: {'chat not found' if number else 'chat_id is empty'}"


async def test_a_bot_cannot_write_first(api: Caller) -> None:
    stranger = Phone(5, "en", api.telegram, api.bot)
    assert await api.refused("sendMessage", chat_id=5, text="x") == "Bad Request: chat not found"
    group = Group(api.bot, -9)
    group.add_bot(by=api.phone)
    group.write(stranger, "/hello")
    status, answer = await api.call("sendMessage", chat_id=5, text="x")
    assert (status, answer["description"]) == (403, "Forbidden: bot can't initiate conversation with a user")
    await stranger.start()
    await api.result("sendMessage", chat_id=5, text="x")


async def test_a_blocked_bot_may_not_write_until_it_is_unblocked(api: Caller) -> None:
    message = await api.say("x", [("A", "a")])
    await api.phone.block()
    for method, given in (
        ("sendMessage", {"text": "x"}),
        ("editMessageReplyMarkup", {"message_id": message["message_id"]}),
    ):
        status, answer = await api.call(method, chat_id=SAM, **given)
        assert (status, answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    await api.phone.unblock()
    await api.say("again")
    assert api.phone.last.text == "again"


async def test_an_account_that_is_gone_gets_nothing(api: Caller) -> None:
    await api.phone.deactivate()
    status, answer = await api.call("sendMessage", chat_id=SAM, text="x")
    assert (status, answer["description"]) == (403, "Forbidden: user is deactivated")


async def test_a_message_can_be_changed(api: Caller) -> None:
    sent = await api.say("Old", [("A", "a")])
    number = sent["message_id"]
    await api.result("editMessageReplyMarkup", chat_id=SAM, message_id=number, **board([("B", "b")]))
    assert (api.phone.last.labels, api.phone.last.edited) == (("B",), False)
    changed = await api.result("editMessageText", chat_id=SAM, message_id=number, text="New")
    assert (changed["text"], changed["message_id"], changed["edit_date"]) == ("New", number, NOON)
    assert (api.phone.last.text, api.phone.last.labels, api.phone.last.edited) == ("New", (), True)
    assert len(api.phone.screen) == 1


async def test_buttons_can_come_later_and_go(api: Caller) -> None:
    where = {"chat_id": SAM, "message_id": (await api.say("Plain"))["message_id"]}
    with_buttons = await api.result("editMessageReplyMarkup", **where, **board([("A", "a")]))
    assert with_buttons["reply_markup"] == board([("A", "a")])["reply_markup"]
    assert api.phone.last.labels == ("A",)
    assert "reply_markup" not in await api.result("editMessageReplyMarkup", **where)
    assert not api.phone.last.labels


async def test_a_change_that_changes_nothing_is_refused(api: Caller) -> None:
    number = (await api.say("Same", [("A", "a")]))["message_id"]
    keyboard = board([("A", "a")])
    where = {"chat_id": SAM, "message_id": number}
    assert await api.refused("editMessageText", **where, text="Same", **keyboard) == NOT_MODIFIED
    assert await api.refused("editMessageReplyMarkup", **where, **keyboard) == NOT_MODIFIED
    await api.result("editMessageReplyMarkup", **where)
    assert await api.refused("editMessageReplyMarkup", **where) == NOT_MODIFIED
    assert await api.refused("editMessageText", **where, text="Same") == NOT_MODIFIED


async def test_only_an_own_message_that_is_there_can_be_changed(api: Caller) -> None:
    theirs = await api.phone.type("mine")
    for number, words in ((99, "message to edit not found"), (theirs, "message can't be edited")):
        assert await api.refused("editMessageText", chat_id=SAM, message_id=number, text="x") == f"Bad Request: {words}"
        assert await api.refused("editMessageReplyMarkup", chat_id=SAM, message_id=number) == f"Bad Request: {words}"
    assert await api.refused("editMessageText", chat_id=SAM, text="x") == (
        "Bad Request: message identifier is not specified"
    )


async def test_a_message_can_be_deleted_for_48_hours(api: Caller) -> None:
    typed, sent = await api.phone.type("mine"), (await api.say("x"))["message_id"]
    old = (await api.say("old"))["message_id"]
    for number in (typed, sent):
        assert await api.result("deleteMessage", chat_id=SAM, message_id=number) is True
    assert (
        await api.refused("deleteMessage", chat_id=SAM, message_id=sent) == "Bad Request: message to delete not found"
    )
    api.telegram.clock.forward(48 * 3_600 + 1)
    assert await api.refused("deleteMessage", chat_id=SAM, message_id=old) == (
        "Bad Request: message can't be deleted for everyone"
    )


async def test_a_tap_is_answered_once(api: Caller) -> None:
    await api.say("x", [("A", "a")])
    tap = await api.phone.tap("A")
    assert not api.phone.taps[0].answered
    assert await api.result("answerCallbackQuery", callback_query_id=tap, text="Saved") is True
    assert (api.phone.taps[0].answered, api.phone.taps[0].text) == (True, "Saved")
    assert await api.refused("answerCallbackQuery", callback_query_id=tap) == TOO_OLD
    assert await api.refused("answerCallbackQuery", callback_query_id="5") == TOO_OLD


async def test_a_late_answer_to_a_tap_is_refused(api: Caller) -> None:
    await api.say("x", [("A", "a")])
    tap = await api.phone.tap("A")
    api.telegram.clock.forward(151)
    assert await api.refused("answerCallbackQuery", callback_query_id=tap) == TOO_OLD


async def test_an_answer_to_a_tap_is_short(api: Caller) -> None:
    await api.say("x", [("A", "a")])
    tap = await api.phone.tap("A")
    assert (await api.call("answerCallbackQuery", callback_query_id=tap, text="x" * 201))[0] == 400
    assert await api.result("answerCallbackQuery", callback_query_id=tap, text="x" * 200) is True


async def test_a_reply_needs_the_message_it_answers(api: Caller) -> None:
    assert await api.refused("sendMessage", chat_id=SAM, text="x", reply_parameters={"message_id": 99}) == (
        "Bad Request: message to be replied not found"
    )
    lenient = {"message_id": 99, "allow_sending_without_reply": True}
    await api.result("sendMessage", chat_id=SAM, text="x", reply_parameters=lenient)


async def test_signs_of_writing_need_a_kind(api: Caller) -> None:
    assert await api.result("sendChatAction", chat_id=SAM, action="typing") is True
    assert (await api.call("sendChatAction", chat_id=SAM))[0] == 400
