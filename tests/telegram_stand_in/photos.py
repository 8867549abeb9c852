"""Photos: pictures that a bot uploads, and which of them Telegram takes."""

from __future__ import annotations

import struct
from typing import NamedTuple

from aiohttp.web import FileField

from tests.telegram_stand_in.parameters import Parameters
from tests.telegram_stand_in.refusal import bad_request

MOST_TOGETHER = 10_000
"""Pixels of width and height together."""
MOST_RATIO = 20
_ATTACHED = "attach://"
_BEGINS = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">I4sII")


class Photo(NamedTuple):
    """What is kept of a picture: its size in bytes and pixels."""

    bytes: int
    width: int
    height: int


def photo_in(given: Parameters) -> Photo:
    """The picture of a call. It has to be uploaded with it: nothing is kept here that could be named, and nothing is
    fetched. Of the kinds of files that Telegram takes, only PNG can be read here."""
    file = given.get("photo")
    if isinstance(file, str) and file.startswith(_ATTACHED):
        file = given.get(file.removeprefix(_ATTACHED))
    if not file:
        raise bad_request("there is no photo in the request")
    if not isinstance(file, FileField):
        raise bad_request("wrong file identifier/HTTP URL specified")
    return _read(file.file.read())


def _read(data: bytes) -> Photo:
    if not data.startswith(_BEGINS) or len(data) < len(_BEGINS) + _HEADER.size or not data.endswith(b"IEND\xaeB`\x82"):
        raise bad_request("IMAGE_PROCESS_FAILED")
    _, kind, width, height = _HEADER.unpack_from(data, len(_BEGINS))
    if kind != b"IHDR":
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > MOST_TOGETHER or max(width, height) > MOST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return Photo(len(data), width, height)
