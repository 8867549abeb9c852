"""Contacts: what comes of its own accord, and what never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.messages import Tap
from storage import schema
from tests.bot.turn_world import Person, TurnWorld, catalogs, worded


def at(day: int, time: str = "12:30", month: int = 3) -> datetime:
    """A moment in Oslo in spring 2026, before clocks go forward."""
    hour, minute = map(int, time.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


@pytest.fixture
async def amina(world: TurnWorld) -> Person:
    """Somebody who takes part and held a first check-in on Monday 2 March."""
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    await amina.skips_all()
    return amina


async def test_a_check_in_comes_in_the_next_week_at_its_time(world: TurnWorld, amina: Person) -> None:
    assert not await world.until(at(10, "12:29"))
    assert await world.until(at(10)) == {"Start": 1}
    told = await amina.finds()
    assert [message.step for message in told] == ["weekly_checkin/hello", "weekly_checkin/week"]
    await amina.chooses("4")
    assert (await amina.answered())["week"] == "4"


async def test_what_comes_is_stored_before_it_leaves_and_waits_for_nobody(world: TurnWorld, amina: Person) -> None:
    await world.until(at(10))
    rows = await world.rows(schema.outbox, participant_id=amina.id)
    assert {row.state for row in rows[-2:]} == {"sent"}, "the web chat finds it by itself"


async def test_an_unanswered_check_in_is_reminded_of_once_and_then_closes(world: TurnWorld, amina: Person) -> None:
    await world.until(at(10))
    await amina.finds()
    assert await world.until(at(11)) == {"Remind": 1}
    reminder, question = await amina.finds()
    assert reminder.text == "Your check-in is open until \u2068Friday\u2069. It is OK to skip."
    assert question.step == "weekly_checkin/week"
    assert await world.until(at(13)) == {"Expire": 1}
    assert worded(await amina.finds(), "en") == ["ui/expired"]
    assert (await amina.conversations())[-1] == ("weekly_checkin", "expired")


async def test_whoever_answers_anything_is_not_reminded(world: TurnWorld, amina: Person) -> None:
    await world.until(at(10))
    await amina.finds()
    await amina.presses("skip")
    assert await world.until(at(13)) == {"Expire": 1}


async def test_a_late_answer_is_told_the_truth(world: TurnWorld, amina: Person) -> None:
    await world.until(at(10))
    await amina.finds()
    late = amina.waits.buttons[2]
    await world.until(at(14))
    told = await amina.taps(late)
    assert worded(told, "en") == ["ui/expired"]
    assert "week" not in await amina.answered(3)
    assert worded(await amina.says("hello"), "en") == ["ui/nothing_open"]
    await amina.says("start")
    assert amina.step == "week"


async def test_after_two_something_less_is_offered_and_after_four_there_is_silence(
    world: TurnWorld, amina: Person
) -> None:
    came = await world.until(at(20))
    assert came == {"Start": 2, "Remind": 2, "Expire": 2, "Offer": 1}
    assert "too_much/wish" in {message.step for message in await amina.finds()}
    await world.until(at(4, month=4))
    conversations = [name for name, _ in await amina.conversations()]
    assert conversations.count("weekly_checkin") == 5, "the first one, and four that were left alone"
    assert not set(await world.until(at(20, month=4))) - {"Expire"}
    assert await world.until(at(20, month=6)) == {"Note": 1}
    assert worded((await amina.finds())[-1:], "en") == ["ui/quiet"]
    assert not await world.until(at(1, month=12))
    await amina.says("start")
    assert amina.step == "week"
    await amina.skips_all()
    assert (await world.until(at(20, month=12)))["Start"] == 2


async def test_what_is_offered_changes_how_often_check_ins_come(world: TurnWorld, amina: Person) -> None:
    await world.until(at(20))
    await amina.finds()
    await amina.chooses("less_often")
    await amina.chooses("monthly")
    assert (await world.until(at(13, month=4)))["Start"] == 0
    assert (await world.until(at(14, month=4)))["Start"] == 1


@pytest.mark.parametrize(("wish", "state"), [("stop", "stopped"), ("pause", "paused")])
async def test_what_is_offered_ends_it_or_pauses_it(world: TurnWorld, amina: Person, wish: str, state: str) -> None:
    await world.until(at(20))
    await amina.finds()
    told = await amina.chooses(wish)
    if wish == "pause":
        told = await amina.chooses("until_back")
    assert await amina.state() == state
    assert told[-1].text.startswith({"stop": "You have stopped.", "pause": "You have a break now."}[wish])
    assert not await world.until(at(20, month=12))


async def test_another_language_is_asked_for_when_it_is_wished(world: TurnWorld, amina: Person) -> None:
    await world.until(at(20))
    await amina.finds()
    told = await amina.chooses("other_language")
    assert [button.tap.action for button in told[-1].buttons] == ["language"] * len(catalogs().languages)


async def test_the_time_that_was_chosen_is_kept_to(world: TurnWorld, amina: Person) -> None:
    told = await amina.says("time")
    assert told[0].text == "Your next check-in comes on \u2068Tuesday 10 March 12:30\u2069."
    for choice in ("yes", "weekly", "thursday", "at_1730", "no", "no"):
        told = await amina.chooses(choice)
    assert "Thursday 12 March 17:30" in told[-2].text
    assert not await world.until(at(12, "17:29"))
    assert await world.until(at(13, "17:29")) == {"Start": 1}, "and no reminder"


async def test_days_that_are_kept_free_stay_free_and_are_nowhere_in_clear(world: TurnWorld, amina: Person) -> None:
    await amina.says("time")
    for _ in range(2):
        await amina.presses("skip") if amina.step != "change" else await amina.chooses("yes")
    await amina.skips_to("free_times")
    await amina.chooses("yes")
    await amina.chooses("tuesday")
    await amina.chooses("ramadan_evenings")
    await amina.chooses("islamic", "public")
    assert not await world.until(at(11, "12:29"))
    assert await world.until(at(11)) == {"Start": 1}, "the day after its day, which is kept free"
    assert not {one.question for one in await amina.answers()} & {"often", "days", "times", "holidays"}
    stored = str(await world.rows(schema.answer)) + str(await world.rows(schema.participant, id=amina.id))
    assert "ramadan" not in stored
    assert "islamic" not in stored


async def test_a_break_with_an_end_is_over_without_a_question(world: TurnWorld, amina: Person) -> None:
    (asked,) = await amina.says("pause")
    (told,) = await amina.taps(asked.buttons[1])
    assert told.text == "Your break is until \u2068Monday 16 March\u2069. You can come back before that."
    assert not await world.until(at(17, "12:29"))
    assert await world.until(at(17)) == {"Start": 1}
    assert [message.step for message in await amina.finds()] == ["pause_return/hello", "pause_return/want"]
    assert await amina.state() == "active"


async def test_a_break_without_an_end_lasts_until_the_person_comes_back(world: TurnWorld, amina: Person) -> None:
    await amina.says("pause")
    assert not await world.until(at(1, month=12))
    await amina.says("start")
    await amina.skips_all()
    assert (await world.until(at(20, month=12)))["Start"] == 2


async def test_nothing_comes_for_whoever_did_not_agree(world: TurnWorld) -> None:
    sam = await world.person("Sam")
    await sam.says("start")
    await sam.skips_to("explained")
    await sam.chooses("me")
    await sam.chooses("no")
    assert not await world.until(at(1, month=6))


async def test_a_check_in_that_was_begun_already_is_not_begun_again(world: TurnWorld, amina: Person) -> None:
    world.clock.now = at(10, "11:00")
    await amina.says("start")
    await amina.chooses("4")
    assert not (await world.until(at(10, "19:00")))["Start"]
    assert [name for name, _ in await amina.conversations()].count("weekly_checkin") == 2


async def test_after_a_time_away_a_check_in_comes_once_on_its_day_and_else_not(world: TurnWorld, amina: Person) -> None:
    world.clock.now = at(10, "18:00")
    assert await world.turns.contact(world.clock.now) == {"Start": 1}
    assert not await world.turns.contact(world.clock.now)
    await amina.finds()
    await amina.skips_all()
    world.clock.now = at(18, "09:30")
    assert await world.turns.contact(world.clock.now) == {"Missed": 1}
    assert not await amina.finds()
    assert await world.until(at(24)) == {"Start": 1}


async def test_an_erased_person_is_never_written_to(world: TurnWorld, amina: Person) -> None:
    from storage import people

    await world.database.write(lambda conn: people.erase(conn, amina.id))
    assert not await world.until(at(1, month=6))
    (row,) = await world.rows(schema.participant, id=amina.id)
    assert (row.next_due, row.sealed_agenda) == (None, None)


async def test_one_whose_agenda_is_damaged_holds_up_nobody(world: TurnWorld, amina: Person) -> None:
    from sqlalchemy import update

    sam = await world.person("Sam")
    await sam.onboards()
    await sam.says("start")
    await sam.skips_all()
    damaged = update(schema.participant).where(schema.participant.c.id == amina.id).values(sealed_agenda=b"broken")
    await world.database.write(lambda conn: conn.execute(damaged))
    world.clock.now = at(10)
    assert await world.turns.contact(world.clock.now) == {"Start": 1}
    assert (await sam.conversations())[-1] == ("weekly_checkin", "open")


async def test_a_small_dialogue_that_was_left_open_makes_room(world: TurnWorld, amina: Person) -> None:
    await amina.says("time")
    assert (await amina.conversations())[-1] == ("choose_time", "open")
    assert (await world.until(at(10)))["Start"] == 1
    assert (await amina.conversations())[-1] == ("weekly_checkin", "open")


async def test_a_button_for_a_break_is_old_after_coming_back(world: TurnWorld, amina: Person) -> None:
    (asked,) = await amina.says("pause")
    await amina.says("start")
    await amina.taps(Tap(0, "", "pause", ("one_week",)))
    assert await amina.state() == "active"
    assert asked.buttons
