"""Voices: recordings as voice messages. A file goes up once; after that Telegram is told the name that it gave it.

A voice message shows no title, no performer and no name of a file, whatever the file itself says: nothing beside the
play button tells whose recording it is. Telegram takes Ogg with Opus, MP3 and M4A for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.channels.telegram.request import AiohttpRequest, Refusal
from bot.recordings import KINDS, Recordings

_METHOD, _VALUE = "sendVoice", "voice"
_BAD_REQUEST = 400

_File = tuple[Path, int]
"""A file as it was at a moment: a new voice under the same name is another one."""


class Voices:
    """The recordings of a deployment for one bot: the names of files are each bot's own."""

    def __init__(self, request: AiohttpRequest, recordings: Recordings) -> None:
        self._request = request
        self._recordings = recordings
        self._names: dict[_File, str] = {}

    async def send(self, base_url: str, values: Mapping[str, Any], language: str, context: str) -> Any:
        """What Telegram gives for a recording with these values. Raises TelegramError; where there is no such file any
        more that is a Refusal."""
        file = await asyncio.to_thread(self._file, language, context)
        url = f"{base_url}/{_METHOD}"
        if name := self._names.get(file):
            try:
                return await self._request.call(url, {**values, _VALUE: name})
            except Refusal as refusal:
                if refusal.status != _BAD_REQUEST or "file" not in refusal.description.casefold():
                    raise
                del self._names[file]  # Telegram knows the name no more, and nothing was sent.
        path, _ = file
        content = await asyncio.to_thread(_content, path)
        result = await self._request.upload(url, values, _VALUE, content, KINDS[path.suffix])
        if isinstance(result, dict) and (name := result.get(_VALUE, {}).get("file_id")):
            self._names[file] = name
        return result

    def _file(self, language: str, context: str) -> _File:
        path = self._recordings.files.get((language, context))
        if path is None:
            raise Refusal(_BAD_REQUEST, "the recording is gone")
        try:
            return path, path.stat().st_mtime_ns
        except OSError:
            raise Refusal(_BAD_REQUEST, "the recording cannot be read") from None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Refusal(_BAD_REQUEST, "the recording cannot be read") from None
