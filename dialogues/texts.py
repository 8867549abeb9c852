"""Texts: every translatable text of a script with its context, and the placeholders that stand in texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dialogues.model import Ask, Script, Step
from dialogues.problems import Problem

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_ISOLATE, _END = "\u2068", "\u2069"
_INITIATORS = "\u2066\u2067\u2068"
_ISOLATES = frozenset(_INITIATORS + _END)


@dataclass(frozen=True, slots=True)
class Text:
    """One text, its permanent context (``weekly_checkin/hard/work``) and the line it stands on."""

    context: str
    text: str
    line: int = 0


def placeholders(text: str) -> frozenset[str]:
    """What stands between braces in a text, whether or not it can be filled in."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str], isolate: bool = True) -> str:
    """Put values in place of the ``{placeholders}``. Raises KeyError for one that has no value.

    Nothing but whole names is looked up, so a text cannot reach anything else; a value that holds braces stays as it
    is. Values are wrapped in Unicode isolates (UAX 9), so that a name does not turn the sentence around it.
    """
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda found: _isolated(values[found[1]]) if isolate else values[found[1]], text)


def _isolated(value: str) -> str:
    """An isolate ends with its line, so every line of a value gets its own."""
    return "\n".join(f"{_ISOLATE}{_balanced(line)}{_END}" for line in value.split("\n"))


def _balanced(line: str) -> str:
    """A line whose own isolates all end in it: a stray end in a person's words would end ours too early."""
    if _ISOLATES.isdisjoint(line):
        return line
    kept: list[str] = []
    open_isolates = 0
    for letter in line:
        if letter == _END and not open_isolates:
            continue
        open_isolates += (letter in _INITIATORS) - (letter == _END)
        kept.append(letter)
    return "".join(kept) + _END * open_isolates


def texts_of(script: Script) -> tuple[Text, ...]:
    """The texts of the script's own steps, in reading order; those of dialogues that it runs belong to their own."""
    title = [Text(f"{script.dialogue}.title", script.title, 1)] if script.title else []
    own = (step for step in script.steps if step.key.startswith(f"{script.dialogue}/"))
    return (*title, *(text for step in own for text in _of_step(step)))


def _of_step(step: Step) -> Iterator[Text]:
    yield Text(step.key, step.text, step.line)
    if isinstance(step, Ask):
        yield from (Text(f"{step.key}/{option.name}", option.text, option.line) for option in step.options)
        yield from _of_scale(step)
        yield from _of_labels(step)


def _of_scale(step: Ask) -> Iterator[Text]:
    if step.scale is None:
        return
    for number, text in enumerate(step.scale.points, step.scale.low):
        yield Text(f"{step.key}/{number}", text, step.line)
    for end, text in (("low", step.scale.low_text), ("high", step.scale.high_text)):
        if text:
            yield Text(f"{step.key}/{end}", text, step.line)


def _of_labels(step: Ask) -> Iterator[Text]:
    if step.label:
        yield Text(f"{step.key}.label", step.label, step.line)
    for group, text in step.group_labels.items():
        yield Text(f"{step.key}.label/{group}", text, step.line)


def renamed(texts: Iterable[Text], locked: Mapping[str, str]) -> list[Problem]:
    """Names that changed while their texts did not, compared with the texts that are known (``locked``: context ->
    text). Only the dialogues that ``texts`` belong to are looked at.

    Steps are recognised by their own text, options by their text within a step that kept its name; so an option "No"
    that is new somewhere else is nobody's new name.
    """
    now = {text.context: text for text in texts}
    places = {_place(context) for context in now}
    gone: dict[tuple[str, str], str] = {}
    for context, text in locked.items():
        if context not in now and _place(context) in places and _named(context):
            gone.setdefault((_place(context), text), context)
    new = (text for text in now.values() if text.context not in locked and _named(text.context))
    return [
        _renaming(text, gone[_place(text.context), text.text])
        for text in new
        if (_place(text.context), text.text) in gone
    ]


def _place(context: str) -> str:
    """What a name has to be unique in: the dialogue of a step, the step of an option."""
    return context.rpartition("/")[0]


def _named(context: str) -> bool:
    """Whether a context ends in a name that answers are stored by (labels, titles and the ends of scales do not)."""
    return "/" in context and ".label" not in context and not context.endswith(("/low", "/high"))


def _renaming(text: Text, before: str) -> Problem:
    old, new = (context.rpartition("/")[2] for context in (before, text.context))
    message = f'"{new}" has the text that "{old}" had. Under a new name, its answers and translations are lost.'
    return Problem("MV056", text.line, 1, message, f'Did you mean "{old}"?')
