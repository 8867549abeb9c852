"""What was shared and offered as an agreement, and is withdrawn or deleted afterwards, is suggested nowhere."""

from __future__ import annotations

import pytest

from bot.my_page import taking_back
from storage import schema
from tests.bot.diary import OWN
from tests.bot.test_my_page_taking_back import act, kept
from tests.bot.test_proposing import agreed, takes_the_offer, wants_help, way
from tests.bot.turn_world import TurnWorld


async def test_what_was_withdrawn_before_the_tap_is_not_suggested(sqlite_world: TurnWorld) -> None:
    amina = await wants_help(sqlite_world, "interview", words=OWN)
    await amina.presses("share_all")
    now = sqlite_world.clock.now
    (card,) = await sqlite_world.rows(schema.card)
    assert await act(amina, lambda at: taking_back.withdraw(at, card.conversation, card.step, "help_wanted/words", now))
    button = way(amina)
    assert button is not None
    await amina.taps(button)
    assert amina.texts[-1] == "What do you want to agree on?\n\nYou shared: Interview"
    await amina.presses("skip")
    await act(amina, lambda at: taking_back.withdraw(at, card.conversation, card.step, "help_wanted/help", now))
    await amina.taps(button)
    assert amina.texts[-1] == "What do you want to agree on?"
    assert amina.waits.buttons == ()


@pytest.mark.parametrize("is_over", [False, True], ids=["open", "over"])
async def test_a_deleted_answer_is_in_no_offer_and_no_suggestion(sqlite_world: TurnWorld, is_over: bool) -> None:
    """An agreement that is being written goes on, without the words."""
    amina = await wants_help(sqlite_world, "interview", words=OWN)
    await amina.presses("share_all")
    await takes_the_offer(amina)
    if is_over:
        await amina.says("Something else")
        await amina.skips_to("sharing")
        await amina.presses("share_all")
    now = sqlite_world.clock.now
    assert OWN in await kept(amina)
    (number,) = {row.conversation for row in await sqlite_world.rows(schema.card) if row.dialogue == "help_wanted"}
    assert await act(amina, lambda at: taking_back.delete_answer(at, number, "help_wanted/words", now))
    assert OWN not in await kept(amina)
    if is_over:
        assert [one.what for one in await agreed(sqlite_world, amina)] == ["Something else"]
        return
    await amina.presses("keep")
    assert amina.step == "what", "there is nothing to take any more"
    await amina.says("Something else")
    assert amina.step == "who"


async def test_another_answer_that_is_deleted_leaves_the_offer(sqlite_world: TurnWorld) -> None:
    amina = await wants_help(sqlite_world, "interview", words=OWN)
    await amina.presses("share_all")
    now = sqlite_world.clock.now
    (card,) = await sqlite_world.rows(schema.card)
    await act(amina, lambda at: taking_back.delete_answer(at, card.conversation, "help_wanted/how_soon", now))
    assert OWN in await kept(amina)
    assert way(amina) is not None
