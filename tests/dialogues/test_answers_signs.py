"""Whatever people send: what nobody can see, what has no end, and what no database takes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues.answers import LONGEST_WORDS, chosen, clean, fold
from dialogues.engine import Misunderstood
from dialogues.events import Reason
from dialogues.model import AnswerKind, Ask
from dialogues.session import Answer, Session
from tests.dialogues.questions import ANY, DATE, NUMBER, ONE, OWN, SCALE, TEXT, YES_NO, options, question, said

KINDS = [ONE, ANY, OWN, YES_NO, SCALE, TEXT, NUMBER, DATE, question(AnswerKind.VOICE_OR_TEXT)]
SPACES = ["", " ", "\n\t ", "\0", "\u00a0", "\u200b\u2028\u200b", " \0\u200d ", "\ud800"]
MARKS = ["\u200b", "\u200f\u200e", "\ufeff", "\u2066\u2069", "\u00ad", "\ufe0f", "\u034f", "\u3164", "\u2800"]


@pytest.mark.parametrize("text", [*SPACES, *MARKS], ids=ascii)
@pytest.mark.parametrize("ask", KINDS, ids=lambda ask: ask.kind.value)
def test_what_nobody_can_see_is_no_answer(ask: Ask, text: str) -> None:
    assert said(ask, text) == Misunderstood(Reason.EMPTY)


@pytest.mark.parametrize("ask", KINDS, ids=lambda ask: ask.kind.value)
def test_a_text_without_end_is_told_how_much_room_there_is(ask: Ask) -> None:
    too_long = Misunderstood(Reason.TOO_LONG, (str(LONGEST_WORDS),))
    assert said(ask, "a" * (LONGEST_WORDS + 1)) == too_long
    assert chosen(TEXT, Session(), (), "a" * (LONGEST_WORDS + 1)) == too_long


def test_there_is_room_for_all_that_is_promised() -> None:
    assert said(TEXT, "ا" * LONGEST_WORDS) == Answer(words="ا" * LONGEST_WORDS)


@pytest.mark.parametrize("text", ["", "no", "\u200b."])
def test_anything_typed_is_ok(text: str) -> None:
    given = said(question(AnswerKind.OK), text)
    assert given == (options("ok") if text else Misunderstood(Reason.EMPTY))


def test_own_words_stay_as_they_were_written() -> None:
    words = "Ikke så bra.\n\n  «Slik er det» {name} <b>\u2067ا\u2069 🙂"
    assert said(TEXT, f"  {words} \n") == Answer(words=words)


def test_signs_that_no_database_takes_are_left_out() -> None:
    assert said(TEXT, "a\0b\ud83dc\udfff") == Answer(words="abc")


def test_marks_without_end_are_cut_to_three_a_letter() -> None:
    zalgo = "h" + "\u0301\u0302\u0303\u0304\u0305" * 40 + "i"
    given = said(TEXT, zalgo)
    assert isinstance(given, Answer)
    marks = [letter for letter in unicodedata.normalize("NFD", given.words) if unicodedata.combining(letter)]
    assert len(marks) == 3
    assert fold(given.words) == "hi"


@pytest.mark.parametrize("word", ["نَعَمْ", "ที่นี่", "नमस्ते", "Việt", "שָׁלוֹם", "ĕ̈", "👩‍👩‍👧"])
def test_the_marks_that_a_language_needs_stay(word: str) -> None:
    assert clean(word) == unicodedata.normalize("NFC", word)


@given(st.text(max_size=60))
def test_whatever_is_sent_is_answered_and_what_is_kept_can_be_stored(text: str) -> None:
    for ask in KINDS:
        given = said(ask, text)
        assert isinstance(given, Answer | Misunderstood)
        if isinstance(given, Answer):
            assert given != Answer()
            given.words.encode("utf-8")
            assert "\0" not in given.words


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.integers(0, 12), st.sampled_from(["٠", "۰", "०", "০", "๐", "０", "௦"]))
def test_a_number_is_the_same_in_every_scripts_digits(number: int, zero: str) -> None:
    text = "".join(chr(ord(zero) + int(digit)) for digit in str(number))
    for ask in (ONE, ANY, SCALE, NUMBER):
        assert said(ask, text) == said(ask, str(number))
