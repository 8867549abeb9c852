"""Helping: which steps of a script say where help is, and everything on which it depends whether somebody sees them.

A step says where help is when its words name "Help now" or a number to call, when its name is that of the words after
very hard weeks, or when it has the tag ``says:help``: that is for scripts in other languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.catalogs.safety import is_safety
from bot.wording.chat import HELP
from dialogues.model import Ask, Script, Share, Step

SAYS_HELP = "says:help"
"""The tag of a step that says where help is, in whatever words."""

_NAME = str(HELP["ui/help.now"]).casefold()
_NUMBER = re.compile(r"(?<![\w{])\+?\d(?:[ \u00a0]?\d){2,}(?!\w)")
"""A number to call: at least three digits."""


def says_help(step: Step) -> bool:
    """Whether a step says where help is."""
    options = (option.text for option in step.options) if isinstance(step, Ask) else ()
    said = (step.text, *options)
    named = any(_NAME in text.casefold() or _NUMBER.search(text) for text in said)
    return named or SAYS_HELP in step.tags or (not isinstance(step, Share) and is_safety(step.key))


def rules(script: Script) -> Iterator[object]:
    """When each of these steps is shown: what it waits for, what those answers can be, after which step it comes."""
    before = ""
    for step in script.steps:
        if says_help(step):
            shown = (step.guards, step.topics, step.for_each)
            yield step.key, before, shown, tuple(_question(script, key) for key in sorted(_asked(script, step, set())))
        before = step.key


def depends_on(script: Script) -> set[str]:
    """The keys of the questions whose answers decide whether help is shown."""
    found: set[str] = set()
    for step in script.steps:
        if says_help(step):
            _asked(script, step, found)
    return {key for key in found if key in script.by_key}


def _asked(script: Script, step: Step, found: set[str]) -> set[str]:
    """The questions that a step waits for, and those that they wait for in turn; remembered ones by what is remembered.
    What was ``found`` is not followed again."""
    conditions = (one for guard in step.guards for one in (*guard.every, *guard.any))
    names = [*(one.question for one in conditions), *filter(None, (step.for_each, getattr(step, "groups_of", "")))]
    for name in names:
        key = script.remember.get(name, name)
        if name in script.remember:
            found.add(f"{name} = {key}")
        if key not in found:
            found.add(key)
            if key in script.by_key:
                _asked(script, script.by_key[key], found)
    return found


def _question(script: Script, key: str) -> object:
    """Everything that decides about an answer, but for the words of the question."""
    step = script.by_key.get(key)
    if not isinstance(step, Ask):
        return key
    turns = tuple(rotation for rotation in script.rotations if key in rotation.of)
    options = tuple((option.name, option.group) for option in step.options)
    scale = step.scale and (step.scale.low, step.scale.high)
    shown = (step.guards, step.topics, tuple(sorted(step.option_topics.items())), step.rest, step.for_each)
    return key, step.kind, options, sorted(step.alone), step.most, scale, shown, turns
