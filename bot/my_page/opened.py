"""Opened: who of the staff opened what a person shared, and when. Nobody is told of it unless they look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.my_page.words import OwnWords
from storage import audit, people
from storage.audit import AuditRecord
from storage.vault import Erased, Vault

SHOWN = {"digest opened": "opened_overview", "person opened": "opened_person"}
"""Records of pages on which a person's lines were shown, and the text that says so."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One time that somebody opened a page."""

    who: str
    what: str
    when: str


def openings(conn: Connection, vault: Vault, participant_id: int, words: OwnWords) -> list[Opening]:
    """Newest first."""
    found = (each for each in reversed(audit.records(conn, participant_id)) if each.action in SHOWN)
    return list(_worded(conn, vault, found, words))


def _worded(conn: Connection, vault: Vault, found: Iterator[AuditRecord], words: OwnWords) -> Iterator[Opening]:
    known: dict[str, str] = {}
    for each in found:
        if each.actor not in known:
            known[each.actor] = who_of(conn, vault, each.actor, words)
        yield Opening(known[each.actor], words.say(SHOWN[each.action]), words.moment(each.at))


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
