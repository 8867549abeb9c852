"""Script writing: the steps of a script -> its text, in one of the ways in which a coordinator may write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from dialogues.durations import words as duration
from dialogues.model import OWN_WORDS, AnswerKind, Ask, Condition, Guard, Option, Say, Script, Share
from dialogues.model import Step as ModelStep


@dataclass(frozen=True, slots=True)
class Placed:
    """Where another dialogue's steps are run."""

    key: str
    dialogue: str
    guards: tuple[Guard, ...] = ()


@dataclass(slots=True)
class Draft:
    """A dialogue as it is written: its top, and its steps with ``run`` among them."""

    top: Script
    steps: list[ModelStep | Placed]


def written(draft: Draft, dice: Random) -> str:
    """The text of a dialogue. The dice decide between forms that mean the same."""
    lines = [*_top(draft.top), "steps:"]
    for step in draft.steps:
        lines += ["", f"  {_local(step.key)}:", *(f"    {line}" for line in _step(step, dice))]
    return "\n".join(lines) + "\n"


def _top(script: Script) -> Iterator[str]:
    yield f"dialogue: {script.dialogue}"
    if script.title:
        yield f"title: {script.title}"
    yield f"language: {script.language}"
    yield f"for: {script.audience}"
    if script.remind_after:
        yield f"remind after: {duration(script.remind_after)}"
    if script.close_after:
        yield f"close after: {duration(script.close_after)}"
    if script.at_most:
        yield f"at most: {script.at_most} questions"
    if script.remember:
        yield "remember:"
        yield from (f"  {local}: {target}" for local, target in script.remember.items())
    if script.rotations:
        yield "rotate:"
    for rotation in script.rotations:
        yield f"  - choose: {rotation.choose}"
        yield from ("    of:", *(f"      - {_local(key)}" for key in rotation.of))


def _step(step: ModelStep | Placed, dice: Random) -> Iterator[str]:
    for guard in step.guards:
        yield from _several("when", [_condition(each) for each in guard.every], dice)
        yield from _several("when any", [_condition(each) for each in guard.any], dice)
    match step:
        case Placed():
            yield f"run: {step.dialogue}"
            return
        case Say():
            yield from _block("say", step.text)
            yield from [f"picture: {step.picture}"] if step.picture else []
        case Share():
            yield from _block("share", step.text)
            yield from _several("offer", [_local(key) for key in step.offer], dice)
        case Ask():
            yield from _block("ask", step.text)
            yield from _answers(step, dice)
    yield from _several("topic", step.topics, dice)
    if step.for_each:
        yield f"for each: {_local(step.for_each)}"
    yield from _several("tags", step.tags, dice)


def _answers(ask: Ask, dice: Random) -> Iterator[str]:
    scale = ask.scale
    yield f"answer: {ask.kind}" + (f" {scale.low} to {scale.high}" if scale else "")
    if scale and scale.points:
        yield "points:"
        yield from (f"  - {_quoted(point)}" for point in scale.points)
    if scale and scale.low_text:
        yield f"low: {scale.low_text}"
        yield f"high: {scale.high_text}"
    yield from _options(ask)
    if ask.own_words:
        yield "own words: yes"
    elif ask.kind in (AnswerKind.ONE_OF, AnswerKind.ANY_OF) and dice.random() < 0.2:
        yield "own words: no"
    if ask.most:
        yield f"most: {ask.most}"
    yield from _several("alone", sorted(ask.alone), dice)
    if ask.option_topics:
        yield from ("topic:", *(f"  {option}: {topic}" for option, topic in ask.option_topics.items()))
    if ask.rest:
        yield f"not again within: {duration(ask.rest)}"
    yield from _shared(ask, dice)


def _options(ask: Ask) -> Iterator[str]:
    if not ask.options:
        return
    if ask.groups_of:
        yield f"groups of: {_local(ask.groups_of)}"
    yield "options:"
    group = ""
    for option in ask.options:
        if option.group != group:
            group = option.group
            yield f"  {group}:"
        yield _option(option)


def _option(option: Option) -> str:
    return f"{'    ' if option.group else '  '}{option.name}: {_quoted(option.text)}"


def _shared(ask: Ask, dice: Random) -> Iterator[str]:
    if ask.label:
        yield f"label: {_quoted(ask.label)}"
    if ask.group_labels:
        yield "label:"
        for group, text in ask.group_labels.items():
            yield f"  {'own words' if group == OWN_WORDS else group}: {_quoted(text)}"
    if ask.private:
        yield "private: yes"
    if ask.private_groups & {"yes", "no"}:
        yield from ("private:", *(f"  - {group}" for group in sorted(ask.private_groups)))
    else:
        yield from _several("private", sorted(ask.private_groups), dice)


def _several(key: str, words: Sequence[str], dice: Random) -> Iterable[str]:
    """One word may stand on the line of its key, or alone in a list."""
    if len(words) == 1 and dice.random() < 0.5:
        return [f"{key}: {words[0]}"]
    return [f"{key}:", *(f"  - {word}" for word in words)] if words else []


def _condition(condition: Condition) -> str:
    value = condition.value if isinstance(condition.value, str) else f"{condition.value:g}"
    return f"{_local(condition.question)} {condition.test} {value}".rstrip()


def _block(key: str, text: str) -> Iterator[str]:
    yield f"{key}: |"
    yield from (f"  {line}" for line in text.split("\n"))


def _quoted(text: str) -> str:
    return f'"{text}"'


def _local(key: str) -> str:
    return key.rpartition("/")[2]
