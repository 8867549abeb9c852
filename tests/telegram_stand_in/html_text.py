"""Texts with HTML tags, read as strictly as Telegram does."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

NAMES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
TAG = re.compile(r"<(/?)([^\s>/]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
SIGN = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]+|#x[0-9a-fA-F]+);")
ADDRESS = re.compile(r"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)


def parse(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The words without tags, and where each tag's words are. ValueError says what cannot be read."""
    words: list[str] = []
    length = at = 0
    open_tags: list[tuple[str, int, int, str]] = []
    entities: list[dict[str, Any]] = []
    while at < len(text):
        if text[at] == "<":
            tag = TAG.match(text, at)
            if tag is None:
                raise ValueError(f"Unclosed start tag at byte offset {_bytes(text, at)}")
            name = tag[2].lower()
            if tag[1]:
                entities += _closed(open_tags, name, length, _bytes(text, at))
            elif name not in NAMES:
                raise ValueError(f'Unsupported start tag "{name}" at byte offset {_bytes(text, at)}')
            else:
                open_tags.append((name, length, _bytes(text, at), _address(tag[3])))
            at = tag.end()
            continue
        sign = SIGN.match(text, at) if text[at] == "&" else None
        piece = unescape(sign[0]) if sign else text[at]
        words.append(piece)
        length += 1 if ord(piece[0]) < 0x10000 else 2
        at += len(sign[0]) if sign else 1
    if open_tags:
        raise ValueError(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return "".join(words), sorted(entities, key=lambda each: int(each["offset"]))


def _closed(open_tags: list[tuple[str, int, int, str]], name: str, end: int, at: int) -> list[dict[str, Any]]:
    if not open_tags:
        raise ValueError(f"Unexpected end tag at byte offset {at}")
    opened, start, _, address = open_tags.pop()
    if name not in ("", opened):
        raise ValueError(f'Unmatched end tag at byte offset {at}, expected "</{opened}>", found "</{name}>"')
    if start == end or (opened == "a" and not address):
        return []
    entity: dict[str, Any] = {"type": NAMES[opened], "offset": start, "length": end - start}
    return [{**entity, "url": address}] if opened == "a" else [entity]


def _address(attributes: str) -> str:
    found = ADDRESS.search(attributes)
    return unescape(found[1] or found[2] or found[3] or "") if found else ""


def _bytes(text: str, at: int) -> int:
    return len(text[:at].encode())
