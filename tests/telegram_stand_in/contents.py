"""Contents that are no words: what an update shows of a voice message, a picture, a place and so on."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Content = dict[str, Any]
KINDS = (
    "voice",
    "audio",
    "photo",
    "video",
    "video_note",
    "animation",
    "document",
    "sticker",
    "location",
    "contact",
    "poll",
    "dice",
    "story",
    "paid_media",
)
WITH_CAPTION = {"voice", "audio", "photo", "video", "animation", "document", "paid_media"}


def content(kind: str, random: Random, caption: str = "", **more: Any) -> Content:
    """A content of one of ``KINDS``; ``more`` replaces fields of it. A caption only where there can be one."""
    made: Any = _SHAPES[kind](str(random.getrandbits(62)))
    if more:
        made = {**made, **more}
    found: Content = {kind: made}
    if kind == "animation":
        found["document"] = _file(str(random.getrandbits(62)), mime_type="video/mp4")
    if caption:
        if kind not in WITH_CAPTION:
            raise ValueError(f"a {kind} has no caption")
        found["caption"] = caption
    return found


def forwarded(origin: str, at: int, name: str, chat: dict[str, Any] | None = None) -> Content:
    """Where a forwarded message was from: "hidden_user", "user", "chat" or "channel"."""
    match origin:
        case "hidden_user":
            where: Content = {"sender_user_name": name}
        case "user":
            where = {"sender_user": {"id": 777_001, "is_bot": False, "first_name": name}}
        case "chat":
            where = {"sender_chat": chat or {"id": -777_002, "type": "group", "title": name}}
        case _:
            where = {"chat": chat or {"id": -1_000_000_777_003, "type": "channel", "title": name}, "message_id": 12}
    return {"forward_origin": {"type": origin, "date": at, **where}, "forward_date": at}


def _file(number: str, **more: Any) -> Content:
    return {"file_id": f"file{number}", "file_unique_id": f"unique{number}", "file_size": 12_345, **more}


def _photo(number: str) -> list[Content]:
    sizes = ((90, 67), (320, 240), (800, 600))
    return [_file(f"{number}{width}", width=width, height=height) for width, height in sizes]


def _sticker(number: str) -> Content:
    shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"}
    return _file(number, **shape)


def _poll(number: str) -> Content:
    options = [{"persistent_id": word[0], "text": word, "voter_count": 0} for word in ("Tea", "Coffee")]
    answers = {"allows_multiple_answers": False, "allows_revoting": True, "is_anonymous": True, "is_closed": False}
    asked = {
        "id": number,
        "question": "Tea or coffee",
        "type": "regular",
        "total_voter_count": 0,
        "members_only": False,
    }
    return {**asked, "options": options, **answers}


_SHAPES: dict[str, Callable[[str], Any]] = {
    "voice": lambda number: _file(number, duration=4, mime_type="audio/ogg"),
    "audio": lambda number: _file(number, duration=180, mime_type="audio/mpeg", title="A song"),
    "photo": _photo,
    "video": lambda number: _file(number, duration=9, width=640, height=480, mime_type="video/mp4"),
    "video_note": lambda number: _file(number, duration=5, length=240),
    "animation": lambda number: _file(number, duration=2, width=320, height=240, mime_type="video/mp4"),
    "document": lambda number: _file(number, file_name="letter.pdf", mime_type="application/pdf"),
    "sticker": _sticker,
    "location": lambda number: {"latitude": 59.9139, "longitude": 10.7522},
    "contact": lambda number: {"phone_number": "+4740000000", "first_name": "Kari", "user_id": 777_004},
    "poll": _poll,
    "dice": lambda number: {"emoji": "🎲", "value": 4},
    "story": lambda number: {"chat": {"id": 777_005, "type": "private", "first_name": "Ola"}, "id": 3},
    "paid_media": lambda number: {"star_count": 5, "paid_media": [{"type": "preview", "width": 320, "height": 240}]},
}
