"""Codes on paper: random, long enough, and kept so that a stolen table opens nothing."""

from __future__ import annotations

import math
import os
from collections import Counter
from random import Random, SystemRandom

import pytest

from bot.invitation import CODE_LENGTH, CODE_LETTERS
from bot.signing_in import recovery
from bot.signing_in.app_codes import typed as app_code
from storage.vault import Vault

SALT = b"sixteen bytes of"


@pytest.fixture(scope="module")
def vault() -> Vault:
    return Vault(os.urandom(32), bytes(32), os.urandom(32))


def test_codes_have_forty_bits_that_nobody_foresees(vault: Vault) -> None:
    assert math.log2(len(CODE_LETTERS)) * CODE_LENGTH == 40
    one, two = (recovery.make(vault, SystemRandom()) for _ in range(2))
    assert len({*one.codes, *two.codes}) == 2 * recovery.HOW_MANY
    assert one.salt != two.salt
    letters = Counter("".join(one.codes + two.codes).replace("-", ""))
    assert max(letters.values()) < 25, "of 160 letters, none is more than some"


def test_codes_are_hashed_slowly_and_with_our_key(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    made = recovery.make(vault, Random(1))
    code = made.codes[0].replace("-", "")
    assert made.hashes[0] == recovery.hashed(vault, code, made.salt)
    other_key = Vault(os.urandom(32), bytes(31) + b"x", os.urandom(32))
    assert recovery.hashed(other_key, code, made.salt) != made.hashes[0]
    assert recovery.hashed(vault, code, SALT) != made.hashes[0]
    asked: list[dict[str, int]] = []

    def scrypt(_: bytes, *, salt: bytes, **cost: int) -> bytes:
        asked.append(cost)
        return salt

    monkeypatch.setattr("hashlib.scrypt", scrypt)
    recovery.hashed(vault, code, SALT)
    (cost,) = asked
    assert 128 * cost["n"] * cost["r"] >= 16 * 1024 * 1024, "16 MB of memory for each try"


def test_no_text_of_them_shows_them(vault: Vault) -> None:
    made = recovery.make(vault, Random(1))
    assert made.codes[0] not in repr(made)


@pytest.mark.parametrize(
    ("text", "code"),
    [("K7QF-2M9T", "K7QF2M9T"), (" k7qf 2m9t ", "K7QF2M9T"), ("K7QF2M9", ""), ("", ""), ("O7QF-2M9L", "07QF2M91")],
)
def test_codes_are_typed_as_people_type(text: str, code: str) -> None:
    assert recovery.typed(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("12345", ""),
        ("12345a", ""),
        ("-12345", ""),
    ],
)
def test_digits_of_any_script_are_digits(text: str, code: str) -> None:
    assert app_code(text) == code
