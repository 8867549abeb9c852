"""Tokens: short stand-ins for the names of steps and options, for channels whose buttons have room for few letters."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b

MARK = "#"
"""What a stand-in begins with. No name does."""


@lru_cache(maxsize=4096)
def token(name: str) -> str:
    """The mark and eleven letters: 64 bits of a hash, enough to tell the few names of one question apart. It keeps
    nothing secret."""
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return MARK + urlsafe_b64encode(digest).rstrip(b"=").decode()


def stands_for(given: str, name: str) -> bool:
    """Whether ``given`` is this name, or the token of it."""
    return given == name or (given.startswith(MARK) and given == token(name))
