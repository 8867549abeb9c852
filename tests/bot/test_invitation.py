"""Invitations: codes that can be read out and typed, links, and their pictures."""

from __future__ import annotations

import re
import stat
from datetime import UTC, datetime
from pathlib import Path
from random import Random, SystemRandom
from xml.etree import ElementTree

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from bot import qr
from bot.invitation import CODE_LENGTH, CODE_LETTERS, Invitation, entered, new_code, new_token

LINK = "https://t.me/medvind_bot?start=abcdefghijklmnopqrstuv"
codes = st.text(CODE_LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH)
seeds = st.integers()


def invitation(token: str = "a" * 22, code: str = "K7QF2M9T") -> Invitation:
    return Invitation(12, token, code, datetime(2026, 3, 16, tzinfo=UTC))


# Tokens and codes ----------------------------------------------------------------------------------------------------


def test_how_much_there_is_to_guess() -> None:
    assert len(CODE_LETTERS) ** CODE_LENGTH == 2**40
    tokens = {new_token(Random(seed)) for seed in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[\w-]{22}", token) for token in tokens)
    assert {letter for seed in range(1000) for letter in new_code(Random(seed))} == set(CODE_LETTERS)


def test_chance_comes_from_where_nobody_can_foresee_it() -> None:
    assert new_token(SystemRandom()) != new_token(SystemRandom())
    assert new_code(SystemRandom()) != new_code(SystemRandom())


@given(seeds)
def test_a_token_is_known_alone_in_its_link_and_behind_the_command(seed: int) -> None:
    token = new_token(Random(seed))
    for text in (token, f" {token}\n", f"/start {token}", invitation(token).link("medvind_bot")):
        assert entered(text) == token


@given(codes, st.data())
def test_a_code_is_known_however_it_is_typed(code: str, data: st.DataObject) -> None:
    def typed(letter: str) -> str:
        if letter.isdecimal():
            zero = data.draw(st.sampled_from("0٠۰०０"))
            ways = [chr(ord(zero) + int(letter)), *{"0": "oOоО", "1": "iIlLіІ"}.get(letter, "")]
        else:
            ways = [letter, letter.lower(), chr(ord(letter) + 0xFEE0), *CYRILLIC.get(letter, "")]
        return data.draw(st.sampled_from(ways)) + data.draw(st.sampled_from(BETWEEN))

    assert entered("".join(map(typed, code))) == code


CYRILLIC = {"A": "Аа", "B": "В", "C": "Сс", "E": "Ее", "H": "Н", "K": "К", "M": "М", "P": "Рр", "T": "Т", "X": "Хх"}
BETWEEN = ["", "", " ", "-", "–", "\u00a0", "_", "\u200f", "\u2068", "\u2069", "\t"]


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "hello", "K7QF", "K7QF-2M9", "K7QF-2M9TT", "K7QF-2M9U", "my code is K7QF-2M9T", "/start"),
        *("/help", "a" * 21, "a" * 23, "a" * 21 + "!", "٠" * 7, "\ud83d" * 8, "K7QF.2M9T", "1" * 500, "x" * 20_000),
    ],
)
def test_what_is_neither(text: str) -> None:
    assert entered(text) == ""


@given(st.text())
def test_whatever_is_sent_is_a_token_a_code_or_nothing(text: str) -> None:
    assert re.fullmatch(rf"[\w-]{{22}}|[{CODE_LETTERS}]{{8}}|", entered(text), re.ASCII)


def test_what_opens_the_door_is_in_no_repr() -> None:
    shown = repr(invitation("T" * 22))
    assert "T" * 22 not in shown
    assert "K7QF2M9T" not in shown
    assert invitation().spoken == "K7QF-2M9T"


# Pictures ------------------------------------------------------------------------------------------------------------

Squares = list[list[bool]]
"""Rows of a picture; True is dark. The light edge is part of it."""


def expected(link: str = LINK) -> Squares:
    return [[bool(one) for one in row] for row in segno.make(link, error="m", micro=False).matrix_iter(border=4)]


def in_text(drawn: str) -> Squares:
    """Half blocks, white on black: what is drawn is light."""
    rows: Squares = []
    for line in drawn.split("\n"):
        half_blocks = re.fullmatch("\x1b\\[97;40m([ ▀▄█]+)\x1b\\[0m", line)
        assert half_blocks, repr(line)
        rows.append([letter in " ▄" for letter in half_blocks[1]])
        rows.append([letter in " ▀" for letter in half_blocks[1]])
    return rows


def in_svg(drawn: str) -> Squares:
    """Lines of one square's height, drawn by "M" and "m" (go) and "h" (dark)."""
    root = ElementTree.fromstring(drawn)
    scale = float(match[1]) if (match := re.search(r"scale\((\d+)\)", drawn)) else 1
    size = round(float((root.get("viewBox") or f"0 0 {root.get('width')}").split()[2]) / scale)
    (path,) = [one for one in root.iter() if one.get("stroke")]
    rows = [[False] * size for _ in range(size)]
    x = y = 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path.get("d", "")):
        if command == "h":
            rows[int(y)][int(x) : int(x) + int(first)] = [True] * int(first)
            x += float(first)
        else:
            x, y = (float(first), float(second)) if command == "M" else (x + float(first), y + float(second))
    return rows


def test_the_picture_in_a_terminal_is_white_on_black_and_whole() -> None:
    drawn = in_text(qr.in_terminal(LINK))
    assert drawn[: len(expected())] == expected()


def test_the_picture_in_a_page_has_nothing_that_a_policy_for_content_refuses() -> None:
    drawn = qr.in_page(LINK)
    assert in_svg(drawn) == expected()
    assert drawn.startswith("<svg viewBox=")
    assert not re.search("style|script|href|on[a-z]+=|&", drawn)
    assert LINK not in drawn


def test_the_picture_in_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    for name in ("link.svg", "LINK.SVG", "link.png"):
        file = tmp_path / name
        file.write_text("an older one that others may read", encoding="utf-8")
        file.chmod(0o644)
        qr.write(LINK, file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert in_svg((tmp_path / "link.svg").read_text(encoding="utf-8")) == expected()
    assert (tmp_path / "link.png").read_bytes().startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize("name", ["link", "link.pdf", "svg"])
def test_other_kinds_of_files_are_not_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"ends in \.svg or \.png"):
        qr.write(LINK, tmp_path / name)
    assert list(tmp_path.iterdir()) == []
