"""Differences: what another text of a script changes for the people it is for: its words, and its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher

from dialogues.drawings import FACES
from dialogues.durations import words as duration_words
from dialogues.model import Ask, Guard, Say, Script, Share, Step
from dialogues.outline import guard_text
from dialogues.texts import texts_of

Texts = Mapping[str, Mapping[str, str]]

RULES = (
    "when",
    "for_each",
    "topics",
    "rest",
    "answer",
    "options",
    "options_order",
    "alone",
    "most",
    "own_words",
    "private",
    "offer",
    "tags",
    "picture",
    "remind",
    "close",
    "at_most",
    "remember",
    "rotate",
)
"""What a rule can be about: each has a sentence."""


@dataclass(frozen=True, slots=True)
class Reworded:
    """A text before and now, by its context. ``before`` is "" for a new one, ``now`` for one that is gone."""

    context: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Something other than words. ``about`` is ``added``, ``removed``, ``moved`` or one of ``RULES``; ``step`` is ""
    for the whole dialogue."""

    step: str
    about: str
    before: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that is not as it was."""

    words: tuple[Reworded, ...] = ()
    rules: tuple[Rule, ...] = ()
    sharing: tuple[Rule, ...] = ()
    """Rules about what can be shared, what stays private, and who takes part."""

    def __bool__(self) -> bool:
        return bool(self.words or self.rules or self.sharing)


_SHARING = frozenset({"private", "offer"})


def differences(before: Script | None, now: Script) -> Differences:
    """What ``now`` changes. Without a script before, everything is new and nothing is a change of words."""
    if before is None:
        return Differences(rules=tuple(Rule(_name(now, step.key), "added") for step in now.steps))
    rules = [*_rules(before, now)]
    return Differences(
        tuple(_words(before, now)),
        tuple(rule for rule in rules if rule.about not in _SHARING),
        tuple(rule for rule in rules if rule.about in _SHARING),
    )


def _words(before: Script, now: Script) -> Iterator[Reworded]:
    old, new = ({text.context: text.text for text in texts_of(script)} for script in (before, now))
    for context in (*new, *(gone for gone in old if gone not in new)):
        if old.get(context, "") != new.get(context, ""):
            yield Reworded(context, old.get(context, ""), new.get(context, ""))


def _rules(before: Script, now: Script) -> Iterator[Rule]:
    yield from _of_top(before, now)
    old, new = before.by_key, now.by_key
    yield from (Rule(_name(now, key), "added") for key in new if key not in old)
    yield from (Rule(_name(before, key), "removed") for key in old if key not in new)
    yield from (Rule(_name(now, key), "moved") for key in _moved([*old], [*new]))
    for key, step in new.items():
        if key in old:
            was, is_now = _facts(before, old[key]), _facts(now, step)
            for about in RULES:
                if was.get(about, "") != is_now.get(about, "") and not _said_already(about, was, is_now):
                    yield Rule(_name(now, key), about, was.get(about, ""), is_now.get(about, ""))


def _said_already(about: str, was: Mapping[str, str], is_now: Mapping[str, str]) -> bool:
    """Other options stand in another order."""
    return about == "options_order" and was.get("options", "") != is_now.get("options", "")


def _of_top(before: Script, now: Script) -> Iterator[Rule]:
    was, is_now = _top(before), _top(now)
    for about in RULES:
        if was.get(about, "") != is_now.get(about, ""):
            yield Rule("", about, was.get(about, ""), is_now.get(about, ""))


def _top(script: Script) -> dict[str, str]:
    turns = [f"{each.choose} × {', '.join(_name(script, key) for key in each.of)}" for each in script.rotations]
    return {
        "remind": _time(script.remind_after),
        "close": _time(script.close_after),
        "at_most": str(script.at_most or ""),
        "remember": ", ".join(f"{name}: {target}" for name, target in script.remember.items()),
        "rotate": "; ".join(turns),
    }


def _moved(old: list[str], new: list[str]) -> list[str]:
    """Steps that stand in another order among those that stayed."""
    stayed = [key for key in old if key in new]
    order = [key for key in new if key in old]
    blocks = SequenceMatcher(None, stayed, order, autojunk=False).get_matching_blocks()
    in_place = {stayed[block.a + step] for block in blocks for step in range(block.size)}
    return [key for key in order if key not in in_place]


def _facts(script: Script, step: Step) -> dict[str, str]:
    found = {
        "when": _guards(script, step.guards),
        "for_each": _name(script, step.for_each),
        "topics": ", ".join(step.topics),
        "tags": ", ".join(step.tags),
    }
    match step:
        case Say():
            found |= {"answer": "say", "picture": step.picture}
        case Share():
            found |= {"answer": "share", "offer": ", ".join(_name(script, key) for key in step.offer)}
        case Ask():
            found |= _of_question(script, step)
    return found


def _of_question(script: Script, step: Ask) -> dict[str, str]:
    names = [option.name for option in step.options]
    scale = f" {step.scale.low}-{step.scale.high}" if step.scale else ""
    topics = [f"{name}: {topic}" for name, topic in step.option_topics.items()]
    return {
        "answer": step.kind.value + scale,
        "options": ", ".join(sorted(names)),
        "options_order": ", ".join(names) if names else "",
        "alone": ", ".join(sorted(step.alone)),
        "most": str(step.most or ""),
        "own_words": "yes" if step.own_words else "",
        "private": "yes" if step.private else ", ".join(sorted(step.private_groups)),
        "rest": _time(step.rest),
        "topics": ", ".join((*step.topics, *topics)),
        "picture": FACES if step.faces else ", ".join(f"{name}: {drawn}" for name, drawn in step.drawings.items()),
        "when": " · ".join(filter(None, (_guards(script, step.guards), _name(script, step.groups_of)))),
    }


def _guards(script: Script, guards: tuple[Guard, ...]) -> str:
    return " · ".join(guard_text(script, guard) for guard in guards)


def _name(script: Script, key: str) -> str:
    return key.removeprefix(f"{script.dialogue}/")


def _time(length: timedelta | None) -> str:
    return "" if length is None else duration_words(length)
