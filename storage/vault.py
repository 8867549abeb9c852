"""Vault: keys, and what is sealed with them. Each person has a key of their own, wrapped by the master key.

A sealed text is: version (1 byte), id of the key (4), nonce (12, random), AES-256-GCM ciphertext with its tag (16). The
place it belongs to is authenticated with it, so that it opens nowhere else: "table.column|key|key".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, inspect, select

from storage.dialects import insert_new
from storage.refusal import StartRefused
from storage.schema import participant, vault_key

KEY_BYTES = 32
VERSION = b"\x01"
_HEAD = 5
_NONCE = 12
_TAG = 16
_MARKS = b"medvind mark\0"
_LOOKUP = "lookup"
_DEPLOYMENT = "deployment"
_HOW_TO_MAKE_ONE = "A key is 32 random bytes as base64 text; `openssl rand -base64 32` makes one."


class KeyMissing(StartRefused):
    """There is no master key, or what is there cannot be one."""


class KeyWrong(StartRefused):
    """The master key is not the one this database was made with."""


class DecryptFailed(Exception):
    """A sealed text was damaged, was moved from its place, or belongs to another key. Never shows its content."""


class Erased(LookupError):
    """The person's key is gone, and with it everything it sealed."""


class Cipher:
    """Seals and opens with one key."""

    __slots__ = ("_aes", "_head", "_key")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._aes = AESGCM(key)
        self._head = VERSION + key_id(key)

    def seal(self, place: str, text: str | bytes) -> bytes:
        """Ciphertext that opens only at ``place``."""
        data = text.encode() if isinstance(text, str) else text
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._aes.encrypt(nonce, data, place.encode())

    def open(self, place: str, blob: bytes) -> bytes:
        """What was sealed at ``place``. Raises DecryptFailed."""
        if blob[:_HEAD] != self._head or len(blob) < _HEAD + _NONCE + _TAG:
            raise DecryptFailed(f"{_column(place)}: sealed by another key, or damaged")
        nonce, sealed = blob[_HEAD : _HEAD + _NONCE], blob[_HEAD + _NONCE :]
        try:
            return self._aes.decrypt(nonce, sealed, place.encode())
        except InvalidTag:
            raise DecryptFailed(f"{_column(place)}: damaged, or moved from another place") from None

    def mark(self, text: str) -> bytes:
        """By what a text is found without being readable: the same text has the same mark under the same key, and
        without the key nobody can tell which text it stands for. HMAC-SHA-256 under a key made from this one."""
        return hmac.digest(hmac.digest(self._key, _MARKS, "sha256"), text.encode(), "sha256")


class Vault:
    """The opened keys of a deployment. May be used from several threads.

    ``deployment`` is the cipher of what belongs to nobody, such as a message from a stranger.
    """

    def __init__(self, master_key: bytes, lookup_key: bytes, deployment_key: bytes, room: int = 20_000) -> None:
        """``room`` is the number of people whose ciphers are kept at hand, about 1 kB each."""
        self._master = Cipher(master_key)
        self.deployment = Cipher(deployment_key)
        self._lookup_key = lookup_key
        self._room = room
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[bytes, Cipher]] = OrderedDict()

    @staticmethod
    def check(conn: Connection, master_key: bytes) -> bool:
        """Whether the database has keys already; reads only. Raises KeyWrong when ``master_key`` does not open them."""
        if not inspect(conn).has_table(vault_key.name):
            return False
        found = _stored(conn, master_key)
        if _LOOKUP not in found:
            _refuse_orphans(conn)
        return _LOOKUP in found

    @classmethod
    def open(cls, conn: Connection, master_key: bytes) -> Vault:
        """The vault of a migrated database, which gets the keys it does not have yet. Raises KeyWrong, and has then
        changed nothing."""
        cls.check(conn, master_key)
        master = Cipher(master_key)
        for name in {_LOOKUP, _DEPLOYMENT} - _stored(conn, master_key).keys():
            fresh = master.seal(_place(name), AESGCM.generate_key(256))
            conn.execute(insert_new(conn, vault_key), {"name": name, "wrapped": fresh})
        found = _stored(conn, master_key)  # another process may have been quicker
        return cls(master_key, found[_LOOKUP], found[_DEPLOYMENT])

    def new_key(self, owner: str) -> bytes:
        """A new random key for ``owner``, e.g. "participant:12", wrapped: what the column ``data_key`` holds."""
        return self._master.seal(owner, AESGCM.generate_key(256))

    def cipher(self, owner: str, wrapped: bytes | None) -> Cipher:
        """The cipher of ``owner``. Raises Erased for None, DecryptFailed for somebody else's key."""
        if wrapped is None:
            self.forget(owner)
            raise Erased(owner)
        with self._lock:
            kept = self._kept.get(owner)
            if kept is not None and kept[0] == wrapped:
                self._kept.move_to_end(owner)
                return kept[1]
        cipher = Cipher(self._master.open(owner, wrapped))
        with self._lock:
            self._kept[owner] = (wrapped, cipher)
            if len(self._kept) > self._room:
                self._kept.popitem(last=False)
        return cipher

    def forget(self, owner: str) -> None:
        """Keep nothing of this owner in memory: call it after an erasure is committed."""
        with self._lock:
            self._kept.pop(owner, None)

    def lookup(self, channel: str, address: str) -> bytes:
        """By what an address is found without being readable: HMAC-SHA-256 under a key of its own."""
        return hmac.digest(self._lookup_key, f"address\0{channel}\0{address}".encode(), "sha256")

    def token_hash(self, token: str) -> bytes:
        """What is stored of a link's or a session's token."""
        return hmac.digest(self._lookup_key, f"token\0{token}".encode(), "sha256")

    @staticmethod
    def create_key_file(path: Path) -> bytes:
        """A new master key in a file that only its owner may read. Raises FileExistsError: a key is never replaced.

        The file appears complete or not at all, so that a crash leaves no half key.
        """
        key = secrets.token_bytes(KEY_BYTES)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".key-") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
            os.link(file.name, path)
        return key


def read_master_key(text: str | None, file: Path | None = None) -> bytes:
    """The master key from ``text`` (MEDVIND_KEY) or, without one, from ``file``. Raises KeyMissing."""
    if text:
        return _parse_key(text, "MEDVIND_KEY")
    if file is None:
        raise KeyMissing(f"Medvind needs a key: set MEDVIND_KEY, or name a key file. {_HOW_TO_MAKE_ONE}")
    try:
        return _parse_key(file.read_text(encoding="ascii"), f"The key file {file}")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text"
        raise KeyMissing(
            f"The key file {file} cannot be read ({why}). Put the key of this deployment there, or set MEDVIND_KEY."
        ) from None


def key_id(key: bytes) -> bytes:
    """Four bytes that tell keys apart and give nothing away."""
    return hashlib.sha256(b"medvind key id\0" + key).digest()[:4]


def _parse_key(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        raise KeyMissing(f"{where} is not base64 text. {_HOW_TO_MAKE_ONE}") from None
    if len(key) != KEY_BYTES:
        raise KeyMissing(f"{where} holds {len(key)} bytes. {_HOW_TO_MAKE_ONE}")
    return key


def _stored(conn: Connection, master_key: bytes) -> dict[str, bytes]:
    """The deployment's keys, by name."""
    rows = conn.execute(select(vault_key).where(vault_key.c.name.in_((_LOOKUP, _DEPLOYMENT))))
    return {row.name: _unwrap(master_key, row.name, row.wrapped) for row in rows}


def _unwrap(master_key: bytes, name: str, wrapped: bytes) -> bytes:
    try:
        return Cipher(master_key).open(_place(name), wrapped)
    except DecryptFailed:
        raise KeyWrong(
            f"The key (id {key_id(master_key).hex()}) does not open this database, which was made with another one "
            f"(id {wrapped[1:_HEAD].hex()}). Nothing was changed. Set MEDVIND_KEY, or the key file, to the key this "
            "database was made with; without it nobody can read what is in it."
        ) from None


def _refuse_orphans(conn: Connection) -> None:
    """People without the key of their addresses: a new one would never find them again."""
    if conn.scalar(select(participant.c.id).limit(1)) is not None:
        raise KeyWrong(
            "This database holds people, but the key of their addresses is not in its table vault_key. Nothing was "
            "changed. Restore the table from a backup."
        )


def _place(name: str) -> str:
    return f"vault_key.wrapped|{name}"


def _column(place: str) -> str:
    """Table and column only: the keys of a row may be an address."""
    return place.partition("|")[0]
