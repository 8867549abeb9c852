"""Texts as they stand on a page of the demo: of the shipped scripts, or ``ui/...``, with names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.catalogs import Catalogs
from bot.config import LOCALES, SCRIPTS
from bot.publishing import read_folder
from dialogues.texts import fill

NAMES = {"name": "Sam", "specialist": "Kim Berg"}


def shown(context: str, language: str) -> str:
    """The text of a context, without the signs that keep its directions apart."""
    return fill(_texts(context.partition("/")[0], language)[context].strip(), NAMES, isolate=False)


@cache
def _texts(dialogue: str, language: str) -> Mapping[str, str]:
    catalogs = Catalogs.load(LOCALES, allow_drafts=True)
    if dialogue == "ui":
        return catalogs.ui(language)
    texts = catalogs.script_texts(read_folder(SCRIPTS).scripts[dialogue], language)
    assert texts is not None
    return texts
