"""Recordings that a bot sends through the stand-in: what becomes of them, and which are refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData

from tests.bot.bot_api_caller import SAM, Caller, calling

MP3 = b"\xff\xfb\x10\xc4" + bytes(100)
OPUS = b"OggS" + bytes(24) + b"OpusHead" + bytes(60)
VORBIS = b"OggS" + bytes(24) + b"\x01vorbis" + bytes(60)
M4A = bytes(4) + b"ftypM4A " + bytes(90)


async def uploaded(api: Caller, method: str, file: bytes, **given: str) -> dict[str, Any]:
    """What sending this recording to Sam gives."""
    wanted = method.removeprefix("send").lower()
    form = FormData({"chat_id": str(SAM), **given})
    form.add_field(wanted, BytesIO(file), filename=f"{wanted}.bin")
    async with api.session.post(api.address(method), data=form) as response:
        answer: dict[str, Any] = await response.json()
    return answer


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    async with calling() as made:
        made.telegram.limits.per_chat = made.telegram.limits.per_second = float("inf")
        yield made


async def test_what_can_be_played_as_it_was_asked_is_and_all_else_is_a_document(api: Caller) -> None:
    became = {
        (method, name): api.phone.last.kind
        for method in ("sendVoice", "sendAudio")
        for name, file in (("mp3", MP3), ("opus", OPUS), ("vorbis", VORBIS), ("m4a", M4A), ("words", b"words"))
        if (await uploaded(api, method, file))["ok"]
    }
    kinds = {name: (became["sendVoice", name], became["sendAudio", name]) for _, name in became}
    assert kinds == {
        "mp3": ("voice", "audio"),
        "opus": ("voice", "document"),
        "vorbis": ("document", "document"),
        "m4a": ("voice", "audio"),
        "words": ("document", "document"),
    }


async def test_only_an_audio_shows_a_title_and_the_name_of_its_file(api: Caller) -> None:
    voice = (await uploaded(api, "sendVoice", MP3, title="A song", caption="Hear", protect_content="true"))["result"]
    assert voice["voice"].keys() & {"title", "file_name"} == set()
    assert (voice["caption"], voice["has_protected_content"]) == ("Hear", True)
    audio = (await uploaded(api, "sendAudio", MP3, title="A song"))["result"]["audio"]
    assert (audio["title"], audio["file_name"]) == ("A song", "audio.bin")


async def test_a_file_that_is_known_is_sent_again_by_its_name_and_as_what_it_is(api: Caller) -> None:
    number = (await uploaded(api, "sendVoice", OPUS))["result"]["voice"]["file_id"]
    again = await api.result("sendVoice", chat_id=SAM, voice=number)
    assert again["voice"]["file_id"] == number
    assert "can't use file of type VoiceNote as Audio" in await api.refused("sendAudio", chat_id=SAM, audio=number)
    other = api.telegram.add_bot("other_bot")
    async with api.session.post(api.address("sendVoice", other.token), json={"chat_id": SAM, "voice": number}) as said:
        assert "wrong file identifier" in (await said.json())["description"]


async def test_what_telegram_does_not_take(api: Caller) -> None:
    assert "no voice" in await api.refused("sendVoice", chat_id=SAM)
    assert "wrong file identifier" in await api.refused("sendVoice", chat_id=SAM, voice="https://example.org/a.mp3")
    assert "non-empty" in (await uploaded(api, "sendVoice", b""))["description"]
    assert "caption is too long" in (await uploaded(api, "sendVoice", MP3, caption="x" * 1025))["description"]
    assert (await uploaded(api, "sendVoice", MP3 + bytes(50 << 20)))["error_code"] == 413
    assert (await uploaded(api, "sendVoice", MP3 + bytes(2 << 20)))["ok"]
    api.phone.person.forbids_voices = True
    assert "VOICE_MESSAGES_FORBIDDEN" in (await uploaded(api, "sendVoice", MP3))["description"]
    assert (await uploaded(api, "sendAudio", MP3))["ok"]
