"""Buttons: what stands in the data of a button, and which press it was when it comes back.

Telegram gives a button 64 bytes. A press is written so that a person can read it: ``c|12|weekly_checkin/confidence|4``.
Where that is too long, names become tokens; the turn compares those with the step that waits (``bot.tokens``).
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.messages import Tap
from bot.tokens import token

MOST_BYTES = 64
"""What Telegram takes and gives back."""

UNREADABLE = Tap(0, "", "again")
"""What stands for data that no button of ours has. It fits no step, so the question that waits is shown."""

_ACTIONS: dict[str, str] = {
    "c": "choose",
    "t": "tick",
    "u": "untick",
    "d": "done",
    "s": "skip",
    "x": "does_not_fit",
    "b": "back",
    "k": "keep",
    "a": "again",
    "start": "start",
    "language": "language",
    "all": "share_all",
    "pick": "share_choose",
    "lines": "share_lines",
    "none": "share_none",
    "help": "help",
    "time": "time",
    "pause": "pause",
    "menu": "menu",
    "open": "open",
    "remark": "remark",
}
"""A word changed here would make the buttons unreadable that already stand in chats."""

_WORDS = {action: word for word, action in _ACTIONS.items()}
_NAME = re.compile(r"[A-Za-z0-9_.:/-]+")
_CHOICE = re.compile(r"[A-Za-z0-9_.:/|-]+")
_TOKEN = re.compile(r"#[A-Za-z0-9_-]{11}")


def data_of(tap: Tap) -> str:
    """The data of a button. Raises ValueError for a tap of several choices: a button has one."""
    if len(tap.choices) > 1:
        raise ValueError("a button stands for one choice")
    step = _spelt(tap.step, _NAME) if tap.step else ""
    choices = [_spelt(choice, _CHOICE) for choice in tap.choices]
    if tap.action == "help":
        return "|".join(("help", *choices))
    for _ in range(2):
        data = "|".join((_WORDS[tap.action], str(tap.conversation), step, *choices))
        if len(data) <= MOST_BYTES:
            return data
        # The longer of the two first, so that as much as possible stays readable.
        if choices and len(choices[0]) > len(step):
            choices = [token(tap.choices[0])]
        else:
            step = token(tap.step)
    return "|".join((_WORDS[tap.action], str(tap.conversation), step, *choices))


def tap_of(data: str) -> Tap:
    """The press that data stands for. Raises nothing: data that no button of ours has becomes ``UNREADABLE``.

    Step and choice are names or tokens of names.
    """
    word, *rest = data.split("|", 3)
    action = _ACTIONS.get(word)
    if action is None or len(data) > MOST_BYTES:
        return UNREADABLE
    if action == "help":
        rest = ["0", "", *rest]
    if not 2 <= len(rest) <= 3 or not _is_number(rest[0]):
        return UNREADABLE
    step, choices = rest[1], tuple(rest[2:])
    if not (step == "" or _is_token(step, _NAME)) or not all(_is_token(choice, _CHOICE) for choice in choices):
        return UNREADABLE
    return Tap(int(rest[0]), step, action, choices)  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _spelt(name: str, plain: re.Pattern[str]) -> str:
    """A name as a button can hold it. The same few names of scripts come again with every question."""
    return name if plain.fullmatch(name) else token(name)


def _is_token(text: str, plain: re.Pattern[str]) -> bool:
    return bool(plain.fullmatch(text) or _TOKEN.fullmatch(text))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
