"""Rows for tests: one person with something in every table that a participant owns."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert

from storage import addresses, audit, digests, invitations, people, schema
from storage.people import Who
from storage.schema import metadata
from storage.vault import Vault

WORDS = "tired of the early shift"
SIGN = "the rota hangs on the wall"
PRIVATE = (
    "Samira Khoury",
    "S.K.",
    "+47 900 00 001",
    "my-secret-token",
    "my-session-token",
    WORDS,
    SIGN,
    "my-invitation-token",
    "my-short-code",
)
"""What ``fill`` stores about a person that nobody without keys may read."""


def owned_tables() -> list[Table]:
    """The tables a participant owns rows of. Records of what staff did are not theirs."""
    owned = (table for table in metadata.sorted_tables if "participant_id" in table.c)
    return [table for table in owned if table is not schema.audit]


def fill(conn: Connection, vault: Vault, person: int, staff_id: int, now: datetime) -> None:
    """A row in each of them, a digest mail and an audit record, with the private words above."""
    cipher = people.participant(conn, vault, person).cipher
    who = Who(participant_id=person)
    addresses.add_address(conn, vault, person, "telegram", f"+47 900 00 00{person}", now)
    invitations.create(
        conn,
        vault,
        participant_id=person,
        token=f"my-invitation-token{person}",
        code=f"my-short-code{person}",
        by=f"staff:{staff_id}",
        now=now,
        expires_at=now + timedelta(days=14),
    )
    people.assign(conn, person, staff_id, now)
    people.new_link(conn, vault, who, f"my-secret-token{person}", now)
    people.start_session(conn, vault, who, f"my-session-token{person}", now, timedelta(hours=1))
    digests.put_cards(
        conn,
        [
            digests.sealed_card(
                cipher,
                participant_id=person,
                conversation=1,
                step="weekly_checkin/share",
                dialogue="weekly_checkin",
                version=1,
                language="ar",
                lines=WORDS.encode(),
                shared_at=now,
            )
        ],
    )
    digests.claim_digests(conn, {(staff_id, f"day {person}"): "<1@example.org>"}, now)
    audit.record(conn, at=now, actor=f"staff:{staff_id}", action="person opened", participant_id=person)
    for table, row in _others(now, staff_id).items():
        sealed = {
            name: cipher.seal(f"{table.name}.{name.removeprefix('sealed_')}|{person}|1", text)
            for name, text in row.items()
            if name.startswith("sealed_")
        }
        conn.execute(insert(table), {**row, **sealed, "participant_id": person})


def _others(now: datetime, staff_id: int) -> dict[Table, dict[str, Any]]:
    wording = {"version": 1, "language": "ar"}
    return {
        schema.consent: {
            "question": "onboarding/consent", "at": now, "decision": "yes", "channel": "web", **wording
        },
        schema.conversation: {
            "number": 1, "dialogue": "weekly_checkin", "version": 1, "state": "closed", "started_at": now,
            "sealed_session": WORDS,
        },
        schema.answer: {
            "conversation": 1, "question": "weekly_checkin/hard", "each": "", "revision": 1, "outcome": "answered",
            "choices": ["shifts"], "sealed_words": WORDS, "at": now, **wording,
        },
        schema.inbox: {
            "channel": "telegram", "message_id": "1", "seq": 1, "conversation": 1, "sealed_body": WORDS,
            "state": "done", "received_at": now,
        },
        schema.outbox: {
            "seq": 2, "conversation": 1, "channel": "telegram", "sealed_body": WORDS, "state": "sent",
            "created_at": now,
        },
        schema.agreement: {
            "number": 1, "revision": 1, "sealed_what": WORDS, "sealed_sign": SIGN, "owner": "together",
            "language": "nb", "state": "active", "made_by": "participant", "at": now,
        },
        schema.reply: {
            "conversation": 1, "step": "weekly_checkin/sharing", "line": "weekly_checkin/help", "code": "yes",
            "staff_id": staff_id, "at": now,
        },
        schema.emergency: {
            "began_at": now, "staff_id": staff_id, "ends_at": now, "sealed_reason": WORDS,
        },
        schema.snooze: {
            "conversation": 1, "step": "weekly_checkin/sharing", "line": "weekly_checkin/help", "staff_id": staff_id,
            "until": "2026-03-05",
        },
        schema.contact_log: {"staff_id": staff_id, "day": "2026-03-02"},
        schema.translation: {
            "words": b"mark", "language": "nb", "kind": "human", "sealed_text": WORDS, "staff_id": staff_id, "at": now,
        },
    }  # fmt: skip
