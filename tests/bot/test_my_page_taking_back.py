"""Taking back: what is withdrawn is gone for staff, and what is deleted is gone from every place where it lay."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
import pytest
from sqlalchemy import Connection

from bot.lines import CardLine, decode_lines, encode_lines
from bot.messages import Tap, encode
from bot.my_page import taking_back
from bot.my_page.taking_back import Ground, StillOpen
from bot.schedule import Agenda, Promise
from bot.shelf import ScriptShelf
from dialogues.session import Answer
from storage import audit, digests, own, people, redacting, schema
from tests.bot.diary import DIARY, OWN, STEP, writes, wrote
from tests.bot.turn_world import Person, TurnWorld

T = TypeVar("T")


async def act(person: Person, work: Callable[[Ground], T]) -> T:
    """Do something on one person's ground."""
    vault, shelf = person.world.vault, ScriptShelf()
    return await person.world.database.write(
        lambda conn: work(taking_back.ground(conn, vault, shelf, person.id)),
    )


async def kept(person: Person, *, told: bool = True) -> str:
    """Everything that is sealed with the person's key, opened; without what they were ``told`` it is what they said."""

    def read(conn: Connection) -> str:
        cipher = people.participant(conn, person.world.vault, person.id).cipher
        sealed = [
            *(one.body for one in own.messages(conn, cipher, person.id) if told or one.message_id is not None),
            *(card.lines for card in own.cards(conn, cipher, person.id)),
            *(own.session(conn, cipher, person.id, talk.number) for talk in own.talks(conn, person.id)),
            *(one.words.encode() for one in own.answers(conn, cipher, person.id)),
            own.agenda(conn, cipher, person.id) or b"",
        ]
        return b"\n".join(sealed).decode()

    return await person.world.database.read(read)


async def shared(person: Person) -> list[CardLine]:
    """What the specialist can see."""
    world = person.world
    cards = await world.database.read(lambda conn: digests.cards_for(conn, world.vault, world.specialist, None))
    return [line for card in cards for line in decode_lines(card.lines)]


# Withdrawing ----------------------------------------------------------------------------------------------------------


async def test_a_withdrawn_line_is_empty_for_the_specialist_and_stays_an_answer(world: TurnWorld) -> None:
    samira = await wrote(world, "step", "sure")
    now = world.clock.now
    assert await act(samira, lambda at: taking_back.withdraw(at, 1, "diary/sharing", "diary/step", now))
    assert await shared(samira) == [
        CardLine("diary/step", "", Answer(), withdrawn=True),
        CardLine("diary/sure", "", Answer(number=4)),
    ]
    assert (await samira.answered())["step"] == STEP


async def test_one_group_of_an_answer_is_withdrawn_alone(world: TurnWorld) -> None:
    samira = await wrote(world, "what|work", "what|home")
    now = world.clock.now
    assert await act(samira, lambda at: taking_back.withdraw(at, 1, "diary/sharing", "diary/what|home", now))
    assert [(line.group, line.withdrawn) for line in await shared(samira)] == [("work", False), ("home", True)]


@pytest.mark.parametrize(
    ("conversation", "step", "line"),
    [(2, "diary/sharing", "diary/step"), (1, "diary/other", "diary/step"), (1, "diary/sharing", "diary/sure")],
)
async def test_what_is_not_shared_cannot_be_withdrawn(
    sqlite_world: TurnWorld, conversation: int, step: str, line: str
) -> None:
    samira = await wrote(sqlite_world, "step")
    now = sqlite_world.clock.now
    assert not await act(samira, lambda at: taking_back.withdraw(at, conversation, step, line, now))
    assert [line.withdrawn for line in await shared(samira)] == [False]


async def test_the_second_time_a_line_is_withdrawn_nothing_happens(sqlite_world: TurnWorld) -> None:
    samira = await wrote(sqlite_world, "step")
    now = sqlite_world.clock.now
    for expected in (True, False):
        done = await act(samira, lambda at: taking_back.withdraw(at, 1, "diary/sharing", "diary/step", now))
        assert done is expected


async def test_a_line_that_was_withdrawn_does_not_come_back_with_a_later_correction(sqlite_world: TurnWorld) -> None:
    """While the conversation is open, an answer that is changed makes the card anew."""
    world = sqlite_world
    await world.publish("longer", LONGER)
    world.holding("longer")
    samira = await world.person("Samira")
    await samira.says("start")
    await samira.says(STEP)
    await samira.chooses("4")
    await samira.shares("step", "sure")
    now = world.clock.now
    assert await act(samira, lambda at: taking_back.withdraw(at, 1, "longer/sharing", "longer/step", now))
    await samira.presses("back")
    await samira.presses("back")
    await samira.chooses("2")
    assert not [line for line in await shared(samira) if line.answer.words]


LONGER = """
dialogue: longer
language: en
steps:
  step:
    ask: What is your next step?
    answer: text
    label: Next step
  sure:
    ask: How sure are you?
    answer: scale 1 to 5
    label: Sure
  sharing:
    share: Do you want to share this?
    offer: [step, sure]
  more:
    ask: Is there more?
    answer: text
"""


# Deleting one answer --------------------------------------------------------------------------------------------------


async def test_a_deleted_answer_is_nowhere_any_more(world: TurnWorld) -> None:
    samira = await wrote(world, "step", "sure", "what|own_words")
    assert STEP in await kept(samira)
    assert STEP in await kept(samira, told=False)
    assert await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", world.clock.now))
    assert STEP not in await kept(samira)
    assert "step" not in await samira.answered()
    assert [line.withdrawn for line in await shared(samira)] == [True, False, False]
    assert OWN in await kept(samira), "the other answers stay"


async def test_every_revision_of_it_goes(world: TurnWorld) -> None:
    samira = await writes(world)
    for _ in range(4):
        await samira.presses("back")
    await samira.says("Xylophonstunde")
    await samira.skips_all()
    whole = await kept(samira)
    assert STEP in whole
    assert "Xylophonstunde" in whole
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", world.clock.now))
    left = await kept(samira)
    assert STEP not in left
    assert "Xylophonstunde" not in left


async def test_own_words_beside_choices_go_with_their_answer(world: TurnWorld) -> None:
    samira = await wrote(world, "what|own_words", "what|work", "step")
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/what", world.clock.now))
    assert OWN not in await kept(samira)
    assert STEP in await kept(samira)
    assert "noise" not in await kept(samira, told=False), "what was ticked is gone too"


async def test_what_a_later_conversation_remembers_goes_too(world: TurnWorld) -> None:
    samira = await wrote(world)
    world.clock.forward(days=7)
    await samira.says("start")
    assert STEP in samira.texts[-1], "the question repeats the answer"
    await samira.skips_all()
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", world.clock.now))
    assert STEP not in await kept(samira)


async def test_an_open_conversation_that_remembers_it_goes_on_without_the_words(world: TurnWorld) -> None:
    samira = await wrote(world)
    world.clock.forward(days=7)
    await samira.says("start")
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", world.clock.now))
    assert STEP not in await kept(samira)
    told = await samira.says("help")
    assert samira.step == "again"
    assert not [message for message in told if STEP in message.text]
    await samira.chooses("yes")
    assert samira.step == "step"
    assert await world.quarantined() == []


async def test_the_next_conversation_does_not_know_it(sqlite_world: TurnWorld) -> None:
    samira = await wrote(sqlite_world)
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", sqlite_world.clock.now))
    sqlite_world.clock.forward(days=7)
    await samira.says("start")
    assert samira.step == "step"


async def test_an_answer_of_an_open_conversation_is_changed_in_the_chat(sqlite_world: TurnWorld) -> None:
    samira = await writes(sqlite_world)
    with pytest.raises(StillOpen):
        await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", sqlite_world.clock.now))
    assert (await samira.answered())["step"] == STEP


@pytest.mark.parametrize(("conversation", "name"), [(1, "diary/other"), (7, "diary/step")])
async def test_what_is_not_there_cannot_be_deleted(sqlite_world: TurnWorld, conversation: int, name: str) -> None:
    samira = await wrote(sqlite_world)
    now = sqlite_world.clock.now
    assert not await act(samira, lambda at: taking_back.delete_answer(at, conversation, name, now))
    assert len(await samira.answered()) == 4


async def test_the_decision_to_take_part_stays(sqlite_world: TurnWorld) -> None:
    samira = await sqlite_world.person("Samira")
    await samira.onboards()
    await samira.skips_all()
    now = sqlite_world.clock.now
    assert not await act(samira, lambda at: taking_back.delete_answer(at, 1, "onboarding/taking_part", now))
    assert await act(samira, lambda at: taking_back.delete_conversation(at, 1, now))
    assert list(await samira.answered(1)) == ["taking_part"]


# Deleting a conversation ----------------------------------------------------------------------------------------------


async def test_a_deleted_conversation_leaves_only_that_it_took_place(world: TurnWorld) -> None:
    samira = await wrote(world, "step", "sure", "what|work")
    assert await act(samira, lambda at: taking_back.delete_conversation(at, 1, world.clock.now))
    left = await kept(samira)
    for said in (STEP, OWN, "noise", "That is all", "What is your next step"):
        assert said not in left
    assert await samira.answered() == {}
    assert [line.withdrawn for line in await shared(samira)] == [True, True, True]
    assert await samira.conversations() == [("diary", "closed")]


async def test_deleting_one_conversation_leaves_the_others(sqlite_world: TurnWorld) -> None:
    samira = await wrote(sqlite_world)
    sqlite_world.clock.forward(days=7)
    await samira.says("start")
    await samira.chooses("yes")
    await samira.says("Jitterbug")
    await samira.skips_all()
    await act(samira, lambda at: taking_back.delete_conversation(at, 1, sqlite_world.clock.now))
    left = await kept(samira)
    assert STEP not in left
    assert "Jitterbug" in left
    assert (await samira.answered(2))["step"] == "Jitterbug"


async def test_a_conversation_that_is_open_or_was_never_held_is_not_deleted(sqlite_world: TurnWorld) -> None:
    samira = await writes(sqlite_world)
    now = sqlite_world.clock.now
    assert not await act(samira, lambda at: taking_back.delete_conversation(at, 5, now))
    with pytest.raises(StillOpen):
        await act(samira, lambda at: taking_back.delete_conversation(at, 1, now))


async def test_a_message_that_comes_a_second_time_brings_nothing_back(world: TurnWorld) -> None:
    await writes(world)
    samira = await world.person("Amina")
    await samira.says("start")
    first = samira.message(STEP)
    await samira.send(first)
    await samira.skips_all()
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", world.clock.now))
    assert not (await samira.send(first)).fresh
    assert STEP not in await kept(samira)


async def test_what_was_not_sent_yet_is_not_sent_any_more(world: TurnWorld) -> None:
    """A message that waits for its channel and is about a deleted answer."""
    samira = await wrote(world)
    queued = schema.outbox.update().where(schema.outbox.c.participant_id == samira.id).values(state="queued")
    await world.database.write(lambda conn: conn.execute(queued))
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", world.clock.now))
    rows = await world.rows(schema.outbox, participant_id=samira.id)
    assert {row.state for row in rows} == {"queued", "cancelled"}


async def test_each_act_is_on_record_without_a_word_of_the_person(sqlite_world: TurnWorld) -> None:
    samira = await wrote(sqlite_world, "step", "sure")
    now = sqlite_world.clock.now
    await act(samira, lambda at: taking_back.withdraw(at, 1, "diary/sharing", "diary/step", now))
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/what", now))
    await act(samira, lambda at: taking_back.delete_conversation(at, 1, now))
    found = await sqlite_world.database.read(lambda conn: audit.records(conn, samira.id))
    assert [(each.actor, each.action, each.details) for each in found] == [
        (
            f"participant:{samira.id}",
            "line withdrawn",
            {"conversation": 1, "step": "diary/sharing", "line": "diary/step"},
        ),
        (f"participant:{samira.id}", "answer deleted", {"conversation": 1, "answer": "diary/what"}),
        (f"participant:{samira.id}", "conversation deleted", {"conversation": 1}),
    ]


# Pictures and promises ------------------------------------------------------------------------------------------------

KNOT = """
dialogue: knot
language: en
remember:
  earlier: knot/what
steps:
  again:
    when: earlier was answered
    picture: web
    say: This is your web.
  what:
    ask: What makes it harder?
    answer: one of
    options:
      bills: Bills
    own words: yes
    tags: web:what
  more:
    ask: Anything else?
    answer: text
"""


async def test_a_picture_in_an_earlier_message_goes_with_what_it_showed(sqlite_world: TurnWorld) -> None:
    world = sqlite_world
    await world.publish("knot", KNOT)
    world.holding("knot")
    samira = await world.person("Samira")
    await samira.says("start")
    await samira.chooses(words=OWN)
    await samira.skips_all()
    world.clock.forward(days=7)
    await samira.says("start")
    shown = [message for message in samira.told if message.picture is not None]
    assert OWN in str(shown), "the picture shows the words"
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "knot/what", world.clock.now))
    assert OWN not in await kept(samira)
    await samira.says("Jitterbug")
    assert await world.quarantined() == []


async def test_a_promise_that_holds_the_answer_goes_with_it(sqlite_world: TurnWorld) -> None:
    samira = await wrote(sqlite_world, "step")
    line = encode_lines([CardLine("diary/step", "", Answer(words=STEP))]).decode()
    promise = Promise(4, 1, "diary/sharing", "diary", 1, "en", line)
    agenda = encode(Agenda(promise=promise))

    def keep(at: Ground) -> None:
        redacting.put_agenda(at.conn, at.cipher, at.person, agenda)

    await act(samira, keep)
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/sure", sqlite_world.clock.now))
    assert STEP in (await kept(samira)), "another answer does not touch it"
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", sqlite_world.clock.now))
    assert STEP not in await kept(samira)


# What a messenger leaves ----------------------------------------------------------------------------------------------


async def test_ticks_go_with_their_answer(sqlite_world: TurnWorld) -> None:
    """In a messenger each tick is a message of its own, and so are the buttons that are drawn anew."""
    world = sqlite_world
    await world.publish("diary", DIARY)
    world.holding("diary")
    samira = await world.person("Samira")
    await samira.says("start")
    await samira.skips_to("hard")
    await samira.chooses("work", "home")
    at = Tap(samira.waits.conversation, samira.waits.step, "tick")
    for option in ("noise", "sleep"):
        await samira.taps(msgspec.structs.replace(at, choices=(option,)))
    await samira.taps(msgspec.structs.replace(at, action="done"))
    await samira.skips_all()
    assert "noise" in await kept(samira, told=False)
    await act(samira, lambda ground: taking_back.delete_answer(ground, 1, "diary/what", world.clock.now))
    assert "noise" not in await kept(samira, told=False)
    assert '"ticked":true' not in await kept(samira)


async def test_a_message_that_was_changed_too_late_goes_with_the_answer_it_gave(sqlite_world: TurnWorld) -> None:
    world = sqlite_world
    await world.publish("diary", DIARY)
    world.holding("diary")
    samira = await world.person("Samira")
    await samira.says("start")
    first = samira.message(STEP)
    await samira.send(first)
    await samira.skips_all()
    late = samira.message(OWN)
    await samira.send(msgspec.structs.replace(late, edit=True, of=first.id))
    assert OWN in await kept(samira)
    await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", world.clock.now))
    assert OWN not in await kept(samira)
    assert STEP not in await kept(samira)
