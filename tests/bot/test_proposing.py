"""What was shared becomes an agreement, if the person wants that: offered after sharing, with the same words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from bot.messages import Button, Tap
from dialogues.answers import LONGEST_WORDS
from storage import agreements, people
from storage.agreements import Agreement
from tests.bot.digest_samples import plain
from tests.bot.own_page import own_page
from tests.bot.turn_world import Person, TurnWorld, catalogs, shipped


async def agreed(world: TurnWorld, person: Person) -> list[Agreement]:
    """Every revision of every agreement of somebody."""

    def read(conn: Connection) -> list[Agreement]:
        return agreements.of(conn, people.participant(conn, world.vault, person.id).cipher, person.id)

    return await world.database.read(read)


async def wants_help(world: TurnWorld, *options: str, words: str = "", language: str = "en") -> Person:
    """Somebody who is about to share what they want help with, this week."""
    person = await world.person("Amina", language)
    await person.onboards()
    await person.taps(Tap(0, "", "open", ("help_wanted",)))
    await person.chooses(*options)
    await (person.says(words) if words else person.presses("skip"))
    await person.skips_to("how_soon")
    await person.chooses("week")
    await person.skips_to("sharing")
    return person


async def has_hard_words(person: Person) -> None:
    """The third check-in about work, in which words are hard to understand and what could help is said."""
    await person.onboards("job")
    for _ in range(2):
        await person.says("start")
        await person.skips_all()
        person.world.clock.forward(days=7)
    await person.says("start")
    await person.skips_to("understood")
    await person.chooses("partly")
    await person.chooses("written_list", "slower")
    await person.skips_to("sharing")


def way(person: Person) -> Button | None:
    """The button that makes an agreement, where the last thing they read has it."""
    last = person.told[-1]
    return next((button for button in last.buttons if button.tap.choices == ("agree",)), None)


async def takes_the_offer(person: Person) -> None:
    """Tap it."""
    button = way(person)
    assert button is not None, person.texts[-1]
    await person.taps(button)


async def test_what_could_help_with_the_language_at_work_becomes_an_agreement(sqlite_world: TurnWorld) -> None:
    """From the answer to the proposal, which the specialist can say yes to."""
    world = sqlite_world
    amina = await world.person()
    await has_hard_words(amina)
    assert await agreed(world, amina) == []
    await amina.shares("understand_help")
    assert [message.kind for message in amina.told[-2:]] == ["said", "closed"]
    assert amina.texts[-1] == (
        "Could help to understand: A written list, Slower talk\nShall this become an agreement with Kim Berg?"
    )
    await takes_the_offer(amina)
    assert plain(amina.waits.text) == "What do you want to agree on?\n\nYou shared: A written list, Slower talk"
    await amina.presses("keep")
    await amina.chooses("specialist")
    await amina.says("9.5.2026")
    await amina.presses("skip")
    assert await agreed(world, amina) == [], "nothing is proposed before it is shared"
    await amina.presses("share_all")
    (made,) = await agreed(world, amina)
    assert (made.what, made.owner, made.due) == ("A written list, Slower talk", "specialist", date(2026, 5, 9))
    assert (made.state, made.made_by, made.staff_id) == ("proposed", "participant", world.specialist)
    assert made.confirmed_by_specialist_at is None


async def test_own_words_stand_beside_what_was_chosen_and_can_be_written_anew(sqlite_world: TurnWorld) -> None:
    amina = await wants_help(sqlite_world, "interview", words="I want to practise answers.")
    await amina.presses("share_all")
    assert amina.texts[-1].startswith("Help wanted: Interview\nIn own words: I want to practise answers.\n")
    await takes_the_offer(amina)
    assert plain(amina.waits.text).endswith("You shared: Interview – I want to practise answers.")
    await amina.says("Practise on Tuesday")
    await amina.skips_to("sharing")
    await amina.presses("share_all")
    assert [one.what for one in await agreed(sqlite_world, amina)] == ["Practise on Tuesday"]


async def test_only_what_was_shared_is_offered_and_suggested(sqlite_world: TurnWorld) -> None:
    amina = await wants_help(sqlite_world, "money", words="Something for me alone")
    await amina.shares("help")
    assert amina.texts[-1].startswith("Help wanted: A money or benefit question\nShall")
    await takes_the_offer(amina)
    assert "alone" not in amina.waits.text


@pytest.mark.parametrize("shared", ["", "how_soon"], ids=["all kept", "another line shared"])
async def test_what_is_kept_is_not_offered(sqlite_world: TurnWorld, shared: str) -> None:
    amina = await wants_help(sqlite_world, "interview")
    await (amina.shares(shared) if shared else amina.presses("share_none"))
    assert way(amina) is None
    assert plain(amina.told[-1].text).startswith("Some help is the work of others.")


async def test_what_says_that_nothing_is_wanted_is_not_offered(sqlite_world: TurnWorld) -> None:
    amina = await sqlite_world.person()
    await amina.onboards()
    await amina.taps(Tap(0, "", "open", ("together",)))
    await amina.skips_to("different")
    await amina.chooses("nothing")
    await amina.shares("different")
    assert way(amina) is None


async def test_nothing_now_is_an_answer_and_leaves_nothing(sqlite_world: TurnWorld) -> None:
    amina = await wants_help(sqlite_world, "interview")
    await amina.presses("share_all")
    (not_now,) = amina.told[-1].controls
    assert plain(not_now.label) == "Nothing now"
    assert plain((await amina.taps(not_now))[-1].text) == "There is no question now."
    assert await agreed(sqlite_world, amina) == []


async def test_it_is_the_one_thing_that_follows_a_check_in(sqlite_world: TurnWorld) -> None:
    """Who keeps everything is asked something small in its place."""
    followed: list[tuple[str, str]] = []
    for lines in ((), ("understand_help",)):
        amina = await sqlite_world.person()
        await has_hard_words(amina)
        await (amina.shares(*lines) if lines else amina.presses("share_none"))
        followed.append((await amina.conversations())[-1])
    assert [state for _, state in followed] == ["open", "closed"]
    assert followed[1] == ("workplace", "closed")


async def test_who_was_in_the_middle_of_something_goes_on_with_that(sqlite_world: TurnWorld) -> None:
    amina = await sqlite_world.person()
    await amina.onboards()
    await amina.says("start")
    waits = amina.step
    await amina.taps(Tap(0, "", "open", ("help_wanted",)))
    await amina.chooses("interview")
    await amina.skips_to("sharing")
    await amina.presses("share_all")
    assert amina.step == waits
    assert not [button for message in amina.told for button in message.buttons if button.tap.choices == ("agree",)]


async def test_it_is_offered_and_suggested_in_the_persons_language(sqlite_world: TurnWorld) -> None:
    """What they chose is worded in it, and the agreement holds these words."""
    amina = await wants_help(sqlite_world, "interview", language="ar")
    await amina.presses("share_all")
    await takes_the_offer(amina)
    await amina.presses("keep")
    await amina.skips_to("sharing")
    await amina.presses("share_all")
    (made,) = await agreed(sqlite_world, amina)
    texts = catalogs().script_texts(shipped().scripts["help_wanted"], "ar")
    assert texts is not None
    assert (made.what, made.language) == (texts["help_wanted/help/interview"], "ar")


async def test_on_the_page_the_offer_is_what_waits_and_one_press_opens_the_agreement(tmp_path: Path) -> None:
    async with own_page(tmp_path) as own:
        await own.opens("help_wanted")
        await own.person.chooses("interview")
        await own.person.skips_to("sharing")
        await own.person.presses("share_all")
        html = await (await own.phone.get("/chat")).text()
        assert [word in html for word in ("Shall this become an agreement", "Make an agreement", "Nothing now")] == [
            True
        ] * 3
        await takes_the_offer(own.person)
        html = await (await own.phone.get("/chat")).text()
        assert "Take these words" in html
        assert 'name="text"' in html, "other words can be written beside it"


async def test_a_long_text_is_cut_to_what_an_answer_may_hold(sqlite_world: TurnWorld) -> None:
    amina = await wants_help(sqlite_world, "interview", words="words " * (LONGEST_WORDS // 6))
    await amina.presses("share_all")
    await takes_the_offer(amina)
    await amina.presses("keep")
    await amina.skips_to("sharing")
    await amina.presses("share_all")
    (made,) = await agreed(sqlite_world, amina)
    assert LONGEST_WORDS - 10 < len(made.what) <= LONGEST_WORDS
    assert made.what.endswith("…")


async def test_an_offer_costs_no_statement(sqlite_world: TurnWorld) -> None:
    """Sharing takes as many statements where no programme names a dialogue for it."""
    counted: list[int] = []
    for dialogue in ("agree", ""):
        sqlite_world.programme = replace(sqlite_world.programme, new_agreement=dialogue)
        sqlite_world.turns = sqlite_world.another_turns()
        amina = await wants_help(sqlite_world, "interview")
        seen: list[str] = []

        def ran(_conn: object, _cursor: object, text: str, *_rest: object, into: list[str] = seen) -> None:
            into.append(text)

        event.listen(Engine, "before_cursor_execute", ran)
        try:
            await amina.presses("share_all")
        finally:
            event.remove(Engine, "before_cursor_execute", ran)
        assert (way(amina) is not None) == bool(dialogue)
        counted.append(len(seen))
    assert len({*counted}) == 1
