"""Gaps: the texts of a draft in every language, with a mark in the place of each that has no translation yet.

A language that lacks a text is not offered to people. A preview shows it all the same, so that it can be read while it
is written; what is missing says so, and never stands there in another language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.catalogs.catalogs import fits
from bot.catalogs.forms import NEUTRAL, all_in_form
from bot.catalogs.sources import script_texts
from bot.catalogs.states import State
from bot.editor.wordings import Worded
from bot.shelf import Published
from dialogues.model import Script

Translated = Callable[[str, str, str], Worded]
"""Language, context and source -> the translation."""

_MARK = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET} {} \N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft that can be played. By language: how many texts are ``missing``, and how many are ``outdated``, because
    they were translated from other words."""

    published: Published
    missing: Mapping[str, int]
    outdated: Mapping[str, int]

    @property
    def script(self) -> Script:
        """The script."""
        return self.published.script


def tried(script: Script, languages: Sequence[str], translated: Translated) -> Tried:
    """A draft in these languages and its own."""
    source = script_texts(script)
    texts = {script.language: _Marked(all_in_form(source, NEUTRAL))}
    missing, outdated = dict[str, int](), dict[str, int]()
    for language in languages:
        if language == script.language:
            continue
        found = {context: translated(language, context, text) for context, text in source.items()}
        usable = {context: one.text for context, one in found.items() if _is_usable(one.text, source[context])}
        missing[language] = len(source) - len(usable)
        outdated[language] = sum(one.state is State.OUTDATED for context, one in found.items() if context in usable)
        texts[language] = _Marked(all_in_form({**{context: mark(context) for context in source}, **usable}, NEUTRAL))
    return Tried(Published(script.dialogue, 0, script, texts), missing, outdated)


class _Marked(dict[str, str]):
    """Texts of one language, and the mark for those that no script has: a draft may lack a label that its check still
    asks for."""

    def __missing__(self, context: str) -> str:
        return mark(context)


def _is_usable(text: str, source: str) -> bool:
    return bool(text) and fits([text], [source])


def mark(context: str) -> str:
    """What stands where a text is missing: the name of the text, which is in no language."""
    return _MARK.format(context.partition("/")[2] or context)
