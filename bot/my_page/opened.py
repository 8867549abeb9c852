"""Opened: who of the staff opened what a person shared, and when. Nobody is told of it unless they look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.my_page.words import OwnWords
from storage import audit, emergencies, people
from storage.audit import AuditRecord
from storage.vault import Erased, Vault

SHOWN = {
    "digest opened": "opened_overview",
    "person opened": "opened_person",
    "emergency opened": "opened_emergency",
    "emergency read": "opened_emergency_page",
}
"""Records of pages on which a person's lines were shown, and the text that says so."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One time that somebody opened a page. ``why`` is what was written down for an emergency, in whatever language."""

    who: str
    what: str
    when: str
    why: str = ""


def openings(conn: Connection, vault: Vault, participant_id: int, words: OwnWords) -> list[Opening]:
    """Newest first."""
    found = [each for each in reversed(audit.records(conn, participant_id)) if each.action in SHOWN]
    reasons: Mapping[tuple[str, datetime], str] = {}
    if any(each.action == "emergency opened" for each in found):
        cipher = people.participant(conn, vault, participant_id).cipher
        begun = emergencies.of(conn, cipher, participant_id)
        reasons = {(f"staff:{one.staff_id}", one.began_at): one.reason for one in begun}
    return list(_worded(conn, vault, found, words, reasons))


def _worded(
    conn: Connection,
    vault: Vault,
    found: Iterable[AuditRecord],
    words: OwnWords,
    reasons: Mapping[tuple[str, datetime], str],
) -> Iterator[Opening]:
    known: dict[str, str] = {}
    for each in found:
        if each.actor not in known:
            known[each.actor] = who_of(conn, vault, each.actor, words)
        why = reasons.get((each.actor, each.at), "") if each.action == "emergency opened" else ""
        yield Opening(known[each.actor], words.say(SHOWN[each.action]), words.moment(each.at), why)


def who_of(conn: Connection, vault: Vault, actor: str, words: OwnWords) -> str:
    """The actor of an audit record as a participant reads it: of staff name and role, where these are known still."""
    kind, _, number = actor.partition(":")
    if kind == "participant":
        return words.say("you")
    if kind != "staff":
        return words.say("the_service")
    try:
        staff = people.staff(conn, vault, int(number))
    except (KeyError, Erased):
        return words.say("somebody_of_staff")
    return words.say("who", person=staff.name, role=words.say(f"role.{staff.role}"))
