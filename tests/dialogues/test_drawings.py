"""Drawings in a script: which options have one, which scales can have faces, and that nothing else of it changes."""

from __future__ import annotations

from dialogues.drawings import DRAWINGS
from dialogues.loader import load
from dialogues.model import Ask
from dialogues.texts import texts_of

EVENING = """
dialogue: evening
language: en

steps:

  hard:
    ask: Was something hard?
    answer: any of
    options:
      work: At work
      home: At home
      nothing: Nothing
    alone: nothing
    picture:
      work: briefcase
      nothing: empty

  what:
    ask: What was it?
    answer: any of
    groups of: hard
    options:
      work:
        noise: Noise
        boss: The boss
      home:
        sleep: Sleep
    picture: {noise: sound, sleep: moon}

  week:
    ask: How was it?
    answer: scale 1 to 5
    points: [Very hard, Hard, In between, Good, Very good]
    picture: faces

  sure:
    ask: How sure are you?
    answer: scale 1 to 5
"""


def test_options_have_the_drawings_that_the_script_names_for_them_in_groups_too() -> None:
    script = load(EVENING)
    asked = {step.key.rpartition("/")[2]: step for step in script.steps if isinstance(step, Ask)}
    assert asked["hard"].drawings == {"work": "briefcase", "nothing": "empty"}
    assert asked["what"].drawings == {"noise": "sound", "sleep": "moon"}
    assert [asked[name].faces for name in ("hard", "week", "sure")] == [False, True, False]
    assert not any(text.text in DRAWINGS for text in texts_of(script))
