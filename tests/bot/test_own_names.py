"""Names of people who are accompanied are found in what specialists write about their own work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reflecting.names import holds_a_name

SAMIRA, LI, VAN, ARABIC, UKRAINIAN = (
    ("Samira Khoury", "S.K."),
    ("Li Na Bo", "L.B."),
    ("Per van den Berg", "P1"),
    ("سميرة خوري", "س.خ"),
    ("Саміра Коваль", "С.К."),
)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("I think of Samira a lot", SAMIRA),
        ("i think of samira", SAMIRA),
        ("SAMIRA!", SAMIRA),
        ("Samiras words", SAMIRA),
        ("what Samira's boss said", SAMIRA),
        ("the Khoury family", SAMIRA),
        ("S.K. was tired", SAMIRA),
        ("it went well with S. K.", SAMIRA),
        ("SK and I", SAMIRA),
        ("a talk with Per", VAN),
        ("a talk with Pers boss", VAN),
        ("P1 again", VAN),
        ("Bergs words", VAN),
        ("تحدثت مع سميرة", ARABIC),
        ("أنا وسميرة", ARABIC),
        ("س.خ", ARABIC),
        ("розмова з Самірою", UKRAINIAN),
        ("Samira", ("Samira", "samira")),
        ("the bluebird", ("Bo", "Bluebird")),
        ("a day with LiNaBo", LI),
    ],
)
def test_a_name_is_found_as_people_type_it(words: str, names: tuple[str, str]) -> None:
    assert holds_a_name(words, names)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", SAMIRA),
        ("I went too fast for this person", SAMIRA),
        ("sk", SAMIRA),
        ("risk and task", SAMIRA),
        ("a person from the van came up to den 3", VAN),
        ("at 9 a.m. I called", ("Anna Moen", "A.M.")),
        ("permission", VAN),
        ("li and bo", LI),
        ("A B C", LI),
        ("p 10 of the book", VAN),
        ("a", ("A", "A")),
    ],
)
def test_other_words_are_no_names(words: str, names: tuple[str, str]) -> None:
    assert not holds_a_name(words, names)


def test_a_name_that_is_a_word_is_found_as_the_word_too() -> None:
    assert holds_a_name("I will go slower", ("Will Ross", "W.R."))
    assert not holds_a_name("I am willing", ("Will Ross", "W.R."))


@given(
    before=st.text(alphabet="abcdefgh ,.\n", max_size=30),
    after=st.text(alphabet="abcdefgh ,.\n", max_size=30),
    name=st.sampled_from(["Samira", "Mohammed", "Ørjan", "Zoë", "Тетяна", "فاطمة", "ሰላም"]),
)
def test_a_name_between_any_words_is_found(before: str, after: str, name: str) -> None:
    assert holds_a_name(f"{before} {name} {after}", [name])


@given(words=st.text(max_size=60), names=st.lists(st.text(max_size=12), max_size=3))
def test_nothing_that_can_be_written_breaks_it(words: str, names: list[str]) -> None:
    assert holds_a_name(words, names) in (True, False)
