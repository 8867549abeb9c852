"""Edits: everything that a card can change in a script, as it is sent by a form or by the program of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.editor import writing


class CannotEdit(Exception):
    """A change that the text does not allow. ``staff/edit_cannot.<reason>`` says why, and ``name`` what it is about."""

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(reason, name)
        self.reason = reason
        self.name = name


@dataclass(frozen=True, slots=True)
class Reword:
    """Another text. ``part`` is ``""`` for the step's own, an option, ``label``, ``label/GROUP``, ``low``, ``high`` or
    the number of a point; without a ``step`` it is ``title``."""

    step: str
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class AddStep:
    """A new step after another one, or as the first."""

    name: str
    kind: str
    text: str
    answer: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class RemoveStep:
    """The step goes, with the notes above it."""

    step: str


@dataclass(frozen=True, slots=True)
class MoveStep:
    """The step comes after another one, or first."""

    step: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class RenameStep:
    """Another permanent name; what refers to it in the same script goes along."""

    step: str
    name: str


@dataclass(frozen=True, slots=True)
class AddOption:
    """A new option after another one, or as the last; in a group where the options are grouped."""

    step: str
    name: str
    text: str
    after: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class RemoveOption:
    """The option goes."""

    step: str
    option: str


@dataclass(frozen=True, slots=True)
class MoveOption:
    """The option comes after another one of its group, or first."""

    step: str
    option: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class RenameOption:
    """Another permanent name; what refers to it in the same script goes along."""

    step: str
    option: str
    name: str


@dataclass(frozen=True, slots=True)
class SetKey:
    """A key of a step, or of the top without one, gets this value or list."""

    step: str
    key: str
    value: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnsetKey:
    """A key goes."""

    step: str
    key: str


@dataclass(frozen=True, slots=True)
class Replace:
    """A misspelt word at a place is put right. Line and column count from 1."""

    line: int
    column: int
    old: str
    new: str


Edit = (
    Reword
    | AddStep
    | RemoveStep
    | MoveStep
    | RenameStep
    | AddOption
    | RemoveOption
    | MoveOption
    | RenameOption
    | SetKey
    | UnsetKey
    | Replace
)

LISTS = ("when", "when any", "tags", "offer", "topic", "alone", "points")
"""Keys that can have several values, which are typed one on a line."""
_KINDS_OF_EDIT: Mapping[str, type[Edit]] = {
    "reword": Reword,
    "add_step": AddStep,
    "remove_step": RemoveStep,
    "move_step": MoveStep,
    "rename_step": RenameStep,
    "add_option": AddOption,
    "remove_option": RemoveOption,
    "move_option": MoveOption,
    "rename_option": RenameOption,
    "set_key": SetKey,
    "unset_key": UnsetKey,
    "replace": Replace,
}


def from_fields(fields: Mapping[str, object]) -> Edit:
    """The edit in a form or in JSON: ``do`` and the fields of its kind. Raises CannotEdit."""
    kind = _KINDS_OF_EDIT.get(str(fields.get("do", "")))
    if kind is None:
        raise CannotEdit("senseless")
    wanted = kind.__dataclass_fields__
    try:
        given: dict[str, Any] = {
            name: _field(fields[name], str(wanted[name].type)) for name in wanted if name in fields
        }
        edit: Edit = kind(**given)
    except (TypeError, ValueError):
        raise CannotEdit("senseless") from None
    if isinstance(edit, SetKey) and edit.key in LISTS and isinstance(edit.value, str):
        return replace(edit, value=tuple(line.strip() for line in edit.value.split("\n") if line.strip()))
    return edit


def _field(value: object, wanted: str) -> object:
    if wanted == "int":
        return int(str(value))
    if isinstance(value, (list, tuple)) and "tuple" in wanted:
        return tuple(writing.tidy(str(each)) for each in value if str(each).strip())
    if not isinstance(value, str):
        raise ValueError(value)
    return writing.tidy(value)
