"""Colliding: texts that a person could type and that would then mean two things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.catalogs import forms
from bot.catalogs.finding import Finding
from bot.catalogs.lengths import is_option
from bot.catalogs.po import Entry

COMMANDS = "ui/command."
_BETWEEN = re.compile(r"\s*[,،、]\s*")

Entries = Mapping[str, Entry]


def words(text: str) -> set[str]:
    """The words of a command: several are written with commas between them."""
    return {word for each in _BETWEEN.split(text) if (word := _typed(each))}


def _typed(text: str) -> str:
    return " ".join(text.casefold().strip(" .!?؟/").split())


def collisions(code: str, languages: Mapping[str, Entries]) -> Iterator[Finding]:
    """Answers of one language that are a command in any language, for commands are understood in all of them;
    and words that stand for two commands."""
    commands = _commands(languages)
    for context, entry in languages[code].items():
        for text in forms.variants(entry.texts[0]) if is_option(context) else ():
            if others := commands.get(_typed(text)):
                command, where = min(others)
                what = f'The answer "{text}" is also the command {command} ({where}).'
                yield Finding(code, context, what, "Use another word for one of them.")
    mine: dict[str, set[str]] = defaultdict(set)
    for context, entry in _command_entries(languages[code]):
        for word in words(entry.texts[0]):
            mine[word].add(context)
    for word, contexts in mine.items():
        if len(contexts) > 1:
            what = f'The word "{word}" stands for {" and ".join(sorted(contexts))}.'
            yield Finding(code, min(contexts), what, "Use it for one of them.")


def _commands(languages: Mapping[str, Entries]) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for code, entries in languages.items():
        for context, entry in _command_entries(entries):
            for word in words(entry.texts[0]):
                found[word].add((context.removeprefix(COMMANDS), code))
    return found


def _command_entries(entries: Entries) -> Iterator[tuple[str, Entry]]:
    return ((context, entry) for context, entry in entries.items() if context.startswith(COMMANDS))


def confusable(code: str, entries: Entries) -> Iterator[Finding]:
    """Two answers to one question that differ in the source and read the same in the translation."""
    seen: dict[tuple[str, str], Entry] = {}
    for context, entry in entries.items():
        for text in forms.variants(entry.texts[0]) if is_option(context) else ():
            if not (typed := _typed(text)):
                continue
            other = seen.setdefault((context.rpartition("/")[0], typed), entry)
            if other.source != entry.source:
                what = f'"{text}" is also the text of {other.context}.'
                yield Finding(code, context, what, "Word them so that a person can tell them apart.")
