"""Recordings in Telegram: who gets them, in which order, as what, and what happens where one cannot be sent."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.screens import MOST_CAPTION_UNITS
from bot.delivery.fallback import instead
from bot.delivery.outcomes import Key, Part, Pictured, Refused, Sent, Unclear, Voiced
from bot.messages import Outbound
from bot.recordings import Recordings
from tests.bot.digest_samples import plain
from tests.bot.picture_samples import month_picture
from tests.bot.telegram_cases import ON_SQLITE
from tests.bot.telegram_talk import all_sent, in_time, sees
from tests.bot.telegram_wording import SPOKEN, asked, button, parts, said, scale
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import TurnWorld
from tests.telegram_stand_in import Bot, Limits, Phone, StandIn

MP3 = b"\xff\xfb\x10\xc4" + bytes(100)
OGG = b"OggS" + bytes(24) + b"OpusHead" + bytes(60)
M4A = bytes(4) + b"ftypM4A " + bytes(90)
YES = Key("Yes", "c|1|a/b|yes")
HEARD = """\
dialogue: heard
language: en

steps:

  way:
    ask: Do you want to read or to listen?
    answer: one of
    options:
      read: Read
      both: Both
    tags: choice:reading

  hello:
    say: Here is your check-in.

  week:
    ask: How was your week?
    answer: one of
    options:
      good: Good
      hard: Hard

  more:
    ask: What else was there?
    answer: text

  bye:
    say: Thank you.
"""
WAY, WEEK, MORE, BYE = "Do you want to read", "How was your week?", "What else was there?", "Thank you."


def recorded(folder: Path, **files: bytes) -> Recordings:
    """Recordings of the texts of ``heard`` in English; ``__`` in a name is a folder, the kind follows from the file."""
    for name, content in files.items():
        ending = {MP3: ".mp3", OGG: ".ogg"}.get(content, ".m4a")
        path = folder / "en" / "heard" / (name.replace("__", "/") + ending)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return Recordings.read(folder)


def voiced(text: str = "", *, recording: str = "heard/week", **more: object) -> Voiced:
    """A part that is a recording."""
    return Voiced(text, **{"language": "en", "recording": recording, **more})  # type: ignore[arg-type]


# Screens --------------------------------------------------------------------------------------------------------------


def test_a_text_alone_is_one_message_with_its_keys() -> None:
    hello, question = parts(said("Hi.", recording="heard/hello"), asked("How was it?", "Good", recording="heard/week"))
    assert isinstance(hello, Voiced)
    assert isinstance(question, Voiced)
    assert (hello.text, hello.keyboard, hello.quiet, hello.recording) == ("Hi.", (), False, "heard/hello")
    assert (question.text, question.recording, question.language) == ("How was it?", "heard/week", "en")
    assert question.keyboard[0][0].label == "Good"


def test_options_that_are_read_out_come_between_the_question_and_its_keys() -> None:
    wide = "An answer that no key of a small phone has any room for"
    buttons = tuple(
        button(label, "choose", name, recording=f"heard/week/{name}" if name != "silent" else "")
        for label, name in (("Good", "good"), ("Silent", "silent"), (wide, "wide"))
    )
    *voices, words = parts(asked("How was it?", buttons=buttons, pick="one", recording="heard/week"))
    assert [(each.text, each.recording, each.quiet) for each in voices if isinstance(each, Voiced)] == [
        ("", "heard/week", True),
        ("Good", "heard/week/good", True),
        (f"3. {wide}", "heard/week/wide", True),
    ]
    assert not any(each.keyboard for each in voices)
    assert type(words) is Part
    assert words.keyboard


def test_under_a_point_of_a_scale_stands_its_number() -> None:
    question = scale("Not at all", "Very")
    read = tuple(msgspec.structs.replace(each, recording="heard/week/1") for each in question.buttons)
    first, *_ = parts(msgspec.structs.replace(question, buttons=read))
    assert (type(first), first.text) == (Voiced, "1  Not at all")


def test_recordings_stand_before_a_picture_and_before_long_words() -> None:
    picture = month_picture("Hard", "Good")
    assert [type(each) for each in parts(said("Your month:", picture=picture, recording="a/b"))] == [Voiced, Pictured]
    long = parts(said("a" * (MOST_CAPTION_UNITS + 1), recording="a/b"))
    assert [(type(each), bool(each.text)) for each in long] == [(Voiced, False), (Part, True)]


def test_in_arabic_a_caption_begins_at_the_right() -> None:
    read = (button("5 أيام", "choose", "good", recording="heard/week/good"),)
    first, *_ = parts(Outbound("asked", "ar", "كيف كان؟", 7, "heard/week", buttons=read, pick="one"))
    assert first.text == "\u200f5 أيام"


def test_a_refused_recording_leaves_its_words() -> None:
    assert instead(voiced("How was it?", keyboard=((YES,),)), "VOICE_MESSAGES_FORBIDDEN") == (
        Part("How was it?", ((YES,),)),
    )


# The client -----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def server() -> AsyncIterator[StandIn]:
    async with StandIn(limits=Limits.none()) as server:
        yield server


@pytest.fixture
async def account(server: StandIn) -> Bot:
    return server.add_bot()


@pytest.fixture
async def phone(server: StandIn, account: Bot) -> Phone:
    phone = Phone(77, "en", server, account)
    await phone.type("hei")
    return phone


@pytest.fixture
async def client(tmp_path: Path, server: StandIn, account: Bot, phone: Phone) -> AsyncIterator[TelegramClient]:
    recordings = recorded(tmp_path, week=MP3, week__good=OGG, week__hard=M4A)
    client = TelegramClient(account.token, SPOKEN, base_url=server.url, read_timeout=1, recordings=recordings)
    await client.start()
    yield client
    await client.close()


async def test_every_kind_arrives_as_a_protected_voice_that_says_nothing_of_where_it_comes_from(
    client: TelegramClient, server: StandIn, phone: Phone
) -> None:
    for context, kind in (("heard/week", "mpeg"), ("heard/week/good", "ogg"), ("heard/week/hard", "mp4")):
        part = voiced("How was it?", recording=context, keyboard=((YES,),))
        assert await client.send("77", part) == Sent(str(phone.last.id))
        assert (phone.last.kind, phone.last.text, phone.last.labels) == ("voice", "How was it?", ("Yes",))
        message = phone.chat.messages[phone.last.id]
        assert message["has_protected_content"] is True
        assert message["voice"].keys() & {"title", "performer", "file_name"} == set()
        assert message["voice"]["mime_type"] == f"audio/{kind}"
    assert {file.name for file in phone.bot.files.values()} == {"voice.mp3", "voice.ogg", "voice.m4a"}
    assert "disable_notification" not in server.log.sent[-1].given
    await client.send("77", voiced(quiet=True))
    assert server.log.sent[-1].given["disable_notification"] is True
    assert phone.last.text == ""


async def test_a_file_goes_up_once_and_again_when_it_is_another_or_telegram_has_lost_it(
    client: TelegramClient, phone: Phone, tmp_path: Path
) -> None:
    for _ in range(3):
        assert isinstance(await client.send("77", voiced("Again")), Sent)
    assert len(phone.bot.files) == 1
    os.utime(tmp_path / "en/heard/week.mp3", ns=(1, 1))
    assert isinstance(await client.send("77", voiced("Another")), Sent)
    assert len(phone.bot.files) == 2
    phone.bot.files.clear()
    assert isinstance(await client.send("77", voiced("Lost")), Sent)
    assert (len(phone.bot.files), len(phone.said)) == (1, 5)


async def test_every_end_is_that_of_other_messages(
    client: TelegramClient, server: StandIn, phone: Phone, tmp_path: Path
) -> None:
    server.faults.cut("sendVoice")
    assert isinstance(await client.send("77", voiced()), Unclear)
    assert isinstance(await client.send("77", voiced("x" * 1025)), Refused)
    assert isinstance(await client.send("77", voiced(recording="heard/nothing")), Refused)
    (tmp_path / "en/heard/week.mp3").unlink()
    assert isinstance(await client.send("77", voiced()), Refused)
    server.person(77).forbids_voices = True
    assert await client.send("77", voiced(recording="heard/week/good")) == Refused(
        "Bad Request: VOICE_MESSAGES_FORBIDDEN"
    )
    assert len(phone.said) == 1


# On the way -----------------------------------------------------------------------------------------------------------


async def begins(t: TelegramWorld, way: str) -> Phone:
    """Somebody who is asked how they take in the texts, answers, and sees what follows."""
    _, phone = await t.person()
    await phone.type("/start")
    await sees(phone, WAY)
    await phone.tap(way)
    await sees(phone, WEEK)
    await all_sent(t)
    return phone


async def holding(world: TurnWorld, recordings: Recordings) -> None:
    """From now on everybody's check-in is this one, with these recordings."""
    await world.publish("heard", HEARD)
    world.recordings = recordings
    world.holding("heard")


def seen(phone: Phone, after: int = 0) -> list[tuple[str, str]]:
    """Kind and words of what the bot said."""
    return [(bubble.kind, plain(bubble.text)) for bubble in phone.said[after:]]


@pytest.mark.usefixtures("no_errors")
async def test_who_listens_gets_the_question_then_its_options_then_the_words(world: TurnWorld, tmp_path: Path) -> None:
    files = {"way": MP3, "hello": MP3, "week": OGG, "week__good": MP3, "week__hard": M4A, "more": MP3, "bye": OGG}
    await holding(world, recorded(tmp_path, **files))
    async with telegram(world) as t:
        phone = await begins(t, "Both")
        assert seen(phone) == [
            ("text", plain(phone.said[0].text)),
            ("voice", "Here is your check-in."),
            ("voice", ""),
            ("voice", "Good"),
            ("voice", "Hard"),
            ("text", plain(phone.last.text)),
        ]
        assert phone.last.labels[:2] == ("Good", "Hard")
        before = len(phone.said)
        await phone.type("/start")
        await phone.until(lambda it: len(it.said) > before)
        await all_sent(t)
        assert [kind for kind, _ in seen(phone, before)] == ["voice"], "asked again, its options stand above"
        assert WEEK in phone.last.text
        t.server.faults.cut("sendVoice")
        await phone.tap("Hard")
        await in_time(t, lambda: len(phone.said) > before + 2, 60)
        await all_sent(t)
        first, again = seen(phone, before + 1)
        assert first == again == ("voice", first[1])
        assert MORE in first[1]
        await phone.type("Nothing")
        await sees(phone, BYE)
        assert phone.last.kind == "voice"


@ON_SQLITE
@pytest.mark.usefixtures("no_errors")
async def test_who_reads_gets_words_alone(world: TurnWorld, tmp_path: Path) -> None:
    await holding(world, recorded(tmp_path, hello=MP3, week=MP3, week__good=MP3))
    async with telegram(world) as t:
        assert {kind for kind, _ in seen(await begins(t, "Read"))} == {"text"}


@ON_SQLITE
async def test_case_54_a_recording_that_cannot_be_sent_leaves_its_words_and_the_question_comes(
    world: TurnWorld, tmp_path: Path
) -> None:
    recordings = recorded(tmp_path, hello=MP3, week=MP3, week__good=MP3, more=MP3)
    await holding(world, recordings)
    async with telegram(world) as t:
        (tmp_path / "en/heard/hello.mp3").unlink()
        phone = await begins(t, "Both")
        assert seen(phone, 1)[:3] == [("text", "Here is your check-in."), ("voice", ""), ("voice", "Good")]
        t.server.person(phone.id).forbids_voices = True
        await phone.tap("Hard")
        await sees(phone, MORE)
        assert phone.last.kind == "text"
