"""Steps: a short way to write a script in a test."""

from __future__ import annotations

import textwrap

_TOP = """dialogue: {dialogue}
language: en
steps:
"""


def steps(text: str, dialogue: str = "whole") -> str:
    """The script of these steps, however far they are indented."""
    return _TOP.format(dialogue=dialogue) + textwrap.indent(textwrap.dedent(text), "  ")
