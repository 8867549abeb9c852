"""Attention: the only ways a person can be lifted to the top of a digest. Every one is something the person did.

A rule reads which options of a tagged question were chosen, and nothing else: no scale value, no free text, no
language, no time and no silence. Each rule carries the sentence that answers "Why am I seeing this?".
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.lines import CardLine
from dialogues.model import OWN_WORDS, AnswerKind, Ask, Script

NO = "no"
"""The answer to a yes-or-no question that asks for nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way up. ``tag`` is what a coordinator writes under ``tags:``; ``heading`` and ``why`` are ``staff/`` texts.
    The line leaves with the day: it stands in the digest of the day it was shared for."""

    code: str
    tag: str
    heading: str
    why: str


RULES: tuple[Rule, ...] = (
    Rule("A1", "asks:contact", "staff/asked_for_contact", "staff/why_contact"),
    Rule("A2", "asks:help", "staff/asked_for_help", "staff/why_help"),
    Rule("A3", "asks:interpreter", "staff/asked_for_interpreter", "staff/why_interpreter"),
    Rule("A5", "tells:news", "staff/news", "staff/why_news"),
)
"""In the order of the overview: requests, then news."""


def rule_for(script: Script, line: CardLine) -> Rule | None:
    """The rule that lifts this shared line, if one does."""
    ask = script.by_key.get(line.name.partition(":")[0])
    if not isinstance(ask, Ask) or not _asks(ask, line):
        return None
    return next((rule for rule in RULES if rule.tag in ask.tags), None)


def _asks(ask: Ask, line: CardLine) -> bool:
    """Options that stand alone ("not now", "nothing special") are ways to decline."""
    chosen = set(line.answer.choices) - ask.alone
    if ask.kind is AnswerKind.YES_OR_NO:
        return bool(chosen - {NO})
    if ask.kind in (AnswerKind.ONE_OF, AnswerKind.ANY_OF):
        return bool(chosen) or line.group == OWN_WORDS or bool(line.answer.words)
    return bool(line.answer.words or line.answer.voice)
