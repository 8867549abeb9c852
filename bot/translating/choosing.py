"""Choosing: whether somebody's own words go to a program: only when they were told before they shared, and did not
switch it off."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from bot.schedule import Agenda
from dialogues import meanings
from storage import audit, own, people, redacting, translations
from storage.vault import Cipher, Vault


def is_wanted(agenda: Agenda) -> bool:
    """Whether the person lets a program translate: so it is until they switch it off."""
    return agenda.choices.get(meanings.TRANSLATION) != ("no",)


def may_translate(agenda: Agenda) -> bool:
    """Whether what the person shares now may go to the program."""
    return agenda.told_of_translation and is_wanted(agenda)


def agenda_of(conn: Connection, cipher: Cipher, participant_id: int) -> Agenda:
    """What one person chose."""
    stored = own.agenda(conn, cipher, participant_id)
    return msgspec.json.decode(stored, type=Agenda) if stored else Agenda()


def choose(conn: Connection, vault: Vault, participant_id: int, wanted: bool, now: datetime) -> None:
    """Switch it on or off for one person. Off: what the program made is deleted at once, and nothing more goes there.
    Raises KeyError and Erased."""
    cipher = people.present(conn, vault, participant_id)
    agenda = agenda_of(conn, cipher, participant_id)
    choices = {**agenda.choices, meanings.TRANSLATION: ("yes" if wanted else "no",)}
    changed = msgspec.structs.replace(agenda, choices=choices)
    redacting.put_agenda(conn, cipher, participant_id, msgspec.json.encode(changed))
    if not wanted:
        translations.forget_machine(conn, participant_id)
    actor, details = f"participant:{participant_id}", {"on": wanted}
    audit.record(conn, at=now, actor=actor, action="translation chosen", participant_id=participant_id, details=details)
