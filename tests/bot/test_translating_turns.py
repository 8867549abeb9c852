"""Before they share, people read that a program translates their own words; what they did not read of is never
translated, and what they take back takes its translation along."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from sqlalchemy import Connection, delete, update

from bot.schedule import Agenda
from bot.translating import choosing
from bot.translating.rounds import Rounds
from bot.translating.words import seen_by_staff
from bot.turns import Turns
from storage import own, people, schema, translations
from storage.translations import Translation
from tests.bot.staff_pages import Pages, fetched
from tests.bot.translate_stand_in import Words
from tests.bot.turn_world import Person, TurnWorld, catalogs
from tests.storage.plans import statements

AFTERWARDS = """\
dialogue: afterwards
title: Questions around a choice
language: en

steps:

  week:
    ask: How was your week?
    answer: one of
    options:
      fine: Fine
      bad: Bad
      worse: Worse
    label: Week

  why:
    ask: What was it?
    answer: text
    label: What it was

  sharing:
    share: This is what {specialist} will see.
    offer: [week, why]

  after:
    ask: Is there more?
    answer: text
"""
CHOOSING = """\
dialogue: choosing
title: Translation
language: en

steps:

  translation:
    ask: Shall a program translate your own words?
    answer: yes or no
    tags: choice:translation
"""
TOLD = "also sees a machine translation of your own words"
SAID = "My shoulder hurts"


def translating(world: TurnWorld, on: bool = True) -> Turns:
    """Turns of a deployment that has a program, or none."""
    return Turns(
        database=world.database,
        vault=world.vault,
        catalogs=catalogs(),
        programme=world.programme,
        translates=on,
    )


@pytest.fixture
async def sam(world: TurnWorld) -> Person:
    """Somebody whose check-in is in English and whose specialist reads Norwegian, where a program translates."""
    await world.publish("afterwards", AFTERWARDS)
    world.holding("afterwards")
    world.turns = translating(world)
    await reads(world, "nb")
    return await world.person("Sam")


async def reads(world: TurnWorld, language: str) -> None:
    staff = update(schema.staff).values(language=language)
    await world.database.write(lambda conn: conn.execute(staff) and None)


async def holds(sam: Person) -> None:
    """Hold the check-in up to the share step, with something in own words."""
    await sam.says("start")
    await sam.chooses("bad")
    await sam.says(SAID)
    assert sam.step == "sharing"


async def waits(sam: Person) -> list[bool]:
    """For each card, whether its words wait for the program."""
    cards = await sam.world.rows(schema.card, participant_id=sam.id)
    return [card.untranslated_since is not None for card in cards]


async def agenda(sam: Person) -> Agenda:
    def work(conn: Connection) -> Agenda:
        return choosing.agenda_of(conn, people.participant(conn, sam.world.vault, sam.id).cipher, sam.id)

    return await sam.world.database.read(work)


async def translate(sam: Person) -> None:
    """Put a translation beside all that is shared now, as a program or somebody of the staff does."""
    world = sam.world

    def work(conn: Connection) -> None:
        cipher = people.participant(conn, world.vault, sam.id).cipher
        for words in seen_by_staff(conn, cipher, sam.id):
            for kind, staff in (("machine", None), ("human", world.specialist)):
                made = Translation(sam.id, words.mark(cipher), "nb", kind, staff, world.clock.now, "Skulderen")  # type: ignore[arg-type]
                translations.put(conn, cipher, made)

    await world.database.write(work)


async def test_the_share_step_says_it_once_and_then_the_words_wait(sam: Person) -> None:
    await holds(sam)
    assert sum(TOLD in text for text in sam.texts) == 1
    assert sam.texts[-1].endswith("You can switch it off on your page, under “What you chose”.")
    assert (await agenda(sam)).told_of_translation
    await sam.presses("share_choose")
    assert TOLD not in sam.texts[-1]
    await sam.says("back")
    await sam.presses("share_all")
    assert await waits(sam) == [True]


async def test_without_own_words_there_is_nothing_to_say(sam: Person) -> None:
    await sam.says("start")
    await sam.chooses("bad")
    await sam.skips_to("sharing")
    assert TOLD not in sam.texts[-1]
    await sam.presses("share_all")
    assert await waits(sam) == [False]


async def test_whoever_finds_lines_ticked_is_told_as_well(sam: Person) -> None:
    await chose(sam, {"choice:sharing": ("ticked",)})
    await holds(sam)
    assert TOLD in sam.texts[-1]


async def chose(sam: Person, choices: dict[str, tuple[str, ...]]) -> None:
    """As if they had chosen it before."""

    def work(conn: Connection) -> None:
        cipher = people.present(conn, sam.world.vault, sam.id)
        sealed = cipher.seal(own.agenda_place(sam.id), msgspec.json.encode(Agenda(choices=choices)))
        conn.execute(update(schema.participant).filter_by(id=sam.id).values(sealed_agenda=sealed))

    await sam.world.database.write(work)


@pytest.mark.parametrize("why", ["no program", "the same language", "switched off", "nobody reads"])
async def test_where_nothing_is_translated_nothing_is_said_and_nothing_waits(sam: Person, why: str) -> None:
    world = sam.world
    match why:
        case "no program":
            world.turns = translating(world, on=False)
        case "the same language":
            await reads(world, "en")
        case "switched off":
            await chose(sam, {"choice:translation": ("no",)})
        case _:
            gone = update(schema.assignment).values(until=world.clock.now)
            await world.database.write(lambda conn: conn.execute(gone) and None)
    await holds(sam)
    assert not any(TOLD in text for text in sam.texts)
    await sam.presses("share_all")
    assert await waits(sam) == [False]


async def test_who_saw_the_lines_before_there_was_a_program_was_not_told(sam: Person) -> None:
    world = sam.world
    world.turns = translating(world, on=False)
    await holds(sam)
    world.turns = translating(world)
    await sam.presses("share_all")
    assert await waits(sam) == [False]
    assert not (await agenda(sam)).told_of_translation


async def seen(world: TurnWorld, addresses: Sequence[str]) -> Pages:
    """These pages of the specialist, who comes in by a new link."""
    await world.database.write(lambda conn: conn.execute(delete(schema.access_link)) and None)
    return await fetched(world, world.specialist, addresses)


async def test_words_that_are_kept_reach_neither_the_program_nor_a_page(sam: Person) -> None:
    """Whoever wrote and kept it looks like whoever was silent, byte by byte."""
    world, program = sam.world, Words()
    addresses = ["/digest", "/people", f"/people/{sam.id}"]
    before = await seen(world, addresses)
    await holds(sam)
    await sam.presses("share_none")
    assert await waits(sam) == []
    rounds = Rounds(world.database, world.vault, program, lambda: world.clock.now)
    await rounds.do([sam.id])
    assert await rounds.find() == []
    assert program.asked == []
    assert await seen(world, addresses) == before


async def test_a_whole_way_from_the_chat_to_the_page_and_back(sam: Person) -> None:
    world, program = sam.world, Words({SAID: "Skulderen min gjør vondt"})
    await holds(sam)
    await sam.presses("share_all")
    rounds = Rounds(world.database, world.vault, program, lambda: world.clock.now)
    for group in await rounds.find():
        await rounds.do(group)
    assert program.asked == [("en", "nb", (SAID,))]
    address = f"/people/{sam.id}"
    page = (await seen(world, [address]))[address][2].decode()
    assert page.index(SAID) < page.index("Skulderen min gjør vondt")
    await sam.presses("back")
    await sam.presses("share_none")
    page = (await seen(world, [address]))[address][2].decode()
    assert "Skulderen" not in page


async def test_a_translation_goes_with_its_words_and_no_other_does(sam: Person) -> None:
    """Back to the question, another answer: the line leaves the card, and what was made of it leaves with it."""
    await holds(sam)
    await sam.presses("share_all")
    await translate(sam)
    for _ in range(3):
        await sam.presses("back")
    await sam.chooses("worse")
    assert await sam.world.count(schema.translation) == 2  # the words are still shared
    await sam.presses("back")
    await sam.says("My knee hurts")
    assert await sam.world.count(schema.translation) == 0
    await sam.presses("share_all")
    assert await waits(sam) == [True]


async def test_a_translation_goes_when_nothing_is_shared_any_more(sam: Person) -> None:
    await holds(sam)
    await sam.presses("share_all")
    await translate(sam)
    await sam.presses("back")
    await sam.presses("share_none")
    assert await sam.world.count(schema.translation) == 0


async def test_words_stay_translated_while_another_card_has_them(sam: Person) -> None:
    await holds(sam)
    await sam.presses("share_all")
    await translate(sam)
    await sam.skips_all()
    await holds(sam)
    await sam.presses("share_all")
    await sam.presses("back")
    await sam.presses("share_none")
    assert await sam.world.count(schema.translation) == 2


async def test_switching_it_off_in_the_chat_takes_what_the_program_made(sam: Person) -> None:
    await holds(sam)
    await sam.presses("share_all")
    await translate(sam)
    await sam.skips_all()
    await sam.world.publish("choosing", CHOOSING)
    sam.world.holding("choosing")
    sam.world.turns = translating(sam.world)
    await sam.says("start")
    await sam.chooses("no")
    assert (await agenda(sam)).choices["choice:translation"] == ("no",)
    assert [row.kind for row in await sam.world.rows(schema.translation)] == ["human"]
    assert await waits(sam) == [False]
    assert await sam.answers() == [one for one in await sam.answers() if one.question != "translation"]


async def test_a_turn_without_own_words_asks_nothing_more_of_the_database(sam: Person) -> None:
    """The translations are looked at when something is shared, once for everybody, and never else."""
    await sam.says("start")
    with statements() as seen:
        await sam.chooses("bad")
    assert not any("translation" in text for text, _ in seen)
    await sam.says(SAID)
    with statements() as seen:
        await sam.presses("share_all")
    assert sum("translation" in text for text, _ in seen) == 1
