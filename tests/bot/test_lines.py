"""How one line is worded: the same for the participant who decides and for the specialist who reads."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lines import CardLine, decode_lines, each_text, encode_lines, line_text, point_text
from bot.rendering import card_line, line_of
from dialogues.engine import ChooseLines, ShareAll, Skip
from dialogues.events import Offered, Shared
from dialogues.loader import load
from dialogues.model import Script
from dialogues.session import Answer
from tests.bot.digest_samples import plain
from tests.bot.turn_world import catalogs
from tests.bot.wording_talk import LANGUAGES, NAMES, as_published, talk
from tests.dialogues.held import picked
from tests.dialogues.steps import steps

SCRIPT = load(
    steps("""
  yes_no:
    ask: Yes or no?
    answer: yes or no
    label: Yes or no
  one:
    ask: One?
    answer: one of
    options:
      work: At work
      talk: "A talk with {specialist}"
    own words: yes
    label: "One, {name}"
  any:
    ask: Any?
    answer: any of
    options:
      a: A
      b: B
    own words: yes
    label: Any
  named:
    ask: Named?
    answer: scale 0 to 2
    points:
      - Bad
      - Middle
      - Good
    label: Named
  ends:
    ask: Ends?
    answer: scale 1 to 3
    low: A little
    high: Very much
    label: Ends
  number:
    ask: Number?
    answer: number
    label: Number
  text:
    ask: Text?
    answer: text
    label: Text
  date:
    ask: Date?
    answer: date
    label: Date
  grouped:
    ask: Grouped?
    answer: any of
    groups of: any
    options:
      a:
        x: X
        y: Y
      b:
        z: Z
    own words: yes
    label:
      a: Of A
      b: Of B
      own words: Of own
  repeated:
    for each: any
    ask: How {each}?
    answer: yes or no
    label: "How {each} was"
  sharing:
    share: Share?
    offer:
      - yes_no
      - one
      - any
      - named
      - ends
      - number
      - text
      - date
      - grouped
      - repeated
""")
)
TEXTS = as_published(SCRIPT).texts["en"]


def worded(
    line: CardLine, language: str = "en", names: Mapping[str, str] | None = NAMES, script: Script = SCRIPT
) -> tuple[str, str, str]:
    """Label, value and own words, without the marks around names."""
    one = line_text(script, line, TEXTS, catalogs().ui(language), language, names)
    assert one.id == (f"{line.name}|{line.group}" if line.group else line.name)
    return plain(one.label), plain(one.value), one.own_words


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("yes_no", picked("yes"), ("Yes or no", "Yes", "")),
        ("one", picked("work"), ("One, Amina", "At work", "")),
        ("one", picked("talk"), ("One, Amina", "A talk with Anna", "")),
        ("one", picked(words="Other"), ("One, Amina", "", "Other")),
        ("any", picked("b", "a"), ("Any", "B, A", "")),
        ("any", picked("a", words="{name}\nx"), ("Any", "A", "{name}\nx")),
        ("named", Answer(number=0), ("Named", "Bad", "")),
        ("named", Answer(number=2), ("Named", "Good", "")),
        ("ends", Answer(number=1), ("Ends", "1 A little", "")),
        ("ends", Answer(number=2), ("Ends", "2", "")),
        ("ends", Answer(number=3), ("Ends", "3 Very much", "")),
        ("number", Answer(number=0), ("Number", "0", "")),
        ("number", Answer(number=-2.5), ("Number", "-2.5", "")),
        ("number", Answer(number=12345), ("Number", "12,345", "")),
        ("text", Answer(words="Words"), ("Text", "", "Words")),
        ("date", Answer(day="2026-01-31"), ("Date", "Saturday 31 January 2026", "")),
        ("repeated:a", picked("no"), ("How A was", "No", "")),
    ],
)
def test_an_answer_of_every_kind_is_worded(name: str, answer: Answer, expected: tuple[str, str, str]) -> None:
    assert worded(CardLine(f"whole/{name}", "", answer)) == expected


@pytest.mark.parametrize(
    ("group", "answer", "expected"),
    [
        ("a", picked("y", "x"), ("Of A", "Y, X", "")),
        ("b", picked("z"), ("Of B", "Z", "")),
        ("own_words", Answer(words="Mine"), ("Of own", "", "Mine")),
    ],
)
def test_a_group_has_a_line_of_its_own(group: str, answer: Answer, expected: tuple[str, str, str]) -> None:
    assert worded(CardLine("whole/grouped", group, answer)) == expected


def test_where_no_names_are_known_the_roles_stand() -> None:
    assert worded(CardLine("whole/one", "", picked("talk")), names=None) == (
        "One, the participant",
        "A talk with the specialist",
        "",
    )


@pytest.mark.parametrize(
    ("language", "day", "number", "yes"),
    [
        ("en", "Saturday 31 January 2026", "2.5", "Yes"),
        ("nb", "lørdag 31. januar 2026", "2,5", "Ja"),
        ("ar", "السبت 31 يناير 2026", "2.5", "نعم"),
    ],
)
def test_dates_numbers_and_yes_are_in_the_language_with_latin_digits(
    language: str, day: str, number: str, yes: str
) -> None:
    assert worded(CardLine("whole/date", "", Answer(day="2026-01-31")), language)[1] == day
    assert worded(CardLine("whole/number", "", Answer(number=2.5)), language)[1].replace("٫", ".") == number
    assert worded(CardLine("whole/yes_no", "", picked("yes")), language)[1] == yes


def test_names_are_isolated_in_lines() -> None:
    one = line_text(
        SCRIPT, CardLine("whole/one", "", picked("talk")), TEXTS, catalogs().ui("ar"), "ar", {**NAMES, "name": "أمينة"}
    )
    assert (one.label, one.value) == ("One, \u2068أمينة\u2069", "A talk with \u2068Anna\u2069")


def test_a_line_says_each_option_by_its_text_also_with_a_name_in_it() -> None:
    assert each_text(SCRIPT, "whole/repeated:b", TEXTS) == "B"
    assert each_text(SCRIPT, "whole/repeated:own_words", TEXTS) == ""
    assert each_text(SCRIPT, "whole/one", TEXTS) == ""
    other = load(
        steps("""
      any:
        ask: Any?
        answer: any of
        options:
          talk: "A talk with {specialist}"
          a: A
      how:
        for each: any
        ask: How?
        answer: yes or no
        label: "How was {each}"
      sharing:
        share: Share?
        offer: how
    """)
    )
    texts = as_published(other).texts["en"]
    line = CardLine("whole/how:talk", "", picked("yes"))
    assert plain(line_text(other, line, texts, catalogs().ui("en"), "en", NAMES).label) == "How was A talk with Anna"


# From an older version -----------------------------------------------------------------------------------------------


def test_an_option_that_is_no_longer_there_does_not_take_the_line_with_it() -> None:
    """Cards are worded with the texts of their own version; an earlier answer of another one may name an old option."""
    label, value, _ = worded(CardLine("whole/any", "", picked("gone", "b")))
    assert label == "Any"
    assert value.split(", ")[-1] == "B"


def test_a_point_that_is_no_longer_on_the_scale_is_a_number() -> None:
    assert worded(CardLine("whole/named", "", Answer(number=9)))[1] == "9"
    assert point_text(SCRIPT.by_key["whole/ends"], 9, TEXTS, "en") == "9"  # type: ignore[arg-type]


# The same words for both ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_previewed_is_what_the_card_says(language: str) -> None:
    """Every line of a full check-in, through the bytes that are stored, in every language."""
    one = talk("weekly_checkin", language)
    one.send(Answer(number=2), Answer(number=1), picked("talk", words="Våga"), picked("work", "outside"))
    one.send(picked("noise", "sleep", words="تعب"), picked("interview"), picked("rested"), ChooseLines())
    offered = one.held.last[-1]
    assert isinstance(offered, Offered)
    script, session = one.held.script, one.held.session
    stored = encode_lines(card_line(script, session, line) for line in offered.lines)
    for shown, line in zip(one.asked.lines, decode_lines(stored), strict=True):
        read = line_text(script, line, one.voice.texts, one.voice.ui, language, NAMES)
        assert msgspec.structs.replace(shown, private=False) == read
    assert [line.private for line in offered.lines] == [line.private for line in one.asked.lines]
    assert any(line.private for line in one.asked.lines)
    assert [line.own_words for line in one.asked.lines if line.own_words] == ["Våga", "تعب"]


def test_a_line_of_a_group_holds_nothing_of_the_other_groups() -> None:
    one = talk("weekly_checkin")
    one.send(Answer(number=3), Answer(number=3), Skip(), picked("work", "outside"), picked("noise", "sleep"))
    one.send(Skip(), Skip())
    offered = one.held.last[-1]
    assert isinstance(offered, Offered)
    hard = [line for line in offered.lines if line.name == "weekly_checkin/what_hard"]
    parts = {line.group: card_line(one.held.script, one.held.session, line).answer for line in hard}
    assert parts == {"work": picked("noise"), "outside": picked("sleep")}
    assert b"sleep" not in encode_lines([card_line(one.held.script, one.held.session, hard[0])])
    private = line_of(one.voice, one.held.session, hard[1])
    assert (private.private, plain(private.value)) == (True, "Sleep")
    one.send(ShareAll())
    [shared] = [event for event in one.held.last if isinstance(event, Shared)]
    assert [line.id for line in shared.lines if line.name == "weekly_checkin/what_hard"] == [hard[0].id]


ANSWERS = st.builds(
    Answer,
    choices=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=3).map(tuple),
    number=st.none() | st.integers(-(10**15), 10**15) | st.sampled_from([0.5, -2.25]),
    day=st.sampled_from(["", "2026-01-31"]),
    words=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)


LINES = st.builds(
    CardLine, name=st.sampled_from(["a/b", "a/b:c"]), group=st.sampled_from(["", "own_words"]), answer=ANSWERS
)


@given(st.lists(LINES))
def test_lines_come_back_as_they_were_stored(lines: list[CardLine]) -> None:
    assert decode_lines(encode_lines(lines)) == tuple(lines)


def test_a_script_whose_label_was_lost_is_a_mistake_of_ours() -> None:
    """Nothing is shared under a wrong name: rather nothing at all."""
    bare = {context: text for context, text in TEXTS.items() if not context.endswith(".label")}
    with pytest.raises(KeyError):
        line_text(SCRIPT, CardLine("whole/any", "", picked("a")), bare, catalogs().ui("en"), "en", NAMES)
