"""Voices: recordings that a bot uploads or names, which of them Telegram takes, and what it makes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from aiohttp.web import FileField

from tests.telegram_stand_in.parameters import Parameters, text
from tests.telegram_stand_in.refusal import Refusal, bad_request

if TYPE_CHECKING:
    from tests.telegram_stand_in.bots import Bot

MOST_BYTES = 50 << 20
OPUS, MP3, M4A = "audio/ogg", "audio/mpeg", "audio/mp4"
_ATTACHED = "attach://"
_CALLED = {"voice": "VoiceNote", "audio": "Audio", "document": "Document"}
_TAKEN = {"voice": {OPUS, MP3, M4A}, "audio": {MP3, M4A}}
_FIRST_PAGE = 100
"""Bytes of an Ogg file in which it says what is in it."""


class Recorded(NamedTuple):
    """A file that was uploaded: what it became, of which kind it is, its name and what is in it."""

    became: str
    kind: str
    name: str
    content: bytes


def recorded(bot: Bot, given: Parameters, wanted: str) -> dict[str, Any]:
    """The content of a message with the recording of a call, which asks for a "voice" or an "audio". Nothing is fetched
    from elsewhere. What Telegram cannot play as that becomes a document."""
    file = given.get(wanted)
    if isinstance(file, str) and file.startswith(_ATTACHED):
        file = given.get(file.removeprefix(_ATTACHED))
    if not file:
        raise bad_request(f"there is no {wanted} in the request")
    number = _kept(bot, file, wanted) if isinstance(file, FileField) else _known(bot, str(file), wanted)
    found = bot.files[number]
    made = {"file_id": number, "file_unique_id": f"unique{number}", "file_size": len(found.content)}
    made["mime_type"] = found.kind
    if found.became in _TAKEN:
        made["duration"] = 1
    if found.became != "voice":
        made["file_name"] = found.name
    if found.became == "audio":
        made |= {name: value for name in ("title", "performer") if (value := text(given, name))}
    return {found.became: made}


def _kept(bot: Bot, file: FileField, wanted: str) -> str:
    content = file.file.read()
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > MOST_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    kind = next((kind for kind, is_it in _KINDS.items() if is_it(content)), "application/octet-stream")
    number = f"file{bot.random.getrandbits(62)}"
    bot.files[number] = Recorded(wanted if kind in _TAKEN[wanted] else "document", kind, file.filename, content)
    return number


def _known(bot: Bot, number: str, wanted: str) -> str:
    """A file of this very bot: others have other names for it."""
    if number not in bot.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if (became := bot.files[number].became) != wanted:
        raise bad_request(f"can't use file of type {_CALLED[became]} as {_CALLED[wanted]}")
    return number


def _is_mp3(content: bytes) -> bool:
    """With a tag before it, or with the eleven bits that begin every frame."""
    return content.startswith(b"ID3") or (content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE0 == 0xE0)


_KINDS: dict[str, Callable[[bytes], bool]] = {
    OPUS: lambda content: content.startswith(b"OggS") and b"OpusHead" in content[:_FIRST_PAGE],
    MP3: _is_mp3,
    M4A: lambda content: content[4:8] == b"ftyp",
}
