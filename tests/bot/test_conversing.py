"""Conversing: what a person can ask for at any time, how conversations follow each other, and what they remember."""

from __future__ import annotations

import pytest

from bot.commands import Command
from bot.messages import Tap
from bot.opening import FIRST_AT_WORK
from storage import schema
from tests.bot.digest_samples import plain
from tests.bot.turn_world import Person, TurnWorld, catalogs, programme, worded

WORDS = {
    Command.HELP: ["help", "/help", "HELP", "help now", "hjelp", "Hjelp nå", "/hjelp", "مساعدة", "مساعدة الآن"],
    Command.STOP: ["stop", "/stop", "Stop.", "stopp", "إيقاف", "توقف", "ايقاف"],
    Command.PAUSE: ["pause", "/pause", "break", "Pause", "استراحة"],
    Command.LANGUAGE: ["language", "/language", "språk", "Språk", "لغة", "اللغة"],
    Command.BACK: ["back", "/back", "tilbake", "رجوع"],
    Command.SKIP: ["skip", "/skip", "Skip!", "hopp over", "تخطي", "تخط"],
    Command.START: ["start", "/start", "begynn", "بدء", "ابدأ", "ابدا"],
}
"""What people may type in any language, whatever theirs is."""


async def checking_in(world: TurnWorld, language: str = "en") -> Person:
    """Somebody in whose check-in the first question was answered and the second one waits."""
    person = await world.person(language=language)
    await person.onboards()
    await person.says("start")
    await person.chooses("4")
    return person


# At any time


async def test_help_gives_the_numbers_and_asks_again(world: TurnWorld) -> None:
    for word in WORDS[Command.HELP]:
        amina = await checking_in(world)
        before = amina.waits
        note, again = await amina.says(word)
        for number in (programme().ambulance, *(line.call for line in programme().lines)):
            assert number in plain(note.text)
        assert again == before
        assert (await amina.answers())[-1].question == "week"


@pytest.mark.parametrize("language", ["nb", "ar"])
async def test_help_is_in_the_persons_language(world: TurnWorld, language: str) -> None:
    amina = await checking_in(world, language=language)
    note, again = await amina.says("help")
    assert note.language == again.language == language
    assert plain(note.text).splitlines()[0] == catalogs().ui(language)["ui/help.alone"]


async def test_skip_passes_the_question_over(world: TurnWorld) -> None:
    for word in WORDS[Command.SKIP]:
        amina = await checking_in(world)
        await amina.says(word)
        last = (await amina.answers())[-1]
        assert (last.question, last.outcome) == ("job_sure", "skipped")
        assert amina.step == "next_step"


async def test_back_returns_to_the_question_before(world: TurnWorld) -> None:
    for word in WORDS[Command.BACK]:
        amina = await checking_in(world)
        await amina.says(word)
        assert amina.step == "week"
        assert {button.tap.action for button in amina.waits.controls} == {"keep", "skip", "does_not_fit"}
        await amina.presses("keep")
        assert amina.step == "job_sure"
        assert await amina.answered(2) == {"week": "4"}


@pytest.mark.parametrize(("command", "state"), [(Command.STOP, "stopped"), (Command.PAUSE, "paused")])
async def test_pause_and_stop_end_the_conversation_at_once(world: TurnWorld, command: Command, state: str) -> None:
    for word in WORDS[command]:
        amina = await checking_in(world)
        (said,) = await amina.says(word)
        done, *how_long = plain(said.text).split("\n")
        ui = catalogs().ui("en")
        assert (said.kind, done) == ("closed", ui[f"ui/{command}.done"])
        assert how_long == ([ui["ui/pause.how_long"]] if command is Command.PAUSE else [])
        assert await amina.state() == state
        assert await amina.conversations() == [("onboarding", "closed"), ("weekly_checkin", "stopped")]
        assert worded(await amina.says("4"), "en") == ["ui/nothing_open"]
        assert await amina.answered(2) == {"week": "4"}
    assert await world.count(schema.card) == 0


async def test_start_comes_back_from_a_pause_with_a_new_check_in(world: TurnWorld) -> None:
    for word in WORDS[Command.START]:
        amina = await checking_in(world)
        await amina.says("pause")
        await amina.says(word)
        assert (amina.step, amina.waits.conversation) == ("week", 3)
        assert await amina.state() == "active"


async def test_start_in_the_middle_keeps_the_place(world: TurnWorld) -> None:
    for word in WORDS[Command.START]:
        amina = await checking_in(world)
        before = amina.waits
        assert await amina.says(word) == [before]
        assert await amina.taps(Tap(0, "", "start")) == [before]
        assert len(await amina.conversations()) == 2


async def test_language_offers_every_language_by_its_own_name(world: TurnWorld) -> None:
    for word in WORDS[Command.LANGUAGE]:
        amina = await checking_in(world)
        (asked,) = await amina.says(word)
        labels = [button.label for button in asked.buttons]
        assert labels[:6] == ["English", "norsk bokmål", "dansk", "українська", "العربية", "русский"]
        assert len(labels) == len(catalogs().languages)


async def test_a_word_inside_a_sentence_is_no_command(world: TurnWorld) -> None:
    for words in "I want to stop smoking", "skip the interview", "please help", "start, then back":
        amina = await checking_in(world)
        await amina.skips_to("next_step")
        await amina.says(words)
        assert (await amina.answered(2))["next_step"] == words


async def test_when_nothing_is_open_nothing_begins_by_itself(world: TurnWorld) -> None:
    for word in "back", "skip", "anything", "4", "?", "   ", "\0", "\u200f":
        amina = await world.person()
        (said,) = await amina.says(word)
        assert (said.kind, worded([said], "en")) == ("closed", ["ui/nothing_open"])
        assert await amina.conversations() == []


async def test_help_and_stop_work_before_anything_has_begun(world: TurnWorld) -> None:
    amina = await world.person()
    (note,) = await amina.says("help")
    assert programme().ambulance in note.text
    await amina.says("stop")
    assert await amina.state() == "stopped"


# Too late


async def test_a_conversation_that_was_open_too_long_closes_honestly(world: TurnWorld) -> None:
    amina = await checking_in(world)
    world.clock.forward(days=3)
    assert [message.step for message in await amina.chooses("4")] == ["weekly_checkin/next_step"]
    world.clock.forward(seconds=1)
    told = await amina.says("I will call the shop")
    assert worded(told, "en") == ["ui/expired", "ui/nothing_open"]
    assert await amina.conversations() == [("onboarding", "closed"), ("weekly_checkin", "expired")]
    assert await amina.answered(2) == {"week": "4", "job_sure": "4"}
    assert await world.count(schema.card) == 0


async def test_a_button_of_an_expired_conversation_answers_nothing(world: TurnWorld) -> None:
    amina = await checking_in(world)
    world.clock.forward(days=4)
    assert worded(await amina.taps(amina.waits.buttons[0]), "en") == ["ui/expired", "ui/nothing_open"]
    assert await amina.answered(2) == {"week": "4"}


async def test_start_after_it_expired_begins_a_new_one(world: TurnWorld) -> None:
    amina = await checking_in(world)
    world.clock.forward(days=4)
    told = await amina.says("start")
    assert worded(told, "en") == ["ui/expired", "weekly_checkin/hello", "weekly_checkin/week"]
    assert [message.conversation for message in told] == [2, 3, 3]
    await amina.chooses("2")
    assert (await amina.answered(2), await amina.answered(3)) == ({"week": "4"}, {"week": "2"})


async def test_the_first_conversation_waits_as_long_as_it_takes(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.says("start")
    world.clock.forward(days=300)
    await amina.chooses("ok")
    assert amina.step == "limits"


# One after the other


async def test_the_first_conversation_comes_first_and_then_check_ins(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards()
    assert amina.told[-1].kind == "closed"
    for number in (2, 4, 6):
        await amina.says("start")
        assert (amina.step, amina.waits.conversation) == ("week", number)
        await amina.skips_all()
        world.clock.forward(days=7)
    held = [dialogue for dialogue, state in await amina.conversations() if state == "closed"]
    assert held[::2] == ["onboarding", "choose_time", "phone_shared", "good_things"]
    assert held[1::2] == ["weekly_checkin"] * 3


async def test_after_a_check_in_one_small_question_and_no_more(world: TurnWorld) -> None:
    amina = await checking_in(world)
    await amina.skips_to("good")
    await amina.presses("skip")
    told = await amina.presses("share_none")
    assert [(message.kind, message.step) for message in told[1:]] == [
        ("note", ""),
        ("said", "weekly_checkin/goodbye"),
        ("note", ""),
        ("asked", "choose_time/change"),
    ]
    await amina.chooses("no")
    assert amina.told[-1].kind == "closed"
    assert worded(await amina.says("more"), "en") == ["ui/nothing_open"]


async def test_a_question_that_rests_is_not_asked_again_too_soon(world: TurnWorld) -> None:
    """How it is about work is asked in the first conversation, and again after 27 days."""
    amina = await world.person()
    await amina.onboards(work="job")
    followed = []
    for _ in range(5):
        await amina.says("start")
        await amina.skips_all()
        followed += [dialogue for dialogue, _ in (await amina.conversations())[-1:]]
        world.clock.forward(days=7)
    assert [dialogue == "situation" for dialogue in followed] == [False, False, False, False, True]


async def test_who_did_not_want_to_start_is_asked_nothing_about_work(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.says("start")
    await amina.skips_to("taking_part")
    told = await amina.chooses("no")
    assert [message.step for message in told] == ["onboarding/no_thanks"]
    (row,) = await world.rows(schema.consent, participant_id=amina.id)
    assert (row.question, row.decision, row.language) == ("onboarding/taking_part", "no", "en")


async def test_who_did_not_agree_is_asked_again_and_not_handed_a_check_in(world: TurnWorld) -> None:
    for decision in ("no", "later", "skip"):
        amina = await world.person()
        await amina.says("start")
        await amina.skips_to("taking_part")
        await (amina.says("skip") if decision == "skip" else amina.chooses(decision))
        world.clock.forward(days=1)
        await amina.says("start")
        assert amina.waits.step == "onboarding/free_choice"
        await amina.skips_to("taking_part")
        await amina.chooses("yes")
        await amina.skips_all()
        await amina.says("start")
        assert amina.waits.step == "weekly_checkin/week"


async def test_taking_part_is_recorded_with_the_words_it_was_asked_in(world: TurnWorld) -> None:
    amina = await world.person(language="ar")
    await amina.onboards()
    (row,) = await world.rows(schema.consent, participant_id=amina.id)
    assert (row.question, row.decision, row.version, row.language, row.channel) == (
        "onboarding/taking_part",
        "yes",
        1,
        "ar",
        "web",
    )


# What is remembered


async def test_the_check_ins_ask_about_staying_when_there_is_a_job(world: TurnWorld) -> None:
    """The one about the workplace, and the usual one that takes turns with it later."""
    asked = {}
    for work in ("job", "trial", "neither"):
        amina = await world.person()
        await amina.onboards(work)
        for _ in range(FIRST_AT_WORK + 1):
            await amina.says("start")
            await amina.skips_all()
            world.clock.forward(days=3)
        asked[work] = {message.step for message in amina.told if message.step.endswith("_sure")}
    assert asked == {
        "job": {"workplace/stay_sure", "weekly_checkin/stay_sure"},
        "trial": {"workplace/job_sure", "weekly_checkin/job_sure"},
        "neither": {"weekly_checkin/job_sure"},
    }


async def test_the_next_step_is_remembered_in_the_persons_own_words(world: TurnWorld) -> None:
    amina = await checking_in(world)
    await amina.chooses("4")
    await amina.says("Call the <b>shop</b> {name}")
    await amina.skips_all()
    world.clock.forward(days=7)
    await amina.says("start")
    await amina.skips_to("step_sure")
    assert "Your next step: Call the <b>shop</b> {name}\n" in plain(amina.waits.text)
    await amina.chooses("5")
    assert await amina.answered(4) == {"step_sure": "5"}


async def test_the_next_step_is_asked_for_again_after_three_weeks(world: TurnWorld) -> None:
    amina = await checking_in(world)
    await amina.chooses("4")
    await amina.says("Call the shop")
    await amina.skips_all()
    asked = []
    for _ in range(3):
        world.clock.forward(days=7)
        await amina.says("start")
        before = len(amina.told)
        await amina.skips_all()
        steps = {message.step.rpartition("/")[2] for message in amina.told[before:]}
        asked.append(steps & {"next_step", "step_sure"})
    assert asked == [{"step_sure"}, {"step_sure"}, {"next_step"}]


async def test_two_very_hard_weeks_in_a_row_show_where_help_is(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards()
    said = []
    for point in ("1", "1", "3", "1"):
        await amina.says("start")
        told = await amina.chooses(point)
        said.append("weekly_checkin/not_alone" in [message.step for message in told])
        await amina.skips_all()
        world.clock.forward(days=7)
    assert said == [False, True, False, False]


IN_OWN_WORDS = """\
dialogue: asking
language: en

steps:

  part:
    ask: Do you want to take part?
    answer: any of
    options:
      yes: "Yes"
      no: "No"
    own words: yes
    label: Taking part
    tags:
      - consent

  sharing:
    share: This is what {specialist} will see.
    offer:
      - part
"""


async def test_own_words_about_taking_part_are_an_answer_and_no_agreement(world: TurnWorld) -> None:
    await world.publish("asking", IN_OWN_WORDS)
    world.holding("asking")
    amina = await world.person()
    await amina.says("start")
    await amina.says("I want to think about it")
    assert amina.step == "sharing"
    assert await world.quarantined() == []
    assert await world.count(schema.consent, participant_id=amina.id) == 0
