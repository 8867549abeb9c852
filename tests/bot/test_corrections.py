"""Corrections: what was said before stays as history, what was shared follows, and a version goes on as it began."""

from __future__ import annotations

from storage import digests, schema
from tests.bot.digest_samples import plain
from tests.bot.turn_world import Person, TurnWorld, worded

AFTERWARDS = """\
dialogue: afterwards
title: Questions around a choice
language: en

remember:
  last_why: afterwards/why

steps:

  before:
    when: last_why was answered
    say: |
      Last time you said: {last_why}

  week:
    ask: How was your week?
    answer: one of
    options:
      fine: Fine
      bad: Bad
    label: Week

  why:
    when: week is bad
    ask: What was bad?
    answer: text
    label: What was bad

  sharing:
    share: This is what {specialist} will see.
    offer: [week, why]

  after:
    ask: Is there more?
    answer: text
"""


async def sharing_then_asked_more(world: TurnWorld) -> Person:
    """Somebody who shared two lines and is asked one more question."""
    await world.publish("afterwards", AFTERWARDS)
    world.holding("afterwards")
    amina = await world.person()
    await amina.says("start")
    await amina.chooses("bad")
    await amina.says("The boss")
    await amina.presses("share_all")
    assert amina.step == "after"
    return amina


async def shared(world: TurnWorld) -> list[str]:
    """What the specialist could read now, line by line."""
    rows = await world.database.read(lambda conn: digests.cards_for(conn, world.vault, world.specialist, None))
    return [row.lines.decode() for row in rows]


async def history(person: Person, question: str) -> list[tuple[str, str]]:
    return [(one.outcome, one.value) for one in await person.answers() if one.question == question]


async def test_a_corrected_answer_keeps_what_was_said_before(world: TurnWorld) -> None:
    amina = await sharing_then_asked_more(world)
    await amina.presses("back")
    await amina.presses("back")
    assert amina.step == "why"
    told = await amina.says("The noise")
    assert worded(told, "en")[0] == "ui/corrected"
    assert await history(amina, "why") == [("answered", "The boss"), ("answered", "The noise")]
    revisions = [one.revision for one in await amina.answers()]
    assert revisions == sorted(set(revisions))
    assert await amina.answered() == {"week": "bad", "why": "The noise"}


async def test_the_same_answer_again_is_no_correction(world: TurnWorld) -> None:
    amina = await sharing_then_asked_more(world)
    await amina.presses("back")
    await amina.presses("back")
    await amina.says("The boss")
    assert await history(amina, "why") == [("answered", "The boss")]
    assert "The boss" in (await shared(world))[0]


async def test_a_shared_line_whose_answer_changes_leaves_the_card_until_it_is_shared_again(world: TurnWorld) -> None:
    amina = await sharing_then_asked_more(world)
    (before,) = await shared(world)
    assert "The boss" in before
    await amina.presses("back")
    await amina.presses("back")
    await amina.says("The noise")
    (meanwhile,) = await shared(world)
    assert "bad" in meanwhile
    assert "The boss" not in meanwhile
    assert "The noise" not in meanwhile
    assert (amina.waits.kind, [line.own_words for line in amina.waits.lines]) == ("offered", ["", "The noise"])
    await amina.presses("share_all")
    (after,) = await shared(world)
    assert "The noise" in after
    assert "The boss" not in after


async def test_a_correction_takes_back_what_it_closes_and_its_line(world: TurnWorld) -> None:
    amina = await sharing_then_asked_more(world)
    for _ in range(3):
        await amina.presses("back")
    told = await amina.chooses("fine")
    assert worded(told, "en")[:2] == ["ui/corrected", "ui/taken_back"]
    assert await history(amina, "why") == [("answered", "The boss"), ("retracted", "")]
    assert await shared(world) == []
    await amina.presses("share_all")
    (card,) = await shared(world)
    assert "fine" in card
    assert "boss" not in card


async def test_a_share_that_is_taken_back_is_gone(world: TurnWorld) -> None:
    amina = await sharing_then_asked_more(world)
    await amina.presses("back")
    assert amina.waits.kind == "offered"
    told = await amina.presses("share_none")
    assert worded(told, "en")[0] == "ui/share.kept"
    assert await shared(world) == []
    assert await world.count(schema.card) == 0
    assert amina.step == "after"


async def test_fewer_lines_replace_what_was_shared(world: TurnWorld) -> None:
    amina = await sharing_then_asked_more(world)
    await amina.presses("back")
    await amina.shares("week")
    (card,) = await shared(world)
    assert "bad" in card
    assert "boss" not in card


async def test_what_is_remembered_is_what_counts(world: TurnWorld) -> None:
    amina = await sharing_then_asked_more(world)
    await amina.presses("back")
    await amina.presses("back")
    await amina.says("The noise")
    await amina.skips_all()
    told = await amina.says("start")
    assert plain(told[0].text) == "Last time you said: The noise"


async def test_what_was_taken_back_or_skipped_is_not_remembered(world: TurnWorld) -> None:
    amina = await sharing_then_asked_more(world)
    for _ in range(3):
        await amina.presses("back")
    await amina.chooses("fine")
    await amina.skips_all()
    told = await amina.says("start")
    assert [message.step for message in told] == ["afterwards/week"]
    await amina.chooses("bad")
    await amina.says("The boss")
    await amina.skips_all()
    assert (await amina.says("start"))[0].step == "afterwards/before"
    await amina.chooses("bad")
    await amina.presses("skip")
    await amina.skips_all()
    assert [message.step for message in await amina.says("start")] == ["afterwards/week"]


# Published versions


async def test_a_conversation_goes_on_with_the_version_it_began_with(world: TurnWorld) -> None:
    first = await world.publish("afterwards", AFTERWARDS)
    world.holding("afterwards")
    amina, sam = await world.person(), await world.person("Sam")
    await amina.says("start")
    changed = AFTERWARDS.replace("What was bad?", "What made it bad?").replace("answer: text\n", "answer: date\n")
    second = await world.publish("afterwards", changed)
    assert (first, second) == (1, 2)
    world.turns = world.another_turns()  # A restart: nothing of the old version is in memory.
    await amina.chooses("bad")
    await sam.says("start")
    await sam.chooses("bad")
    assert (plain(amina.waits.text), plain(sam.waits.text)) == ("What was bad?", "What made it bad?")
    await amina.says("The boss")
    await sam.says("31.1.2026")
    assert (await amina.answered(), await sam.answered()) == (
        {"week": "bad", "why": "The boss"},
        {"week": "bad", "why": "2026-01-31"},
    )
    assert {row.version for row in await world.rows(schema.answer, participant_id=amina.id)} == {1}
    assert {row.version for row in await world.rows(schema.answer, participant_id=sam.id)} == {2}
    await amina.presses("share_all")
    (card,) = await world.rows(schema.card, participant_id=amina.id)
    assert card.version == 1
    await amina.skips_all()
    await amina.says("start")
    await amina.chooses("bad")
    assert plain(amina.waits.text) == "What made it bad?"


async def test_a_step_that_the_next_version_drops_is_still_there(world: TurnWorld) -> None:
    amina = await sharing_then_asked_more(world)
    cut = AFTERWARDS[: AFTERWARDS.index("  after:")]
    assert await world.publish("afterwards", cut) == 2
    world.turns = world.another_turns()
    await amina.says("Yes, the pay")
    assert (await amina.answered())["after"] == "Yes, the pay"
    assert amina.told[-1].kind == "closed"


async def test_the_same_script_again_is_no_new_version(world: TurnWorld) -> None:
    assert await world.publish("afterwards", AFTERWARDS) == await world.publish("afterwards", AFTERWARDS) == 1
