"""Traced: which texts stand in a chat, by their names.

The course is worded once more, in a language in which each text is its own name between two signs. Whatever way a text
takes into the chat, its name comes out there, so no list of ways has to be kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy

from bot.catalogs import Catalogs
from bot.catalogs.language import language as known_language
from bot.catalogs.sources import script_texts
from bot.editor.screens import screen_texts
from bot.preview.course import Course
from bot.preview.gaps import Tried
from bot.shelf import Published
from bot.speaking import Speaking
from dialogues.texts import placeholders

_BEGINS, _ENDS = "\ue000", "\ue001"
"""Of Unicode's private use area: no text has them."""
_NAME = re.compile(f"{_BEGINS}([^{_ENDS}]*){_ENDS}")


def traced(course: Course, catalogs: Catalogs) -> tuple[Course, Catalogs]:
    """The same course in names, and the catalogues for the page around it; in both for the script's own language."""
    script = course.draft.script
    tongue = known_language(script.language)
    forms = {
        one.context: (_sign(one.context, one.source),) * _number(one.forms, tongue.classes) for one in screen_texts()
    }
    names = catalogs.drafted(tongue, forms, tongue.code)
    texts: Mapping[str, str] = {context: _sign(context, text) for context, text in script_texts(script).items()}
    same = copy(course)
    same.draft = Tried(Published(script.dialogue, 0, script, {tongue.code: texts}), {}, {})
    same.speaking = Speaking(names)
    return same, names


def names_in(shown: str) -> list[str]:
    """The names in what was made of such a course, each once, in the order in which they are read."""
    return list(dict.fromkeys(_NAME.findall(shown)))


def _number(forms: tuple[str, ...], classes: tuple[str, ...]) -> int:
    return len(classes) if len(forms) > 1 else 1


def _sign(context: str, source: str) -> str:
    """With the placeholders of the text: what is filled in may be a text itself."""
    return f"{_BEGINS}{context}{_ENDS}" + "".join(f" {{{name}}}" for name in sorted(placeholders(source)))
