"""Statements: what an operator promises the people who take part, signed by somebody with a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.programme import words
from bot.section import Section


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a statement, and on which day."""

    signed_by: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Statements:
    """What is promised. None stands for a statement that nobody has signed."""

    no_consequence: Signature | None = None
    """That benefits, support and place do not change, whether somebody takes part or not."""
    not_monitored: Signature | None = None
    """That people are told that nobody reads at once, and where help is; that no answer is used as a control."""


def read_statements(section: Section | None, today: date) -> Statements:
    """What is signed below ``statements``."""
    if section is None:
        return Statements()
    signed = Statements(
        no_consequence=_signature(section.section("no consequence", needed=False), today),
        not_monitored=_signature(section.section("not monitored", needed=False), today),
    )
    section.close()
    return signed


def _signature(section: Section | None, today: date) -> Signature | None:
    if section is None:
        return None
    signed_by = section.text("signed by")
    signed_on = section.parsed("signed on", words.day_until(today, "Write the day of the signature."), None)
    section.close()
    return Signature(signed_by, signed_on) if signed_by and signed_on else None
