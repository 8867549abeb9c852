"""A small script with everything in it that an answer can leave a trace in: it is shared, filled in, remembered, ticked
and asked about once more."""

from __future__ import annotations

from tests.bot.turn_world import Person, TurnWorld

DIARY = """
dialogue: diary
title: Diary
language: en
close after: 3 days

remember:
  last_step: diary/step

steps:

  again:
    when: last_step was answered
    ask: |
      Last time you wrote: {last_step}
      Is it done?
    answer: yes or no
    label: Done

  step:
    ask: |
      What is your next step?
    answer: text
    label: Next step

  sure:
    when: step was answered
    ask: |
      How sure are you about this: {step}
    answer: scale 1 to 5
    label: Sure

  hard:
    ask: |
      Was something hard?
    answer: any of
    options:
      work: At work
      home: At home

  what:
    ask: |
      What was hard?
    answer: any of
    groups of: hard
    options:
      work:
        noise: Noise
        boss: The boss
      home:
        sleep: Sleep
    own words: yes
    private: home
    label:
      work: Hard at work
      home: Hard at home
      own words: Hard, in my own words

  sharing:
    share: |
      Do you want to share this?
    offer:
      - again
      - step
      - sure
      - what

  bye:
    say: |
      That is all.
"""

STEP = "Quittengelee"
OWN = "Wolpertinger"
"""Words that stand in no text of ours."""


async def writes(world: TurnWorld, person: Person | None = None) -> Person:
    """Somebody who is in the middle of the first diary, with all of it answered and nothing shared."""
    await world.publish("diary", DIARY)
    world.holding("diary")
    person = person or await world.person("Samira")
    await person.says("start")
    await person.says(STEP)
    await person.chooses("4")
    await person.chooses("work", "home")
    await person.chooses("noise", "sleep", words=OWN)
    return person


async def wrote(world: TurnWorld, *lines: str, person: Person | None = None) -> Person:
    """Somebody who has held the diary once, and shared these lines of it."""
    person = await writes(world, person)
    await (person.shares(*lines) if lines else person.presses("share_none"))
    assert person.told[-1].kind == "closed"
    return person
