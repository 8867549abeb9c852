"""Scripted: a draft as a script that can be played, also where the check still finds something in it."""

from __future__ import annotations

from collections.abc import Mapping

from dialogues.loader import load_bundle
from dialogues.model import Script
from dialogues.problems import Enough, ScriptRefused


class CannotPlay(Exception):
    """The draft does not say clearly enough how it is played; its problems say what to do."""


def scripted(library: Mapping[str, str], dialogue: str) -> Script:
    """The script of a draft, with what it runs. Raises CannotPlay."""
    try:
        script = load_bundle(library, dialogue)
    except (ScriptRefused, Enough) as wrong:
        raise CannotPlay from wrong
    if not script.steps:
        raise CannotPlay
    return script
