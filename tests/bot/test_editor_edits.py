"""What a card changes in the text of a script, and that every other line stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editor import cards, edits
from bot.editor.changing import apply
from bot.editor.edits import (
    AddOption,
    AddStep,
    CannotEdit,
    Edit,
    MoveOption,
    MoveStep,
    RemoveOption,
    RemoveStep,
    RenameOption,
    RenameStep,
    Replace,
    Reword,
    SetKey,
    UnsetKey,
)
from bot.wording import WORDING
from dialogues.loader import check

ROOT = Path(__file__).parents[2]
SHIPPED = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "dialogues/scripts").glob("*.yaml"))}

GONE = ("gone", "gone")

TALK = """\
# A note on top.
dialogue: talk   # its name
title: "A talk: short"
language: en

steps:

  # Says hello.
  hello:
    say: |
      Hello {name}.

      Welcome.
    # ends hello

  # A section of its own.

  # Asks about the week.
  week:
    ask: 'How was it?'   # the first question
    answer: scale 1 to 3
    points:
      # the lowest
      - Bad
      - So so
      - "Good: really"
    label: Week
    tags: [one, two]

  hard:
    when:
      - week is at most 1   # a hard one
      - week was answered
    ask: |
      What was hard?
    answer: any of
    options:
      work: At work
      # at home
      home: "At home, #1"
      none: Nothing
    alone: none
    label: Hard

  why:
    when: hard includes work
    ask: Why ({week})?
    answer: text

  sharing:
    share: See this.
    offer:
      - week
      - hard
"""


def changes(before: str, after: str) -> list[tuple[str, list[str], list[str]]]:
    """What was replaced by what, in lines."""
    old, new = before.split("\n"), after.split("\n")
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(op, old[a:b], new[c:d]) for op, a, b, c, d in matcher.get_opcodes() if op != "equal"]


def one(edit: Edit, text: str = TALK) -> tuple[list[str], list[str]]:
    """The lines before and after of the only place that changed."""
    [(_, before, after)] = changes(text, apply(text, edit))
    return before, after


def test_a_text_under_a_bar_keeps_its_bar() -> None:
    assert one(Reword("hard", "", "What was hard?\nAt all: #1")) == ([], ["      At all: #1"])


def test_a_text_in_quotes_keeps_them_and_its_note() -> None:
    before, after = one(Reword("week", "", "Wasn't it good?"))
    assert after == ["    ask: 'Wasn''t it good?'   # the first question"]
    assert before == ["    ask: 'How was it?'   # the first question"]
    assert one(Reword("week", "", "Two\nlines"))[1] == ["    ask: |", "      Two", "      lines"]


def test_what_reads_as_something_else_is_put_in_quotes() -> None:
    assert one(Reword("hard", "work", "At work: often"))[1] == ['      work: "At work: often"']
    assert one(Reword("hard", "home", "At home"))[1] == ['      home: "At home"']
    assert one(Reword("hard", "none", "{specialist}"))[1] == ['      none: "{specialist}"']
    assert one(Reword("", "title", "A talk"))[1] == ['title: "A talk"']
    assert one(Reword("week", "2", "- so"))[1] == ['      - "- so"']
    assert one(Reword("week", "label", "The week"))[1] == ["    label: The week"]


def test_the_same_text_changes_nothing() -> None:
    assert apply(TALK, Reword("hello", "", "Hello {name}.\n\nWelcome.")) == TALK
    assert apply(TALK, SetKey("hard", "when", ("week is at most 1", "week was answered"))) == TALK


def test_a_list_keeps_the_lines_of_what_stays() -> None:
    before, after = one(SetKey("hard", "when", ("week is at most 1", "week was asked")))
    assert (before, after) == (["      - week was answered"], ["      - week was asked"])
    assert one(SetKey("week", "tags", ("three",)))[1] == ["    tags: three"]
    assert one(SetKey("week", "points", ("Bad", "Good")))[0] == ["      - So so", '      - "Good: really"']


def test_a_new_key_stands_among_its_like() -> None:
    assert one(SetKey("week", "private", "yes")) == ([], ["    private: yes"])
    text = apply(TALK, SetKey("week", "private", "yes"))
    assert text.index("private: yes") < text.index("label: Week")
    assert one(SetKey("hello", "when any", ("week was asked", "week was skipped")))[1] == [
        "    when any:",
        "      - week was asked",
        "      - week was skipped",
    ]
    assert one(UnsetKey("hard", "alone")) == (["    alone: none"], [])
    assert one(SetKey("hard", "alone", ""))[1] == []
    assert one(SetKey("", "close after", "3 days"))[1] == ["close after: 3 days"]


def test_a_step_goes_with_its_notes_and_no_others() -> None:
    text = apply(TALK, RemoveStep("hello"))
    assert "Says hello" not in text
    assert "ends hello" not in text
    assert "# A section of its own." in text
    text = apply(TALK, RemoveStep("week"))
    assert "# A section of its own." in text
    assert "# Asks about the week." not in text


def test_a_step_moves_with_its_notes_and_back() -> None:
    moved = apply(TALK, MoveStep("week", "why"))
    assert [card.step for card in cards.cards(moved).cards] == ["hello", "hard", "why", "week", "sharing"]
    assert sorted(moved.split("\n")) == sorted(TALK.split("\n"))
    back = apply(moved, MoveStep("week", "hello"))
    assert [card.step for card in cards.cards(back).cards] == [card.step for card in cards.cards(TALK).cards]
    assert "  # Asks about the week.\n  week:\n" in back
    assert next(card.step for card in cards.cards(apply(TALK, MoveStep("why"))).cards) == "why"
    assert apply(TALK, MoveStep("why", "why")) == TALK


def test_another_name_goes_everywhere_in_the_script() -> None:
    text = apply(TALK, RenameStep("week", "days"))
    assert {line.strip() for _, _, after in changes(TALK, text) for line in after} == {
        "days:",
        "- days is at most 1   # a hard one",
        "- days was answered",
        "ask: Why ({days})?",
        "- days",
    }
    assert apply(text, RenameStep("days", "week")) == TALK
    text = apply(TALK, RenameOption("hard", "none", "nothing"))
    assert "      nothing: Nothing" in text
    assert "    alone: nothing" in text
    drawn = TALK.replace("    alone: none\n", "    alone: none\n    picture:\n      work: briefcase\n")
    text = apply(drawn, RenameOption("hard", "work", "job"))
    assert "when: hard includes job" in text
    assert "      job: briefcase" in text


def test_options_come_go_and_move() -> None:
    assert one(AddOption("hard", "bus", "The bus", after="work"))[1] == ["      bus: The bus"]
    assert one(RemoveOption("hard", "home")) == (["      # at home", '      home: "At home, #1"'], [])
    text = apply(TALK, MoveOption("hard", "none"))
    card = cards.cards(text).card("hard")
    assert card is not None
    assert [option.name for option in card.options] == ["none", "work", "home"]


def test_a_new_step_has_all_it_needs() -> None:
    text = apply(TALK, AddStep("more", "ask", "What else?\nAnything", "any of", "week"))
    assert check(text).script is not None
    assert apply(TALK, AddStep("bye", "say", "Bye.", after="sharing")) == TALK + "\n  bye:\n    say: |\n      Bye.\n"
    assert apply(TALK, AddStep("first", "say", "First.")).index("first:") < TALK.index("  # Says hello.") + 20


def test_a_misspelt_word_is_replaced_where_it_stands() -> None:
    assert one(Replace(4, 11, "en", "nb")) == (["language: en"], ["language: nb"])
    with pytest.raises(CannotEdit, match="changed"):
        apply(TALK, Replace(4, 11, "ar", "nb"))


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (Reword("gone", "", "x"), GONE),
        (Reword("hard", "gone", "x"), GONE),
        (Reword("week", "9", "x"), ("only_in_text", "9")),
        (Reword("week", "label/work", "x"), ("only_in_text", "work")),
        (AddStep("hello", "say", "x"), ("taken", "hello")),
        (AddStep("when", "say", "x"), ("reserved", "when")),
        (AddStep("Big", "say", "x"), ("name", "")),
        (AddStep("new", "sing", "x"), ("kind", "")),
        (AddStep("new", "say", "x", after="gone"), GONE),
        (MoveStep("week", "gone"), GONE),
        (RemoveStep("gone"), GONE),
        (AddOption("week", "a", "x"), ("only_in_text", "week")),
        (AddOption("hard", "work", "x"), ("taken", "work")),
        (AddOption("hard", "bus", "x", group="work"), ("groups", "")),
        (SetKey("hard", "options", "x"), ("only_in_text", "options")),
        (SetKey("hard", "colour", "x"), ("only_in_text", "colour")),
        (UnsetKey("", "dialogue"), ("needed", "dialogue")),
    ],
)
def test_what_cannot_be_done_is_said(edit: Edit, reason: tuple[str, str]) -> None:
    with pytest.raises(CannotEdit) as refused:
        apply(TALK, edit)
    assert (refused.value.reason, refused.value.name) == reason
    assert f"staff/edit_cannot.{refused.value.reason}" in WORDING


@pytest.mark.parametrize("text", ["", "a: b", "steps:\n\thello: x", "steps: [", "- a", "a: &x b\nc: *x", "a: 1\na: 2"])
def test_a_text_that_cannot_be_taken_apart_stays(text: str) -> None:
    with pytest.raises(CannotEdit):
        apply(text, RemoveStep("hello"))
    assert not cards.cards(text).cards


def test_the_last_of_its_kind_stays() -> None:
    text = "dialogue: a\nlanguage: en\nsteps:\n  hello:\n    say: Hi.\n"
    with pytest.raises(CannotEdit, match="last"):
        apply(text, RemoveStep("hello"))


def test_edits_are_read_from_forms_and_json() -> None:
    fields = {"do": "set_key", "step": "a", "key": "when", "value": ["x was asked", " "], "revision": "r1"}
    assert edits.from_fields(fields) == SetKey("a", "when", ("x was asked",))
    typed = {"do": "set_key", "step": "a", "key": "when any", "value": "x was asked\r\n\r\n y was asked "}
    assert edits.from_fields(typed) == SetKey("a", "when any", ("x was asked", "y was asked"))
    given_back = edits.from_fields({"do": "replace", "line": "3", "column": 2, "old": "a", "new": "b"})
    assert given_back == Replace(3, 2, "a", "b")
    for wrong in ({}, {"do": "reword"}, {"do": "replace", "line": "x", "column": "1", "old": "", "new": ""}):
        with pytest.raises(CannotEdit):
            edits.from_fields(wrong)


def every_edit(text: str) -> Iterator[tuple[Edit, int]]:
    """Edits of a script, each with the number of places that may change."""
    found = cards.cards(text).cards
    for card in found:
        yield Reword(card.step, "", card.text + "\nOne more: line"), 1
        yield SetKey(card.step, "tags", ("one", "two")), 1
        yield RenameStep(card.step, "zz_new"), len(text)
        if len(found) > 1:
            yield RemoveStep(card.step), 1
            yield MoveStep(card.step, found[0].step if card is not found[0] else found[-1].step), len(text)
        yield from ((UnsetKey(card.step, key), 1) for key in card.keys if key in ("when", "topic", "most", "private"))
        for option in card.options[:2]:
            yield Reword(card.step, option.name, option.text + ": more"), 1
            yield MoveOption(card.step, option.name, ""), 2
            yield RemoveOption(card.step, option.name), 1


@pytest.mark.parametrize("dialogue", sorted(SHIPPED))
def test_every_edit_of_a_shipped_script_leaves_all_other_lines(dialogue: str) -> None:
    text = SHIPPED[dialogue]
    outline = cards.cards(text)
    assert outline.readable
    assert all(apply(text, Reword(card.step, "", card.text)) == text for card in outline.cards)
    for edit, places in every_edit(text):
        changed = apply(text, edit)
        assert len(changes(text, changed)) <= places, edit
        assert cards.cards(changed).readable, edit
        match edit:
            case RemoveStep() | RemoveOption() | UnsetKey():
                [(operation, _, after)] = changes(text, changed)
                assert (operation, after) == ("delete", []), edit
            case MoveStep() | MoveOption():
                assert sorted(changed.split("\n")) == sorted(text.split("\n")), edit
            case RenameStep(step, new):
                assert apply(changed, RenameStep(new, step)) == text, edit


SHORT = st.text("abcåé: #{}-'\"|>&*!%@[],?`\\عдو", min_size=1, max_size=20).filter(str.strip)


@settings(max_examples=60)
@given(st.lists(SHORT, min_size=2, max_size=5), st.booleans(), SHORT, SHORT)
def test_any_text_is_read_back_as_it_was_written(texts: list[str], notes: bool, text: str, option: str) -> None:
    """Whatever somebody types, in any place, comes back the same and moves nothing else."""
    script = "dialogue: a\nlanguage: en\nsteps:\n"
    for number in range(len(texts)):
        script += ("\n  # a note\n" if notes else "\n") + f"  s{number}:\n    ask: Q\n    answer: one of\n"
        script += "    options:\n      one: One\n      two: Two\n    label: L\n"
    for number, each in enumerate(texts):
        before = script
        script = apply(script, Reword(f"s{number}", "", each))
        script = apply(script, Reword(f"s{number}", "two", each))
        assert [len(change[1]) for change in changes(before, script)] <= [1, 1]
    found = cards.cards(script)
    wanted = [edits.writing.tidy(each) for each in texts]
    assert [card.text for card in found.cards] == wanted
    assert [card.options[1].text for card in found.cards] == wanted
    script = apply(script, SetKey("s0", "tags", (text, option)))
    script = apply(script, AddOption("s1", "three", option, after="one"))
    card = cards.cards(script).card("s1")
    assert card is not None
    assert card.options[1].text == edits.writing.tidy(option)
    assert cards.cards(script).cards[0].keys["tags"] == (edits.writing.tidy(text), edits.writing.tidy(option))
