"""What a person is told because somebody else did something or a day has come, and what comes of their answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot import errands
from bot.agreements import Act, Course, Hand, Wording, propose
from bot.messages import Tap
from bot.schedule import Errand
from storage import agreements, people, replies, schema
from storage.agreements import Agreement
from storage.replies import Code, Reply
from tests.bot.digest_samples import plain
from tests.bot.turn_world import MONDAY, Person, TurnWorld

DAY = timedelta(days=1)
FRIDAY = date(2026, 3, 6)


@pytest.fixture
async def amina(world: TurnWorld) -> Person:
    """Somebody who takes part, wants no check-ins of their own accord, and has nothing open."""
    amina = await world.person()
    await amina.onboards()
    await amina.finds()
    return amina


async def revisions(world: TurnWorld, person: Person, number: int = 1) -> list[Agreement]:
    """Every revision of an agreement."""

    def read(conn: object) -> list[Agreement]:
        cipher = people.participant(conn, world.vault, person.id).cipher  # type: ignore[arg-type]
        return agreements.one(conn, cipher, person.id, number)  # type: ignore[arg-type]

    return await world.database.read(read)


async def specialist_acts(world: TurnWorld, person: Person, made: Agreement, now: datetime) -> None:
    """The specialist's side stores a revision, as the staff page does."""

    def write(conn: object) -> None:
        cipher = people.participant(conn, world.vault, person.id).cipher  # type: ignore[arg-type]
        agreements.put(conn, cipher, made)  # type: ignore[arg-type]
        errands.follow(conn, world.vault, made, now)  # type: ignore[arg-type]

    await world.database.write(write)


async def proposes(world: TurnWorld, person: Person, due: date | None = FRIDAY) -> None:
    """The specialist proposes to call the shop."""
    says = Wording("Call the shop", "The shop has answered", "en", "specialist", due)
    made = propose(person.id, 1, says, Hand("specialist", world.specialist, world.clock.now))
    await specialist_acts(world, person, made, world.clock.now)


async def replied(world: TurnWorld, person: Person, line: str, code: Code, who: str | None = None) -> None:
    """The specialist answers a line of the last card."""
    row = (await world.rows(schema.card, participant_id=person.id))[-1]
    made = Reply(person.id, row.conversation, row.step, line, code, who, world.specialist, world.clock.now)

    def write(conn: object) -> None:
        assert replies.put(conn, made)  # type: ignore[arg-type]
        errand = Errand("reply", made.about, world.clock.now)
        errands.bring(conn, world.vault, person.id, errand, world.clock.now)  # type: ignore[arg-type]

    await world.database.write(write)


async def asks_for_help(person: Person, *topics: str) -> None:
    """Share in a check-in that help is wanted with these."""
    await person.says("start")
    await person.skips_to("help")
    await person.chooses(*topics)
    await person.skips_to("sharing")
    await person.presses("share_all")


@pytest.mark.parametrize(
    ("code", "who", "said"),
    [
        ("yes", None, "Kim Berg says: yes, I do this."),
        ("together", None, "Kim Berg says: we do this together."),
        ("not_my_role", "nav", "Kim Berg does not do this. This is who can help: NAV (benefits office)"),
        ("talk_first", None, "Kim Berg wants to talk with you about it first."),
    ],
)
async def test_a_reply_is_told_once_and_then_what_waits_is_asked_again(
    world: TurnWorld, amina: Person, code: Code, who: str | None, said: str
) -> None:
    await asks_for_help(amina, "letters")
    await replied(world, amina, "weekly_checkin/help", code, who)
    assert await world.until(world.clock.now) == {"Tell": 1}
    told = await amina.finds()
    first, second = plain(told[0].text).split("\n")
    assert first == "About: Letters from offices"
    assert second.startswith(said)
    (row,) = await world.rows(schema.reply)
    assert row.told_at == world.clock.now
    assert not await world.until(world.clock.now + timedelta(hours=3))


async def test_a_reply_to_a_line_that_was_withdrawn_is_not_told(world: TurnWorld, amina: Person) -> None:
    await asks_for_help(amina, "letters")
    await replied(world, amina, "weekly_checkin/help", "yes")
    await world.database.write(lambda conn: conn.execute(schema.card.delete()))
    await world.until(world.clock.now)
    assert not [message for message in await amina.finds() if "says" in message.text]


async def test_a_proposal_is_answered_in_a_conversation_that_says_all_of_it(world: TurnWorld, amina: Person) -> None:
    await proposes(world, amina)
    assert await world.until(world.clock.now) == {"Bring": 1}
    told = "\n".join(plain(message.text) for message in await amina.finds())
    for words in ("Call the shop", "Kim Berg does it", "Friday 6 March 2026", "The shop has answered", "Kim Berg sees"):
        assert words in told
    await amina.chooses("yes")
    course = Course(tuple(await revisions(world, amina)))
    assert course.now.state == "active"
    assert course.now.made_by == "participant"


@pytest.mark.parametrize(("answer", "state"), [("no", "declined"), ("change", "proposed")])
async def test_no_and_a_change_are_answers_too(world: TurnWorld, amina: Person, answer: str, state: str) -> None:
    await proposes(world, amina)
    await world.until(world.clock.now)
    await amina.finds()
    await amina.chooses(answer)
    await amina.skips_all()
    course = Course(tuple(await revisions(world, amina)))
    assert (course.now.state, course.now.confirmed_by_specialist_at is None) == (state, answer == "change")


async def test_a_proposal_that_is_skipped_stays_as_it_is(world: TurnWorld, amina: Person) -> None:
    await proposes(world, amina)
    await world.until(world.clock.now)
    await amina.finds()
    await amina.skips_all()
    assert [one.state for one in await revisions(world, amina)] == ["proposed"]


async def test_on_its_day_both_are_asked_and_done_ends_it(world: TurnWorld, amina: Person) -> None:
    await proposes(world, amina)
    await world.until(world.clock.now)
    await amina.finds()
    await amina.chooses("yes")
    await world.until(datetime.fromisoformat("2026-03-03T11:30:00+00:00"))
    await amina.finds()
    await amina.skips_all()
    await world.until(datetime.fromisoformat("2026-03-06T07:59:00+00:00"))
    assert await world.until(datetime.fromisoformat("2026-03-06T08:00:00+00:00")) == {"Bring": 1}
    asked = (await amina.finds())[-1]
    assert plain(asked.text).startswith("Planned for Friday 6 March 2026: Call the shop\nHow is it?")
    await amina.chooses("done")
    await amina.skips_all()
    assert (await revisions(world, amina))[-1].state == "done"


async def test_a_new_day_has_to_be_confirmed_by_the_other_side(world: TurnWorld, amina: Person) -> None:
    await proposes(world, amina, due=MONDAY.date())
    await world.until(world.clock.now)
    await amina.finds()
    await amina.chooses("yes")
    await world.until(world.clock.now + timedelta(minutes=5))
    await amina.finds()
    await amina.chooses("not_yet")
    await amina.says("9.3.2026")
    course = Course(tuple(await revisions(world, amina)))
    assert (course.now.due, course.waits_for("specialist")) == (date(2026, 3, 9), True)
    assert course.in_force is not None


async def test_what_was_done_meanwhile_is_not_asked_about(world: TurnWorld, amina: Person) -> None:
    await proposes(world, amina)
    await world.until(world.clock.now)
    await amina.finds()
    await amina.chooses("yes")
    course = Course(tuple(await revisions(world, amina)))
    assert Act.DONE in course.may("specialist")
    made = course.done(Hand("specialist", world.specialist, world.clock.now))
    await specialist_acts(world, amina, made, world.clock.now)
    assert "Bring" not in await world.until(world.clock.now + 7 * DAY)


async def test_what_a_person_proposes_is_stored_with_the_card(world: TurnWorld, amina: Person) -> None:
    await amina.taps(Tap(0, "", "open", ("agree",)))
    await amina.says("Write to the school")
    await amina.chooses("participant")
    await amina.says("13.3.2026")
    await amina.presses("skip")
    await amina.presses("share_all")
    (made,) = await revisions(world, amina)
    assert (made.what, made.owner, made.due, made.state) == (
        "Write to the school", "participant", date(2026, 3, 13), "proposed"
    )  # fmt: skip
    assert made.made_by == "participant"


async def test_a_proposal_that_is_kept_is_none(world: TurnWorld, amina: Person) -> None:
    await amina.taps(Tap(0, "", "open", ("agree",)))
    await amina.says("Write to the school")
    await amina.skips_to("sharing")
    await amina.presses("share_none")
    assert await revisions(world, amina) == []


@pytest.mark.parametrize(("choice", "sees"), [("everything", True), ("agreements", False)])
async def test_a_new_specialist_sees_what_the_person_lets_them_see(
    world: TurnWorld, amina: Person, choice: str, sees: bool
) -> None:
    errand = Errand("handover", "", world.clock.now)
    await world.database.write(lambda conn: errands.bring(conn, world.vault, amina.id, errand, world.clock.now))
    assert await world.until(world.clock.now) == {"Bring": 1}
    await amina.finds()
    await amina.chooses(choice)
    (row,) = await world.rows(schema.assignment)
    assert (row.sees_since is not None) is sees


async def test_what_is_promised_reaches_the_specialist_in_the_words_that_were_seen(
    world: TurnWorld, amina: Person
) -> None:
    await amina.taps(Tap(0, "", "open", ("if_quiet",)))
    await amina.chooses("weeks_4")
    told = await amina.presses("share_all")
    assert plain(told[0].text) == "Kept for later. Kim Berg sees it only when that time comes."
    assert await world.count(schema.card) == 0
    await world.until(world.clock.now + 27 * DAY)
    assert await world.count(schema.card) == 0
    await world.until(world.clock.now + 2 * DAY)
    (row,) = await world.rows(schema.card)
    assert row.step == "if_quiet/sharing"
    assert row.shared_at == MONDAY + 28 * DAY


@pytest.mark.parametrize("takes_back", ["never", "kept"])
async def test_a_promise_can_be_taken_back(world: TurnWorld, amina: Person, takes_back: str) -> None:
    for choice in ("weeks_4", "never" if takes_back == "never" else "weeks_8"):
        await amina.taps(Tap(0, "", "open", ("if_quiet",)))
        await amina.chooses(choice)
        if amina.told[-1].kind != "closed":
            await amina.presses("share_all" if choice == "weeks_4" else "share_none")
    await world.until(world.clock.now + 70 * DAY)
    assert await world.count(schema.card) == 0
