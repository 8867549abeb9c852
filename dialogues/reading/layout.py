"""Layout: what the YAML parser's complaints mean to somebody who writes a script."""

from __future__ import annotations

import re

import yaml

from dialogues.problems import Place

_BEGINNING = re.compile(r"\s*(?:- )?(?:[\w ]+:\s+)?")


def explain(error: yaml.YAMLError, lines: list[str]) -> tuple[Place, str, str]:
    """Where a complaint points to, what is wrong there, and what to do.

    The wordings looked for are those that libyaml and PyYAML's own parser have in common.
    """
    problem = str(getattr(error, "problem", "") or "")
    context = str(getattr(error, "context", "") or "")
    here = _place(getattr(error, "problem_mark", None))
    began = _place(getattr(error, "context_mark", None))
    line = lines[here.line - 1] if here.line <= len(lines) else ""
    if "values are not allowed" in problem:
        return _colon(here, line)
    if "could not find expected ':'" in problem:
        return (
            began,
            "There is no colon on this line.",
            "Write a colon after the name, or indent a text like the lines above it.",
        )
    if "quoted scalar" in context:
        return began, *_quotes(problem)
    if "flow" in context:
        return (
            began,
            "A text that begins with { or [ needs quotes.",
            'Write "{name}" with quotes, or put the text under |.',
        )
    return _beginning(here, line, problem, context)


def _quotes(problem: str) -> tuple[str, str]:
    if "end of stream" in problem:
        return "This quote has no other half.", "Write a \" or ' at the end of the text, like the one at its beginning."
    return "A backslash has a special meaning inside double quotes.", "Put the text under | instead."


def _colon(here: Place, line: str) -> tuple[Place, str, str]:
    if ": " in line[: here.column - 1]:
        return here, "There is a second colon on this line.", "Put the text in quotes, or under |."
    return (
        here,
        "This line does not fit the one above it.",
        "Either it is indented too far, or the line above it has no colon.",
    )


def _beginning(here: Place, line: str, problem: str, context: str) -> tuple[Place, str, str]:
    sign = line[here.column - 1 : here.column]
    if "start any token" in problem or "alphabetic" in problem:
        begin = _BEGINNING.match(line)
        sign = line[begin.end() : begin.end() + 1] if begin else sign
        return here, f"A text cannot begin with {sign or 'this sign'}.", "Put the text in quotes, or under |."
    if "block scalar" in context:
        return here, "Nothing may stand after | on its line.", "Begin the text on the next line, indented."
    if "entries are not allowed" in problem:
        return here, "A list begins on a line of its own.", "Move the dash to the next line, and indent it."
    text = _BEGINNING.sub("", line[: here.column - 1])
    if text.startswith(("{", "[")):
        return here, "A text that begins with { or [ needs quotes.", "Put all of it in quotes, or under |."
    if text:
        return (
            here,
            "Something stands after the end of the quotes.",
            "Put the whole text in one pair of quotes, or under |.",
        )
    return (
        here,
        "This line does not fit the lines above it.",
        "Indent it exactly as far as the line that it belongs beside.",
    )


def _place(mark: yaml.Mark | None) -> Place:
    return Place(1, 1) if mark is None else Place(mark.line + 1, mark.column + 1)
