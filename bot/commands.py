"""Commands: what a person can ask for at any time, before the dialogue sees it. The place in the dialogue is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from dialogues.answers import fold, folded

_SEPARATORS = str.maketrans({"،": ","})


class Command(StrEnum):
    """Everything that can be asked for; the value is the end of its context ``ui/command.*``."""

    HELP = "help"
    STOP = "stop"
    PAUSE = "pause"
    LANGUAGE = "language"
    BACK = "back"
    SKIP = "skip"
    START = "start"
    TIME = "time"
    MYDATA = "mydata"
    DELETE = "delete"
    MENU = "menu"
    QUESTION = "question"


class Commands:
    """The command words of every language that is offered: each works in all of them, with or without a slash."""

    def __init__(self, wordings: Iterable[Mapping[str, str]]) -> None:
        self._words = {
            folded(word): command
            for wording in wordings
            for command in Command
            for word in (command.value, *wording[f"ui/command.{command}"].translate(_SEPARATORS).split(","))
        }

    def find(self, text: str) -> Command | None:
        """The command that a whole message is, if it is one. A word inside a sentence is none."""
        return self._words.get(fold(text)) if len(text) <= 40 else None
