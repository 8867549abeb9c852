"""An agreement from both sides: proposed in the chat or on a page, answered there, and asked about on its day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot import agreements as pure
from bot import errands
from bot.agreements import Agreement, Course, Hand, Wording, wording
from bot.schedule import Errand
from dialogues.loader import load
from storage import agreements, people, replies, schema, scripts
from storage.replies import Reply
from tests.bot.turn_world import Person, TurnWorld, catalogs, programme_of

AGREE = """\
dialogue: agree
title: Agree
language: en

steps:

  what:
    ask: What do you want to agree on?
    answer: text
    label: Agreement
    tags: agreement:what

  who:
    ask: Who does it?
    answer: one of
    options:
      participant: Me
      specialist: "{specialist}"
      together: We do it together
      someone_else: Someone else
    label: Who
    tags: agreement:who

  by:
    ask: By which day?
    answer: date
    label: By
    tags: agreement:by

  sign:
    ask: How do you both notice that it is done?
    answer: text
    label: Done when
    tags: agreement:sign

  sharing:
    share: This is what {specialist} will see.
    offer: [what, who, by, sign]
"""
ANSWER = """\
dialogue: agreement_answer
title: A proposal
language: en

remember:
  what: agree/what
  sign: agree/sign

steps:

  done_when:
    when: sign was answered
    say: "Done when: {sign}"

  decide:
    when: what was answered
    ask: "{specialist} proposes: {what}"
    answer: one of
    options:
      yes: "Yes"
      change: Change it
      no: "No"
    tags: agreement:answer
"""
DAY = """\
dialogue: agreement_day
title: The day
language: en

remember:
  what: agree/what

steps:

  how:
    when: what was answered
    ask: "How is it with {what}?"
    answer: one of
    options:
      done: Done
      not_yet: Not yet
      changed: It is different
      drop: We drop it
    tags: agreement:review

  new_day:
    when: how is not_yet
    ask: Which day is better?
    answer: date
    tags: agreement:new_day
"""
ONE_MORE = """
  more:
    ask: Is there anything else?
    answer: text
"""
"""With it the conversation goes on after the sharing, so that one can return to it."""

SCRIPTS = {"agree": AGREE, "agreement_answer": ANSWER, "agreement_day": DAY}
CALL = Wording("Call the shop", "", "en", "specialist", date(2026, 3, 12))


async def publish(world: TurnWorld, name: str, sources: Mapping[str, str]) -> None:
    script = load(sources[name], sources)
    texts = {"en": catalogs().script_texts(script, "en") or {}}
    own = {name: sources[name]}
    await world.database.write(lambda conn: scripts.publish(conn, name, own, texts, "test", world.clock.now))


@pytest.fixture
async def amina(world: TurnWorld) -> Person:
    """Somebody who has proposed an agreement with a sign, so that earlier answers are there to be mixed up."""
    return await proposing(world, SCRIPTS)


async def proposing(world: TurnWorld, sources: Mapping[str, str]) -> Person:
    """Somebody who is asked what to share of an agreement."""
    for name in sources:
        await publish(world, name, sources)
    only = programme_of("agree")
    world.programme = replace(only, agreement="agreement_answer", agreement_day="agreement_day")
    world.turns = world.another_turns()
    made = await world.person()
    await made.says("start")
    await made.says("Ask about Saturdays")
    await made.chooses("participant")
    await made.says("2026-03-20")
    await made.says("There is an answer")
    return made


async def stored(world: TurnWorld, person: Person) -> list[Agreement]:
    def of(conn: Connection) -> list[Agreement]:
        return agreements.of(conn, people.participant(conn, world.vault, person.id).cipher, person.id)

    return await world.database.read(of)


def specialist(world: TurnWorld) -> Hand:
    return Hand("specialist", world.specialist, world.clock.now)


async def acts(world: TurnWorld, person: Person, number: int, make: Callable[[Course], Agreement]) -> None:
    """What the specialist does on the page."""

    def work(conn: Connection) -> None:
        cipher = people.present(conn, world.vault, person.id)
        made = make(Course(tuple(agreements.one(conn, cipher, person.id, number))))
        agreements.put(conn, cipher, made)
        errands.follow(conn, world.vault, made, world.clock.now)

    await world.database.write(work)


async def proposes(world: TurnWorld, person: Person, says: Wording = CALL) -> int:
    """The number of an agreement that the specialist proposes."""

    def work(conn: Connection) -> int:
        cipher = people.present(conn, world.vault, person.id)
        number = agreements.next_number(conn, person.id)
        made = pure.propose(person.id, number, says, specialist(world))
        agreements.put(conn, cipher, made)
        errands.follow(conn, world.vault, made, world.clock.now)
        return number

    return await world.database.write(work)


async def passes(world: TurnWorld, **time: float) -> None:
    await world.until(world.clock.now + timedelta(**time))


# The person proposes --------------------------------------------------------------------------------------------------


async def test_what_is_shared_is_proposed_and_what_is_kept_is_not(world: TurnWorld, amina: Person) -> None:
    await amina.shares("what", "by")
    (made,) = await stored(world, amina)
    assert wording(made) == Wording("Ask about Saturdays", "", "en", "together", date(2026, 3, 20))
    assert (made.number, made.state, made.made_by, made.staff_id) == (1, "proposed", "participant", world.specialist)
    assert made.confirmed_by_participant_at == world.clock.now
    assert made.confirmed_by_specialist_at is None


@pytest.mark.parametrize("lines", [(), ("who", "by", "sign")])
async def test_without_the_line_that_says_what_nothing_is_proposed(
    world: TurnWorld, amina: Person, lines: tuple[str, ...]
) -> None:
    await amina.shares(*lines)
    assert await stored(world, amina) == []


async def test_the_specialists_yes_makes_it_active_and_the_person_is_told_once(world: TurnWorld, amina: Person) -> None:
    await amina.presses("share_all")
    await acts(world, amina, 1, lambda course: course.confirm(specialist(world)))
    await passes(world, days=4)
    await amina.finds()
    assert amina.texts.count("Kim Berg says yes to an agreement. Now it counts.") == 1
    assert "Ask about Saturdays" not in amina.texts[-1], "others may read along"
    assert [one.state for one in await stored(world, amina)] == ["proposed", "active"]


@pytest.mark.parametrize(
    ("act", "said"),
    [("decline", "Kim Berg says no to an agreement. You can talk about it."), ("change", "Kim Berg proposes: Other")],
)
async def test_what_is_not_wanted_is_told_or_proposed_otherwise(
    world: TurnWorld, amina: Person, act: str, said: str
) -> None:
    await amina.presses("share_all")
    other = replace(CALL, what="Other")
    ways = {
        "decline": lambda course: course.decline(specialist(world)),
        "change": lambda course: course.change(other, specialist(world)),
    }
    await acts(world, amina, 1, ways[act])
    await passes(world, days=4)
    await amina.finds()
    assert amina.texts.count(said) == 1
    assert any("proposes" in text for text in amina.texts) is (act == "change"), "either told or asked"


async def test_only_the_last_word_on_an_agreement_is_told(world: TurnWorld, amina: Person) -> None:
    await amina.presses("share_all")
    await acts(world, amina, 1, lambda course: course.confirm(specialist(world)))
    await acts(world, amina, 1, lambda course: course.drop(specialist(world)))
    await passes(world, days=4)
    await amina.finds()
    assert "Kim Berg ends an agreement." in amina.texts
    assert not any("says yes" in text for text in amina.texts)


async def test_a_change_by_the_specialist_comes_to_the_chat_and_is_answered(world: TurnWorld, amina: Person) -> None:
    await amina.presses("share_all")
    await acts(world, amina, 1, lambda course: course.change(CALL, specialist(world)))
    await passes(world, days=1)
    await amina.finds()
    assert amina.texts[-1] == "Kim Berg proposes: Call the shop"
    assert not any("Done when" in text for text in amina.texts[-2:]), "a sign of somebody's earlier words"
    await amina.chooses("yes")
    *_, now = await stored(world, amina)
    assert (wording(now), now.state, now.made_by) == (CALL, "active", "participant")


async def test_sharing_anew_changes_what_was_proposed_and_keeping_it_takes_it_back(world: TurnWorld) -> None:
    amina = await proposing(world, {**SCRIPTS, "agree": AGREE + ONE_MORE})
    await amina.shares("what", "by")
    await amina.presses("back")
    await amina.shares("what", "by")
    assert len(await stored(world, amina)) == 1, "the same is not proposed twice"
    await amina.presses("back")
    await amina.shares("what")
    first, second = await stored(world, amina)
    assert (second.number, second.state, second.due) == (first.number, "proposed", None)
    await amina.presses("back")
    await amina.presses("share_none")
    assert [one.state for one in await stored(world, amina)] == ["proposed", "proposed", "dropped"]


async def test_what_the_specialist_has_answered_is_not_proposed_anew_by_going_back(world: TurnWorld) -> None:
    amina = await proposing(world, {**SCRIPTS, "agree": AGREE + ONE_MORE})
    await amina.shares("what", "by")
    await acts(world, amina, 1, lambda course: course.confirm(specialist(world)))
    await amina.presses("back")
    await amina.presses("share_none")
    assert [one.state for one in await stored(world, amina)] == ["proposed", "active"]


# The specialist proposes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "state"), [("yes", "active"), ("no", "declined"), ("change", "proposed")])
async def test_a_proposal_is_answered_in_the_chat(world: TurnWorld, amina: Person, answer: str, state: str) -> None:
    await amina.presses("share_none")
    await proposes(world, amina)
    await passes(world, days=1)
    await amina.finds()
    assert amina.step == "decide"
    await amina.chooses(answer)
    *_, now = await stored(world, amina)
    assert (now.state, now.revision) == (state, 2)
    assert (now.confirmed_by_participant_at is not None) is (answer == "yes")


async def test_what_nobody_answers_stays_proposed(world: TurnWorld, amina: Person) -> None:
    await amina.presses("share_none")
    await proposes(world, amina)
    await passes(world, days=1)
    await amina.finds()
    await amina.presses("skip")
    await passes(world, days=30)
    assert [one.state for one in await stored(world, amina)] == ["proposed"]


async def test_a_yes_to_what_was_changed_meanwhile_counts_for_nothing_and_the_new_words_are_asked(
    world: TurnWorld, amina: Person
) -> None:
    await amina.presses("share_none")
    number = await proposes(world, amina)
    await passes(world, days=1)
    await amina.finds()
    other = replace(CALL, what="Write to the shop")
    await acts(world, amina, number, lambda course: course.change(other, specialist(world)))
    await amina.chooses("yes")
    assert [one.state for one in await stored(world, amina)] == ["proposed", "proposed"]
    await passes(world, days=3)
    await amina.finds()
    assert "Kim Berg proposes: Write to the shop" in amina.texts
    await amina.chooses("yes")
    *_, now = await stored(world, amina)
    assert (wording(now), now.state) == (other, "active")


# Its day --------------------------------------------------------------------------------------------------------------


async def on_its_day(world: TurnWorld, amina: Person) -> None:
    """An agreement of the specialist's to which Amina said yes, and its day."""
    await amina.presses("share_none")
    await proposes(world, amina)
    await passes(world, days=1)
    await amina.finds()
    await amina.chooses("yes")
    await world.until(datetime(2026, 3, 12, 20, tzinfo=UTC))
    await amina.finds()
    assert amina.texts[-1] == "How is it with Call the shop?"


@pytest.mark.parametrize(
    ("answer", "state"), [("done", "done"), ("drop", "dropped"), ("changed", "proposed"), ("not_yet", "active")]
)
async def test_on_its_day_the_person_says_how_it_is(world: TurnWorld, amina: Person, answer: str, state: str) -> None:
    await on_its_day(world, amina)
    await amina.chooses(answer)
    if answer == "not_yet":
        await amina.presses("skip")
    *_, now = await stored(world, amina)
    assert now.state == state


async def test_another_day_waits_for_the_specialist(world: TurnWorld, amina: Person) -> None:
    await on_its_day(world, amina)
    await amina.chooses("not_yet")
    await amina.says("2026-03-19")
    *before, now = await stored(world, amina)
    assert now.due == date(2026, 3, 19)
    course = Course((*before, now))
    assert course.waits_for("specialist")
    assert course.in_force == before[-1]


async def test_what_was_done_before_its_day_is_not_asked_about(world: TurnWorld, amina: Person) -> None:
    await amina.presses("share_none")
    number = await proposes(world, amina)
    await passes(world, days=1)
    await amina.finds()
    await amina.chooses("yes")
    await acts(world, amina, number, lambda course: course.done(specialist(world)))
    await world.until(datetime(2026, 3, 15, 20, tzinfo=UTC))
    assert not any("How is it with" in text for text in [each.text for each in await amina.finds()])


# Replies --------------------------------------------------------------------------------------------------------------


async def answers(world: TurnWorld, amina: Person, staff_id: int) -> None:
    """Somebody on the staff replies to what Amina shared first."""
    (card,) = await world.rows(schema.card)
    now = world.clock.now
    reply = Reply(amina.id, card.conversation, card.step, "agree/what", "talk_first", None, staff_id, now)

    def work(conn: Connection) -> None:
        assert replies.put(conn, reply)
        errands.bring(conn, world.vault, amina.id, Errand("reply", reply.about, now), now)

    await world.database.write(work)


async def test_a_reply_is_told_in_the_chat_once(world: TurnWorld, amina: Person) -> None:
    await amina.presses("share_all")
    await answers(world, amina, world.specialist)
    await passes(world, days=4)
    await amina.finds()
    assert sum("Kim Berg wants to talk with you about it first." in text for text in amina.texts) == 1
    assert await world.database.read(lambda conn: replies.untold(conn, amina.id)) == []


async def test_a_reply_is_told_in_the_name_of_whoever_gave_it(world: TurnWorld, amina: Person) -> None:
    """A colleague who reads during leave, or a specialist who was there before."""

    def add(conn: Connection) -> int:
        values = {"name": "Tor", "mail": "tor@example.org", "role": "specialist", "language": "en"}
        return people.add_staff(conn, world.vault, **values, time_zone="UTC", now=world.clock.now)

    await amina.presses("share_all")
    await answers(world, amina, await world.database.write(add))
    await passes(world, days=4)
    await amina.finds()
    assert sum("Tor wants to talk with you about it first." in text for text in amina.texts) == 1
