"""Buttons: one answers the question it was made for, in its own conversation, or nothing at all."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest

from bot.messages import Outbound, Tap
from storage import schema
from tests.bot.turn_world import WAITING, Person, TurnWorld, worded

GROUPED = "weekly_checkin/what_hard"


async def checking_in(world: TurnWorld, step: str = "week", language: str = "en") -> Person:
    """Somebody before whom this question of the check-in waits."""
    person = await world.person(language=language)
    await person.onboards()
    await person.says("start")
    await person.skips_to(step)
    return person


async def nothing_changes(person: Person, tap: Tap, text: str = "") -> list[Outbound]:
    """Press a button that must not answer anything: what the person is told."""
    before, waits, talks = await person.answers(), person.waits, await person.conversations()
    told = await person.taps(tap, text)
    assert await person.answers() == before
    assert await person.conversations() == talks
    assert await person.world.quarantined() == []
    assert told, "a press is never left without an answer"
    assert person.waits.step == waits.step
    if told[-1].kind in WAITING:
        assert (told[-1].step, told[-1].text, told[-1].buttons) == (waits.step, waits.text, waits.buttons)
    return told


# Old ones


async def test_an_earlier_button_shows_the_question_that_waits(world: TurnWorld) -> None:
    amina = await checking_in(world)
    week = amina.waits
    await amina.taps(week.buttons[0])
    for button in (*week.buttons[1:], *week.controls):
        told = await nothing_changes(amina, button.tap)
        assert worded(told, "en") == ["ui/old_button", "weekly_checkin/job_sure"]


async def test_a_double_tap_answers_once(world: TurnWorld) -> None:
    amina = await checking_in(world)
    twice = [amina.message(tap=amina.waits.buttons[3].tap) for _ in range(2)]
    first, second = await asyncio.gather(*map(world.turns.submit, twice))
    assert worded((message for _, message in first.messages), "en") == ["weekly_checkin/job_sure"]
    assert worded((message for _, message in second.messages), "en") == ["ui/messenger.already_saved"]
    assert await amina.answered(2) == {"week": "4"}
    assert len([one for one in await amina.answers() if one.conversation == 2]) == 1


async def test_a_button_of_an_earlier_check_in_does_not_answer_this_one(world: TurnWorld) -> None:
    amina = await checking_in(world)
    old = amina.waits.buttons[0]
    await amina.skips_all()
    world.clock.forward(days=7)
    await amina.says("start")
    assert amina.waits.step == old.tap.step == "weekly_checkin/week"
    told = await nothing_changes(amina, old.tap)
    assert worded(told, "en") == ["ui/old_button", "weekly_checkin/week"]
    await amina.taps(amina.waits.buttons[0])
    assert await amina.answered(old.tap.conversation) == {}
    assert (await amina.answered())["week"] == "1"


async def test_a_button_of_a_question_that_was_returned_to_answers_again(world: TurnWorld) -> None:
    amina = await checking_in(world)
    week = amina.waits
    await amina.taps(week.buttons[0])
    await amina.presses("back")
    await amina.taps(week.buttons[4])
    assert await amina.answered(2) == {"week": "5"}


async def test_a_share_button_that_is_old_shares_nothing(world: TurnWorld) -> None:
    amina = await checking_in(world)
    await amina.chooses("4")
    await amina.skips_to("sharing")
    everything = amina.waits.buttons[0]
    assert everything.tap.action == "share_all"
    await amina.presses("back")
    told = await nothing_changes(amina, everything.tap)
    assert worded(told, "en") == ["ui/old_button", "weekly_checkin/good"]
    assert await world.count(schema.card) == 0


async def test_a_button_when_nothing_is_open_begins_nothing(world: TurnWorld) -> None:
    amina = await checking_in(world)
    old = amina.waits.buttons[0]
    await amina.says("stop")
    told = await nothing_changes(amina, old.tap)
    assert worded(told, "en") == ["ui/nothing_open"]
    assert await amina.state() == "stopped"


async def test_somebody_elses_button_answers_nothing_of_mine(world: TurnWorld) -> None:
    """Both are in their second conversation, at different questions."""
    amina, sam = await checking_in(world), await checking_in(world, "hard")
    told = await nothing_changes(sam, amina.waits.buttons[0].tap)
    assert worded(told, "en") == ["ui/old_button", "weekly_checkin/hard"]
    assert await amina.answered(2) == {}


# Made-up ones


MADE_UP = {
    "week": [
        Tap(2, "weekly_checkin/week", "choose", ("6",)),
        Tap(2, "weekly_checkin/week", "choose", ("0",)),
        Tap(2, "weekly_checkin/week", "choose", ("1", "2")),
        Tap(2, "weekly_checkin/week", "choose", ()),
        Tap(2, "weekly_checkin/week", "choose", ("9" * 300,)),
        Tap(2, "weekly_checkin/week", "choose", ("ok",)),
        Tap(2, "weekly_checkin/week", "choose", ("1.5",)),
        Tap(2, "weekly_checkin/week", "choose", ("\u00b2",)),
        Tap(2, "weekly_checkin/week", "share_all"),
        Tap(2, "weekly_checkin/week", "share_none"),
        Tap(2, "weekly_checkin/week", "share_lines", ("weekly_checkin/week",)),
        Tap(2, "weekly_checkin/week", "keep"),
        Tap(2, "weekly_checkin/week", "back"),
        Tap(2, "weekly_checkin/week", "start"),
        Tap(2, "weekly_checkin/nowhere", "choose", ("1",)),
        Tap(2, "nowhere", "choose", ("1",)),
        Tap(2, "", "choose", ("1",)),
        Tap(2, "weekly_checkin/goodbye", "choose", ("1",)),
        Tap(2, "weekly_checkin/week:1", "choose", ("1",)),
        Tap(1, "onboarding/taking_part", "choose", ("ok",)),
        Tap(-1, "weekly_checkin/week", "choose", ("1",)),
        Tap(2**62, "weekly_checkin/week", "choose", ("1",)),
    ],
    "hard": [
        Tap(2, "weekly_checkin/hard", "choose", ("ok",)),
        Tap(2, "weekly_checkin/hard", "choose", ("work", "no_such_option")),
        Tap(2, "weekly_checkin/hard", "choose", ("nothing", "work")),
        Tap(2, "weekly_checkin/hard", "choose", ("\u202e\0",)),
    ],
    "help": [
        Tap(2, "weekly_checkin/help", "choose", ("home", "hours", "way_there", "interview")),
        Tap(2, "weekly_checkin/help", "choose", ("ok", "no")),
    ],
    "sharing": [
        Tap(2, "weekly_checkin/sharing", "choose", ("yes",)),
    ],
}


@pytest.mark.parametrize("step", MADE_UP)
async def test_a_made_up_button_answers_nothing(world: TurnWorld, step: str) -> None:
    amina = await checking_in(world)
    if step != "week":
        await amina.chooses("4")
        await amina.skips_to(step)
    for tap in MADE_UP[step]:
        await nothing_changes(amina, tap)
    assert await world.count(schema.card) == 0


@pytest.mark.parametrize("choices", [(), ("xx",), ("",), ("en", "nb")])
async def test_a_made_up_language_changes_nothing(world: TurnWorld, choices: tuple[str, ...]) -> None:
    amina = await checking_in(world)
    before = amina.waits, await amina.answers()
    told = await amina.taps(Tap(2, "weekly_checkin/week", "language", choices))
    assert worded(told, "en") in (["ui/language.choose"], ["weekly_checkin/week"])
    assert (amina.waits, await amina.answers()) == before


async def test_options_of_a_group_that_is_not_shown_are_not_taken(world: TurnWorld) -> None:
    amina = await checking_in(world, "hard")
    await amina.chooses("work")
    assert {button.tap.choices[0] for button in amina.waits.buttons} & {"boss", "sleep"} == {"boss"}
    told = await nothing_changes(amina, Tap(2, GROUPED, "choose", ("boss", "sleep")))
    assert worded(told, "en") == ["ui/again.not_an_option", GROUPED]


async def test_lines_that_are_not_offered_are_not_shared(world: TurnWorld) -> None:
    amina = await checking_in(world)
    await amina.chooses("4")
    await amina.skips_to("sharing")
    await amina.presses("share_choose")
    assert [button.tap.choices for button in amina.waits.buttons] == [("weekly_checkin/week",)]
    made_up = ("weekly_checkin/good", "weekly_checkin/hard", "onboarding/explained", "weekly_checkin/week|work")
    told = await amina.taps(Tap(2, "weekly_checkin/sharing", "share_lines", made_up))
    assert worded(told, "en")[0] == "ui/share.kept"
    assert await world.count(schema.card) == 0


async def test_words_beside_a_scale_do_not_change_it(world: TurnWorld) -> None:
    amina = await checking_in(world)
    await amina.taps(amina.waits.buttons[1], text="5")
    assert await amina.answered(2) == {"week": "2"}


@pytest.mark.parametrize("action", ["skip", "does_not_fit"])
async def test_skipping_the_share_step_keeps_everything(
    world: TurnWorld, action: Literal["skip", "does_not_fit"]
) -> None:
    amina = await checking_in(world)
    await amina.chooses("4")
    await amina.skips_to("sharing")
    told = await amina.taps(Tap(2, "weekly_checkin/sharing", action))
    assert worded(told, "en")[0] == "ui/share.kept"
    assert await world.count(schema.card) == 0
