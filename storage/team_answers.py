"""Team answers: what specialists chose to add to the count of the team: one answer to each question a month.

Whose an answer is can only be found again by whoever knows the person, the month and the question, and has the key of
the keyed hashes. So two answers of one person cannot be told from answers of two, neither in a month nor across months.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, insert, select

from storage.schema import team_answer
from storage.vault import Vault

Counts = Mapping[str, Mapping[str, int]]
"""Question -> option -> how many chose it."""


def put(conn: Connection, vault: Vault, staff_id: int, month: str, answers: Mapping[str, str]) -> None:
    """Add these answers (question -> option) to a month, "2026-03", in place of what this specialist added before."""
    asked = conn.scalars(select(team_answer.c.question).where(team_answer.c.month == month).distinct()).all()
    mine = [_lookup(vault, staff_id, month, question) for question in asked]
    conn.execute(delete(team_answer).where(team_answer.c.month == month, team_answer.c.lookup.in_(mine)))
    rows = [
        {"month": month, "question": question, "lookup": _lookup(vault, staff_id, month, question), "choice": choice}
        for question, choice in answers.items()
    ]
    if rows:
        conn.execute(insert(team_answer), rows)


def counts(conn: Connection, month: str) -> Counts:
    """How often each option was chosen in a month."""
    of = (team_answer.c.question, team_answer.c.choice)
    found: dict[str, dict[str, int]] = {}
    for question, choice, n in conn.execute(
        select(*of, func.count()).where(team_answer.c.month == month).group_by(*of)
    ):
        found.setdefault(question, {})[choice] = n
    return found


def _lookup(vault: Vault, staff_id: int, month: str, question: str) -> bytes:
    return vault.lookup("team answer", f"{month}|{question}|staff:{staff_id}")
