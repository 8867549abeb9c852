"""Plan: what the process with a service has to know of the measurement."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.checkin import PEOPLE

HOST = "127.0.0.1"
FIRST_ACCOUNT = 9_000_000
"""Accounts at Telegram are numbered from the one behind this."""

NO_LIMIT = 100_000
"""Messages a second that nobody reaches."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``url`` is an empty database, ``api`` the stand-in. ``people`` are spread over the bots in turns."""

    system: str
    url: str
    api: str
    tokens: tuple[str, ...]
    people: int = PEOPLE
    per_second: int = NO_LIMIT
    chat_interval: float = 0.0
    queued: bool = False
    """Everybody's first question waits in the outbox before any bot runs."""

    def token(self, person: int) -> str:
        """The bot of a person. They are numbered from 1."""
        return self.tokens[person % len(self.tokens)]


def account(person: int) -> int:
    """Their number at Telegram."""
    return FIRST_ACCOUNT + person
