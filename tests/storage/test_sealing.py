"""Sealing: a text opens with its own key at its own place and in no other way."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import Cipher, DecryptFailed, Erased, KeyMissing, Vault, key_id, read_master_key

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
PLACE = "answer.words|12|3|weekly_checkin/hard||1"


@pytest.fixture
def vault() -> Vault:
    return Vault(KEY, b"l" * 32, b"d" * 32)


@given(st.text() | st.binary(), st.text())
def test_what_is_sealed_opens_again(text: str | bytes, place: str) -> None:
    place = place.encode("utf-8", "replace").decode()
    if isinstance(text, str):
        text = text.encode("utf-8", "replace").decode()
    expected = text.encode() if isinstance(text, str) else text
    assert Cipher(KEY).open(place, Cipher(KEY).seal(place, text)) == expected


def test_the_same_text_never_looks_the_same() -> None:
    cipher = Cipher(KEY)
    assert len({cipher.seal(PLACE, "no") for _ in range(100)}) == 100


def test_the_form_is_version_key_id_nonce_and_ciphertext_with_tag() -> None:
    blob = Cipher(KEY).seal(PLACE, "words")
    assert blob[:5] == b"\x01" + key_id(KEY)
    assert len(blob) == 1 + 4 + 12 + len("words") + 16


@pytest.mark.parametrize(
    "place",
    [
        "answer.words|13|3|weekly_checkin/hard||1",  # another person's row
        "answer.words|12|4|weekly_checkin/hard||1",  # another row of the person
        "answer.words|12|3|weekly_checkin/hard||2",
        "inbox.body|12|3|weekly_checkin/hard||1",  # another column
        "",
    ],
)
def test_a_text_moved_to_another_place_is_refused(place: str) -> None:
    blob = Cipher(KEY).seal(PLACE, "words")
    with pytest.raises(DecryptFailed):
        Cipher(KEY).open(place, blob)


def test_every_flipped_bit_is_noticed() -> None:
    cipher = Cipher(KEY)
    blob = cipher.seal(PLACE, "words")
    for index in range(len(blob) * 8):
        damaged = bytearray(blob)
        damaged[index // 8] ^= 1 << index % 8
        with pytest.raises(DecryptFailed):
            cipher.open(PLACE, bytes(damaged))


def test_every_cut_and_every_addition_is_noticed() -> None:
    cipher = Cipher(KEY)
    blob = cipher.seal(PLACE, "words")
    for damaged in [blob[:length] for length in range(len(blob))] + [blob + b"\0", blob[1:], blob + blob]:
        with pytest.raises(DecryptFailed):
            cipher.open(PLACE, damaged)


def test_another_key_is_refused() -> None:
    with pytest.raises(DecryptFailed, match="another key"):
        Cipher(OTHER_KEY).open(PLACE, Cipher(KEY).seal(PLACE, "words"))


def test_a_refusal_shows_neither_the_text_nor_whose_it_is() -> None:
    blob = Cipher(KEY).seal("address.address|12|telegram", "words")
    with pytest.raises(DecryptFailed) as caught:
        Cipher(KEY).open("address.address|13|telegram", blob)
    assert str(caught.value) == "address.address: damaged, or moved from another place"


def test_a_wrapped_key_is_its_owners_alone(vault: Vault) -> None:
    wrapped = vault.new_key("participant:12")
    sealed = vault.cipher("participant:12", wrapped).seal(PLACE, "words")
    for owner in ("participant:13", "staff:12", "participant:1"):
        with pytest.raises(DecryptFailed):
            vault.cipher(owner, wrapped)
    assert vault.cipher("participant:12", wrapped).open(PLACE, sealed) == b"words"


def test_people_cannot_read_each_other(vault: Vault) -> None:
    ciphers = [vault.cipher(f"participant:{n}", vault.new_key(f"participant:{n}")) for n in (1, 2)]
    with pytest.raises(DecryptFailed):
        ciphers[1].open(PLACE, ciphers[0].seal(PLACE, "words"))


def test_a_replaced_key_is_not_mistaken_for_the_one_kept_at_hand(vault: Vault) -> None:
    old, new = vault.new_key("participant:1"), vault.new_key("participant:1")
    sealed = vault.cipher("participant:1", new).seal(PLACE, "words")
    with pytest.raises(DecryptFailed):
        vault.cipher("participant:1", old).open(PLACE, sealed)
    assert vault.cipher("participant:1", new).open(PLACE, sealed) == b"words"


def test_an_erased_key_opens_nothing_though_it_was_kept_at_hand(vault: Vault) -> None:
    vault.cipher("participant:1", vault.new_key("participant:1"))
    with pytest.raises(Erased):
        vault.cipher("participant:1", None)


def test_no_more_ciphers_are_kept_than_there_is_room_for() -> None:
    vault = Vault(KEY, b"l" * 32, b"d" * 32, room=2)
    wrapped = {owner: vault.new_key(owner) for owner in "abc"}
    kept = {owner: vault.cipher(owner, wrapped[owner]) for owner in "ab"}
    assert vault.cipher("a", wrapped["a"]) is kept["a"]  # used last, so it stays
    vault.cipher("c", wrapped["c"])
    assert vault.cipher("a", wrapped["a"]) is kept["a"]
    assert vault.cipher("b", wrapped["b"]) is not kept["b"]


def test_a_forgotten_cipher_is_not_kept(vault: Vault) -> None:
    wrapped = vault.new_key("participant:1")
    first = vault.cipher("participant:1", wrapped)
    vault.forget("participant:1")
    vault.forget("participant:1")
    assert vault.cipher("participant:1", wrapped) is not first


def test_lookups_tell_channels_addresses_and_tokens_apart(vault: Vault) -> None:
    found = [
        vault.lookup("web", "12"),
        vault.lookup("telegram", "12"),
        vault.lookup("web", "1"),
        vault.lookup("web1", "2"),
        vault.token_hash("12"),
        vault.token_hash("web\x0012"),
        Vault(KEY, b"m" * 32, b"d" * 32).lookup("web", "12"),
    ]
    assert len(set(found)) == len(found)
    assert {len(hashed) for hashed in found} == {32}
    assert vault.lookup("web", "12") == found[0]


def test_the_key_is_read_from_the_setting_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    made = Vault.create_key_file(file)
    assert read_master_key(None, file) == read_master_key("", file) == made
    assert read_master_key(base64.b64encode(KEY).decode(), file) == KEY
    assert read_master_key("  " + base64.urlsafe_b64encode(b"\xff" * 32).decode() + "\n") == b"\xff" * 32


def test_a_key_file_is_for_its_owner_only_and_never_replaced(tmp_path: Path) -> None:
    file = tmp_path / "var" / "key"
    made = Vault.create_key_file(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        Vault.create_key_file(file)
    assert read_master_key(None, file) == made
    assert [path.name for path in file.parent.iterdir()] == ["key"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "set MEDVIND_KEY, or name a key file"),
        ("", "set MEDVIND_KEY, or name a key file"),
        ("not a key!", "MEDVIND_KEY is not base64 text"),
        ("ключ", "MEDVIND_KEY is not base64 text"),
        (base64.b64encode(b"short").decode(), "MEDVIND_KEY holds 5 bytes"),
        (base64.b64encode(b"x" * 33).decode(), "MEDVIND_KEY holds 33 bytes"),
    ],
)
def test_a_key_that_is_none_is_refused_with_the_way_to_make_one(text: str | None, why: str) -> None:
    with pytest.raises(KeyMissing, match=rf"{why}.*openssl rand -base64 32"):
        read_master_key(text)


def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    (tmp_path / "raw").write_bytes(b"\xff" * 32)
    for name, why in (("none", "No such file"), ("empty", "holds 0 bytes"), ("raw", "not text"), (".", "directory")):
        with pytest.raises(KeyMissing, match=why):
            read_master_key(None, tmp_path / name)
    assert "x" * 20 not in str(_refusal("x" * 20 + "!"))


def _refusal(text: str) -> KeyMissing:
    with pytest.raises(KeyMissing) as caught:
        read_master_key(text)
    return caught.value
