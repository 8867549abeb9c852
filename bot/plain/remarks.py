"""Remarks: what is not plain in a script, each at its line, in the form of the other problems of scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.plain import avoid, common, measures
from dialogues.model import Ask, Script
from dialogues.problems import Problem
from dialogues.texts import Text, texts_of

FEWEST_WORDS = 100
"""Below that one long word decides about the share of long words, and chance about everything."""
LEAST_COMMON = 0.95
LIX_LANGUAGES = ("nb", "nn", "da", "sv")

_SHOUTED = re.compile("[!！¡]")
_AVOIDED = {
    "MV080": (("duty", "reward"), "is a word of duty or reward.", "Say what people can do."),
    "MV081": (("judgement",), "is a word against people.", "Say what happened."),
    "MV088": (("officialese",), "is a word of offices.", "Use an ordinary word."),
    "MV089": (("gendered",), "speaks to a woman or to a man only.", "Use a noun."),
}


def remarks(script: Script, file: str = "") -> tuple[Problem, ...]:
    """Everything that is not plain in a script's own texts, from the top of its file."""
    texts = texts_of(script)
    found = [*(each for text in texts for each in _of_text(script, text)), *_of_script(script, texts)]
    named = (replace(each, file=file) for each in found)
    return tuple(sorted(named, key=lambda one: (one.line, one.code, one.message)))


def _of_text(script: Script, text: Text) -> Iterator[Problem]:
    for code, (kinds, message, hint) in _AVOIDED.items():
        for word in avoid.found_in(text.text, script.language, kinds):
            yield _at(text.line, code, f'"{word}" {message}', hint)
    if _SHOUTED.search(text.text):
        yield _at(text.line, "MV082", f"{_quoted(text.text)} has an exclamation mark.", "Write a full stop.")
    most = measures.longest(script.language)
    for sentence in measures.sentences(text.text):
        if (number := len(measures.words(sentence))) > most:
            yield _at(text.line, "MV083", f"{_quoted(sentence)} has {number} words.", f"{most} are the most.")
        elif _is_long_question(script, text, sentence, number):
            hint = f"{measures.LONGEST_QUESTION} are the most in a question."
            yield _at(text.line, "MV085", f"{_quoted(sentence)} has {number} words.", hint)


def _is_long_question(script: Script, text: Text, sentence: str, number: int) -> bool:
    is_asked = isinstance(script.by_key.get(text.context), Ask) and sentence.endswith("?")
    return script.language == "en" and is_asked and number > measures.LONGEST_QUESTION


def _of_script(script: Script, texts: Sequence[Text]) -> Iterator[Problem]:
    written = [text.text for text in texts]
    if sum(len(measures.words(text)) for text in written) < FEWEST_WORDS:
        return
    if (mean := measures.mean_length(written)) > measures.LONGEST_MEAN:
        message = f"The sentences have {mean:.1f} words on average."
        yield _at(1, "MV084", message, f"{measures.LONGEST_MEAN} are the most.")
    if script.language in LIX_LANGUAGES and (hard := measures.lix(written)) > measures.HARDEST:
        yield _at(1, "MV086", f"The texts have a LIX of {hard:.0f}.", f"{measures.HARDEST} is the most.")
    if script.language == "en" and (share := common.share(written)) < LEAST_COMMON:
        named = ", ".join(f'"{word}"' for word in common.uncommon(written)[:10])
        message = f"{100 * share:.0f} of 100 words are common ones."
        yield _at(1, "MV087", message, f"Not among them: {named}.")


def _at(line: int, code: str, message: str, hint: str) -> Problem:
    return Problem(code, line, 1, message, hint)


def _quoted(text: str) -> str:
    """The beginning of a text, which is enough to find it."""
    said = " ".join(text.split()).rstrip(".")
    return f'"{said}"' if len(said) <= 60 else f'"{said[:57].rstrip()}…"'
