"""Texts in Telegram's two kinds of Markdown, read as strictly as Telegram does."""

from __future__ import annotations

import re
from typing import Any

RESERVED = set("_*[]()~`>#+-=|{}.!")
MARKS = ("```", "__", "||", "_", "*", "~", "`")
NAMES = {
    "*": ("bold", "Bold"),
    "_": ("italic", "Italic"),
    "__": ("underline", "Underline"),
    "~": ("strikethrough", "Strikethrough"),
    "||": ("spoiler", "Spoiler"),
    "`": ("code", "Code"),
    "```": ("pre", "Pre"),
    "[": ("text_link", "TextUrl"),
}
OLD_NAMES = {"*": "bold", "_": "italic", "`": "code"}
OLD_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
Entity = dict[str, Any]


class Reader:
    """A place in a text, the words so far, and the marks that are open, each with its place in words and text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.words: list[str] = []
        self.length = 0
        self.open: list[tuple[str, int, int]] = []
        self.entities: list[Entity] = []

    @property
    def inside(self) -> str:
        """The mark that was opened last."""
        return self.open[-1][0] if self.open else ""

    def add(self, sign: str) -> None:
        """One sign is part of the words."""
        self.words.append(sign)
        self.length += 1 if ord(sign) < 0x10000 else 2
        self.at += 1

    def opens(self, mark: str) -> None:
        """A mark begins here."""
        self.open.append((mark, self.length, len(self.text[: self.at].encode())))
        self.at += len(mark)

    def closes(self, **more: str) -> None:
        """The last mark ends here."""
        mark, start, _ = self.open.pop()
        self.at += len(mark)
        if self.length > start:
            entity = {"type": NAMES[mark][0], "offset": start, "length": self.length - start}
            self.entities.append({**entity, **more})


def parse(text: str) -> tuple[str, list[Entity]]:
    """MarkdownV2: the words without marks, and where each mark's words are. ValueError says what cannot be read."""
    reader = Reader(text)
    while reader.at < len(text):
        _read(reader)
    if reader.open:
        mark, _, at = reader.open[-1]
        raise ValueError(f"Can't find end of {NAMES[mark][1]} entity at byte offset {at}")
    return "".join(reader.words), sorted(reader.entities, key=lambda each: int(each["offset"]))


def _read(reader: Reader) -> None:
    text, at = reader.text, reader.at
    sign = text[at]
    following = text[at + 1 : at + 2]
    if sign == "\\" and following and 0 < ord(following) < 127:
        reader.at += 1
        reader.add(following)
        return
    mark = next((each for each in MARKS if text.startswith(each, at)), "")
    if reader.inside in ("`", "```"):
        if mark == reader.inside:
            reader.closes()
        elif sign == "`":
            raise _reserved(sign)
        else:
            reader.add(sign)
    elif mark:
        reader.closes() if mark == reader.inside else reader.opens(mark)
    elif sign == "[":
        reader.opens(sign)
    elif sign == "]" and reader.inside == "[":
        _link(reader)
    elif sign == ">" and (at == 0 or text[at - 1] == "\n"):
        reader.at += 1
    elif sign in RESERVED:
        raise _reserved(sign)
    else:
        reader.add(sign)


def _link(reader: Reader) -> None:
    start = reader.at + 1
    if not reader.text.startswith("(", start):
        reader.closes(url="")
        reader.entities.pop()
        return
    end = reader.text.find(")", start)
    if end < 0:
        raise ValueError(f"Can't find end of a URL at byte offset {len(reader.text[:start].encode())}")
    reader.closes(url=reader.text[start + 1 : end])
    reader.at = end + 1


def _reserved(sign: str) -> ValueError:
    return ValueError(f"Character '{sign}' is reserved and must be escaped with the preceding '\\'")


def parse_old(text: str) -> tuple[str, list[Entity]]:
    """The first Markdown: marks cannot be nested."""
    reader = Reader(text)
    while reader.at < len(text):
        sign, at = text[reader.at], reader.at
        if sign == "\\" and text[at + 1 : at + 2] in tuple("_*`["):
            reader.at += 1
            reader.add(text[reader.at])
            continue
        link = OLD_LINK.match(text, at)
        end = text.find(sign, at + 1) if sign in OLD_NAMES else -1
        if (sign in OLD_NAMES and end < 0) or (sign == "[" and "]" not in text[at:]):
            raise ValueError(f"Can't find end of the entity starting at byte offset {len(text[:at].encode())}")
        inner = link[1] if link else text[at + 1 : end] if end >= 0 else sign
        start = reader.length
        for each in inner:
            reader.add(each)
        reader.at = link.end() if link else end + 1 if end >= 0 else at + 1
        if inner and (link or end >= 0):
            kind = {"type": "text_link", "url": link[2]} if link else {"type": OLD_NAMES[sign]}
            reader.entities.append({**kind, "offset": start, "length": reader.length - start})
    return "".join(reader.words), reader.entities
