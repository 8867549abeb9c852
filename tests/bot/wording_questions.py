"""Questions of every kind, as they are worded."""

from __future__ import annotations

from bot.messages import Tap
from dialogues.engine import Skip
from tests.bot.wording_talk import Talk, talk
from tests.dialogues.steps import steps

ALL_KINDS = steps("""
  read:
    ask: Read this.
    answer: ok
  yes_no:
    ask: Yes or no?
    answer: yes or no
  one:
    ask: One?
    answer: one of
    options:
      work: At work
      home: "With {specialist}"
    own words: yes
  any:
    ask: Any?
    answer: any of
    options:
      a: A
      b: B
      nothing: Nothing
      rest: Rest
    most: 2
    alone:
      - nothing
      - rest
  named:
    ask: Points?
    answer: scale 0 to 2
    points:
      - Bad
      - Middle
      - Good
  ends:
    ask: Ends?
    answer: scale 1 to 3
    low: A little
    high: Very much
  numbers:
    ask: Numbers?
    answer: scale 9 to 11
  text:
    ask: Text?
    answer: text
  voice:
    ask: Voice?
    answer: voice or text
  number:
    ask: Number?
    answer: number
  date:
    ask: Date?
    answer: date
""")


def to(name: str) -> Talk:
    """A talk that has come to a question."""
    held = talk(ALL_KINDS)
    while held.held.waiting != name:
        held.send(Skip())
    return held


def taps(buttons: tuple[object, ...]) -> list[Tap]:
    return [button.tap for button in buttons]  # type: ignore[attr-defined]
