"""Rules: what may lift a person up, read from a file that lies with the scripts, and whether such a file is sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec
import yaml
from msgspec import Struct

Leaves = Literal["replied", "seen", "updated", "contact"]
"""When a line goes: a reply to it, a mark that it was seen, a change of the agreement, or a contact that was noted."""

AGREEMENT = "agreement"
"""What lifts somebody up that is no answer: an agreement whose day has come."""


class RulesRefused(ValueError):
    """The file cannot be used. The message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """Answers to questions with this tag. ``only`` are the options that count, where not all do; ``never`` those that
    do not."""

    tag: str
    only: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()

    def chosen(self, options: frozenset[str]) -> frozenset[str]:
        """Those of the chosen options that count."""
        return (options & self.only if self.only else options) - self.never


@dataclass(frozen=True, slots=True)
class Rule:
    """One way up. ``heading`` and ``why`` are contexts of texts that specialists read; participants read the same list
    in words of their own, by ``code``. ``triggers`` is empty for agreements."""

    code: str
    heading: str
    why: str
    triggers: tuple[Trigger, ...]
    shows_answer: bool
    leaves: Leaves


class _Trigger(Struct, forbid_unknown_fields=True):
    tag: str
    only: list[str] = []
    never: list[str] = msgspec.field(default=[], name="not")


class _Rule(Struct, forbid_unknown_fields=True):
    code: str
    heading: str
    why: str
    on: list[_Trigger] | Literal["agreement"]
    shows: Literal["answer", "name"]
    leaves: Leaves


class _File(Struct, forbid_unknown_fields=True):
    declines: list[str]
    rules: list[_Rule]


def read_rules(text: str, wording: Mapping[str, object]) -> tuple[tuple[Rule, ...], frozenset[str]]:
    """The rules in their order, and the options that ask for nothing. ``wording`` has the texts that they name.

    Raises RulesRefused.
    """
    try:
        file = msgspec.convert(yaml.load(text, _Plain), _File)  # noqa: S506, a safe loader with one word less
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise RulesRefused(" ".join(str(error).split())) from None
    if mistake := next(_mistakes(file, wording), ""):
        raise RulesRefused(mistake)
    return tuple(map(_rule, file.rules)), frozenset(file.declines)


class _Plain(yaml.SafeLoader):
    """In which ``no`` and ``on`` are words and not truth values."""


_Plain.yaml_implicit_resolvers = {
    first: [each for each in known if each[0] != "tag:yaml.org,2002:bool"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _rule(read: _Rule) -> Rule:
    on = read.on if isinstance(read.on, list) else []
    triggers = tuple(Trigger(one.tag, frozenset(one.only), frozenset(one.never)) for one in on)
    return Rule(read.code, read.heading, read.why, triggers, shows_answer=read.shows == "answer", leaves=read.leaves)


def _mistakes(file: _File, wording: Mapping[str, object]) -> Iterator[str]:
    codes = [rule.code for rule in file.rules]
    if sum(rule.on == AGREEMENT for rule in file.rules) != 1:
        yield "Agreements whose day has come have one rule, no more and no less."
    yield from (f"{code} is here twice." for code in codes if codes.count(code) > 1)
    for rule in file.rules:
        for context in (rule.heading, rule.why):
            if context not in wording:
                yield f"{rule.code} names the text {context}, and there is none."
        if not rule.on:
            yield f"{rule.code} names nothing that lifts somebody up."
        if (rule.on == AGREEMENT) != (rule.leaves == "updated"):
            yield f'{rule.code}: "updated" is how an agreement leaves, and only an agreement.'
