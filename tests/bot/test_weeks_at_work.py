"""Half a year at a workplace, week by week, as the service begins check-ins and as questions take turns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from dialogues.model import Ask
from tests.bot.turn_world import Person, TurnWorld, shipped

WEEKS = 26
SIDES = ("soc:c", "soc:m", "soc:me")
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "skips": {},
    "everything is hard": {
        "same_place": "yes",
        "treated": "not_well",
        "talk_about_it": "not_now",
        "understood": "no",
        "safe": "maybe",
        "change": "one_person",
    },
    "another place each time": {"same_place": "no", "treated": "not_well", "understood": "partly", "change": "quiet"},
}
"""Ways to answer that make room for other questions, or for none."""


async def half_a_year(world: TurnWorld, answers: Mapping[str, str]) -> tuple[list[str], list[set[str]]]:
    """Which check-in came in each week, and the questions about a workplace in it."""
    amina = await world.person()
    await amina.onboards("job")
    await amina.finds()
    held: list[str] = []
    asked: list[set[str]] = []
    while len(held) < WEEKS:
        before = len(await amina.conversations())
        while len(await amina.conversations()) == before:
            await world.until(world.clock.now + timedelta(hours=6))
        await amina.finds()
        held.append(amina.waits.step.partition("/")[0])
        asked.append({name for name in await _holds(amina, answers) if name.startswith("workplace/")})
        await amina.finds()
    assert held[0] == "workplace"
    return held, asked


async def _holds(person: Person, answers: Mapping[str, str]) -> set[str]:
    """Hold what came to its end, and what follows: the questions that were asked."""
    asked: set[str] = set()
    while person.told[-1].kind != "closed":
        asked.add(person.waits.step)
        if person.waits.kind == "offered":
            await person.presses("share_none")
        elif person.step in answers and answers[person.step] in _options(person):
            await person.chooses(answers[person.step])
        elif person.step == "place":
            await person.says("The bakery")
        else:
            await person.skips_one()
    return asked


def _options(person: Person) -> set[str]:
    return {choice for button in person.waits.buttons for choice in button.tap.choices}


def sides(questions: set[str]) -> dict[str, int]:
    """How many different questions there are about each side of work."""
    script = shipped().scripts["workplace"]
    tags = [step.tags for step in script.steps if isinstance(step, Ask) and step.key in questions]
    return {side: sum(side in each for each in tags) for side in SIDES}


@pytest.mark.parametrize("way", ANSWERS)
async def test_any_four_weeks_ask_two_questions_about_each_side_of_work(sqlite_world: TurnWorld, way: str) -> None:
    """For the first six weeks every check-in is about the workplace, and afterwards every second one."""
    began: datetime = sqlite_world.clock.now
    held, asked = await half_a_year(sqlite_world, ANSWERS[way])
    assert held == ["workplace"] * 6 + ["weekly_checkin", "workplace"] * 10
    assert sqlite_world.clock.now - began < timedelta(weeks=WEEKS + 1), "a check-in came every week"
    for first in range(WEEKS - 3):
        found = sides(set().union(*asked[first : first + 4]))
        assert min(found.values()) >= 2, (first, held[first : first + 4], found)
    assert max(len(each - {"workplace/sharing"}) for each in asked) <= 9


async def test_every_question_about_the_workplace_has_its_turn_within_a_quarter_of_a_year(
    sqlite_world: TurnWorld,
) -> None:
    """And none that takes turns comes more often than its share, by more than one."""
    _, asked = await half_a_year(sqlite_world, {"same_place": "yes", "treated": "well", "understood": "yes"})
    script = shipped().scripts["workplace"]
    turns = {key for rotation in script.rotations for key in rotation.of}
    assert turns <= set().union(*asked[:13])
    for rotation in script.rotations[:3]:
        times = [sum(key in each for each in asked) for key in rotation.of]
        assert max(times) - min(times) <= 1
