"""Attention: the only ways a person can be lifted to the top of a digest. Every one is something the person did.

A rule reads which options of a tagged question were chosen, and nothing else: no scale value, no free text, no
language, no time and no silence. The rules lie with the scripts (``dialogues/attention.yaml``); each carries the
sentence that answers "Why am I seeing this?" and says when its line leaves. They are read once, at the start: a Medvind
whose rules are not sound does not start.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from msgspec.structs import replace

from bot.digest.rules import Rule as Rule
from bot.digest.rules import Trigger, read_rules
from bot.lines import CardLine
from bot.wording import WORDING
from dialogues.model import AnswerKind, Ask, Script

_CHOOSING = (AnswerKind.ONE_OF, AnswerKind.ANY_OF, AnswerKind.YES_OR_NO)


class Attention(NamedTuple):
    """The rules in the order of the overview: requests, agreements, news. ``declines`` are the options that ask for
    nothing, ``replied`` the codes of the rules whose lines wait for an answer, ``agreed`` is the rule of agreements
    whose day has come, and ``tags`` are those of all questions that a rule reads."""

    rules: tuple[Rule, ...]
    declines: frozenset[str]
    replied: frozenset[str]
    agreed: Rule
    tags: frozenset[str]


@cache
def attention() -> Attention:
    """What the file says. Raises RulesRefused."""
    rules, declines = read_rules(files("dialogues").joinpath("attention.yaml").read_text(encoding="utf-8"), WORDING)
    return Attention(
        rules,
        declines,
        replied=frozenset(rule.code for rule in rules if rule.leaves == "replied"),
        agreed=next(rule for rule in rules if rule.leaves == "updated"),
        tags=frozenset(trigger.tag for rule in rules for trigger in rule.triggers),
    )


class Lift(NamedTuple):
    """A rule that lifts a shared line, and as much of the line as it is about."""

    rule: Rule
    line: CardLine


def lifts(script: Script, line: CardLine) -> tuple[Lift, ...]:
    """Every rule that lifts this shared line: in one answer there can be two requests."""
    ask = script.by_key.get(line.name.partition(":")[0])
    if line.withdrawn or not isinstance(ask, Ask) or attention().tags.isdisjoint(ask.tags):
        return ()
    found = (_lift(rule, ask, line) for rule in attention().rules)
    return tuple(lift for lift in found if lift is not None)


def rule_for(script: Script, line: CardLine) -> Rule | None:
    """The first rule that lifts this shared line, if one does."""
    return next((lift.rule for lift in lifts(script, line)), None)


def _lift(rule: Rule, ask: Ask, line: CardLine) -> Lift | None:
    for trigger in rule.triggers:
        if trigger.tag in ask.tags and (about := _about(trigger, ask, line)) is not None:
            return Lift(rule, about)
    return None


def _about(trigger: Trigger, ask: Ask, line: CardLine) -> CardLine | None:
    """What of a line a trigger is about. Options that stand alone ("not now", "nothing special") decline."""
    has_words = bool(line.answer.words or line.answer.voice)
    if ask.kind not in _CHOOSING:
        return line if has_words or line.answer.day else None
    chosen = trigger.chosen(frozenset(line.answer.choices) - ask.alone - attention().declines)
    if trigger.only:
        return _narrowed(line, chosen, words="") if chosen else None
    return _narrowed(line, chosen, words=line.answer.words) if chosen or has_words else None


def _narrowed(line: CardLine, chosen: frozenset[str], words: str) -> CardLine:
    kept = tuple(choice for choice in line.answer.choices if choice in chosen)
    return replace(line, answer=replace(line.answer, choices=kept, words=words))
