"""Handover: people get another specialist. The new one sees the agreements and what is shared from now on, and each
person is asked whether it may be more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.errands import bring
from bot.schedule import Errand
from storage import audit, people
from storage.people import Participant, Staff
from storage.vault import Vault


class SameName(ValueError):
    """Lists and mails call somebody of the new specialist the same. Nothing was changed."""

    def __init__(self, pseudonyms: Sequence[str]) -> None:
        super().__init__("two people of one specialist cannot have the same pseudonym")
        self.pseudonyms = pseudonyms


def hand_over(
    conn: Connection, vault: Vault, everybody: Sequence[Participant], to: Staff, by: str, now: datetime
) -> None:
    """From now on ``to``, a specialist, accompanies these people. ``by`` is "staff:7" or "command line". Raises
    SameName."""
    there = {one.pseudonym.casefold() for one in people.caseload(conn, vault, to.id)}
    if same := [one.pseudonym for one in everybody if one.pseudonym.casefold() in there]:
        raise SameName(same)
    for one in everybody:
        before = people.specialist_of(conn, one.id)
        people.assign(conn, one.id, to.id, now)
        details = {"from": before, "to": to.id}
        audit.record(conn, at=now, actor=by, action="specialist changed", participant_id=one.id, details=details)
        bring(conn, vault, one.id, Errand("handover", "", now), now)
