"""Pictures that a bot uploads to the stand-in: what is kept of them, and which are refused."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import FormData

from tests.bot.bot_api_caller import SAM, Caller, calling


def pixels(width: int, height: int) -> bytes:
    """A PNG of this size, as far as its first and its last piece say."""
    header = struct.pack(">I4sII", 13, b"IHDR", width, height)
    return b"\x89PNG\r\n\x1a\n" + header + b"\x08\x00\x00\x00\x00\x00\x00\x00\x00IEND\xaeB`\x82"


async def uploaded(api: Caller, file: bytes, **given: str) -> dict[str, Any]:
    """What sending this picture to Sam gives."""
    form = FormData({"chat_id": str(SAM), "photo": "attach://code", **given})
    form.add_field("code", file, filename="code.png", content_type="image/png")
    async with api.session.post(api.address("sendPhoto"), data=form) as response:
        answer: dict[str, Any] = await response.json()
    return answer


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    async with calling() as made:
        made.telegram.limits.per_chat = made.telegram.limits.per_second = float("inf")
        yield made


async def test_of_a_picture_only_the_size_is_kept(api: Caller) -> None:
    file = pixels(30, 20)
    message = (await uploaded(api, file, caption="Scan this"))["result"]
    size = message["photo"][-1]
    assert (size["file_size"], size["width"], size["height"]) == (len(file), 30, 20)
    assert (api.phone.last.kind, api.phone.last.text) == ("photo", "Scan this")
    assert "no photo" in await api.refused("sendPhoto", chat_id=SAM)
    assert "caption is too long" in await api.refused("sendPhoto", chat_id=SAM, photo="id", caption="x" * 1025)
    assert await api.refused("editMessageText", chat_id=SAM, message_id=message["message_id"], text="x") == (
        "Bad Request: there is no text in the message to edit"
    )


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"\x89PNG" + b"x" * 996, "IMAGE_PROCESS_FAILED"),
        (pixels(30, 20)[:-4], "IMAGE_PROCESS_FAILED"),
        (pixels(6_000, 4_001), "PHOTO_INVALID_DIMENSIONS"),
        (pixels(10, 201), "PHOTO_INVALID_DIMENSIONS"),
    ],
    ids=["no picture", "cut off", "too large", "too narrow"],
)
async def test_a_picture_that_telegram_does_not_take(api: Caller, file: bytes, why: str) -> None:
    assert (await uploaded(api, file))["description"] == f"Bad Request: {why}"


async def test_a_picture_has_to_be_uploaded(api: Caller) -> None:
    assert "wrong file identifier" in await api.refused("sendPhoto", chat_id=SAM, photo="https://example.org/a.png")
    assert "no photo" in await api.refused("sendPhoto", chat_id=SAM, photo="attach://nowhere")


async def test_a_picture_can_be_protected(api: Caller) -> None:
    message = (await uploaded(api, pixels(30, 20), protect_content="true"))["result"]
    assert message["has_protected_content"] is True
