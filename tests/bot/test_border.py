"""Text at the border: what comes in unharmed, and what stays outside."""

from __future__ import annotations

import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.border import LONGEST, MOST_MARKS, clean

UNHARMED = {
    "Arabic with vowel signs": "الْعَرَبِيَّةُ ١٢٣، كيف؟",
    "Persian with a joiner": "می\u200cخواهم",
    "Devanagari": "क्षत्रिय हिन्दी में",
    "Hebrew with points and accents": "בְּרֵאשִׁ֖ית בָּרָ֣א",
    "Vietnamese": "Tiếng Việt, nguyễn",
    "Tamil, Thai, Burmese, Khmer": "தமிழ் ที่นี่ မြန်မာ ភាសាខ្មែរ",
    "Tibetan": "བསྒྲུབས",
    "emoji of several": "👩🏽‍🚀 👨‍👩‍👧 🏳️‍🌈 🇳🇴 1️⃣ 🏴\U000e0067\U000e0062\U000e007f",
    "lines and tabs": "one\ntwo\tthree",
    "marks of direction": "\u202eabc\u202c \u2067x\u2069 \u200f",
    "Norwegian": "Æ, ø og å – «hei»",
}


@pytest.mark.parametrize("text", UNHARMED.values(), ids=UNHARMED)
def test_languages_and_emoji_come_in_as_they_are(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert clean(text) == composed
    assert clean(unicodedata.normalize("NFD", text)) == composed


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\0b", "ab"),
        ("\x01\x02\x08\x0b\x0c\x0e\x1b[31m\x1f\x7f", "[31m"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\ud83d\ude00", "😀"),
        ("a\ud800b", "a\ufffdb"),
        ("\udc00", "\ufffd"),
        ("e\u0301", "é"),
        ("", ""),
    ],
)
def test_what_breaks_things_stays_outside(text: str, left: str) -> None:
    assert clean(text) == left


def test_a_letter_keeps_some_marks_of_a_tower() -> None:
    tower = "Q" + "\u0341\u0316\u0333" * 3_000 + "a" + "\u0300" * 9
    low = clean(tower)
    assert low.startswith("Q")
    assert sum(unicodedata.combining(letter) > 0 for letter in low.partition("\u00e0")[0]) == MOST_MARKS
    assert clean("a" + "\u0316" * MOST_MARKS) == "a" + "\u0316" * MOST_MARKS


def test_a_very_long_text_is_cut() -> None:
    assert clean("a" * 20_000) == "a" * LONGEST
    assert len(clean("\u0958" * LONGEST)) == LONGEST


@given(st.text(st.characters(exclude_categories=[])))
def test_whatever_is_written_can_be_stored_afterwards(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned
    assert msgspec.json.decode(msgspec.json.encode(cleaned)) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert len(cleaned) <= LONGEST


@given(st.text(st.sampled_from("aअक\u093c\u094d\u0958\u0300\u0316\u05b0\u200d👩🏽\n"), max_size=60))
def test_what_was_cleaned_once_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
