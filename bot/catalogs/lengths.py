"""Lengths: how long the text of a button may be, so that it can be read on a small telephone."""

from __future__ import annotations

from collections.abc import Iterator

from bot.catalogs import forms
from bot.catalogs.po import Entry

OPTION = 60
BUTTON = 40


def is_option(context: str) -> bool:
    """Whether a context is a text that an answer is chosen by: ``dialogue/step/option``."""
    return context.count("/") == 2 and ".label" not in context


def is_button(context: str, source: str) -> bool:
    """Whether a text of the chat is a button's or looks like one: short, and no sentence. Which of them are buttons
    on which channel is not for the catalogues to know."""
    return context.startswith("ui/") and len(source) <= BUTTON and not source.endswith((".", "?", ":"))


def too_long(entry: Entry) -> Iterator[tuple[str, str]]:
    """What is wrong with the length of a button's text; a placeholder counts as it is written."""
    limit = OPTION if is_option(entry.context) else BUTTON if is_button(entry.context, entry.source[-1]) else 0
    for text in (variant for written in entry.texts for variant in forms.variants(written)):
        if limit and len(text) > limit:
            yield f"It has {len(text)} characters.", f"A button has room for {limit}. Say it in fewer words."
