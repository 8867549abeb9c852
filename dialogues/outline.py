"""Outline: a script as a page to read and as a graph, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dialogues import ways
from dialogues.durations import words as duration_words
from dialogues.model import Ask, Condition, Guard, Rotation, Say, Script, Share, Step, topics_of

WORDS_A_MINUTE = 150
"""How fast plain text is read in a second language, with thought (careful silent reading is 200 and more)."""
SECONDS_A_QUESTION = 4
"""To choose and tap."""


def longest_path(script: Script) -> int:
    """The most questions that one conversation can show; OK, share steps and what is only said do not count.

    Where there are too many ways to go them all, the number of all questions.
    """
    found = ways.walk(script)
    if found.exact:
        return int(found.longest)
    without_a_turn = sum(len(each.of) - each.choose for each in script.rotations)
    return int(sum(_at_most(script, step) for step in script.steps)) - without_a_turn


def reading_time(script: Script) -> timedelta:
    """How long the way with most to read and to answer takes, to the second; writing own words takes longer."""
    found = ways.walk(script, _seconds)
    seconds = found.longest if found.exact else sum(_seconds(step) for step in script.steps)
    return timedelta(seconds=round(seconds))


def _at_most(script: Script, step: Step) -> float:
    source = script.by_key.get(step.for_each)
    times = len(source.options) + source.own_words if isinstance(source, Ask) else 1
    return ways.question(step) * times


def _seconds(step: Step) -> float:
    shown = [step.text]
    if isinstance(step, Ask):
        shown += [option.text for option in step.options]
        shown += [*step.scale.points, step.scale.low_text, step.scale.high_text] if step.scale else []
    count = sum(len(text.split()) for text in shown)
    return count * 60 / WORDS_A_MINUTE + ways.question(step) * SECONDS_A_QUESTION


def outline(script: Script) -> str:
    """The steps as a page for people: what each says or asks, when, and what becomes of the answer."""
    return "\n".join([*_head(script), *(line for step in script.steps for line in _step(script, step))]) + "\n"


def _head(script: Script) -> Iterator[str]:
    yield f"{script.title} ({script.dialogue}, {script.language})" if script.title else script.dialogue
    seconds = int(reading_time(script).total_seconds())
    yield f"At most {longest_path(script)} questions, about {seconds // 60} min {seconds % 60} s."
    if script.remind_after:
        yield f"One reminder after {duration_words(script.remind_after)}."
    if script.close_after:
        yield f"Closes after {duration_words(script.close_after)}."
    yield from (f"Remembers {name}: {target}" for name, target in script.remember.items())
    for each in script.rotations:
        yield f"Asks {each.choose} in turn of: {', '.join(_short(script, key) for key in each.of)}"


def _step(script: Script, step: Step) -> Iterator[str]:
    yield ""
    yield f"{_short(script, step.key)}  ({_what(step)})"
    yield from (f"    only if {guard}" for guard in _guards(script, step))
    if step.topics:
        yield f"    only who lets us ask about: {', '.join(step.topics)}"
    if step.for_each:
        yield f"    once for each of: {_short(script, step.for_each)}"
    if isinstance(step, Ask) and step.rest:
        yield f"    not again within {duration_words(step.rest)}"
    yield from (f"    {line}" for line in step.text.split("\n"))
    match step:
        case Ask():
            yield from (f"      {line}" for line in _answers(step))
        case Share():
            yield from (f"      [ ] {_short(script, key)}{_private(script, key)}" for key in step.offer)


def _what(step: Step) -> str:
    match step:
        case Say():
            return f"says, with the picture of the {step.picture}" if step.picture else "says"
        case Share():
            return "offers for sharing"
        case Ask():
            most = f", at most {step.most}" if step.most else ""
            return f"asks: {step.kind.value}{most}"


def _answers(step: Ask) -> Iterator[str]:
    group = ""
    for option in step.options:
        if option.group != group:
            group = option.group
            yield f"{group}:"
        topic = step.option_topics.get(option.name, "")
        notes = ["alone"] * (option.name in step.alone) + [f"about {topic}"] * bool(topic)
        yield f"- {option.text}" + (f" ({', '.join(notes)})" if notes else "")
    if step.own_words:
        yield "- own words"
    if step.scale:
        ends = {step.scale.low: step.scale.low_text, step.scale.high: step.scale.high_text}
        points = step.scale.points or [ends.get(n, "") for n in range(step.scale.low, step.scale.high + 1)]
        yield from (f"{number} {text}".rstrip() for number, text in enumerate(points, step.scale.low))


def _private(script: Script, key: str) -> str:
    step = script.by_key[key]
    assert isinstance(step, Ask), "only questions are offered"
    if step.private_groups:
        return f"  (private: {', '.join(sorted(step.private_groups))})"
    return "  (private)" if step.private else ""


def _guards(script: Script, step: Step) -> Iterator[str]:
    return (guard_text(script, guard) for guard in step.guards)


def guard_text(script: Script, guard: Guard) -> str:
    """When a step comes, as its author would say it."""
    every = [_condition(script, each) for each in guard.every]
    one = " or ".join(_condition(script, each) for each in guard.any)
    return " and ".join([*every, *([f"({one})" if every and len(guard.any) > 1 else one] if one else [])])


def _condition(script: Script, condition: Condition) -> str:
    value = condition.value if isinstance(condition.value, str) else f"{condition.value:g}"
    return f"{_short(script, condition.question)} {condition.test.value} {value}".rstrip()


def _short(script: Script, key: str) -> str:
    """A key without the dialogue, when it is the script's own."""
    return key.removeprefix(f"{script.dialogue}/")


# The graph ------------------------------------------------------------------------------------------------------------


def graph(script: Script) -> str:
    """The script in Graphviz's DOT: steps from top to bottom, dotted lines from answers to what depends on them."""
    lines = [f"digraph {_quoted(script.dialogue)} {{", "  node [shape=box, fontname=sans];", "  edge [fontname=sans];"]
    lines += [f"  {_quoted(name)} [shape=cylinder, style=dashed];" for name in script.remember]
    lines += [line for number, each in enumerate(script.rotations, 1) for line in _turns(number, each)]
    lines += [_node(script, step) for step in script.steps]
    lines += [
        f"  {_quoted(before.key)} -> {_quoted(after.key)};"
        for before, after in zip(script.steps, script.steps[1:], strict=False)
    ]
    lines += [line for step in script.steps for line in _edges(script, step)]
    return "\n".join([*lines, "}"]) + "\n"


def _turns(number: int, rotation: Rotation) -> Iterator[str]:
    """Questions that take turns hang together by a node of their own."""
    name = f"turns {number}"
    yield f"  {_quoted(name)} [shape=ellipse, style=dashed, label={_quoted(f'{rotation.choose} in turn')}];"
    yield from (_edge(name, key, "") for key in rotation.of)


def _node(script: Script, step: Step) -> str:
    lines = [_short(script, step.key), step.text.split("\n")[0]]
    if isinstance(step, Ask):
        lines.append(_what(step))
    if topics := topics_of(step):
        lines.append(f"topic: {', '.join(topics)}")
    shape = "note" if isinstance(step, Say) else "component" if isinstance(step, Share) else "box"
    label = _quoted("\n".join(lines))
    return f"  {_quoted(step.key)} [shape={shape}, label={label}];"


def _edges(script: Script, step: Step) -> Iterator[str]:
    conditions = [each for guard in step.guards for each in (*guard.every, *guard.any)]
    for each in conditions:
        value = each.value if isinstance(each.value, str) else f"{each.value:g}"
        label = f"{each.test.value} {value}".rstrip()
        yield _edge(each.question, step.key, label)
    if step.for_each:
        yield _edge(step.for_each, step.key, "for each")
    if isinstance(step, Ask) and step.groups_of:
        yield _edge(step.groups_of, step.key, "groups")
    if isinstance(step, Share):
        yield from (_edge(key, step.key, "") for key in step.offer)


def _edge(start: str, end: str, label: str) -> str:
    return f"  {_quoted(start)} -> {_quoted(end)} [style=dotted, constraint=false, label={_quoted(label)}];"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
