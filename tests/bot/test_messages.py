"""Messages: what is stored of them comes back whole, and nothing else is taken for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Button, Heard, Inbound, Outbound, ShareLine, Tap, decode_heard, decode_outbound, encode
from bot.pictures.model import MonthPicture, Said, Thing, WebPicture, WeekSaid

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NAMES = st.lists(TEXTS, max_size=3).map(tuple)
TAPS = st.builds(
    Tap,
    conversation=st.integers(0, 2**31),
    step=TEXTS,
    action=st.sampled_from(["choose", "skip", "does_not_fit", "back", "keep", "share_all", "share_lines", "start"]),
    choices=NAMES,
)
BUTTONS = st.lists(st.builds(Button, label=TEXTS, tap=TAPS, group=TEXTS), max_size=3).map(tuple)
LINES = st.builds(ShareLine, id=TEXTS, label=TEXTS, value=TEXTS, private=st.booleans(), own_words=TEXTS)
MONTH = MonthPicture("t", "w", (WeekSaid("x", (Said("l", "v", "o", 2, 5),)),))
WEB = WebPicture("t", "w", "a", "b", "c", "l", (Thing(1, "x", "work", True, (Said("l"),), (1,), "h"),))
OUTBOUNDS = st.builds(
    Outbound,
    kind=st.sampled_from(["said", "asked", "offered", "note", "closed"]),
    language=st.sampled_from(["en", "nb", "ar"]),
    text=TEXTS,
    conversation=st.integers(0, 2**31),
    step=TEXTS,
    buttons=BUTTONS,
    pick=st.sampled_from(["one", "many", ""]),
    most=st.integers(0, 100),
    alone=NAMES,
    scale=st.booleans(),
    typed=st.sampled_from(["", "text", "number", "date"]),
    placeholder=TEXTS,
    controls=BUTTONS,
    lines=st.lists(LINES, max_size=3).map(tuple),
    number=st.integers(0, 20),
    total=st.integers(0, 20),
    picture=st.sampled_from([None, MONTH, WEB]),
    recording=TEXTS,
)
INBOUNDS = st.builds(
    Inbound,
    channel=TEXTS,
    address=TEXTS,
    id=TEXTS,
    at=st.datetimes(timezones=st.just(UTC)),
    text=TEXTS,
    tap=st.none() | TAPS,
)


@given(OUTBOUNDS)
def test_an_outbound_message_comes_back_whole(message: Outbound) -> None:
    assert decode_outbound(encode(message)) == message


@given(INBOUNDS)
def test_an_inbound_message_comes_back_whole(message: Inbound) -> None:
    assert msgspec.json.decode(encode(message), type=Inbound) == message


@given(INBOUNDS, TEXTS)
def test_what_the_inbox_keeps_is_the_message_and_what_it_said(message: Inbound, said: str) -> None:
    assert decode_heard(encode(Heard(said, message))) == Heard(said, message)


def test_every_field_is_stored() -> None:
    full = Outbound(
        "asked", "ar", "؟", 3, "a/b", (Button("x", Tap(3, "a/b", "choose", ("x",)), "g"),), "many", 2, ("x",), True,
        "text", "p", (Button("y", Tap(3, "a/b", "skip")),), (ShareLine("i", "l", "v", True, "w"),), 1, 2, "77", MONTH,
        "a/b",
    )  # fmt: skip
    stored = msgspec.json.decode(encode(full))
    assert set(stored) == set(Outbound.__struct_fields__)
    assert decode_outbound(encode(full)) == full


def test_what_has_its_usual_value_takes_no_room() -> None:
    assert msgspec.json.decode(encode(Outbound("note", "en", "Hello"))) == {
        "kind": "note",
        "language": "en",
        "text": "Hello",
    }


def test_words_are_stored_in_their_own_script() -> None:
    assert "مرحبا 🙂".encode() in encode(Outbound("note", "ar", "مرحبا 🙂"))


def test_a_time_keeps_its_moment_whatever_zone_it_came_in() -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    back = msgspec.json.decode(encode(Inbound("web", "1", "m1", at)), type=Inbound)
    assert back.at == at
    assert back.at.tzinfo is not None


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"{",
        b"[]",
        b'{"kind":"note","language":"en"}',
        b'{"kind":"other","language":"en","text":""}',
        b'{"kind":"note","language":"en","text":3}',
        b'{"kind":"asked","language":"en","text":"","buttons":[{"label":"x"}]}',
        b'{"kind":"asked","language":"en","text":"","buttons":[{"label":"x","tap":{"conversation":1,"step":"","action":"harm"}}]}',
    ],
)
def test_what_is_no_message_is_refused(stored: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_outbound(stored)


def test_a_field_of_a_newer_version_does_not_stop_an_older_one() -> None:
    assert decode_outbound(b'{"kind":"note","language":"en","text":"x","later":[1]}') == Outbound("note", "en", "x")


def test_a_message_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Outbound("note", "en", "x").text = "y"  # type: ignore[misc]
