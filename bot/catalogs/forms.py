"""Forms: words for a woman, for a man, or for anybody, inside one translation: ``{form|woman|man|neutral}``.

Which of them is shown follows what a person chose. A text is resolved once for each form, not each time it is filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dialogues import meanings
from dialogues.texts import placeholders

WOMAN, MAN, NEUTRAL = "woman", "man", "neutral"
FORMS = (WOMAN, MAN, NEUTRAL)
"""In the order of the parts. They are the options of a question with the tag ``choice:form``."""

_BEGINS = re.compile(r"\{\s*form\s*\|", re.IGNORECASE)
_PART = r"((?:[^{}|]|\{[^{}|\n]*\})*)"
_VARIANTS = re.compile(rf"\{{form\|{_PART}\|{_PART}\|{_PART}\}}")


def chosen(choices: Mapping[str, tuple[str, ...]]) -> str:
    """The form among what a person chose (``Agenda.choices``); neutral without a choice."""
    return next(iter(choices.get(meanings.FORM, ())), NEUTRAL)


def in_form(text: str, form: str) -> str:
    """A text as it reads in one form. What cannot be read as variants stays as it is."""
    if "{form|" not in text:
        return text
    part = FORMS.index(form) + 1
    return _VARIANTS.sub(lambda found: found[part], text)


def all_in_form(texts: Mapping[str, str], form: str) -> Mapping[str, str]:
    """Texts as they read in one form: the very same ones where none has variants."""
    if not has_variants(texts.values()):
        return texts
    return {context: in_form(text, form) for context, text in texts.items()}


def has_variants(texts: Iterable[str]) -> bool:
    """Whether any of these texts has words for women and men, well written or not."""
    return any("|" in text and _BEGINS.search(text) for text in texts)


def variants(text: str) -> tuple[str, ...]:
    """Everything that a text can read, each once."""
    return tuple(dict.fromkeys(in_form(text, form) for form in FORMS))


def is_sound(text: str) -> bool:
    """Whether every group of variants has three parts and closes its braces."""
    return not has_variants([in_form(text, NEUTRAL)])


def names_agree(text: str) -> bool:
    """Whether the parts of each group of variants have the same placeholders."""
    return all(len(set(map(placeholders, group))) == 1 for group in _VARIANTS.findall(text))
