"""What people open on their own, what makes room for it, and what follows when a conversation is over."""

from __future__ import annotations

from asyncio import gather
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.messages import Tap
from storage import schema
from tests.bot.turn_world import Person, TurnWorld, worded


def opens(dialogue: str) -> Tap:
    """The tap on an entry of the menu."""
    return Tap(0, "", "open", (dialogue,))


async def skips_through(person: Person) -> None:
    """Skip what is open to its end, until something else is asked or nothing is."""
    dialogue = person.waits.conversation
    while person.waits.conversation == dialogue and person.told[-1].kind != "closed":
        waits = person.waits
        await (person.presses("share_none") if person.waits.kind == "offered" else person.skips_one())
        assert person.waits is not waits or person.told[-1].kind == "closed", "nothing happens any more"


@pytest.fixture
async def amina(world: TurnWorld) -> Person:
    """Somebody who takes part, in the middle of the first check-in."""
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    await amina.chooses("4")
    return amina


async def test_the_menu_names_what_can_be_opened_and_leaves_the_place_alone(world: TurnWorld, amina: Person) -> None:
    waits = amina.step
    (menu,) = await amina.says("menu")
    assert [button.tap.choices[0] for button in menu.buttons] == list(world.programme.any_time)
    assert menu.buttons[0].label == "Please contact me"
    (way_back,) = menu.controls
    assert (await amina.taps(way_back))[-1].step.endswith(waits)


async def test_what_was_open_waits_and_goes_on_at_the_same_question(world: TurnWorld, amina: Person) -> None:
    waits = amina.step
    await amina.taps(opens("contact_me"))
    assert await amina.conversations() == [
        ("onboarding", "closed"),
        ("weekly_checkin", "aside"),
        ("contact_me", "open"),
    ]
    await skips_through(amina)
    told = amina.told[-3:]
    assert [message.kind for message in told] == ["said", "note", "asked"]
    assert worded(told[1:2], "en") == ["ui/goes_on"]
    assert amina.step == waits
    assert await amina.conversations() == [
        ("onboarding", "closed"),
        ("weekly_checkin", "open"),
        ("contact_me", "closed"),
    ]


async def test_one_batch_may_hold_all_of_it(world: TurnWorld, amina: Person) -> None:
    waits = amina.step
    taps = (opens("topics"), Tap(3, "topics/may_ask", "skip"), Tap(2, f"weekly_checkin/{waits}", "skip"))
    await gather(*(amina.send(amina.message(tap=tap)) for tap in taps))
    assert [state for _, state in await amina.conversations()] == ["closed", "open", "closed"]
    assert amina.step != waits


async def test_only_one_conversation_waits_behind_another(world: TurnWorld, amina: Person) -> None:
    await amina.taps(opens("contact_me"))
    await amina.taps(opens("something_happened"))
    states = dict(await amina.conversations())
    assert states == {
        "onboarding": "closed", "weekly_checkin": "aside", "contact_me": "expired", "something_happened": "open"
    }  # fmt: skip
    await skips_through(amina)
    assert dict(await amina.conversations())["weekly_checkin"] == "open"


async def test_what_waited_for_too_long_is_over(world: TurnWorld, amina: Person) -> None:
    await amina.taps(opens("topics"))
    world.clock.now += timedelta(days=3, hours=1)
    await amina.says("menu")
    assert {state for name, state in await amina.conversations() if name != "onboarding"} == {"expired"}


async def test_stopping_ends_what_waits_behind_too(world: TurnWorld, amina: Person) -> None:
    await amina.taps(opens("topics"))
    await amina.says("stop")
    assert [state for _, state in await amina.conversations()] == ["closed", "expired", "stopped"]


async def test_what_is_not_in_the_menu_cannot_be_opened(world: TurnWorld, amina: Person) -> None:
    (menu,) = await amina.taps(opens("own_checkin"))
    assert worded([menu], "en") == ["ui/menu.choose"]
    assert len(await amina.conversations()) == 2


@pytest.mark.parametrize("work", ["job", "trial"])
async def test_at_work_the_check_in_is_about_the_workplace_and_later_in_turn(world: TurnWorld, work: str) -> None:
    amina = await world.person()
    await amina.onboards(work)
    held: list[str] = []
    for _ in range(10):
        await amina.says("start")
        held.append((await amina.conversations())[-1][0])
        world.clock.now += timedelta(days=7)
        await amina.says("menu")
    assert held == ["workplace"] * 6 + ["weekly_checkin", "workplace"] * 2


async def test_a_topic_that_was_not_switched_on_is_never_asked_about(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards(topics=["good"])
    await amina.says("start")
    await amina.skips_all()
    asked = {message.step for message in amina.told if message.step.startswith("weekly_checkin/")}
    assert asked == {f"weekly_checkin/{step}" for step in ("hello", "week", "good", "goodbye")}


async def test_who_keeps_everything_is_never_offered_to_share(world: TurnWorld, amina: Person) -> None:
    await amina.taps(opens("sharing_choice"))
    await amina.chooses("keep")
    amina.told.clear()
    await amina.says("start")
    await amina.skips_all()
    world.clock.now += timedelta(days=7)
    await amina.says("start")
    await amina.chooses("4")
    await amina.skips_all()
    assert not [message for message in amina.told if message.kind == "offered" and "weekly" in message.step][1:]
    assert await world.count(schema.card) == 0


async def test_what_comes_now_and_then_keeps_its_distance(world: TurnWorld) -> None:
    world.programme = replace(world.programme, later=())
    world.turns = world.another_turns()
    amina = await world.person()
    await amina.onboards()
    extras: list[tuple[int, str]] = []
    for week in range(10):
        await amina.says("start")
        before = len(await amina.conversations())
        await amina.skips_all()
        extras += [(week, name) for name, _ in (await amina.conversations())[before:]]
        world.clock.now += timedelta(days=7)
    weeks = [week for week, _ in extras]
    assert len(weeks) == len({*weeks}) >= 8, "at most one a week"
    held = [name for _, name in extras]
    assert all(held.count(name) >= 2 for name in ("good_things", "look_back", "together"))
    for name, apart in world.programme.now_and_then:
        own = [week for week, held in extras if held == name]
        assert all((later - earlier) * timedelta(days=7) >= apart for earlier, later in pairwise(own))


async def test_a_remark_about_a_question_is_kept_without_whose_it_is(world: TurnWorld, amina: Person) -> None:
    waits = amina.waits.step
    (asked,) = await amina.says("question")
    await amina.taps(next(button for button in asked.buttons if button.tap.choices == ("not_good",)))
    (row,) = await world.rows(schema.feedback)
    assert (row.step, row.reason, row.day) == (waits, "not_good", "2026-03-02")
    assert "participant_id" not in schema.feedback.c
    assert amina.waits.step == waits


async def test_help_at_home_is_only_named_to_who_lets_us_ask_about_it(world: TurnWorld) -> None:
    named: dict[tuple[str, ...], set[str]] = {}
    for topics in (("help",), ("help", "outside")):
        amina = await world.person()
        await amina.onboards(topics=topics)
        await amina.says("start")
        await amina.skips_to("help")
        named[topics] = {button.tap.choices[0] for button in amina.waits.buttons}
    outside = {"health_service", "family_here", "family_far", "home"}
    assert named["help", "outside"] - named["help",] == outside


async def test_who_passes_over_the_question_about_work_has_the_job_they_told_of(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards("job")
    world.clock.now += timedelta(days=30)
    await amina.taps(opens("situation"))
    await amina.presses("skip")
    await amina.says("start")
    assert (await amina.conversations())[-1] == ("workplace", "open")
