"""Naming: what people call their passkeys, to tell one from another."""

from __future__ import annotations

from collections.abc import Mapping

from bot.console.desk import Desk, words_for
from storage.people import Staff

LONGEST = 60


def name_in(form: Mapping[str, str], desk: Desk, staff: Staff) -> str:
    """The name that was typed, or one with the day."""
    words = words_for(desk, staff)
    typed = " ".join(form.get("name", "").split())[:LONGEST]
    return typed or words.say("account.passkey_of", date=words.date(desk.now()))
