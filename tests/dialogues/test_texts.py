"""The texts of a script, what is filled in, and names that change while their texts do not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues import loader
from dialogues.texts import Text, fill, placeholders, renamed, texts_of

FSI, PDI = "\u2068", "\u2069"

SCRIPT = """
dialogue: evening
title: An evening check-in
language: en

steps:

  hello:
    say: |
      Hello {name}.\x20\x20\x20
      This is short.

  sure:
    ask: How sure are you?
    answer: scale 1 to 3
    points:
      - Not sure
      - Half and half
      - Very sure
    label: Sure

  tired:
    ask: How tired are you?
    answer: scale 0 to 10
    low: Not at all
    high: Very

  hard:
    ask: Was something hard?
    answer: any of
    options:
      work: At work
      home: At home

  what:
    ask: What was it?
    answer: any of
    groups of: hard
    options:
      work:
        hours: Hours
      home:
        money: Money
    own words: yes
    label:
      work: Hard at work
      home: Hard at home
      own words: Hard, in my own words

  now:
    run: situation

  sharing:
    share: This is what {specialist} will see.
    offer:
      - sure
      - what
"""
SITUATION = """
dialogue: situation
language: en
steps:
  job:
    ask: Do you have a job?
    answer: yes or no
"""


def test_every_text_has_its_own_context_and_line() -> None:
    found = texts_of(loader.load(SCRIPT, {"situation": SITUATION}))
    assert [(text.context, text.text) for text in found] == [
        ("evening.title", "An evening check-in"),
        ("evening/hello", "Hello {name}.\nThis is short."),
        ("evening/sure", "How sure are you?"),
        ("evening/sure/1", "Not sure"),
        ("evening/sure/2", "Half and half"),
        ("evening/sure/3", "Very sure"),
        ("evening/sure.label", "Sure"),
        ("evening/tired", "How tired are you?"),
        ("evening/tired/low", "Not at all"),
        ("evening/tired/high", "Very"),
        ("evening/hard", "Was something hard?"),
        ("evening/hard/work", "At work"),
        ("evening/hard/home", "At home"),
        ("evening/what", "What was it?"),
        ("evening/what/hours", "Hours"),
        ("evening/what/money", "Money"),
        ("evening/what.label/work", "Hard at work"),
        ("evening/what.label/home", "Hard at home"),
        ("evening/what.label/own_words", "Hard, in my own words"),
        ("evening/sharing", "This is what {specialist} will see."),
    ]
    lines = SCRIPT.split("\n")
    places = {text.context: lines[text.line - 1].strip() for text in found}
    assert places["evening/hello"] == "hello:"
    assert places["evening/hard/home"] == "home: At home"


def test_the_texts_of_a_dialogue_that_is_run_are_its_own() -> None:
    script = loader.load(SCRIPT, {"situation": SITUATION})
    assert "situation/job" in script.by_key
    assert not [text for text in texts_of(script) if text.context.startswith("situation")]
    assert [text.context for text in texts_of(loader.load(SITUATION))] == ["situation/job"]


# Placeholders ---------------------------------------------------------------------------------------------------------


def test_what_stands_between_braces_is_a_placeholder() -> None:
    assert placeholders("Hello {name}, this is {specialist}. {name}") == {"name", "specialist"}
    assert placeholders("No { name, no\nname }, no {na\nme}") == set()
    assert placeholders("{name.__class__}") == {"name.__class__"}


def test_values_are_isolated_for_direction() -> None:
    assert fill("Hello {name}.", {"name": "مريم"}) == f"Hello {FSI}مريم{PDI}."
    assert fill("Hello {name}.", {"name": "Ida"}, isolate=False) == "Hello Ida."


def test_a_value_is_not_filled_in_again() -> None:
    assert fill("{name} {specialist}", {"name": "{specialist}", "specialist": "Ida"}, isolate=False) == (
        "{specialist} Ida"
    )


@pytest.mark.parametrize("text", ["{nam}", "{}", "{name.__class__}", "{name!r}", "{name:>99}", "{0}"])
def test_nothing_but_whole_names_is_filled_in(text: str) -> None:
    with pytest.raises(KeyError):
        fill(text, {"name": "Ida"})


def test_every_line_of_a_value_is_isolated() -> None:
    assert fill("{name}", {"name": "a\nb"}) == f"{FSI}a{PDI}\n{FSI}b{PDI}"


def test_a_value_cannot_end_the_isolate_around_it() -> None:
    assert fill("{name}.", {"name": f"a{PDI}b"}) == f"{FSI}ab{PDI}."
    assert fill("{name}.", {"name": "\u2067a"}) == f"{FSI}\u2067a{PDI}{PDI}."


@given(st.text(alphabet="ab \n{}\u2066\u2067\u2068\u2069\u05d0"))
def test_isolates_are_balanced_on_every_line(value: str) -> None:
    for line in fill("x {name} y", {"name": value}).split("\n"):
        depth = 0
        for letter in line:
            depth += (unicodedata.bidirectional(letter) in ("LRI", "RLI", "FSI")) - (letter == PDI)
            assert depth >= 0
            assert depth > 0 or letter not in "ab\u05d0"
        assert depth == 0


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_a_text_is_filled_in_or_refused_but_never_looked_into(text: str, values: dict[str, str]) -> None:
    missing = placeholders(text) - values.keys()
    if not missing:
        fill(text, values)
        return
    with pytest.raises(KeyError):
        fill(text, values)


# Names that change ----------------------------------------------------------------------------------------------------

LOCK = {
    "evening.title": "Evening",
    "evening/hard": "Was something hard?",
    "evening/hard/work": "At work",
    "evening/hard/no": "No",
    "evening/help": "Do you want help?",
    "evening/help/yes": "Yes",
    "evening/help/no": "No",
    "evening/help.label": "Help",
    "evening/sure/low": "Not sure",
    "morning/hard": "Was the night hard?",
}


def now(**changes: str | None) -> list[Text]:
    """The locked texts of the evening, with some contexts changed (``__`` for ``/``) or gone (None)."""
    texts = {context: text for context, text in LOCK.items() if context.startswith("evening")}
    for name, text in changes.items():
        context = "evening/" + name.replace("__", "/")
        texts.pop(context, None)
        if text is not None:
            texts[context] = text
    return [Text(context, text, 7) for context, text in texts.items()]


def test_nothing_is_renamed_when_nothing_changed() -> None:
    assert renamed(now(), LOCK) == []


def test_rewording_is_free() -> None:
    assert renamed(now(hard="Was anything difficult?", hard__work="In the job"), LOCK) == []


def test_a_step_with_a_new_name_and_the_same_text_is_reported_once() -> None:
    changes = {"hard": None, "hard__work": None, "hard__no": None}
    (found,) = renamed(now(**changes, tough="Was something hard?", tough__work="At work", tough__no="No"), LOCK)
    assert (found.code, found.line, found.hint) == ("MV056", 7, 'Did you mean "hard"?')
    assert found.message.startswith('"tough" has the text that "hard" had.')


def test_an_option_with_a_new_name_and_the_same_text_is_reported() -> None:
    (found,) = renamed(now(hard__work=None, hard__job="At work"), LOCK)
    assert found.hint == 'Did you mean "work"?'


def test_a_new_name_with_a_new_text_is_a_new_question() -> None:
    assert renamed(now(hard=None, heavy="Was something heavy?"), LOCK) == []
    assert renamed(now(hard__work=None, hard__shop="In the shop"), LOCK) == []


def test_the_same_text_somewhere_else_is_nobodys_new_name() -> None:
    changes = {"hard": None, "hard__work": None, "hard__no": None}
    assert renamed(now(**changes, rest="Did you rest?", rest__no="No"), LOCK) == []
    assert renamed(now(help__no=None, hard__never="No"), LOCK) == []
    assert renamed(now(hard="Was it hard?", night="Was the night hard?"), LOCK) == []


def test_labels_titles_and_ends_of_scales_are_not_names() -> None:
    assert renamed([*now(sure__low=None), Text("evening/sure/1", "Not sure")], LOCK) == []
    assert renamed([Text("evening/help.label/work", "Help"), *now()], {**LOCK, "evening/help.label/x": "Help"}) == []


def test_other_dialogues_are_not_missed() -> None:
    assert renamed([Text("night/hard", "Was the night hard?")], LOCK) == []
