"""Pictures as files for messengers: the letters that are there, the size, and what they cost."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import bot.pictures.letters
from bot.pictures.letters import FILES, is_drawable, width, without_signs
from bot.pictures.model import MonthPicture, Picture, Said, WeekSaid
from bot.pictures.png import MOST_PIXELS, Undrawable, png
from tests.bot.picture_samples import month_picture, web_picture

TIGRINYA, ARABIC, UKRAINIAN = "ጽቡቕ ሰሙን", "أسبوع صعب", "Дуже впевнено"


def size(file: bytes) -> tuple[int, int]:
    """Width and height."""
    wide, high = struct.unpack_from(">II", file, 16)
    return wide, high


def worded(text: str) -> MonthPicture:
    """A picture that holds this text."""
    return MonthPicture("Month", "x", (WeekSaid(text, (Said("Week", "", text),)),))


@pytest.mark.parametrize("text", [TIGRINYA, ARABIC, UKRAINIAN, "Ünïcødé ąęłżź ășț", "یہ کام پڑھ ٹھیک"])
def test_every_language_that_is_offered_has_its_letters(text: str) -> None:
    assert is_drawable(text)
    assert png(worded(text), from_right=False) != png(worded("x" * len(text)), from_right=False)


def test_letters_that_are_not_there_are_never_drawn_as_empty_boxes() -> None:
    for text in ("好的", "ดี", "হ্যাঁ"):
        assert not is_drawable(text)
        with pytest.raises(Undrawable):
            png(worded(text), from_right=False)


def test_emoji_are_left_out_and_stand_in_the_words() -> None:
    assert without_signs("good 🙂👍🏽 day") == "good  day"
    assert png(worded("good 🙂 day"), from_right=False) == png(worded("good day"), from_right=False)


def test_letters_join_as_arabic_needs_it() -> None:
    together = png(worded("\u0628\u0628\u0628"), from_right=True)
    apart = png(worded("\u0628\u200c\u0628\u200c\u0628"), from_right=True)
    assert together != apart


@pytest.mark.parametrize("picture", [month_picture("Good"), web_picture("Noise", "Sleep"), web_picture("Noise" * 9)])
def test_it_is_three_times_as_large_as_on_a_page(picture: Picture) -> None:
    assert size(png(picture, from_right=False))[0] == 1080


def test_a_high_one_stays_within_what_messengers_show() -> None:
    wide, high = size(png(web_picture(*["A long thing to read"] * 24, half="work"), from_right=False))
    assert 360 <= wide < 1080
    assert high <= MOST_PIXELS + 1


def test_one_that_nobody_could_see_is_not_drawn() -> None:
    with pytest.raises(Undrawable):
        png(web_picture(*["A long thing to read"] * 200, half="work"), from_right=False)


def test_it_is_black_on_white() -> None:
    """In a dark messenger black letters would be lost on no ground at all."""
    file = png(month_picture("Good"), from_right=False)
    pixels = zlib.decompressobj().decompress(file[file.index(b"IDAT") + 4 :])
    # The first byte says how the row is packed; its first pixel stands there as it is in every way of packing.
    assert pixels[1:5] == b"\xff\xff\xff\xff"


def test_the_same_picture_is_the_same_file() -> None:
    assert png(month_picture("Good"), from_right=False) == png(month_picture("Good"), from_right=False)


def test_widths_are_those_of_the_fonts() -> None:
    assert width("", 14) == 0
    assert width("ii", 14) == pytest.approx(2 * width("i", 14))
    assert width("i", 14) < width("m", 14) < width("mm", 28)
    assert width("\u0301", 14) == 0
    assert width("好", 14) > width("x", 14)
    assert width("\u200d", 14) < 0.01


def test_the_fonts_lie_here_with_their_licence() -> None:
    folder = Path(bot.pictures.letters.__file__).parent / "fonts"
    assert sorted(path.name for path in folder.iterdir()) == sorted([*(file.name for file in FILES), "OFL.txt"])
    assert sum(file.stat().st_size for file in FILES) < 1_200_000


def test_whoever_sends_no_picture_does_without_what_draws_it() -> None:
    """At rest nothing of it is in memory, neither the program nor the fonts."""
    code = (
        "import sys; import bot.app, bot.channels.telegram.client; from bot.pictures import letters; "
        "assert 'resvg_py' not in sys.modules; assert letters._widths.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
