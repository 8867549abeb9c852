"""Texts of messages: how long they are, what is left of them after reading their markup, and which are refused."""

from __future__ import annotations

from typing import Any

from tests.telegram_stand_in import html_text, markdown_text
from tests.telegram_stand_in.parameters import Parameters, structure, text
from tests.telegram_stand_in.refusal import bad_request

MOST_BYTES = 1 << 15
MOST_UNITS = 4_096
MOST_CAPTION_UNITS = 1_024
MOST_ENTITIES = 100
INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff"
)
"""Signs that nobody sees: a text of nothing else is empty."""
Entities = list[dict[str, Any]]


def units(words: str) -> int:
    """The length in UTF-16 units, which is how Telegram counts."""
    return len(words) if words.isascii() else len(words.encode("utf-16-le", "surrogatepass")) // 2


def formatted(given: Parameters, name: str, most: int, too_long: str) -> dict[str, Any]:
    """A text and its entities, each only where there is one; empty where nothing can be seen."""
    words = text(given, name)
    prefix = "" if name == "text" else f"{name}_"
    try:
        size = len(words.encode())
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    if size > MOST_BYTES:
        raise bad_request("text is too long")
    mode = text(given, "parse_mode").lower()
    if words and mode and mode != "none":
        words, entities = _parsed(words, mode)
    else:
        entities = _entities(structure(given, f"{prefix}entities", "entities"), words)
    trimmed = words.strip()
    if not trimmed.strip(INVISIBLE + " \n\r\t\0"):
        return {}
    if entities and words[0].isspace():
        entities = _moved(entities, units(words) - units(words.lstrip()))
    if len(trimmed) * 2 > most and units(trimmed) > most:
        raise bad_request(too_long)
    if len(entities) > MOST_ENTITIES:
        raise bad_request("ENTITIES_TOO_LONG")
    return {name: trimmed, f"{prefix}entities": entities} if entities else {name: trimmed}


def _parsed(words: str, mode: str) -> tuple[str, Entities]:
    try:
        match mode:
            case "html":
                return html_text.parse(words)
            case "markdownv2":
                return markdown_text.parse(words)
            case "markdown":
                return markdown_text.parse_old(words)
    except ValueError as problem:
        raise bad_request(f"can't parse entities: {problem}") from None
    raise bad_request("unsupported parse_mode")


def _entities(found: Any, words: str) -> Entities:
    if not found:
        return []
    if not isinstance(found, list):
        raise bad_request("expected an Array of MessageEntity")
    end = units(words)
    for each in found:
        if not isinstance(each, dict) or not {"type", "offset", "length"} <= each.keys():
            raise bad_request("can't parse MessageEntity: expected type, offset and length")
        start, length = int(each["offset"]), int(each["length"])
        if start < 0 or length <= 0 or start + length > end:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
            )
    return found


def _moved(entities: Entities, by: int) -> Entities:
    """Where entities are after so many units were cut off before them."""
    moved = []
    for each in entities:
        end = each["offset"] + each["length"] - by
        start = max(0, each["offset"] - by)
        if end > start:
            moved.append({**each, "offset": start, "length": end - start})
    return moved
