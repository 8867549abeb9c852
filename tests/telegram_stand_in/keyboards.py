"""Keyboards: which markup under a message Telegram takes."""

from __future__ import annotations

import re
from typing import Any

from tests.telegram_stand_in.parameters import Parameters, structure
from tests.telegram_stand_in.refusal import Refusal, bad_request

Rows = list[list[dict[str, Any]]]
Keyboard = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of label and data (or address), as a phone shows them."""
MOST_IN_A_ROW = 8
MOST = 100
DATA_BYTES = 64
ADDRESS = re.compile(r"(https?://[^\s/]|tg://)\S*", re.IGNORECASE)
OTHERS = ("keyboard", "remove_keyboard", "force_reply")


def markup(given: Parameters) -> Rows | None:
    """The rows of the inline keyboard that was asked for; None where there is none."""
    found = structure(given, "reply_markup", "reply keyboard markup")
    if found is None:
        return None
    if not isinstance(found, dict):
        raise bad_request("object expected as reply markup")
    rows = found.get("inline_keyboard")
    if rows is None:
        if found and not any(name in found for name in OTHERS):
            raise bad_request("can't parse reply markup: unknown kind of markup")
        return None
    return _rows(rows) or None


def _rows(rows: Any) -> Rows:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    taken = [[_button(button) for button in row] for row in rows if row]
    if any(len(row) > MOST_IN_A_ROW for row in taken) or sum(map(len, taken)) > MOST:
        raise bad_request("reply markup is too long")
    return taken


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _unreadable("InlineKeyboardButton must be an Object")
    label = button.get("text")
    if not isinstance(label, str):
        raise _unreadable('Can\'t find field "text"')
    if not label.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if "url" in button:
        if not ADDRESS.match(str(button["url"])):
            raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        return {"text": label, "url": button["url"]}
    if "callback_data" not in button:
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    data = button["callback_data"]
    if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "surrogatepass")) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return {"text": label, "callback_data": data}


def _unreadable(why: str) -> Refusal:
    return bad_request(f"can't parse inline keyboard button: {why}")


def shown(rows: Rows | None) -> Keyboard:
    """What a phone shows of it."""
    if not rows:
        return ()
    return tuple(tuple((each["text"], each.get("callback_data") or each["url"]) for each in row) for row in rows)
