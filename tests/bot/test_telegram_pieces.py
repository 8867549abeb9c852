"""Long texts in pieces: nothing is lost, no letter is cut, and directions hold in every piece."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.pieces import MOST_UNITS, is_between_letters, pieces, units

SIGNS = re.compile(r"[\s\u2066-\u2069\u200e\u200f]")
LETTERS = {
    "a mark": "e\u0301",
    "a tower": "a" + "\u0300" * 8,
    "vowel signs": "كِّ",
    "points": "שָׁ",
    "a conjunct": "क्षि",
    "a Tamil letter": "நி",
    "a Thai letter": "กำ",
    "a family": "👨‍👩‍👧‍👦",
    "a skin": "👩🏽‍🚀",
    "a flag": "🇳🇴",
    "a flag of a country in a country": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "a number": "1\ufe0f\u20e3",
    "a heart": "❤\ufe0f",
    "Hangul, letter by letter": "\u1112\u1161\u11ab",
}


def bare(text: str) -> str:
    """A text without blanks and signs of direction."""
    return SIGNS.sub("", text)


def test_units_are_those_of_utf_16() -> None:
    for text in ("", "abc", "ø", "ع", "👍", "a👍b"):
        assert units(text) == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("text", ["", "   \n ", "\u200f\n\u2068\u2069"])
def test_where_nothing_is_seen_there_is_no_piece(text: str) -> None:
    assert pieces(text) == []


def test_what_fits_stays_in_one_piece() -> None:
    text = "a" * (MOST_UNITS - 2) + "👍"
    assert pieces(text) == [text]
    assert len(pieces(text + "b")) == 2


@pytest.mark.parametrize(
    ("between", "before", "after"),
    [("\n\n", "", ""), ("\n", "", ""), (". ", ".", ""), ("؟ ", "؟", ""), (".” ", ".”", ""), (" ", "", "")],
)
def test_a_text_is_cut_at_the_coarsest_break(between: str, before: str, after: str) -> None:
    finer = {"\n\n": "\n", "\n": ". ", " ": "_"}.get(between, " ")
    first, second = f"aaa{finer}" * 18, f"bbb{finer}" * 20
    text = first.strip() + between + second.strip()
    assert pieces(text, 116) == [first.strip() + before, after + second.strip()]


def test_a_break_near_the_beginning_does_not_make_a_scrap() -> None:
    found = pieces("Hi.\n\n" + "word " * 60, 120)
    assert len(found[0]) > 50


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("shift", range(4))
def test_a_letter_of_several_characters_stays_whole(letter: str, shift: int) -> None:
    text = "x" * shift + letter * 100
    for piece in pieces(text, 160):
        assert re.fullmatch(f"x*(?:{re.escape(letter)})*", piece)


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_where_one_letter_ends_another_may_begin(letter: str) -> None:
    assert is_between_letters(letter + letter, len(letter))
    assert not any(is_between_letters(letter, at) for at in range(1, len(letter)))


def test_an_isolate_goes_on_in_the_next_piece() -> None:
    text = f"She said \u2068{'word ' * 60}end\u2069 and went."
    found = pieces(text, 140)
    assert len(found) > 2
    assert all(piece.count("\u2068") == piece.count("\u2069") == 1 for piece in found)
    assert found[0].endswith("word\u2069")
    assert found[1].startswith("\u2068word")
    assert bare("".join(found)) == bare(text)


def test_isolates_in_one_another_keep_their_order() -> None:
    first, second = pieces("\u2067abc \u2068" + "de " * 40 + "\u2069\u2069", 116)
    assert first.endswith("\u2069\u2069")
    assert second.startswith("\u2067\u2068")


def test_an_isolate_ends_with_its_line() -> None:
    _, second = pieces("\u2068" + "a" * 60 + "\n" + "b" * 60, 100)
    assert second == "b" * 60


def test_thousands_of_signs_that_nobody_sees_come_to_an_end() -> None:
    found = pieces("\u2068" * 5_000 + "a" * 100 + "\u0300" * 9_000 + "\u200d" * 5_000, 200)
    assert bare("".join(found)).count("a") == 100


letters = [*LETTERS.values(), "a", "ب", "word " * 9, "👍" * 30]
blanks = [" ", "\n", "\n\n", ". ", "\u2068", "\u2069", "\u2067"]
text = st.lists(st.sampled_from([*letters, *blanks])).map("".join)


@given(text, st.integers(100, 220))
@settings(max_examples=300)
def test_nothing_is_lost_and_every_piece_fits(text: str, most: int) -> None:
    found = pieces(text, most)
    assert bare("".join(found)) == bare(text)
    for piece in found:
        assert units(piece) <= most
        assert bare(piece)
        assert piece == piece.strip()
    for before, after in pairwise(found):
        plain = bare(before)[-1:] + bare(after)[:1]
        assert len(plain) < 2 or is_between_letters(bare(before) + bare(after), len(bare(before)))
