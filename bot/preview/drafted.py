"""Drafted: Medvind's own texts in a language as they are now, offered or not, with a mark where one is missing."""

from __future__ import annotations

from bot.catalogs import Catalogs
from bot.catalogs.catalogs import fits
from bot.catalogs.language import Language
from bot.editor.screens import ScreenText, screen_texts
from bot.preview.gaps import Translated, mark


def drafted(catalogs: Catalogs, tongue: Language, beside: str, translated: Translated) -> Catalogs:
    """Catalogues of this language and the one beside it."""
    forms = {
        one.context: _forms(one, translated(tongue.code, one.context, one.source).text, tongue)
        for one in screen_texts()
    }
    return catalogs.drafted(tongue, forms, beside)


def _forms(one: ScreenText, text: str, tongue: Language) -> tuple[str, ...]:
    needed = len(tongue.classes) if len(one.forms) > 1 else 1
    found = tuple(text.split("\n")) if len(one.forms) > 1 else (text,)
    usable = len(found) == needed and all(map(str.strip, found)) and fits(found, one.forms)
    return found if usable else (mark(one.context),) * needed
