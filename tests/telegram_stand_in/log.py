"""Log: what the bot asked for and what it was answered, for tests to look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

NO_ANSWER = 0
"""The status of a call that was never answered."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``status`` is the HTTP status that the bot saw; ``reply``: it came as the answer to a webhook."""

    bot: str
    method: str
    status: int
    at: float
    description: str = ""
    reply: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was accepted, new or changed, as the phone shows it. ``given`` are all parameters."""

    bot: str
    method: str
    chat: int
    message: int
    text: str
    keyboard: tuple[tuple[tuple[str, str], ...], ...]
    at: float
    given: dict[str, Any] = field(repr=False)


@dataclass
class Log:
    """``dropped`` names each call that threw pending updates away. With ``keep`` off only numbers are kept."""

    keep: bool = True
    calls: list[Call] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    dropped: list[str] = field(default_factory=list)

    @property
    def too_many(self) -> int:
        """How often 429 was answered."""
        return sum(number for (_, status), number in self.counts.items() if status == 429)

    def count(self, method: str, status: int | None = None) -> int:
        """How often a method was called, in all or with one status."""
        return sum(n for (name, seen), n in self.counts.items() if name == method and status in (None, seen))

    def texts(self, chat: int) -> list[str]:
        """What was sent to a chat, in order, without changes of earlier messages."""
        return [sent.text for sent in self.sent if sent.chat == chat and sent.method.startswith("send")]
