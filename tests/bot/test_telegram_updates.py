"""Updates from Telegram: what each of them is to us, and that nothing in them can do harm."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.border import clean
from bot.channels.telegram.buttons import UNREADABLE
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.contents import kind_of
from bot.channels.telegram.updates import Arrived, Unreadable, read
from bot.messages import Inbound, Tap
from tests.bot.turn_world import catalogs
from tests.telegram_stand_in import Phone, StandIn
from tests.telegram_stand_in.contents import KINDS

CHANNEL = "telegram:7000000001"
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
THEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECONDS = int(THEN.timestamp())
ME = {"id": 77, "is_bot": False, "first_name": "Amina", "username": "amina", "language_code": "nb"}
MINE = {"id": 77, "type": "private", "first_name": "Amina", "username": "amina"}
GROUP = {"id": -100, "type": "supergroup", "title": "Us"}
CHANNEL_CHAT = {"id": -200, "type": "channel", "title": "News"}


def arrived(update: Any) -> Arrived:
    """What an update is to us, whether it came as bytes or was read already."""
    raw = json.dumps(update, ensure_ascii=False).encode("utf-8", "surrogatepass")
    from_bytes = read(raw, channel=CHANNEL, now=NOW)
    assert read(json.dumps(update).encode(), channel=CHANNEL, now=NOW) == from_bytes or "\ud800" in str(update)
    assert read(update, channel=CHANNEL, now=NOW) == from_bytes or "\ud800" in str(update)
    return from_bytes


def message(key: str = "message", **fields: Any) -> Any:
    """An update with a message of mine in our chat."""
    return {"update_id": 900, key: {"message_id": 5, "date": SECONDS, "chat": MINE, "from": ME, **fields}}


def press(**fields: Any) -> Any:
    """An update with a pressed button."""
    bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
    under = {"message_id": 4, "date": SECONDS, "chat": MINE, "from": bot, "text": "How was your week?"}
    query = {"id": "4382", "from": ME, "chat_instance": "1", "message": under, "data": "c|12|a/week|4", **fields}
    return {"update_id": 901, "callback_query": query}


def membership(chat: Any, status: str) -> Any:
    """An update that says that the bot is or is not in a chat now."""
    new = {"user": {"id": 1, "is_bot": True, "first_name": "Bot"}, "status": status}
    return {
        "update_id": 902,
        "my_chat_member": {"chat": chat, "from": ME, "date": SECONDS, "old_chat_member": {}, "new_chat_member": new},
    }


def inbound(update: Any) -> Inbound:
    """The message for the turn, which there is."""
    found = arrived(update).inbound
    assert found is not None
    return found


# What people write --------------------------------------------------------------------------------------------------


def test_a_message_of_words() -> None:
    assert arrived(message(text="Hei der", entities=[])) == Arrived(
        900,
        Inbound(CHANNEL, "77", "m5", THEN, "Hei der", order=900, place=5),
        address="77",
        language_code="nb",
    )


def test_nothing_that_names_a_person_is_kept() -> None:
    assert "mina" not in str(arrived(message(text="Hei"))).lower()


@pytest.mark.parametrize(
    ("typed", "text", "start"),
    [
        ("/help", "/help", None),
        ("/help@medvind_bot", "/help", None),
        ("/help@medvind_bot please", "/help please", None),
        ("/start", "/start", ""),
        ("/start ", "/start", ""),
        ("/start@medvind_bot", "/start", ""),
        ("/start aB3_-x", "/start", "aB3_-x"),
        ("/start@medvind_bot aB3_-x", "/start", "aB3_-x"),
        ("/start   two words ", "/start", "two words"),
        ("/starting", "/starting", None),
        ("mail me@example.org", "mail me@example.org", None),
        ("see /help@medvind_bot", "see /help@medvind_bot", None),
        ("start", "start", None),
    ],
)
def test_commands_lose_the_name_of_the_bot_and_start_its_code(typed: str, text: str, start: str | None) -> None:
    found = arrived(message(text=typed))
    assert found.inbound is not None
    assert (found.inbound.text, found.start) == (text, start)


def test_a_very_long_code_is_cut() -> None:
    assert arrived(message(text="/start " + "x" * 5_000)).start == "x" * 128


def test_a_changed_message_tells_which() -> None:
    changed = message("edited_message", text="Hei igjen", edit_date=SECONDS + 60)
    changed["edited_message"]["date"] = SECONDS - 60
    assert inbound(changed) == Inbound(
        CHANNEL, "77", "e5.900", THEN.replace(minute=1), "Hei igjen", order=900, of="m5", edit=True
    )


def test_a_code_in_a_changed_message_counts_for_nothing() -> None:
    assert arrived(message("edited_message", text="/start CODE", edit_date=SECONDS)).start is None


@pytest.mark.parametrize("caption", ["", "See here"])
@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"voice": {}}, "voice"),
        ({"photo": [{}]}, "photo"),
        ({"video": {}}, "video"),
        ({"video_note": {}}, "video"),
        ({"animation": {}, "document": {}}, "video"),
        ({"document": {}}, "file"),
        ({"audio": {}}, "file"),
        ({"sticker": {}}, "sticker"),
        ({"location": {}, "venue": {}}, "place"),
        ({"location": {}}, "place"),
        ({"contact": {}}, "contact"),
        ({"poll": {}}, "poll"),
        ({"dice": {}}, "other"),
        ({"story": {}}, "other"),
        ({"paid_media": {}}, "other"),
        ({"game": {}}, "other"),
        ({"hologram_of_2031": {}}, "other"),
    ],
)
def test_other_contents_are_named_and_their_words_are_read(fields: dict[str, Any], kind: str, caption: str) -> None:
    found = inbound(message(**fields, **({"caption": caption} if caption else {})))
    assert (found.unread, found.text, found.id, found.place) == (kind, caption, "m5", 5)


@pytest.mark.parametrize(
    "fields",
    [
        {"pinned_message": {}},
        {"new_chat_title": "x"},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}},
        {"write_access_allowed": {}},
        {"chat_background_set": {}},
        {"users_shared": {}},
        {"successful_payment": {}},
    ],
)
def test_messages_that_nobody_wrote_say_nothing(fields: dict[str, Any]) -> None:
    assert arrived(message(**fields)) == Arrived(900, address="77", language_code="nb")


def test_a_place_that_is_shared_live_is_not_a_new_message_each_time() -> None:
    assert arrived(message("edited_message", location={}, edit_date=SECONDS)).inbound is None
    assert inbound(message("edited_message", photo=[{}], caption="x", edit_date=SECONDS)).unread == "photo"


async def test_everything_a_phone_can_send_is_read() -> None:
    async with StandIn() as telegram:
        bot = telegram.add_bot()
        phone = Phone(77, "nb", telegram, bot)
        for kind in KINDS:
            await phone.send_kind(kind)
        await phone.send_photo("words")
        await phone.forward("from elsewhere")
        number = await phone.type("hei")
        await phone.edit(number, "hei hei")
        await phone.block()
        await phone.unblock()
        client = TelegramClient(bot.token, catalogs(), base_url=telegram.url)
        await client.start()
        found = [read(update, channel=CHANNEL, now=NOW) for update in await client.updates(None, 0)]
        await client.close()
    assert {one.address for one in found} == {"77"}
    said = [one.inbound for one in found if one.inbound]
    assert [one.unread for one in said[: len(KINDS)]] == [kind_of([kind]) for kind in KINDS]
    assert [one.text for one in said[len(KINDS) :]] == ["words", "from elsewhere", "hei", "hei hei"]
    assert [one.reach for one in found if one.reach] == ["blocked", "back"]
    assert len({one.id for one in said}) == len(said)


# What people press --------------------------------------------------------------------------------------------------


def test_a_press_names_the_message_and_the_answer() -> None:
    assert arrived(press()) == Arrived(
        901,
        Inbound(CHANNEL, "77", "c4382", NOW, tap=Tap(12, "a/week", "choose", ("4",)), order=901, of="4"),
        callback_id="4382",
        address="77",
        language_code="nb",
    )


@pytest.mark.parametrize("data", ["", "x|y", "c|1", "\ud800", "🙂" * 16])
def test_a_press_that_means_nothing_fits_no_step(data: str) -> None:
    assert inbound(press(data=data)).tap == UNREADABLE


def test_a_press_under_a_message_that_is_too_old_counts() -> None:
    gone = press()
    del gone["callback_query"]["message"]
    assert (inbound(gone).of, inbound(gone).tap) == ("", Tap(12, "a/week", "choose", ("4",)))
    unseen = press(message={"message_id": 4, "date": 0, "chat": MINE})
    assert inbound(unseen).of == "4"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"message": {"message_id": 4, "date": SECONDS, "chat": GROUP}},
        {"message": {"message_id": 4, "date": SECONDS, "chat": {**MINE, "id": 78}}},
        {"inline_message_id": "abc", "message": None},
        {"from": {**ME, "is_bot": True}},
    ],
)
def test_a_press_elsewhere_is_answered_and_no_more(elsewhere: dict[str, Any]) -> None:
    assert arrived(press(**elsewhere)) == Arrived(901, callback_id="4382")


# Where it comes from ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"from": {**ME, "is_bot": True}},
        {"from": {**ME, "id": 78}},
        {"sender_chat": GROUP},
        {"sender_chat": {**MINE}},
        {"from": None},
    ],
)
def test_a_message_that_is_not_from_the_person_of_the_chat_is_no_message(fields: dict[str, Any]) -> None:
    assert arrived(message(text="Hei", **fields)) == Arrived(900)


@pytest.mark.parametrize("chat", [GROUP, {**GROUP, "type": "group"}, CHANNEL_CHAT])
@pytest.mark.parametrize("key", ["message", "edited_message"])
def test_of_groups_nothing_is_kept_but_that_they_are_left(chat: dict[str, Any], key: str) -> None:
    assert arrived(message(key, text="/start CODE", chat=chat)) == Arrived(900, leave=chat["id"])


def test_a_channel_is_left() -> None:
    assert arrived({"update_id": 1, "channel_post": {"message_id": 1, "chat": CHANNEL_CHAT}}) == Arrived(1, leave=-200)


@pytest.mark.parametrize(("status", "leave"), [("member", -100), ("administrator", -100), ("kicked", 0), ("left", 0)])
def test_a_group_that_takes_the_bot_in_is_left(status: str, leave: int) -> None:
    assert arrived(membership(GROUP, status)) == Arrived(902, leave=leave)


@pytest.mark.parametrize(("status", "reach"), [("kicked", "blocked"), ("member", "back")])
def test_who_blocks_the_bot_and_lets_it_in_again(status: str, reach: Any) -> None:
    assert arrived(membership(MINE, status)) == Arrived(902, address="77", language_code="nb", reach=reach)


def test_somebody_elses_chat_says_nothing_about_a_person() -> None:
    assert arrived(membership({**MINE, "id": 78}, "kicked")) == Arrived(902)


@pytest.mark.parametrize("code", ["", "x" * 40, "nb\n", "../..", "n"])
def test_a_language_is_a_code_or_nothing(code: str) -> None:
    assert arrived(message(text="Hei", **{"from": {**ME, "language_code": code}})).language_code == ""


# Broken things ------------------------------------------------------------------------------------------------------


def test_kinds_of_updates_that_we_do_not_know_are_passed_over() -> None:
    assert arrived({"update_id": 3, "message_reaction": {"chat": MINE}}) == Arrived(3)
    assert arrived({"update_id": 3}) == Arrived(3)


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{", b"[]", b"null", b"7", b'"x"', b"{}", b"\xff\xfe", b"[" * 100_000),
        *(b'{"update_id":"7"}', b'{"update_id":7.5}', b'{"update_id":-1}', b'{"update_id":true}'),
        b'{"update_id":99999999999999999999999}',
    ],
)
def test_what_is_no_update_is_said_to_be_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(raw, channel=CHANNEL, now=NOW)
    assert caught.value.update_id is None


@pytest.mark.parametrize(
    "fields",
    [
        {"message_id": "secret"},
        {"text": ["secret"]},
        {"date": "secret"},
        {"date": 10**15},
        {"chat": "secret"},
        {"chat": {"id": "secret", "type": "private"}},
        {"from": {"id": None}},
    ],
)
def test_wrong_types_are_named_with_the_number_and_without_the_content(fields: dict[str, Any]) -> None:
    update = message(**{"text": "secret", **fields})
    for raw in (update, json.dumps(update).encode()):
        with pytest.raises(Unreadable) as caught:
            read(raw, channel=CHANNEL, now=NOW)
        assert caught.value.update_id == 900
        assert caught.value.cause.startswith("ValidationError: Expected `")
        assert len(caught.value.cause) <= 200
        assert "secret" not in caught.value.cause + str(caught.value)


def test_a_press_with_an_id_that_is_none_is_unreadable() -> None:
    for wrong in ("", "a b", "x" * 65, "\ud800"):
        with pytest.raises(Unreadable):
            arrived(press(id=wrong))


def test_letters_that_are_broken_cost_only_themselves() -> None:
    raw = json.dumps(message(text="Hei PLACE du")).encode()
    for broken in (b"\xff", b"\\ud800", b"\xed\xa0\x80"):
        found = read(raw.replace(b"PLACE", broken), channel=CHANNEL, now=NOW).inbound
        assert found is not None
        assert found.text.replace("\ufffd", "") == "Hei  du"
        msgspec.json.encode(found)


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@given(
    st.sampled_from([message(text="Hei"), message(voice={}), press(), membership(MINE, "kicked")]),
    st.lists(st.integers(0, 20), min_size=1, max_size=4),
    anything,
)
def test_whatever_stands_in_any_field_is_read_or_unreadable(update: Any, path: list[int], value: Any) -> None:
    changed = json.loads(json.dumps(update))
    place: Any = changed
    for step in path:
        key = sorted(place)[step % len(place)]
        if not isinstance(place[key], dict) or not place[key]:
            break
        place = place[key]
    place[key] = value
    try:
        found = read(json.dumps(changed).encode(), channel=CHANNEL, now=NOW)
    except Unreadable:
        return
    assert found.inbound is None or found.inbound.address == found.address
    msgspec.json.encode(found)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read(raw, channel=CHANNEL, now=NOW)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_text_goes_through_the_border(text: str) -> None:
    assert inbound(message(text="." + text)).text == clean("." + text)
