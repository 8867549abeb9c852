"""Searching everything that a database writes down for words that must not stand there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import make_url

from tests.postgresql_cluster import program


def found_in(haystack: bytes, words: Iterable[str]) -> set[str]:
    """Which words stand there, in any spelling in which a program would write them out."""
    return {word for word in words if any(form in haystack for form in spellings(word))}


def spellings(word: str) -> tuple[bytes, ...]:
    """As text, as wide characters, as PostgreSQL dumps bytes, and as JSON escapes letters."""
    return word.encode(), word.encode("utf-16-le"), word.encode().hex().encode(), json.dumps(word)[1:-1].encode()


def dump(url: str) -> bytes:
    """All rows as PostgreSQL's own tool writes them out."""
    address = make_url(url)
    name = f"host={address.query['host']} user={address.username} dbname={address.database}"
    return subprocess.run([program("pg_dump"), "--data-only", name], check=True, capture_output=True).stdout


def files(path: Path) -> bytes:
    """A SQLite file with its log and whatever else stands beside it."""
    return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))


def written(url: str) -> bytes:
    """What is on the disk of one database, or in a dump of it."""
    return files(Path(url.removeprefix("sqlite:///"))) if url.startswith("sqlite") else dump(url)
