"""Emergency: a specialist who is not assigned opens what somebody shared, for an hour and with a reason, and everybody
whom it concerns is told.

It shows no more than the person's own specialist sees. Every function takes an open transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.errands import bring
from bot.schedule import Errand
from storage import audit, caseloads, emergencies, people, staff_notices
from storage.caseloads import Placed
from storage.emergencies import Emergency
from storage.people import Staff
from storage.vault import Vault

LASTS = timedelta(minutes=60)
REMEMBERED = timedelta(days=90)
"""How long staff find it on their pages. The person finds it for as long as they are here."""

LONGEST_REASON = 300
MOST_TRIES = 10
"""Within an hour, of one specialist. Nobody tries out who is here."""


class NotOpened(ValueError):
    """Why nothing was opened: "who" (nobody is called so), "several" (more than one is), "own" (a person of their own),
    "reason", "long" (the reason), "often"."""

    def __init__(self, reason: str, participant_id: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.participant_id = participant_id


def may_try(conn: Connection, by: Staff, now: datetime) -> bool:
    """Whether this specialist may name somebody again."""
    lately = now - timedelta(hours=1)
    tried = [
        one
        for action in ("emergency opened", "emergency refused")
        for one in audit.since(conn, action, lately)
        if one.actor == f"staff:{by.id}"
    ]
    return len(tried) < MOST_TRIES


def refused(conn: Connection, by: Staff, now: datetime) -> None:
    """Write down that somebody was named who is not here."""
    audit.record(conn, at=now, actor=f"staff:{by.id}", action="emergency refused")


def named(conn: Connection, vault: Vault, called: str) -> Placed:
    """Whoever has this number or this pseudonym. Raises NotOpened."""
    called = " ".join(called.split())
    if called.isdecimal() and len(called) < 18:
        by_number = caseloads.one(conn, vault, int(called))
        if by_number is not None:
            return by_number
    found = [one for one in caseloads.everybody(conn, vault) if one.person.pseudonym.casefold() == called.casefold()]
    if len(found) == 1:
        return found[0]
    raise NotOpened("several" if found else "who")


def begin(conn: Connection, vault: Vault, by: Staff, placed: Placed, reason: str, now: datetime) -> Emergency:
    """Open it and tell everybody: the person in their chat, their specialist, and all administrators. What is open
    already stays as it is, and nobody is told twice. Raises NotOpened, KeyError and Erased."""
    reason, person = " ".join(reason.split()), placed.person.id
    if placed.staff_id == by.id:
        raise NotOpened("own", person)
    if not reason:
        raise NotOpened("reason", person)
    if len(reason) > LONGEST_REASON:
        raise NotOpened("long", person)
    cipher = people.present(conn, vault, person)
    for one in emergencies.current(conn, by.id, now):
        if one.participant_id == person:
            return one
    begun = Emergency(person, by.id, now, now + LASTS, reason=reason)
    emergencies.begin(conn, cipher, begun)
    actor, details = f"staff:{by.id}", {"until": begun.ends_at.isoformat()}
    audit.record(conn, at=now, actor=actor, action="emergency opened", participant_id=person, details=details)
    _tell(conn, vault, begun, placed.staff_id)
    return begun


def end(conn: Connection, by: Staff, participant_id: int, now: datetime) -> bool:
    """Whether something was open, which is over now."""
    ended = emergencies.end(conn, by.id, participant_id, now)
    if ended:
        actor = f"staff:{by.id}"
        audit.record(conn, at=now, actor=actor, action="emergency ended", participant_id=participant_id)
    return bool(ended)


def _tell(conn: Connection, vault: Vault, begun: Emergency, specialist: int | None) -> None:
    now, details = begun.began_at, {"by": begun.staff_id, "until": begun.ends_at.isoformat()}
    if specialist is not None:
        staff_notices.put(conn, [specialist], "emergency", details, now)
    administrators = [one.id for one in people.all_staff(conn, vault, role="administrator")]
    staff_notices.put(conn, administrators, "emergency_anywhere", details, now)
    bring(conn, vault, begun.participant_id, Errand("emergency", about(begun), now), now)


def about(begun: Emergency) -> str:
    """What an errand remembers of it: who, and when."""
    return f"{begun.staff_id}|{begun.began_at.isoformat()}"


def who_and_when(about: str) -> tuple[int, datetime]:
    """The same, read again."""
    staff_id, _, moment = about.partition("|")
    return int(staff_id), datetime.fromisoformat(moment)
