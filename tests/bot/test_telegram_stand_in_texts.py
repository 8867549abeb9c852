"""Texts with markup, as strictly as Telegram reads them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.telegram_stand_in.refusal import Refusal
from tests.telegram_stand_in.texts import formatted, units


def read(text: str, mode: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The words, and kind, offset and length of what is marked in them."""
    found = formatted({"text": text, "parse_mode": mode}, "text", 4096, "too long")
    return found.get("text", ""), [(each["type"], each["offset"], each["length"]) for each in found.get("entities", [])]


@pytest.mark.parametrize(
    ("text", "words", "marks"),
    [
        ("plain", "plain", []),
        ("a <b>bold</b> word", "a bold word", [("bold", 2, 4)]),
        ("<b>a <i>b</i></b>", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
        ("😀<u>x</u>", "😀x", [("underline", 2, 1)]),
        ("1 &lt; 2 &amp; &#51; &copy;", "1 < 2 & 3 &copy;", []),
        ('<a href="https://example.org/?a=1&amp;b">page</a>', "page", [("text_link", 0, 4)]),
        ("<b></b>x", "x", []),
        ("<blockquote expandable>x</blockquote>", "x", [("blockquote", 0, 1)]),
    ],
)
def test_html_is_read(text: str, words: str, marks: list[Any]) -> None:
    assert read(text, "HTML") == (words, marks)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<b>never closed", 'Can\'t find end tag corresponding to start tag "b"'),
        ("å<x>y</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("I <3 you> x", 'Unsupported start tag "3" at byte offset 2'),
    ],
)
def test_html_that_does_not_parse_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text, "html")
    assert refused.value.description == f"Bad Request: can't parse entities: {why}"
    assert refused.value.code == 400


@pytest.mark.parametrize(
    ("text", "words", "marks"),
    [
        ("*bold* _italic_ __under__ ~gone~ ||hidden|| `code`", "bold italic under gone hidden code", 6),
        ("*a _b_*", "a b", 2),
        (r"1\. done \(x\)", "1. done (x)", 0),
        ("```\na.b(c)\n```", "a.b(c)", 1),
        ("[page](https://example.org/a_b)", "page", 1),
        (">quoted\nnot", "quoted\nnot", 0),
    ],
)
def test_new_markdown_is_read(text: str, words: str, marks: int) -> None:
    found, entities = read(text, "MarkdownV2")
    assert (found, len(entities)) == (words, marks)


@pytest.mark.parametrize("sign", list("_*[]()~`>#+-=|{}.!"))
def test_new_markdown_wants_its_signs_escaped(sign: str) -> None:
    with pytest.raises(Refusal, match="can't parse entities: "):
        read(f"a {sign} b", "MarkdownV2")
    assert read(f"a \\{sign} b", "MarkdownV2") == (f"a {sign} b", [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Done.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("å *b", "Can't find end of Bold entity at byte offset 3"),
        ("*a _b* c_", "Can't find end of Italic entity at byte offset 8"),
        ("[a](b", "Can't find end of a URL at byte offset 3"),
    ],
)
def test_new_markdown_that_does_not_parse_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text, "markdownv2")
    assert refused.value.description == f"Bad Request: can't parse entities: {why}"


def test_old_markdown_is_read() -> None:
    assert read("*a* _b_ [c](https://example.org/) 1. x\\_y", "Markdown") == (
        "a b c 1. x_y",
        [("bold", 0, 1), ("italic", 2, 1), ("text_link", 4, 1)],
    )
    with pytest.raises(Refusal, match="Can't find end of the entity starting at byte offset 2"):
        read("a *b", "Markdown")


def test_without_a_mode_nothing_is_a_mark() -> None:
    assert read("<b>*_1. [x](", "") == ("<b>*_1. [x](", [])
    with pytest.raises(Refusal, match="unsupported parse_mode"):
        read("x", "TeX")


def test_length_is_counted_in_utf_16() -> None:
    assert [units(text) for text in ("abc", "åß", "كيف", "😀", "👩‍💻")] == [3, 2, 3, 2, 5]


def test_a_huge_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refusal, match="text is too long"):
        read("å" * 20_000, "HTML")
