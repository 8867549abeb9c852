"""Errands: what a person is to be told because a specialist did something, or because a day has come.

They wait in the person's own sealed plan, and are told at the next time at which the person may be written to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from bot import schedule
from bot.schedule import Agenda, Errand, ErrandKind
from storage import contacts, inbox
from storage.agreements import Agreement
from storage.vault import Vault

_decode = msgspec.json.Decoder(Agenda).decode
_encode = msgspec.json.Encoder().encode


def bring(conn: Connection, vault: Vault, participant_id: int, errand: Errand, now: datetime) -> None:
    """Let a person be told. Locks the person until the transaction ends. Without effect for who was erased."""
    _change(conn, vault, participant_id, lambda agenda, _: schedule.with_errand(agenda, errand), now)


def follow(conn: Connection, vault: Vault, agreement: Agreement, now: datetime) -> None:
    """Let a person be told of a specialist's act on an agreement, and asked what it needs of them: an answer, or on its
    day how it went. What it needed before is not asked any more. Locks the person."""

    def change(agenda: Agenda, zone: str) -> Agenda:
        agenda = with_agreement(agenda, agreement, zone, now)
        if agreement.state == "proposed" and agreement.confirmed_by_participant_at is None:
            return agenda
        return schedule.with_errand(agenda, Errand("agreed", str(agreement.number), now))

    _change(conn, vault, agreement.participant_id, change, now)


def with_agreement(agenda: Agenda, agreement: Agreement, zone: str, now: datetime) -> Agenda:
    """The plan after a new revision of an agreement: pure. ``zone`` is where the person is."""
    number = str(agreement.number)
    before: tuple[ErrandKind, ...] = ("agreed", "agreement", "agreement_day")
    agenda = schedule.without(agenda, *(Errand(kind, number, now) for kind in before))
    if agreement.state == "proposed" and agreement.confirmed_by_participant_at is None:
        return schedule.with_errand(agenda, Errand("agreement", number, now))
    if agreement.state == "active" and agreement.due is not None:
        day = schedule.local_moment(agreement.due, "09:00", zone)
        return schedule.with_errand(agenda, Errand("agreement_day", number, day))
    return agenda


def _change(
    conn: Connection, vault: Vault, participant_id: int, change: Callable[[Agenda, str], Agenda], now: datetime
) -> None:
    """What is due is found out anew at once: whoever looks has everything at hand that it depends on."""
    for person in inbox.lock(conn, [participant_id]):
        cipher = vault.cipher(f"participant:{person.id}", person.data_key)
        place = f"participant.agenda|{person.id}"
        sealed = person.sealed_agenda
        agenda = change(_decode(cipher.open(place, sealed)) if sealed else Agenda(), person.time_zone)
        contacts.plan(
            conn, [contacts.Planned(now, person.paused_until, cipher.seal(place, _encode(agenda)), person.id)]
        )
