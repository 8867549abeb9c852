"""Parameters of a call: read from an address, a form, a multipart body or JSON, and taken out by kind."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp.web import BaseRequest, FileField
from yarl import URL

from tests.telegram_stand_in.refusal import bad_request

Parameters = dict[str, Any]
decode = msgspec.json.decode
YES = {"true", "yes", "1"}


async def read(request: BaseRequest) -> Parameters:
    """Everything that was given. In a form all values are text, and structures are JSON in it."""
    given: Parameters = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if kind == "application/x-www-form-urlencoded":
        body = (await request.read()).decode("utf-8", "replace")
        given.update(URL.build(query_string=body, encoded=True).query)
    elif kind == "application/json":
        given.update(from_json(await request.read()))
    elif kind == "multipart/form-data":
        given.update(await request.post())
    return given


def from_json(body: bytes) -> Parameters:
    """The parameters in a JSON object; none if it is empty."""
    if not body.strip():
        return {}
    try:
        found = decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise bad_request("can't parse JSON object") from None
    if not isinstance(found, dict):
        raise bad_request("expected an Object")
    return found


def text(given: Parameters, name: str) -> str:
    """A text, "" where there is none."""
    value = given.get(name, "")
    if value is None or isinstance(value, FileField):
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def integer(given: Parameters, name: str, default: int = 0, low: int | None = None, high: int | None = None) -> int:
    """A whole number, moved into its bounds as Telegram does."""
    value = given.get(name)
    if value is None or value == "":
        return default
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if low is not None and number < low:
        return low
    return high if high is not None and number > high else number


def flag(given: Parameters, name: str) -> bool:
    """Yes or no; no where nothing is said."""
    value = given.get(name)
    return value if isinstance(value, bool) else str(value).lower() in YES


def structure(given: Parameters, name: str, what: str) -> Any:
    """A structure, given as such or as JSON text; None where there is none. ``what`` names it in the refusal."""
    value = given.get(name)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return decode(value)
    except msgspec.DecodeError:
        raise bad_request(f"can't parse {what} JSON object") from None
