"""Blocks: a programme's text as the lines of each key at its top, so that some can be exchanged while the rest, with
its comments and its order, stays as it was written. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

import yaml

_TEXT = "tag:yaml.org,2002:str"
_LIST = "tag:yaml.org,2002:seq"
_UNBROKEN = 1_000_000
"""Columns of a line: a text is never broken into two."""


class NotInBlocks(ValueError):
    """The text is not written as one key after the other, each at the start of a line."""


def blocks(text: str) -> dict[str, str]:
    """Key -> its lines, each with its line break; "" holds what stands before the first. Comments directly above a key
    belong to it. Raises NotInBlocks."""
    lines = [f"{line}\n" for line in text.splitlines()]
    starts = [(key, _with_comments(lines, line)) for key, line in _starts(text)]
    ends = [*(start for _, start in starts[1:]), len(lines)]
    found = {"": "".join(lines[: starts[0][1]])}
    return found | {key: "".join(lines[start:end]) for (key, start), end in zip(starts, ends, strict=True)}


def with_keys_of(text: str, other: str, keep: Container[str]) -> str:
    """The text with every key as it stands in ``other``, but for those to ``keep``. Raises NotInBlocks."""
    own, theirs = blocks(text), blocks(other)
    made = [lines if key in keep or not key else theirs.get(key, "") for key, lines in own.items()]
    more = [lines for key, lines in theirs.items() if key not in keep and key not in own]
    return "".join([*made, *more])


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """The text with new values for some keys of its top. An empty one takes the key out. Raises NotInBlocks."""
    found = blocks(text)
    for key, value in values.items():
        if not value:
            found.pop(key, None)
        else:
            found[key] = _around(found.get(key, ""), written({key: value}))
    return "".join(found.values())


def written(values: Mapping[str, Any]) -> str:
    """Values as lines of a programme file: lists of words on one line, everything else on lines of its own."""
    return yaml.dump(dict(values), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=_UNBROKEN)


class _Writer(yaml.SafeDumper):
    """Every scalar is a text, as the reader takes it: ``yes`` needs no quotes to stay one."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012, PyYAML looks it up on the class

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are set in below their key."""
        super().increase_indent(flow, False)


_Writer.add_representer(str, lambda _, text: yaml.ScalarNode(_TEXT, text))
_Writer.add_representer(
    list,
    lambda writer, items: writer.represent_sequence(
        _LIST, items, flow_style=all(isinstance(item, str) for item in items)
    ),
)


def _starts(text: str) -> list[tuple[str, int]]:
    """Each key of the top, and its line from 0."""
    try:
        top = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        raise NotInBlocks from None
    if not isinstance(top, yaml.MappingNode) or top.flow_style or not top.value:
        raise NotInBlocks
    keys = [key for key, _ in top.value]
    if any(not isinstance(key, yaml.ScalarNode) or key.start_mark.column for key in keys):
        raise NotInBlocks
    return [(key.value, key.start_mark.line) for key in keys]


def _with_comments(lines: list[str], start: int) -> int:
    while start and lines[start - 1].startswith("#"):
        start -= 1
    return start


def _around(block: str, lines: str) -> str:
    """New lines for a key, with the comments above it and the empty lines below it."""
    old = block.splitlines(keepends=True)
    above = next((n for n, line in enumerate(old) if not line.startswith("#")), len(old))
    below = next((n for n, line in enumerate(reversed(old)) if line.strip()), 0)
    return "".join([*old[:above], lines, *old[len(old) - below :]])
