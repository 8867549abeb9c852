"""Changing: one edit carried out in the text of a script. Only the lines of what is changed are written anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import assert_never

from bot.editor import references, tree, writing
from bot.editor.edits import (
    AddOption,
    AddStep,
    CannotEdit,
    Edit,
    MoveOption,
    MoveStep,
    RemoveOption,
    RemoveStep,
    RenameOption,
    RenameStep,
    Replace,
    Reword,
    SetKey,
    UnsetKey,
)
from bot.editor.tree import Items, Keys, Unreadable, Word
from dialogues.model import OWN_WORDS
from dialogues.reading.grammar import NAME, OPTION_NAME, RESERVED, RESERVED_OPTIONS, STEP_KEYS, STEP_KINDS, TOP_KEYS

_ORDER = (
    *("for each", "when", "when any", "topic", "not again within", *STEP_KINDS, "picture", "answer", "points", "low"),
    *("high", "most", "groups of", "options", "alone", "own words", "private", "label", "offer", "tags"),
)
"""Where a new key goes among those that are there."""


def apply(text: str, edit: Edit) -> str:
    """The text with one change. Raises CannotEdit; a change that leaves a mistake is none of its business."""
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if isinstance(edit, Replace):
        return _joined(_replaced(lines, edit))
    try:
        top = tree.read(_joined(lines))
    except Unreadable:
        raise CannotEdit("unreadable") from None
    return _joined(_changed(lines, top, edit))


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _changed(lines: list[str], top: Keys, edit: Edit) -> list[str]:
    match edit:
        case Reword():
            return _reword(lines, top, edit)
        case AddStep():
            return _add_step(lines, top, edit)
        case RemoveStep(step):
            return _removed(lines, _steps(top), step)
        case MoveStep(step, after):
            return _moved(lines, _steps, top, step, after)
        case RenameStep():
            return _rename_step(lines, top, edit)
        case AddOption():
            return _add_option(lines, top, edit)
        case RemoveOption(step, option):
            return _removed(lines, _group_of(top, step, option), option)
        case MoveOption(step, option, after):
            return _moved(lines, lambda again: _group_of(again, step, option, after), top, option, after)
        case RenameOption():
            return _rename_option(lines, top, edit)
        case SetKey(step, key, value):
            return _set_key(lines, top, step, key, value)
        case UnsetKey(step, key):
            return _unset_key(lines, _fields(top, step), key)
        case Replace():  # pragma: no cover - it needs no tree
            return _replaced(lines, edit)
        case _:
            assert_never(edit)


def _steps(top: Keys) -> Keys:
    node = top.node("steps")
    if not isinstance(node, Keys) or node.flow:
        raise CannotEdit("no_steps")
    return node


def _fields(top: Keys, step: str) -> Keys:
    """What stands in a step, or at the top without one."""
    if not step:
        return top
    node = _steps(top).node(step)
    if node is None:
        raise CannotEdit("gone", step)
    if not isinstance(node, Keys) or node.flow:
        raise CannotEdit("only_in_text", step)
    return node


def _options(top: Keys, step: str) -> Keys:
    node = _fields(top, step).node("options")
    if not isinstance(node, Keys) or node.flow:
        raise CannotEdit("only_in_text", step)
    return node


def _group_of(top: Keys, step: str, option: str, *others: str) -> Keys:
    """The keys that an option stands among: all options, or those of its group."""
    options = _options(top, step)
    groups = [options, *(node for _, node in options.pairs.values() if isinstance(node, Keys) and not node.flow)]
    for group in groups:
        if all(isinstance(group.node(name), Word) for name in (option, *filter(None, others))):
            return group
    raise CannotEdit("gone", option)


def _reword(lines: list[str], top: Keys, edit: Reword) -> list[str]:
    text, fields = writing.tidy(edit.text), _fields(top, edit.step)
    if not edit.step:
        return _set_key(lines, top, "", "title", text)
    if not edit.part:
        kind = next((kind for kind in STEP_KINDS if kind in fields.pairs), "")
        if not kind:
            raise CannotEdit("only_in_text", edit.step)
        key, old = fields.pairs[kind]
        return writing.replaced(lines, key, old, text, block=kind != "run")
    if edit.part in ("label", "low", "high"):
        return _set_key(lines, top, edit.step, edit.part, text)
    if edit.part.startswith("label/"):
        return _reword_label(lines, fields, edit, text)
    if edit.part.isdigit():
        return _reword_point(lines, fields, edit, text)
    key, old = _group_of(top, edit.step, edit.part).pairs[edit.part]
    return writing.replaced(lines, key, old, text)


def _reword_label(lines: list[str], fields: Keys, edit: Reword, text: str) -> list[str]:
    labels, group = fields.node("label"), edit.part.removeprefix("label/")
    group = "own words" if group == OWN_WORDS else group
    if not isinstance(labels, Keys) or labels.flow or group not in labels.pairs:
        raise CannotEdit("only_in_text", group)
    key, old = labels.pairs[group]
    return writing.replaced(lines, key, old, text)


def _reword_point(lines: list[str], fields: Keys, edit: Reword, text: str) -> list[str]:
    points, answer = fields.node("points"), fields.node("answer")
    begins = re.search(r"\d+", answer.value) if isinstance(answer, Word) else None
    at = int(edit.part) - int(begins[0]) if begins else -1
    if not isinstance(points, Items) or not 0 <= at < len(points.items):
        raise CannotEdit("only_in_text", edit.part)
    values = [item.value.strip() if isinstance(item, Word) else "" for item in points.items]
    values[at] = text
    return writing.replaced(lines, fields.pairs["points"][0], points, values)


def _add_step(lines: list[str], top: Keys, edit: AddStep) -> list[str]:
    steps = _steps(top)
    _new_name(edit.name, steps, NAME, RESERVED)
    if edit.kind not in STEP_KINDS:
        raise CannotEdit("kind")
    if edit.after and edit.after not in steps.pairs:
        raise CannotEdit("gone", edit.after)
    column = next(iter(steps.pairs.values()))[0].column
    inner = column + writing.STEP_IN
    new = [" " * column + f"{edit.name}:"]
    new += writing.key_lines(inner, edit.kind, writing.tidy(edit.text), block=edit.kind != "run")
    if edit.kind == "ask":
        new += writing.key_lines(inner, "answer", edit.answer or "ok")
        if edit.answer in ("one of", "any of"):
            new += [" " * inner + "options:", " " * (inner + 2) + "first: First", " " * (inner + 2) + "second: Second"]
    gap = [""] if writing.spaced(lines, steps) else []
    return writing.inserted(lines, steps, new, edit.after, gap)


def _removed(lines: list[str], parent: Keys, key: str) -> list[str]:
    if key not in parent.pairs:
        raise CannotEdit("gone", key)
    if len(parent.pairs) == 1:
        raise CannotEdit("last")
    return writing.cut(lines, parent, key)[0]


def _moved(lines: list[str], among: Callable[[Keys], Keys], top: Keys, key: str, after: str) -> list[str]:
    parent = among(top)
    if key not in parent.pairs or (after and after not in parent.pairs):
        raise CannotEdit("gone", key if key not in parent.pairs else after)
    if key == after or len(parent.pairs) == 1:
        return lines
    rest, own, gap = writing.cut(lines, parent, key)
    if not gap and writing.spaced(lines, parent):
        gap = [""]
    without = tree.read(_joined(rest))
    place = _same_place(parent, key, without, after or next(name for name in parent.pairs if name != key))
    return writing.inserted(rest, place, own, after, gap)


def _same_place(before: Keys, gone: str, top: Keys, one: str) -> Keys:
    """The keys of ``before`` without one of them, in a text that was read again."""
    names = [name for name in before.pairs if name != gone]
    found = next((keys for keys in _all_keys(top) if list(keys.pairs) == names and one in keys.pairs), None)
    if found is None:  # pragma: no cover - the text was only shortened by whole entries
        raise CannotEdit("only_in_text", gone)
    return found


def _all_keys(node: tree.Node) -> Iterator[Keys]:
    match node:
        case Keys(pairs=pairs):
            yield node
            for _, value in pairs.values():
                yield from _all_keys(value)
        case Items(items=items):
            for item in items:
                yield from _all_keys(item)


def _rename_step(lines: list[str], top: Keys, edit: RenameStep) -> list[str]:
    steps = _steps(top)
    _fields(top, edit.step)
    _new_name(edit.name, steps, NAME, RESERVED)
    found = [*references.to_step(top, edit.step), references.of_key(steps.pairs[edit.step][0])]
    return references.renamed(lines, found, edit.step, edit.name)


def _rename_option(lines: list[str], top: Keys, edit: RenameOption) -> list[str]:
    group = _group_of(top, edit.step, edit.option)
    for node in (group, _options(top, edit.step)):
        _new_name(edit.name, node, OPTION_NAME, RESERVED_OPTIONS)
    found = [*references.to_option(top, edit.step, edit.option), references.of_key(group.pairs[edit.option][0])]
    return references.renamed(lines, found, edit.option, edit.name)


def _add_option(lines: list[str], top: Keys, edit: AddOption) -> list[str]:
    options = _options(top, edit.step)
    inner = [node for _, node in options.pairs.values() if isinstance(node, Keys)]
    place = options.node(edit.group) if edit.group else options
    if not isinstance(place, Keys) or place.flow or (inner and not edit.group):
        raise CannotEdit("groups")
    for node in (options, *inner):
        _new_name(edit.name, node, OPTION_NAME, RESERVED_OPTIONS)
    after = edit.after or list(place.pairs)[-1]
    if after not in place.pairs:
        raise CannotEdit("gone", after)
    column = next(iter(place.pairs.values()))[0].column
    return writing.inserted(lines, place, writing.key_lines(column, edit.name, writing.tidy(edit.text)), after, [])


def _set_key(lines: list[str], top: Keys, step: str, key: str, value: str | tuple[str, ...]) -> list[str]:
    fields = _fields(top, step)
    if key not in (STEP_KEYS if step else TOP_KEYS) or key in ("steps", "remember", "rotate", "options"):
        raise CannotEdit("only_in_text", key)
    value = value[0] if isinstance(value, tuple) and len(value) == 1 and key != "points" else value
    if not value:
        return _unset_key(lines, fields, key) if key in fields.pairs else lines
    if key in fields.pairs:
        word, old = fields.pairs[key]
        if isinstance(old, Keys):
            raise CannotEdit("only_in_text", key)
        return writing.replaced(lines, word, old, value)
    column = next(iter(fields.pairs.values()))[0].column
    return writing.inserted(lines, fields, writing.key_lines(column, key, value), _before(fields, key, step), [])


def _before(fields: Keys, key: str, step: str) -> str:
    """The key after which a new one goes."""
    order = _ORDER if step else TOP_KEYS
    rank = {name: number for number, name in enumerate(order)}
    earlier = [name for name in fields.pairs if rank.get(name, len(rank)) < rank[key]]
    return earlier[-1] if earlier else ""


def _unset_key(lines: list[str], fields: Keys, key: str) -> list[str]:
    if key in ("steps", "dialogue"):
        raise CannotEdit("needed", key)
    return _removed(lines, fields, key)


def _new_name(name: str, among: Keys, pattern: re.Pattern[str], reserved: frozenset[str]) -> None:
    if not pattern.fullmatch(name):
        raise CannotEdit("name")
    if name in reserved:
        raise CannotEdit("reserved", name)
    if name in among.pairs:
        raise CannotEdit("taken", name)


def _replaced(lines: list[str], edit: Replace) -> list[str]:
    line = lines[edit.line - 1] if 0 < edit.line <= len(lines) else ""
    at = line.find(edit.old, max(edit.column - 1, 0)) if edit.old else -1
    if at < 0:
        raise CannotEdit("changed")
    return [*lines[: edit.line - 1], line[:at] + edit.new + line[at + len(edit.old) :], *lines[edit.line :]]
