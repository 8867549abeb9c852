"""What texts are filled with: names, earlier answers, and what a repeated question is about."""

from __future__ import annotations

import pytest

from dialogues import engine
from dialogues.engine import Correct, ShareAll, Skip
from dialogues.session import Answer
from tests.bot.digest_samples import plain
from tests.bot.wording_talk import NAMES, talk
from tests.dialogues.held import picked
from tests.dialogues.steps import steps

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


def test_sharing_at_the_very_end_is_told_before_the_end() -> None:
    one = talk(REPEATED)
    one.send(picked("work"), picked("very"), ShareAll())
    assert [message.kind for message in one.last] == ["note", "closed"]


def test_a_correction_is_told_and_what_it_took_along() -> None:
    one = talk(REPEATED)
    one.send(picked("work"), picked("little"), Correct("whole/hard"), picked("boss"))
    assert one.texts[:2] == ["Your answer is changed.", "A later answer changed with it."]
    assert one.asked.step == "whole/how:boss"
