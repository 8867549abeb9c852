"""How events become messages: what they say, what can be tapped, and in which language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

import pytest

from bot.messages import Outbound, Tap
from bot.rendering import rendered
from dialogues import engine, loader
from dialogues.engine import Back, ChooseLines, Correct, Keep, Misunderstood, ShareAll, ShareLines, Skip
from dialogues.events import NotUnderstood, Reason
from dialogues.model import Ask
from dialogues.session import Answer, Session
from tests.bot.digest_samples import plain
from tests.bot.turn_world import catalogs
from tests.bot.wording_talk import LANGUAGES, MARK, NAMES, Talk, marked_talk, strings, talk
from tests.dialogues.held import picked
from tests.dialogues.moves_at_random import some_move
from tests.dialogues.scripts_at_random import made, some_answer
from tests.dialogues.steps import steps

ALL_KINDS = steps("""
  read:
    ask: Read this.
    answer: ok
  yes_no:
    ask: Yes or no?
    answer: yes or no
  one:
    ask: One?
    answer: one of
    options:
      work: At work
      home: "With {specialist}"
    own words: yes
  any:
    ask: Any?
    answer: any of
    options:
      a: A
      b: B
      nothing: Nothing
      rest: Rest
    most: 2
    alone:
      - nothing
      - rest
  named:
    ask: Points?
    answer: scale 0 to 2
    points:
      - Bad
      - Middle
      - Good
  ends:
    ask: Ends?
    answer: scale 1 to 3
    low: A little
    high: Very much
  numbers:
    ask: Numbers?
    answer: scale 9 to 11
  text:
    ask: Text?
    answer: text
  voice:
    ask: Voice?
    answer: voice or text
  number:
    ask: Number?
    answer: number
  date:
    ask: Date?
    answer: date
""")


def to(name: str) -> Talk:
    """A talk that has come to a question."""
    held = talk(ALL_KINDS)
    while held.held.waiting != name:
        held.send(Skip())
    return held


def taps(buttons: tuple[object, ...]) -> list[Tap]:
    return [button.tap for button in buttons]  # type: ignore[attr-defined]


# Questions -----------------------------------------------------------------------------------------------------------


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


# Controls ------------------------------------------------------------------------------------------------------------


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


# What texts are filled with ------------------------------------------------------------------------------------------

FILLED = steps("""
  hello:
    say: Hello {name}, this is for {specialist}.
  yes_no:
    ask: Yes or no?
    answer: yes or no
  one:
    ask: One?
    answer: one of
    options:
      work: At work
      talk: "A talk with {specialist}"
    own words: yes
  any:
    ask: Any?
    answer: any of
    options:
      a: A
      b: B
    own words: yes
  named:
    ask: Points?
    answer: scale 1 to 2
    points:
      - Bad
      - Good
  number:
    ask: Number?
    answer: number
  text:
    ask: Text?
    answer: text
  date:
    ask: Date?
    answer: date
""") + "".join(
    f"  {name}_back:\n    when: {name} was answered\n    say: You said {{{name}}}.\n"
    for name in ("yes_no", "one", "any", "named", "number", "text", "date")
)


def fill_in(*answers: engine.Input) -> list[str]:
    """What is said of these answers, in the order of the questions."""
    one = talk(FILLED)
    one.send(*answers)
    return [text.removeprefix("You said ").removesuffix(".") for text in one.texts if text.startswith("You said")]


def test_names_are_filled_in_isolated_from_the_text_around_them() -> None:
    assert talk(FILLED).last[0].text == "Hello \u2068Amina\u2069, this is for \u2068Anna\u2069."


@pytest.mark.parametrize("name", ["Åse {specialist}", "أمينة", "A\u202eB", "\u2067x", "x\u2069y", "<b>", ""])
def test_a_name_cannot_break_out_of_its_isolate(name: str) -> None:
    text = talk(FILLED, names={**NAMES, "name": name}).last[0].text
    inside = text.removeprefix("Hello \u2068").partition("\u2069, this is for \u2068Anna\u2069.")[0]
    assert text == f"Hello \u2068{inside}\u2069, this is for \u2068Anna\u2069."
    depth = 0
    for letter in inside:
        depth += (letter in "\u2066\u2067\u2068") - (letter == "\u2069")
        assert depth >= 0
    assert depth == 0


def test_earlier_answers_are_filled_in_as_they_were_worded() -> None:
    day = Answer(day="2026-01-31")
    said = fill_in(
        picked("no"), picked("work"), picked("b", "a"), Answer(number=2), Answer(number=2.5), Answer(words="Mine"), day
    )
    assert said[:6] == ["No", "At work", "B, A", "Good", "2.5", "Mine"]


def test_an_option_with_a_name_in_it_is_filled_in_whole() -> None:
    assert fill_in(Skip(), picked("talk"), *[Skip()] * 5) == ["A talk with Anna"]


def test_a_date_is_filled_in_as_people_write_dates() -> None:
    assert fill_in(*[Skip()] * 6, Answer(day="2026-01-31")) == ["Saturday 31 January 2026"]


def test_own_words_are_filled_in_as_they_were_written() -> None:
    words = "Hold {name} & «x»\nnext"
    assert fill_in(Skip(), picked(words="Own"), picked("a", words=words), *[Skip()] * 4) == ["Own", f"A, {words}"]


def test_what_is_remembered_is_filled_in() -> None:
    one = talk(
        """
dialogue: whole
language: en
remember:
  last_step: whole/step
  last_choice: whole/choice
steps:
  step:
    ask: Which step?
    answer: text
  choice:
    ask: Which one?
    answer: one of
    options:
      a: The first
      b: The second
  same:
    when:
      - last_step was answered
      - last_choice was answered
    ask: |
      Still {last_step} and {last_choice}?
    answer: yes or no
""",
        remembered={"last_step": Answer(words="Call Per"), "last_choice": picked("b")},
    )
    one.send(Skip(), Skip())
    assert one.texts == ["Still Call Per and The second?"]


REPEATED = steps("""
  hard:
    ask: What was hard?
    answer: any of
    options:
      work: At work
      boss: "A talk with {specialist}"
    own words: yes
  how:
    for each: hard
    ask: |
      How hard was it ({each}), {name}?
    answer: any of
    options:
      very: "Very hard: {each}"
      little: A little
      rest: "Only {each}"
    alone: rest
    label: "How hard: {each}"
  sharing:
    share: Share?
    offer: how
""")


def test_a_repeated_question_says_what_it_is_about_in_text_options_and_lines() -> None:
    one = talk(REPEATED)
    one.send(picked("work"))
    assert one.texts == ["How hard was it (At work), Amina?"]
    assert one.buttons == ["Very hard: At work", "A little", "Only At work"]
    one.send(picked("very"))
    assert [(plain(line.label), plain(line.value)) for line in one.asked.lines] == [
        ("How hard: At work", "Very hard: At work")
    ]


def test_a_repeated_question_about_own_words_says_these_words() -> None:
    one = talk(REPEATED)
    one.send(picked(words="The stairs"))
    assert one.texts == ["How hard was it (The stairs), Amina?"]
    assert one.buttons[0] == "Very hard: The stairs"


def test_a_repeated_question_about_an_option_with_a_name_in_it() -> None:
    one = talk(REPEATED)
    one.send(picked("boss"))
    assert one.texts == ["How hard was it (A talk with Anna), Amina?"]


def test_what_cannot_stand_together_is_named_in_a_repeated_question_too() -> None:
    one = talk(REPEATED)
    one.send(picked("work"))
    one.type("1, 3")
    assert one.texts[0].startswith('"Only')


# The end -------------------------------------------------------------------------------------------------------------


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
    assert [(message.kind, message.text) for message in one.last] == [("closed", "There is no question now.")]


def test_sharing_at_the_very_end_is_told_before_the_end() -> None:
    one = talk(REPEATED)
    one.send(picked("work"), picked("very"), ShareAll())
    assert [message.kind for message in one.last] == ["note", "closed"]


# Sharing -------------------------------------------------------------------------------------------------------------

SHARING = steps("""
  open:
    ask: Open?
    answer: any of
    options:
      a: A
      talk: "A talk with {specialist}"
    own words: yes
    label: "Open, {name}"
  closed:
    ask: Closed?
    answer: scale 1 to 3
    low: Low
    high: High
    label: Closed
    private: yes
  sharing:
    share: This is what {specialist} will see.
    offer:
      - open
      - closed
  end:
    ask: End?
    answer: text
""")


def offer(open_answer: engine.Input = Skip(), closed_answer: engine.Input = Skip()) -> Talk:  # noqa: B008
    one = talk(SHARING)
    one.send(open_answer, closed_answer)
    return one


def test_an_offer_shows_the_lines_and_three_ways() -> None:
    one = offer(picked("a", "talk", words="Mine"))
    assert (one.asked.kind, one.asked.step, one.asked.pick) == ("offered", "whole/sharing", "one")
    assert plain(one.asked.text) == "This is what Anna will see."
    assert one.buttons == ["Share all", "Choose", "Keep it for me"]
    assert taps(one.asked.buttons) == [
        Tap(7, "whole/sharing", action) for action in ("share_all", "share_choose", "share_none")
    ]
    [line] = one.asked.lines
    assert (line.id, plain(line.label), plain(line.value), line.own_words, line.private) == (
        "whole/open",
        "Open, Amina",
        "A, A talk with Anna",
        "Mine",
        False,
    )


def test_with_a_private_line_the_button_says_that_it_stays() -> None:
    one = offer(picked("a"), Answer(number=3))
    assert one.buttons == ["Share all but what is private", "Choose", "Keep it for me"]
    assert [(line.label, line.value, line.private) for line in one.asked.lines][1] == ("Closed", "3 High", True)


def test_with_private_lines_only_there_is_no_share_all() -> None:
    assert offer(Skip(), Answer(number=2)).buttons == ["Choose", "Keep it for me"]


def test_choosing_shows_every_line_as_a_button_of_its_own_and_none_is_chosen() -> None:
    one = offer(picked("a"), Answer(number=3))
    one.send(ChooseLines())
    assert one.asked.pick == "many"
    assert plain(one.asked.text) == "Choose what Anna will see."
    assert taps(one.asked.buttons) == [
        Tap(7, "whole/sharing", "share_lines", (line,)) for line in ("whole/open", "whole/closed")
    ]
    assert [plain(button.label) for button in one.asked.buttons] == ["Open, Amina", "Closed"]
    assert len(one.asked.lines) == 2


def test_a_message_has_no_place_for_what_is_chosen_beforehand() -> None:
    """Nothing can be ticked for a person: an offer is only lines and buttons."""
    assert not {"ticked", "checked", "selected", "chosen", "default"} & {
        *Outbound.__struct_fields__,
        *type(talk(SHARING).asked.controls[0]).__struct_fields__,
    }


@pytest.mark.parametrize(
    ("way", "text"),
    [
        (ShareAll(), "Shared. Anna does not read it right away."),
        (ShareLines(("whole/closed",)), "Shared. Anna does not read it right away."),
        (ShareLines(), "Kept. Only you can see it."),
        (Skip(), "Kept. Only you can see it."),
    ],
    ids=str,
)
def test_what_became_of_sharing_is_told(way: engine.Input, text: str) -> None:
    one = offer(picked("a"), Answer(number=3))
    one.send(way)
    assert (one.last[0].kind, one.texts[0]) == ("note", text)
    assert one.asked.step == "whole/end"


def test_an_offer_can_be_gone_back_from() -> None:
    one = offer(picked("a"), Answer(number=3))
    assert one.actions == ["back"]
    one.tap(one.asked.controls[0])
    assert one.asked.step == "whole/closed"


def test_a_correction_is_told_and_what_it_took_along() -> None:
    one = talk(REPEATED)
    one.send(picked("work"), picked("little"), Correct("whole/hard"), picked("boss"))
    assert one.texts[:2] == ["Your answer is changed.", "A later answer changed with it."]
    assert one.asked.step == "whole/how:boss"


# Not understood ------------------------------------------------------------------------------------------------------

DETAILS: Mapping[Reason, tuple[str, ...]] = {
    Reason.SEVERAL_MATCH: ("work", "home"),
    Reason.TOO_MANY: ("2",),
    Reason.ALONE: ("work",),
    Reason.OUT_OF_RANGE: ("1", "5"),
    Reason.TOO_LONG: ("4000",),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence_of_its_own_in_every_language_and_the_question_follows(language: str) -> None:
    told = {}
    for reason in Reason:
        one = talk("situation", language)
        first = one.last
        options = [option.name for option in one.held.ask.options]
        details = tuple(options[:2]) if reason is Reason.SEVERAL_MATCH else DETAILS.get(reason, ())
        details = (options[0],) if reason is Reason.ALONE else details
        one.send(Misunderstood(reason, details))
        note, asked = one.last
        assert (note.kind, note.language, asked) == ("note", language, first[-1])
        assert not re.search(r"[{}]", note.text)
        for detail in details:
            label = one.voice.texts.get(f"{one.asked.step}/{detail}", detail)
            assert plain(label) in plain(note.text) or (language == "ar" and reason is Reason.TOO_MANY)
        told[reason] = note.text
    assert len(set(told.values())) == len(Reason)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("most", [1, 2, 3, 11])
def test_how_many_fit_is_said_in_the_right_plural(language: str, most: int) -> None:
    one = talk("weekly_checkin", language)
    one.send(Misunderstood(Reason.TOO_MANY, (str(most),)))
    form = catalogs().count(language, "ui/again.too_many", most)
    assert plain(one.last[0].text) == form.replace("{n}", str(most))


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_without_details_does_not_stop_the_conversation(reason: Reason) -> None:
    """The engine takes any reason; an event of an earlier version may say less."""
    one = talk(ALL_KINDS)
    one.send(Skip(), Skip())
    details = () if reason in (Reason.TOO_LONG, Reason.TOO_MANY) else DETAILS.get(reason, ())
    messages = rendered(one.voice, one.held.session, [NotUnderstood("whole/one", reason, details)])
    assert [message.kind for message in messages] == ["note"]


def test_points_that_may_be_meant_are_named() -> None:
    one = to("named")
    one.send(Misunderstood(Reason.SEVERAL_MATCH, ("0", "2")))
    assert one.texts[0] == "This can be more than one answer: Bad, Good. Which one is it?"


# One language --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dialogue", ["onboarding", "weekly_checkin", "situation", "choose_time", "phone_shared"])
def test_a_shipped_script_is_told_in_one_language_with_nothing_left_to_fill_in(dialogue: str, language: str) -> None:
    for seed in range(6):
        dice, one = Random(seed), talk(dialogue, language)
        while not one.held.session.closed:
            one.send(some_answer(dice, one.held.ask, one.held.session) if asks(one) else ShareAll())
        assert {message.language for message in one.told} == {language}
        for message in one.told:
            assert message.conversation == 7
            assert not any(re.search(r"[{}]", text) for text in strings(message))
            if language == "ar":
                assert re.search(r"[\u0600-\u06ff]", message.text)


def asks(one: Talk) -> bool:
    return isinstance(one.held.step, Ask)


@pytest.mark.parametrize("block", range(8))
def test_whatever_happens_in_whatever_script_is_worded_and_in_one_language(block: int) -> None:
    """Every text of the marked language begins with its mark; names and options stand inside other texts."""
    for seed in range(block, 160, 8):
        dice, one_of = Random(seed), made(Random(seed))
        script = loader.load(one_of.library["whole"], one_of.library)
        groups = {local: tuple({option.group for option in ask.options}) for local, ask in one_of.remembered.items()}
        remembered = {
            local: some_answer(dice, ask, Session(done={ask.groups_of: Answer(choices=groups[local])}))
            for local, ask in one_of.remembered.items()
        }
        one = marked_talk(script, remembered)
        while not one.held.session.closed and len(one.told) < 200:
            one.send(some_move(dice, one.held, restless=0.4))
        for message in one.told:
            check(message)


_FIGURES = re.compile(r"-?[0-9.]+ ?|\w+day \d+ \w+ \d{4}")
"""Numbers and dates: they belong to the language, but to none of its texts."""


def check(message: Outbound) -> None:
    for text in filter(None, strings(message)):
        words = _FIGURES.sub("", plain(text))
        assert not words or words.startswith(MARK), (text, message)
    if message.kind in ("asked", "offered"):
        assert message.step
        assert all(
            (tap.conversation, tap.step) == (7, message.step) for tap in taps(message.buttons + message.controls)
        )
        assert len({button.tap for button in message.buttons}) == len(message.buttons)
        assert (message.pick == "") == (not message.buttons)
    else:
        assert not message.buttons


@pytest.mark.parametrize("block", range(4))
def test_every_button_that_is_shown_is_taken(block: int) -> None:
    """No button leads to "not understood", and what every button does is one thing."""
    for seed in range(block, 60, 4):
        dice, one_of = Random(seed), made(Random(seed))
        one = marked_talk(loader.load(one_of.library["whole"], one_of.library))
        while not one.held.session.closed and len(one.told) < 60:
            for button in (*one.asked.buttons, *one.asked.controls):
                assert not isinstance(one.meant(button), Misunderstood), button
            forward: Callable[[], engine.Input] = lambda: some_answer(dice, one.held.ask, one.held.session)  # noqa: B023, E731
            one.send(forward() if asks(one) else dice.choice([ShareAll(), ChooseLines(), ShareLines()]))
