"""The chat's templates and style sheet: every text exists and is used, nothing is inline, no side is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.channels
from bot.wording.chat import HELP, PAGE, SHARING

HERE = Path(bot.channels.__file__).parent
TEMPLATES = sorted((HERE / "templates").glob("*.html"))
CODE = [*TEMPLATES, *sorted(HERE.glob("web*.py"))]
NAMED = re.compile(r'"(?:ui/)?((?:page|help|share_page)\.(?!html")[a-z_.]+)"')
BUILT = ("help.about.", "help.cost.", "help.reads.", "help.hours.")
"""Texts whose name ends with a word of the programme."""
PHYSICAL = re.compile(
    r"\b(left|right|float|clear)\b|\b(margin|padding|border)-(top|bottom)\b|(?<![-\w])(top|bottom|width|height)\s*:"
)


def test_every_text_that_is_shown_exists_and_every_one_is_shown() -> None:
    named = {f"ui/{name}" for path in CODE for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    named = {name for name in named if not name.endswith(".")}
    built = {name for name in HELP if name.startswith(tuple(f"ui/{start}" for start in BUILT))}
    assert named - built == (set(PAGE) | set(SHARING) | set(HELP)) - built


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_is_inline_and_nothing_escapes_escaping(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|\|\s*safe|autoescape|Markup", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_the_style_sheet_reads_from_either_side() -> None:
    css = re.sub(r"/\*.*?\*/", "", (HERE / "static" / "chat.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert PHYSICAL.findall(css) == []


@pytest.mark.parametrize("name", ["chat.css", "me.css"])
def test_no_letters_are_slanted_or_pulled_apart(name: str) -> None:
    """Arabic script would fall to pieces."""
    css = (HERE / "static" / name).read_text(encoding="utf-8")
    assert not re.search(r"letter-spacing|font-style|italic|text-transform", css)


def test_a_side_would_be_noticed() -> None:
    assert PHYSICAL.search("p { margin-left: 1px }")
    assert PHYSICAL.search("p { text-align: right }")
    assert PHYSICAL.search("p{width: 1px}")
