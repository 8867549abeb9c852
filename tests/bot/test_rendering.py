"""How questions and the end become messages: what they say, and what can be tapped."""

from __future__ import annotations

import pytest

from bot.messages import Tap
from dialogues.engine import Back, Keep, Skip
from dialogues.session import Answer
from tests.bot.digest_samples import plain
from tests.bot.turn_world import catalogs
from tests.bot.wording_questions import ALL_KINDS, taps, to
from tests.bot.wording_talk import LANGUAGES, talk
from tests.dialogues.held import picked
from tests.dialogues.steps import steps


@pytest.mark.parametrize(
    ("name", "labels", "choices"),
    [
        ("read", ["OK"], ["ok"]),
        ("yes_no", ["Yes", "No"], ["yes", "no"]),
        ("one", ["At work", "With Anna"], ["work", "home"]),
        ("any", ["A", "B", "Nothing", "Rest"], ["a", "b", "nothing", "rest"]),
        ("named", ["Bad", "Middle", "Good"], ["0", "1", "2"]),
        ("ends", ["1 A little", "2", "3 Very much"], ["1", "2", "3"]),
        ("numbers", ["9", "10", "11"], ["9", "10", "11"]),
        ("text", [], []),
        ("voice", [], []),
        ("number", [], []),
        ("date", [], []),
    ],
)
def test_every_answer_has_a_button_that_names_conversation_step_and_option(
    name: str, labels: list[str], choices: list[str]
) -> None:
    one = to(name)
    assert one.buttons == labels
    assert taps(one.asked.buttons) == [Tap(7, f"whole/{name}", "choose", (choice,)) for choice in choices]
    assert (one.asked.kind, one.asked.conversation, one.asked.step) == ("asked", 7, f"whole/{name}")


@pytest.mark.parametrize(
    ("name", "pick", "typed", "scale"),
    [
        ("read", "one", "", False),
        ("yes_no", "one", "", False),
        ("one", "one", "text", False),
        ("any", "many", "", False),
        ("named", "one", "", True),
        ("ends", "one", "", True),
        ("numbers", "one", "", True),
        ("text", "", "text", False),
        ("voice", "", "text", False),
        ("number", "", "number", False),
        ("date", "", "date", False),
    ],
)
def test_a_question_says_how_it_can_be_answered(name: str, pick: str, typed: str, scale: bool) -> None:
    asked = to(name).asked
    assert (asked.pick, asked.typed, asked.scale) == (pick, typed, scale)


def test_where_words_can_be_written_it_says_that_nobody_reads_them_right_away() -> None:
    for name in ("text", "voice", "one"):
        assert to(name).asked.placeholder == "Nobody reads this right away."
    for name in ("number", "date", "any", "named"):
        assert to(name).asked.placeholder == ""


def test_how_many_and_what_stands_alone_is_said_with_the_question() -> None:
    asked = to("any").asked
    assert (asked.most, asked.alone) == (2, ("nothing", "rest"))
    assert (to("one").asked.most, to("one").asked.alone) == (0, ())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["read", "yes_no", "one", "any", "named", "ends", "numbers"])
def test_every_button_is_understood_when_it_is_tapped_and_when_its_label_is_typed(name: str, language: str) -> None:
    for place, button in enumerate(to(name).asked.buttons):
        tapped, typed, numbered = to(name), to(name), to(name)
        tapped.tap(button)
        typed.type(button.label)
        assert tapped.held.answers == typed.held.answers
        assert f"whole/{name}" in tapped.held.answers
        if not button.tap.choices[0].isdecimal():
            numbered.type(str(place + 1))
            assert numbered.held.answers == tapped.held.answers


# Controls -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("read", []),
        ("yes_no", ["skip", "back"]),
        ("any", ["skip", "back"]),
        ("named", ["skip", "does_not_fit", "back"]),
        ("text", ["skip", "back"]),
        ("date", ["skip", "back"]),
    ],
)
def test_every_question_can_be_skipped_and_gone_back_from(name: str, actions: list[str]) -> None:
    one = to(name)
    assert one.actions == actions
    assert all(
        (tap.conversation, tap.step, tap.choices) == (7, f"whole/{name}", ()) for tap in taps(one.asked.controls)
    )


def test_the_first_question_has_no_way_back() -> None:
    assert talk("weekly_checkin").actions == ["skip", "does_not_fit"]


def test_what_was_returned_to_can_be_left_as_it_is() -> None:
    one = to("yes_no")
    one.send(picked("no"), Back())
    assert one.actions == ["keep", "skip", "back"]
    one.send(Keep())
    assert one.held.waiting == "one"


def test_an_ok_that_was_returned_to_can_be_left_again() -> None:
    one = to("yes_no")
    one.send(Back())
    assert one.actions == ["keep"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_does_what_it_says(language: str) -> None:
    ui = catalogs().ui(language)
    one = talk("weekly_checkin", language)
    one.send(Answer(number=4), Back())
    labels = {button.tap.action: button.label for button in one.asked.controls}
    assert labels == {action: ui[f"ui/{action}"] for action in ("keep", "skip", "does_not_fit")}
    for button in one.asked.controls:
        again = talk("weekly_checkin", language)
        again.send(Answer(number=4), Back())
        assert again.tap(button)[-1].step == "weekly_checkin/job_sure"
    one.send(Keep())
    [back] = [button for button in one.asked.controls if button.tap.action == "back"]
    assert back.label == ui["ui/back"]
    assert one.tap(back)[-1].step == "weekly_checkin/week"


def test_progress_counts_questions_and_not_what_is_only_read() -> None:
    assert [(to(name).asked.number, to(name).asked.total) for name in ("read", "yes_no", "date")] == [
        (0, 0),
        (1, 10),
        (10, 10),
    ]


# The end --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_words_close_the_conversation(language: str) -> None:
    one = talk("choose_time", language)
    one.send(Skip())
    texts = one.voice.texts
    if one.asked.text == catalogs().ui(language)["ui/nothing_open"]:
        assert [message.kind for message in one.last] == ["closed"]
    else:
        assert one.asked.text in texts.values()
    assert one.asked.kind == "closed"
    assert (one.asked.buttons, one.asked.controls, one.asked.pick) == ((), (), "")


def test_what_is_said_at_the_end_is_the_message_that_closes() -> None:
    one = talk(
        steps("""
      one:
        ask: One?
        answer: text
      thanks:
        say: Thank you.
      bye:
        say: Bye, {name}.
    """)
    )
    one.send(Answer(words="x"))
    assert [(message.kind, plain(message.text)) for message in one.last] == [
        ("said", "Thank you."),
        ("closed", "Bye, Amina."),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_script_that_says_nothing_at_its_end_gets_a_sentence(language: str) -> None:
    one = talk(ALL_KINDS)
    while not one.held.session.closed:
        one.send(Skip())
    assert [(message.kind, message.text) for message in one.last] == [("closed", "That is all for now.")]
